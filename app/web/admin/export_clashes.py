"""Why a row of an export is left to the host, in plain words."""

from collections.abc import Mapping

from flask_babel import lazy_gettext as _l

from app.domain.imports.known import CalledOff
from app.domain.imports.outcomes import Clash, Conflict

CALLED_OFF = {
    CalledOff.HOST: _l(
        "You cancelled it here, and the channel still has it. Cancel it there, too; or give it its "
        "room again by text."
    ),
    CalledOff.CHANNEL: _l(
        "The channel has told us that it is cancelled. If this file is newer than that, give it "
        "its room again by text."
    ),
    CalledOff.CALENDAR: _l(
        "It vanished from its calendar. Download the file again: if it is still in there, give it "
        "its room by text."
    ),
}
CLASHES = {
    Clash.CHECKED_IN: _l(
        "The guest has checked in to room %(room)s, %(dates)s: left as it is. The file says "
        "%(file)s."
    ),
    Clash.BEGUN: _l(
        "The stay in room %(room)s, %(dates)s, has begun: left as it is. The file says %(file)s."
    ),
    Clash.DISPUTED: _l("Room %(room)s, %(dates)s, is in dispute. %(question)s Answer that first."),
    Clash.TAKEN: _l("Room %(room)s is %(reference)s’s, %(dates)s."),
    Clash.CLOSED: _l("You closed room %(room)s, %(dates)s."),
    Clash.CONTESTED: _l("Line %(line)s, %(reference)s, wants room %(room)s on these nights, too."),
    Clash.MORE_ROOMS: _l(
        "The file has %(units)s rooms of it, and %(known)s are known here. If one was given up, "
        "cancel it on its page."
    ),
    Clash.CALENDAR: _l(
        "The calendar of room %(room)s shows it %(dates)s; the file says %(file)s. Download the "
        "file again, or put the dates right on its page."
    ),
    Clash.ELSEWHERE: _l(
        "Its new dates are %(dates)s, and on these the calendar shows room %(room)s as closed. If "
        "it has changed rooms, move it on its page."
    ),
    Clash.FULL: _l("No room is free for it on these nights."),
}


def clash_words(conflict: Conflict, facts: Mapping[str, object]) -> str:
    """Say what stands in the way. `facts` are what the sentences name."""
    if conflict.by is not None:
        return str(CALLED_OFF[conflict.by])
    return str(CLASHES[conflict.clash]) % facts
