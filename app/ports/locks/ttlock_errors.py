"""What TTLock's error codes mean to us, as one table.

The meanings are the vendor's (euopen.ttlock.com, "cloud/errorCode"); what is done about each is
ours. An error comes with HTTP status 200, so it is the body's `errcode` that counts.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from app.ports.errors import PortError
from app.ports.locks import (
    CannotDo,
    CannotMove,
    DigitsRefused,
    DigitsTaken,
    LockFull,
    LockOffline,
)

DONE = 0
NO_SUCH_CODE = -2009
"""English "Invalid Password", Chinese "passcode does not exist"."""
WINDOW_SPENT = -1026
"""An offline code of just that window was made and deleted; it is not made again."""
TOKEN_REFUSED = frozenset({10003, 10004})
"""The token is not known, or it expired or was revoked. What was asked was not done."""
DATE_REFUSED = 80000
"""`date` was more than five minutes off. What was asked was not done."""
QUOTA_USED_UP = 30007

BEIJING = ZoneInfo("Asia/Shanghai")

SECONDS = timedelta(seconds=3)
SLOWLY = timedelta(seconds=30)
"""Between tries at a lock out of reach: each counts against the month's calls."""
LONG = timedelta(minutes=2)
QUOTA = timedelta(hours=1)
"""While the month's calls are used up: more may be bought, and nothing should wait for long once
the next month has begun."""
PERSON = timedelta(minutes=10)
"""Between tries of what cannot be given up (a revocation) while a person has to act first."""


@dataclass(frozen=True)
class Fault:
    """One row: a sentence for the host, and the kind of PortError it makes."""

    sentence: str
    error: type[PortError] = PortError
    permanent: bool = False
    unclear: bool = False
    retry_after: timedelta | None = None


def _person(sentence: str, error: type[PortError] = PortError) -> Fault:
    return Fault(sentence, error, permanent=True, retry_after=PERSON)


_APPLICATION = _person(
    "TTLock refuses our application: TTLOCK_CLIENT_ID and TTLOCK_CLIENT_SECRET must be those of "
    "the application on TTLock's developer site, and it must be approved there."
)
_LOGIN = _person(
    "TTLock refuses the user name or password: TTLOCK_USERNAME and TTLOCK_PASSWORD must be those "
    "of the TTLock app, not of the developer site."
)
_TOKEN = _person(
    "TTLock refuses us again right after a new log-in: check in the TTLock app that the account "
    "of TTLOCK_USERNAME is still active."
)
_ADMIN = _person(
    "The TTLock account may not manage this lock: TTLOCK_USERNAME must be the lock's top "
    "administrator in the TTLock app."
)
_KEY = _person(
    "TTLock's data of this lock or of the account's key for it is not in order: look at the lock "
    "in the TTLock app."
)
_OURS = _person("TTLock did not understand the request. Please report this as a fault of Latchkey.")
_OFFLINE = Fault(
    "The lock's gateway is offline or out of range: check its power and internet connection.",
    LockOffline,
    retry_after=SLOWLY,
)
_FULL = Fault(
    "The lock has no space for another code: delete old codes of it in the TTLock app.",
    LockFull,
    retry_after=PERSON,  # and our own revocations make space without anybody's help
)
_REFUSED = Fault("The lock refuses these digits.", DigitsRefused, permanent=True)
_BUSY = Fault("The lock or its gateway is busy.", retry_after=SECONDS)
_UNKNOWN = Fault("TTLock gave an answer that does not say whether it worked.", unclear=True)

FAULTS: Mapping[int, Fault] = {
    1: _UNKNOWN,  # "failed or means no": seen after unlocks that took long
    -3: _OURS,
    10000: _APPLICATION,
    10001: _APPLICATION,
    10002: _OURS,
    10003: _TOKEN,
    10004: _TOKEN,
    10005: _OURS,
    10006: _APPLICATION,
    10007: _LOGIN,
    10008: _OURS,
    10009: _OURS,
    10010: _OURS,
    10011: _LOGIN,
    20000: _ADMIN,
    20001: _ADMIN,
    20002: _ADMIN,
    20003: _KEY,
    20004: _KEY,
    20005: _KEY,
    20006: _KEY,
    20007: _KEY,
    20008: _KEY,
    30001: _APPLICATION,
    30002: _LOGIN,
    30003: _LOGIN,
    30004: _LOGIN,
    30005: _OURS,
    30006: Fault("TTLock asks us to call less often.", retry_after=LONG),
    QUOTA_USED_UP: Fault(
        "TTLock's calls for this month are used up: buy more on TTLock's developer site, or wait "
        "for the 1st, Beijing time. Until then give guests a key or a code from the TTLock app.",
        permanent=True,
    ),
    30008: _person(
        "TTLock says that our address for it is in the wrong region: TTLOCK_API_URL must be the "
        "cn address for accounts of mainland China, and the eu address for all others."
    ),
    DATE_REFUSED: Fault(
        "TTLock says that this server's clock is wrong by more than five minutes: set it.",
        retry_after=PERSON,
    ),
    80002: _OURS,
    90000: Fault("TTLock has a fault of its own.", unclear=True, retry_after=SLOWLY),
    -1003: _person("TTLock knows no such lock: check the door's lock id on the settings page."),
    -1007: _person("The lock has no code data: reset its codes once in the TTLock app.", CannotDo),
    -1008: _ADMIN,
    -1018: _ADMIN,
    WINDOW_SPENT: Fault(
        "An offline code for these very hours was made and deleted before.",
        CannotDo,
        permanent=True,
    ),
    NO_SUCH_CODE: Fault("The code is not on the lock."),
    -2012: Fault(
        "The lock has no gateway in range: put one near it in the TTLock app.",
        LockOffline,
        retry_after=SLOWLY,
    ),
    -2018: _ADMIN,
    -2025: _person("The lock is frozen: unfreeze it in the TTLock app."),
    -2032: _REFUSED,
    -3002: _OFFLINE,
    -3003: _BUSY,
    -3006: _person(
        "The lock takes no codes of this length: set another number of digits (code_length) in the "
        "setup file, and run flask setup."
    ),
    -3007: Fault("The lock already has a code with these digits.", DigitsTaken, permanent=True),
    -3008: Fault(
        "The lock gives a code that was never used no other dates.", CannotMove, permanent=True
    ),
    -3009: _FULL,
    -3034: _person("The lock's Wi-Fi is not set up: do it in the TTLock app."),
    -3035: _person(
        "The lock's Wi-Fi is in power saving mode: switch that off for the lock in the TTLock app."
    ),
    -3036: _OFFLINE,
    -3037: _BUSY,
    -3039: _person("The TTLock account's key for this lock ends too soon: have it extended."),
    -3046: _person(
        "The TTLock account may not unlock this lock from afar: its owner can allow it in the "
        "TTLock app.",
        CannotDo,
    ),
    -4037: _person("TTLock knows no such gateway: add it again in the TTLock app."),
    -4043: _person(
        "The lock does not do this. If it is to open from afar, switch on Remote Unlock in the "
        "lock's settings in the TTLock app.",
        CannotDo,
    ),
    -4056: _FULL,
    -4067: _person("The lock is not registered with its mobile network: see the TTLock app."),
    -4082: _OURS,
}


def error_for(errcode: int, *, device: bool, now: datetime) -> PortError:
    """Make the error to raise for a code; an unknown one is never success, and unclear.

    `device`: the call was to reach a lock. Only then can anything have taken effect.
    """
    fault = FAULTS.get(errcode, _UNKNOWN)
    return fault.error(
        f"{fault.sentence} (TTLock {errcode})",
        permanent=fault.permanent,
        unclear=fault.unclear and device,
        retry_after=min(QUOTA, until_next_quota(now))
        if errcode == QUOTA_USED_UP
        else fault.retry_after,
    )


def until_next_quota(now: datetime) -> timedelta:
    """Return how long until the 1st of next month, Beijing time, when the quota starts anew."""
    local = now.astimezone(BEIJING)
    in_next_month = local.replace(day=1, hour=0, minute=0, second=0, microsecond=0) + timedelta(32)
    return in_next_month.replace(day=1).astimezone(UTC) - now
