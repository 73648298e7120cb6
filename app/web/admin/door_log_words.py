"""What a line of a lock's log says, in plain words."""

from flask_babel import gettext as _

from app.domain.lock_words import Mistake, Refusal, Way
from app.models import LockEvent


def what_happened(event: LockEvent) -> str:
    """Say how the door was worked, or why it did not open."""
    return _opened(event) if event.refusal is None else _refused(event, event.refusal)


def _opened(event: LockEvent) -> str:
    match event.way:
        case Way.CODE:
            return str(_("Opened with a code"))
        case Way.REMOTE:
            return str(_("Opened from afar"))
        case Way.APP:
            return str(_("Opened with the lock’s app"))
        case Way.CARD:
            return str(_("Opened with a card"))
        case Way.FINGER:
            return str(_("Opened with a finger"))
        case Way.KEY:
            return str(_("Opened with a key"))
        case Way.INSIDE:
            return str(_("Opened from inside"))
        case Way.LOCKED:
            return str(_("Locked"))
        case Way.OTHER:
            return str(_("Something else the lock noted"))


def _refused(event: LockEvent, refusal: Refusal) -> str:
    if event.way == Way.LOCKED:
        return str(_("Did not lock"))
    match refusal:
        case Refusal.UNKNOWN_CODE:
            return _typed(event)
        case Refusal.OUTSIDE_WINDOW:
            return str(_("Did not open: the code’s time had not come, or was over"))
        case Refusal.LOCKED_OUT:
            return str(_("Too many wrong codes: the keypad rests for some minutes"))
        case Refusal.DOUBLE_LOCKED:
            return str(_("Did not open: it was locked from inside"))
        case Refusal.OTHER:
            return str(_("Did not open"))


def _typed(event: LockEvent) -> str:
    code = event.code
    if code is None:
        return str(_("Wrong code: near to none of yours"))
    match event.mistake:
        case Mistake.DIGITS_MISSING:
            return str(_("Wrong code: the last digits were missing"))
        case Mistake.DIGITS_ADDED:
            return str(_("Wrong code: the right one with more digits"))
        case Mistake.ONE_WRONG:
            return str(_("Wrong code: one digit was not right"))
        case Mistake.SWAPPED:
            return str(_("Wrong code: two digits were swapped"))
        case Mistake.OTHER_DOOR:
            return str(_("Wrong door: the code is for %(door)s", door=code.door.name))
        case None:
            if code.gone_at is not None and code.gone_at <= event.at:
                return str(_("Did not open: this code had ended"))
            return str(_("Did not open: the code was right, but the lock did not have it"))
