"""Seam, played by the simulator, and a client of a house whose locks are in it."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from app.ports.locks.seam import SeamLocks
from tests.support.simulator import Simulator

HOUSE = Path(__file__).parent / "seam_house.toml"
API_KEY = "seam_test4k7Q_2mXw9ZbTn5RcVd8YfHs"
WEBHOOK_SECRET = "whsec_bWlsbCBob3VzZSB3ZWJob29rIHNlY3JldCE="
ROOM_1 = "6f1c2e58-0d1f-4c58-9a1e-2b6f0c7d1002"
NUMBER, GATEWAY = 1002, 501


def client(
    url: str,
    timeout: float = 10.0,
    key: str = API_KEY,
    clock: Callable[[], datetime] = lambda: datetime.now(UTC),
) -> SeamLocks:
    return SeamLocks(key, url, clock, device_timeout=timeout, cloud_timeout=timeout)


class Workspace:
    """The simulated Seam, looked at from outside our client, and told what to do."""

    def __init__(self, simulator: Simulator) -> None:
        self.simulator = simulator
        self.url = f"{simulator.url}/seam"
        self.port = client(self.url)
        self.gateway(delay_seconds=0)

    def gateway(self, **told: Any) -> None:
        self.simulator.gateway(GATEWAY, **told)

    def fault(self, kind: str, path: str, **told: Any) -> None:
        self.simulator.fault(kind, service="seam", path=path, **{"times": 1, **told})

    def codes(self) -> list[dict[str, Any]]:
        """Return the codes Seam knows of, done or not."""
        return list(self.simulator.state()["seam"]["codes"].values())

    def calls(self, path: str) -> int:
        calls = self.simulator.calls(path)
        return len([call for call in calls if call["service"] == "seam"])

    def now(self) -> datetime:
        return datetime.now(UTC) + timedelta(seconds=self.simulator.state()["clock_offset"])
