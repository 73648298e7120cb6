"""TTLock's error codes: what each means for us, and what the host is told.

Meanings are the vendor's (Open Platform cloud API v3, "Error codes", English and Chinese pages);
what is permanent, unclear or worth another try is our reading of them. A code that is not in the
table may mean anything, so it counts as unclear.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from app.ports.errors import PortError
from app.ports.locks import DigitsRefused, DigitsTaken, LockFull, LockOffline

BEIJING = timedelta(hours=8)


@dataclass(frozen=True)
class Meaning:
    """How one error code is answered."""

    sentence: str
    kind: type[PortError] = PortError
    permanent: bool = True
    unclear: bool = False
    retry_after: timedelta | None = None


def _retry(sentence: str, seconds: int, kind: type[PortError] = PortError) -> Meaning:
    return Meaning(sentence, kind, permanent=False, retry_after=timedelta(seconds=seconds))


_ACCOUNT = "TTLock refuses our access: check TTLOCK_CLIENT_ID and TTLOCK_CLIENT_SECRET."
_USER = "TTLock refuses the account: check TTLOCK_USERNAME and TTLOCK_PASSWORD."
_ADMIN = "The TTLock account is not the lock's top administrator. Make it that in the TTLock app."
_GATEWAY = "The lock's gateway cannot be reached. Check its power and its network."
_FULL = "The lock has no space for another code. Remove old ones in the TTLock app."

MEANINGS: dict[int, Meaning] = {
    -3: Meaning("TTLock did not understand us."),
    10000: Meaning(_ACCOUNT),
    10001: Meaning(_ACCOUNT),
    10003: Meaning("Our access to TTLock has run out.", permanent=False),
    10004: Meaning("Our access to TTLock has run out.", permanent=False),
    10007: Meaning(_USER),
    10011: Meaning("Our access to TTLock has run out.", permanent=False),
    20002: Meaning(_ADMIN),
    30002: Meaning(_USER),
    30004: Meaning(_USER),
    30005: Meaning(_USER),
    30006: _retry("TTLock asks us to call less often.", 60),
    30007: Meaning("This month's calls to TTLock are used up. Upgrade the plan at TTLock."),
    30008: Meaning("The TTLock account belongs to another region. Set TTLOCK_API_URL to its host."),
    80000: _retry("TTLock finds our clock wrong. Check this server's time.", 60),
    80002: Meaning("TTLock did not understand us."),
    90000: Meaning("TTLock has a fault of its own.", permanent=False, unclear=True),
    -1003: Meaning("TTLock does not know this lock. Check its lock_id in the setup file."),
    -1007: Meaning("The lock has lost its code data. Reset its passcodes in the TTLock app."),
    -2009: Meaning("The code is not on the lock."),
    -2012: _retry("The lock is not connected to a gateway.", 60, LockOffline),
    -2018: Meaning(_ADMIN),
    -2025: Meaning("The lock is frozen. Unfreeze it in the TTLock app."),
    -2032: Meaning("The lock finds the digits too simple.", DigitsRefused),
    -3002: _retry(_GATEWAY, 30, LockOffline),
    -3003: _retry("The gateway is busy.", 2),
    -3006: Meaning("The lock wants another number of digits.", DigitsRefused),
    -3007: Meaning("The same digits are on the lock already.", DigitsTaken),
    -3008: Meaning("The lock does not let this code be changed before its first use."),
    -3009: Meaning(_FULL, LockFull),
    -3034: Meaning("The lock has no Wi-Fi set up. Connect it in the TTLock app."),
    -3035: Meaning("The lock's Wi-Fi saves power. Switch that off in the TTLock app."),
    -3036: _retry("The lock has lost its Wi-Fi.", 60, LockOffline),
    -3037: _retry("The lock is busy.", 2),
    -3039: Meaning(_ADMIN),
    -3046: Meaning(_ADMIN),
    -4037: Meaning("TTLock does not know the lock's gateway. Add it again in the TTLock app."),
    -4043: Meaning("Remote unlock is switched off. Switch it on for this lock in the TTLock app."),
    -4056: Meaning(_FULL, LockFull),
}

UNKNOWN = Meaning("The lock gave an answer that says nothing clear.", permanent=False, unclear=True)


def error_for(errcode: int, now: datetime) -> PortError:
    """Return the error that this errcode means; never call it with 0, which is success."""
    meaning = MEANINGS.get(errcode, UNKNOWN)
    retry_after = meaning.retry_after
    permanent = meaning.permanent
    if errcode == 30007:
        retry_after, permanent = _until_next_month(now), False
    return meaning.kind(
        meaning.sentence, permanent=permanent, unclear=meaning.unclear, retry_after=retry_after
    )


def _until_next_month(now: datetime) -> timedelta:
    """Return how long it is to the 1st, Beijing time, when the quota begins anew."""
    local = now.astimezone(UTC) + BEIJING
    first = (local.replace(day=28) + timedelta(days=4)).replace(
        day=1, hour=0, minute=0, second=0, microsecond=0
    )
    return first - local
