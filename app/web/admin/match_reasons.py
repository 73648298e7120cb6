"""Why rooms and bookings are thought to belong together, or why nobody can tell: in plain words."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from flask_babel import gettext as _
from flask_babel import ngettext

from app import wording
from app.domain.enrichment import Ask
from app.models import Notice, Origin, Reservation
from app.web.admin.match_words import Words, listed, rooms


@dataclass(frozen=True)
class Case:
    """What is looked at together on one day of arrival."""

    words: Words
    stays: Sequence[Reservation]
    notices: Sequence[Notice]
    left: Sequence[Reservation] = ()
    """The reservations that a booking which moved still has on other days."""

    @property
    def reference(self) -> str:
        return listed([notice.reference for notice in self.notices])

    @property
    def rooms(self) -> str:
        return rooms(self.stays)

    @property
    def who(self) -> str:
        name = self.notices[0].name if self.notices else None
        return name or str(_("A guest"))


def reason(ask: Ask, case: Case) -> str:
    """Say why hosts are asked."""
    return str(_REASONS[ask](case))


def search(case: Case) -> str:
    """Say what is known while more is being looked for."""
    if case.stays and case.notices:
        return str(
            _(
                "%(reference)s is the only booking for that day, and %(room)s the only room closed "
                "from it. They are put together once the other calendars have been read.",
                reference=case.reference,
                room=case.rooms,
            )
        )
    if case.stays:
        return _missing(case)
    if case.notices[0].origin == Origin.GUEST:
        return str(
            _(
                "%(who)s says that %(reference)s is their booking. No mail has told of it, and no "
                "room is open for that day.",
                who=case.who,
                reference=case.reference,
            )
        )
    return _unplaced(case)


def _several_rooms(case: Case) -> str:
    if len(case.stays) == 2:
        return str(
            _(
                "%(reference)s arrives that day and two rooms are closed from it. Either both are "
                "theirs, or a second booking’s mail is late.",
                reference=case.reference,
            )
        )
    return str(
        _(
            "%(reference)s arrives that day and %(count)s rooms are closed from it. Either all of "
            "them are theirs, or another booking’s mail is late.",
            reference=case.reference,
            count=len(case.stays),
        )
    )


def _lone(case: Case) -> str:
    return str(
        _(
            "%(reference)s is the only booking for that day, and %(room)s the only room closed "
            "from it. But another calendar cannot be read, so a second room may be missing.",
            reference=case.reference,
            room=case.rooms,
        )
    )


def _collision(case: Case) -> str:
    facts = {"references": case.reference, "rooms": case.rooms}
    if len(case.notices) > 1:
        return str(
            ngettext(
                "%(references)s arrive that day, and only %(rooms)s is closed from it. Whose is "
                "it?",
                "%(references)s arrive that day, and %(rooms)s are closed from it. Nothing tells "
                "which is whose.",
                len(case.stays),
                **facts,
            )
        )
    return str(
        ngettext(
            "%(references)s arrives that day; a host said that %(rooms)s is not theirs. Whose is "
            "it?",
            "%(references)s arrives that day; a host said that %(rooms)s are not all theirs. Which "
            "are, and whose are the others?",
            len(case.stays),
            **facts,
        )
    )


def _missing(case: Case) -> str:
    channel = wording.channel_name(case.stays[0].channel) or _("The calendar")
    return str(
        _(
            "%(channel)s shows %(room)s as closed and says no more; no mail has told of a booking "
            "for it.",
            channel=channel,
            room=case.rooms,
        )
    )


def _claim(case: Case) -> str:
    return str(
        ngettext(
            "%(who)s says that %(reference)s is their booking; no mail has told of it. Is "
            "%(rooms)s theirs?",
            "%(who)s says that %(reference)s is their booking; no mail has told of it. Which of "
            "%(rooms)s is theirs?",
            len(case.stays),
            who=case.who,
            reference=case.reference,
            rooms=case.rooms,
        )
    )


def _moved(case: Case) -> str:
    if not case.left:
        return str(
            _("%(reference)s was changed and now arrives that day.", reference=case.reference)
        )
    return str(
        _(
            "%(reference)s was changed and now arrives that day. We have it in %(left)s.",
            reference=case.reference,
            left=case.words.rooms_with_dates(case.left),
        )
    )


def _unplaced(case: Case) -> str:
    if case.left:
        return f"{_moved(case)} {_('No calendar shows a room as closed from that day.')}"
    return str(
        _(
            "%(reference)s arrives that day, and no calendar shows a room as closed from it.",
            reference=case.reference,
        )
    )


_REASONS: dict[Ask, Callable[[Case], str]] = {
    Ask.SEVERAL_ROOMS: _several_rooms,
    Ask.LONE: _lone,
    Ask.COLLISION: _collision,
    Ask.MISSING: _missing,
    Ask.CLAIM: _claim,
    Ask.MOVED: _moved,
    Ask.UNPLACED: _unplaced,
}
