"""Worlds of locks for the contract suite: for each provider, its simulated cloud and our client."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Literal, Protocol

from app.ports.locks import LockPort
from app.ports.locks.ttlock import TtlockLocks
from tests.ports.seam_world import GATEWAY, NUMBER, ROOM_1, client
from tests.ports.tokens import MemoryTokens
from tests.support.simulator import Simulator

Verb = Literal[
    "put", "change", "remove", "unlock", "list", "statuses", "records", "offline", "clock"
]
Trouble = Literal[
    "timeout_before",
    "timeout_after",
    "cut_before",
    "cut_after",
    "http_500",
    "http_500_after",
    "nonsense",
]

PATIENT, IMPATIENT = 10.0, 0.4
"""Seconds our clients wait. What times out in these worlds lasts longer than the second."""


def soon() -> datetime:
    """Return by when an unlock that is asked for now must have begun."""
    return datetime.now(UTC) + timedelta(seconds=20)


class LockWorld(Protocol):
    """A lock behind a gateway, with no codes at first, and the client that reaches it."""

    port: LockPort
    impatient_port: LockPort
    lock_id: str
    gives_offline_codes: bool
    sets_clocks: bool
    """Where not, CannotDo is the right answer."""

    @property
    def gateway_id(self) -> str | None:
        """The gateway as the provider's statuses have it."""

    def opens(self, digits: str) -> bool:
        """Type digits at the door, now."""

    def digits_in_lock(self) -> set[str]:
        """Look into the lock itself."""

    def power(self, *, on: bool) -> None:
        """Plug the gateway in, or unplug it."""

    def set_lock(self, **told: object) -> None:
        """Tell the lock how it is, in the simulator's words: `clock_offset_seconds`, and more."""

    def slow_radio(self, seconds: float) -> None:
        """Have each command take so long on its way from the gateway to the lock."""

    def trouble(self, verb: Verb, kind: Trouble) -> LockPort:
        """Have the provider's cloud fail the next such call; return the client to make it with."""

    def times_opened(self) -> int:
        """Count how often the door was opened from afar."""

    def forget_tokens(self) -> None:
        """Have the provider forget that our client ever logged in."""


class SimulatedTtlock:
    """TTLock, played by the simulator."""

    lock_id, gateway_id = "1002", "501"
    paths: Mapping[Verb, str] = {
        "put": "keyboardPwd/add",
        "change": "keyboardPwd/change",
        "remove": "keyboardPwd/delete",
        "unlock": "lock/unlock",
        "list": "lock/listKeyboardPwd",
        "statuses": "lock/list",
        "records": "lockRecord/list",
        "offline": "keyboardPwd/get",
        "clock": "lock/queryDate",
    }
    gives_offline_codes = sets_clocks = True

    def __init__(self, simulator: Simulator) -> None:
        self._simulator = simulator
        self.slow_radio(0)
        self._tokens = MemoryTokens()
        self.port = self._client(PATIENT)
        self.impatient_port = self._client(IMPATIENT)

    def _client(self, timeout: float) -> LockPort:
        env = self._simulator.env()
        return TtlockLocks(
            env["TTLOCK_API_URL"],
            env["TTLOCK_CLIENT_ID"],
            env["TTLOCK_CLIENT_SECRET"],
            env["TTLOCK_USERNAME"],
            env["TTLOCK_PASSWORD"],
            self._tokens,
            lambda: datetime.now(UTC),
            device_timeout=timeout,
            cloud_timeout=timeout,
        )

    def opens(self, digits: str) -> bool:
        return self._simulator.keypad(self.lock_id, digits)

    def digits_in_lock(self) -> set[str]:
        return {code["digits"] for code in self._simulator.held(self.lock_id)}

    def power(self, *, on: bool) -> None:
        self._simulator.gateway(int(self.gateway_id), online=on)

    def set_lock(self, **told: object) -> None:
        self._simulator.lock(self.lock_id, **told)

    def slow_radio(self, seconds: float) -> None:
        self._simulator.gateway(int(self.gateway_id), delay_seconds=seconds)

    def trouble(self, verb: Verb, kind: Trouble) -> LockPort:
        self._simulator.fault(kind, path=self.paths[verb], times=1, seconds=2 * IMPATIENT)
        return self.impatient_port if kind.startswith("timeout") else self.port

    def times_opened(self) -> int:
        records = self._simulator.state()["records"]
        return len([one for one in records if one["recordType"] == 12])

    def forget_tokens(self) -> None:
        codes = self._simulator.state()["codes"]
        assert not codes, "forgetting everything would forget codes as well"
        self._simulator.reset()
        self.slow_radio(0)


class SimulatedSeam:
    """Seam, played by the simulator: it has no log-in, and tells of no gateways."""

    lock_id = ROOM_1
    gateway_id: str | None = None
    paths: Mapping[Verb, str] = {
        "put": "access_codes/create",
        "change": "access_codes/update",
        "remove": "access_codes/delete",
        "unlock": "locks/unlock_door",
        "list": "access_codes/list",
        "statuses": "devices/list",
        "records": "events/list",
    }
    gives_offline_codes = sets_clocks = False

    def __init__(self, simulator: Simulator) -> None:
        self._simulator = simulator
        self.slow_radio(0)
        self.port: LockPort = client(f"{simulator.url}/seam", PATIENT)
        self.impatient_port: LockPort = client(f"{simulator.url}/seam", IMPATIENT)

    def opens(self, digits: str) -> bool:
        return self._simulator.keypad(NUMBER, digits)

    def digits_in_lock(self) -> set[str]:
        return {code["digits"] for code in self._simulator.held(NUMBER)}

    def power(self, *, on: bool) -> None:
        self._simulator.gateway(GATEWAY, online=on)

    def set_lock(self, **told: object) -> None:
        self._simulator.lock(NUMBER, **told)

    def slow_radio(self, seconds: float) -> None:
        self._simulator.gateway(GATEWAY, delay_seconds=seconds)

    def trouble(self, verb: Verb, kind: Trouble) -> LockPort:
        told = {"path": self.paths[verb], "times": 1, "seconds": 2 * IMPATIENT}
        self._simulator.fault(kind, service="seam", **told)
        return self.impatient_port if kind.startswith("timeout") else self.port

    def times_opened(self) -> int:
        records = self._simulator.state()["records"]
        return len([one for one in records if one["recordType"] == 12])

    def forget_tokens(self) -> None:
        self._simulator.reset()
        self.slow_radio(0)


WORLDS: Mapping[str, Callable[[Simulator], LockWorld]] = {
    "ttlock": SimulatedTtlock,
    "seam": SimulatedSeam,
}

SIMULATORS: Mapping[str, str] = {"ttlock": "simulator", "seam": "seam_simulator"}
"""The fixtures of the houses that these providers' locks are in."""
