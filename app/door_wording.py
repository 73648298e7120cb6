"""What was found at a door that does not open, as hosts are told it."""

from collections.abc import Callable
from datetime import datetime
from zoneinfo import ZoneInfo

from flask_babel import gettext as _

from app import wording
from app.domain.door_findings import Finding, Found


def for_hosts(found: Found, zone: ZoneInfo, now: datetime) -> str:
    """Say one finding in a sentence or two; `found.why` is a host's sentence already."""
    when = wording.recently(found.at, zone, now) if found.at is not None else "?"
    said = str(_SAID[found.what]({"when": when, "door": found.door, "percent": found.percent}))
    return f"{said} {_(found.why)}" if found.why else said


_Facts = dict[str, str | int | None]

_SAID: dict[Finding, Callable[[_Facts], str]] = {
    Finding.NOT_CHECKED_IN: lambda _facts: _("They have not checked in yet."),
    Finding.UNCERTAIN: lambda _facts: _("Their room waits for your OK."),
    Finding.TOO_EARLY: lambda facts: _("Their time begins %(when)s.", **facts),
    Finding.OVER: lambda _facts: _("Their stay is over."),
    Finding.OPENED: lambda facts: _("The lock says that it opened at %(when)s.", **facts),
    Finding.DOUBLE_LOCKED: lambda _facts: _(
        "It is locked from inside: somebody may be in there, or the bolt is out."
    ),
    Finding.LOCKED_OUT: lambda facts: _(
        "After too many wrong tries its keypad rests until %(when)s.", **facts
    ),
    Finding.NOT_ON_LOCK: lambda _facts: _("Their code is not on the lock."),
    Finding.STAND_IN: lambda _facts: _("They were given another code for it."),
    Finding.NOW_ON_LOCK: lambda facts: _(
        "Their code was not on the lock yet when they typed it at %(when)s; now it is.", **facts
    ),
    Finding.WRONG_DOOR: lambda facts: _("They typed their code at %(door)s (%(when)s).", **facts),
    Finding.OTHER_CODE: lambda facts: _("They typed their code of %(door)s.", **facts),
    Finding.OLD_CODE: lambda _facts: _("They typed a code that has been replaced."),
    Finding.CLOCK_OFF: lambda facts: _(
        "The lock’s clock is off: at %(when)s it refused a code that is good.", **facts
    ),
    Finding.CODE_REFUSED: lambda facts: _(
        "Their code was typed right at %(when)s, and the lock refused it.", **facts
    ),
    Finding.DIGITS_MISSING: lambda facts: _("The end of the code was missing (%(when)s).", **facts),
    Finding.DIGITS_ADDED: lambda facts: _("Too many digits were typed (%(when)s).", **facts),
    Finding.ONE_WRONG: lambda facts: _("One digit was wrong (%(when)s).", **facts),
    Finding.SWAPPED: lambda facts: _("Two digits had changed places (%(when)s).", **facts),
    Finding.OTHER_DIGITS: lambda facts: _(
        "Digits were typed that are not their code (%(when)s).", **facts
    ),
    Finding.REFUSED: lambda facts: _(
        "The lock refused their code at %(when)s, and does not say why.", **facts
    ),
    Finding.BATTERY_FLAT: lambda facts: _("Its battery is at %(percent)s %%: flat.", **facts),
    Finding.BATTERY_LOW: lambda facts: _("Its battery is at %(percent)s %%.", **facts),
    Finding.LOST_CONTACT: lambda facts: _(
        "The lock has lost contact, last heard of %(when)s.", **facts
    ),
    Finding.UNLOCK_FAILED: lambda _facts: _("They tapped Unlock, and it did not open."),
    Finding.LOG_UNREAD: lambda _facts: _("Its log cannot be read now."),
    Finding.UNEXPLAINED: lambda _facts: _("Its log shows nothing wrong."),
    Finding.NOTHING_TYPED: lambda _facts: _("The lock has not heard its keypad lately."),
}
