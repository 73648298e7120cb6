"""What the tests of the TTLock client share: an account, a stay, and where its calls go."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from app.domain.windows import Window
from app.ports.locks import CodeOrder, LockPort
from app.ports.locks.ttlock import TtlockLocks
from app.ports.locks.ttlock_tokens import Token
from app.ports.metering import Meter, unmetered
from tests.ports.loopback import says
from tests.ports.tokens import MemoryTokens

NOW = datetime(2026, 11, 23, 14, tzinfo=UTC)
UNTIL = NOW + timedelta(seconds=20)
"""When an unlock must have begun."""
NOW_MS = "1795442400000"
STAY = Window(datetime(2026, 11, 23, 15, tzinfo=UTC), datetime(2026, 11, 25, 11, tzinfo=UTC))
ORDER = CodeOrder("lk-17", "048213", STAY)
GOOD = Token("a-good-token", "a-refresh-token", NOW + timedelta(days=30))
EXPIRED = replace(GOOD, access="an-old-token", expires_at=NOW - timedelta(days=1))

TOKEN = "/oauth2/token"
ADD, CHANGE, DELETE = (f"/v3/keyboardPwd/{verb}" for verb in ("add", "change", "delete"))
UNLOCK, CODES, LOCKS = "/v3/lock/unlock", "/v3/lock/listKeyboardPwd", "/v3/lock/list"
GET, RECORDS = "/v3/keyboardPwd/get", "/v3/lockRecord/list"
QUERY_DATE, SET_DATE = "/v3/lock/queryDate", "/v3/lock/updateDate"
GATEWAYS, NEAR = "/v3/gateway/list", "/v3/gateway/listLock"

DONE = says(errcode=0, errmsg="none error message")
NEW_TOKEN = says(
    access_token="a-new-token", refresh_token="a-new-refresh", expires_in=7776000, uid=1
)

Verb = Callable[[LockPort], object]

COMMANDS: dict[str, tuple[str, Verb]] = {
    "put": (ADD, lambda lock: lock.put_code("1002", ORDER)),
    "change": (CHANGE, lambda lock: lock.change_window("1002", "71", STAY)),
    "remove": (DELETE, lambda lock: lock.remove_code("1002", "71")),
    "unlock": (UNLOCK, lambda lock: lock.unlock("1002", UNTIL)),
}
READS: dict[str, tuple[str, Verb]] = {
    "list": (CODES, lambda lock: lock.list_codes("1002")),
    "statuses": (LOCKS, lambda lock: lock.statuses()),
    "records": (RECORDS, lambda lock: lock.records("1002", NOW)),
    "clock": (QUERY_DATE, lambda lock: lock.correct_clock("1002")),
}


def client(
    url: str,
    tokens: MemoryTokens | None = None,
    clock: Callable[[], datetime] = lambda: NOW,
    timeout: float = 5.0,
    meter: Meter = unmetered,
    password: str = "Tr0ub4dor&3",
) -> TtlockLocks:
    store = tokens or MemoryTokens(GOOD)
    return TtlockLocks(
        url, "the-client", "the-secret", "owner@example.com", password, store, clock,
        device_timeout=timeout, cloud_timeout=timeout, meter=meter,
    )  # fmt: skip
