"""TTLock's period codes, which a lock can tell by itself: for whole hours, a year at most."""

import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta

from app.domain.windows import Window
from app.ports.locks import CannotDo, HeldCode
from app.ports.locks.ttlock_rows import epoch_ms
from app.ports.locks.ttlock_wire import not_understood, whole

HOUR = timedelta(hours=1)
LONGEST = timedelta(days=365)
"""The vendor's Chinese page ends period codes after a year; the English one counts whole months
from there."""
MOST_TRIES = 4
"""How many windows are asked for where earlier ones are spent: each counts against the month."""

DIGITS = re.compile(r"[0-9]{4,9}")


def hourly_windows(window: Window, now: datetime) -> Iterator[Window]:
    """Yield the windows to ask for, the best one first.

    Both ends are rounded down: the guest at the door need not wait for the full hour, and nothing
    outlives the stay. None begins before this hour: a code that is not used within a day of its
    begin never opens. The windows that follow the first end an hour sooner each: who asks for such
    a code needs it now, and its end is days away, when the gateway may long be back.

    The hours are UTC's: what the cloud makes of them for a lock in a zone off by half an hour is
    not told. Raises CannotDo where there is not an hour left.
    """
    begins = _hour(max(window.valid_from, now))
    ends = _hour(min(window.valid_until, begins + LONGEST))
    if ends <= begins:
        raise CannotDo(
            "TTLock's offline codes are for whole hours, and the stay ends before one is over.",
            permanent=True,
        )
    for sooner in range(min(MOST_TRIES, (ends - begins) // HOUR)):
        yield Window(begins, ends - sooner * HOUR)


def made_code(fields: Mapping[str, object], name: str, window: Window) -> HeldCode:
    """Read the answer of `keyboardPwd/get`. Raises PortError, unclear: the code was made."""
    code_id, digits = whole(fields.get("keyboardPwdId")), fields.get("keyboardPwd")
    # Digits as a number may have lost a zero in front.
    if code_id is None or not isinstance(digits, str) or not DIGITS.fullmatch(digits):
        raise not_understood(device=True)
    return HeldCode(str(code_id), name, digits, window)


def order_of(lock_id: str, name: str, kind: int, window: Window) -> Mapping[str, str]:
    """Make the form of `keyboardPwd/get`."""
    return {
        "lockId": lock_id,
        "keyboardPwdType": str(kind),
        "keyboardPwdName": name,
        "startDate": epoch_ms(window.valid_from),
        "endDate": epoch_ms(window.valid_until),
    }


def _hour(instant: datetime) -> datetime:
    return instant.astimezone(UTC).replace(minute=0, second=0, microsecond=0)
