"""Which rooms and bookings of an open day are looked at together, and when hosts are asked."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from app.domain.enrichment import (
    LOOKS,
    SOON,
    UNPLACED_AFTER,
    Ask,
    AskHost,
    Candidate,
    Decision,
    Enrich,
    LookAgain,
    Seeker,
    decide,
)
from app.models import Match, Notice, Origin, Question, Reservation
from app.services.matches import is_moved
from app.services.open_days import OpenDay, OpenDays, Seeking, Wanting

YES_ANSWERS = (Ask.SEVERAL_ROOMS, Ask.LONE, Ask.CLAIM, Ask.MOVED)
"""Questions that propose something."""


@dataclass(frozen=True)
class Group:
    """What one question is about; or will be, if nothing comes to light first."""

    rooms: Sequence[Seeking]
    bookings: Sequence[Wanting]
    question: Question | None = None
    ask_at: datetime | None = None
    """When hosts are asked; None when nobody is, or now."""
    is_due: bool = False
    """It is about to be decided."""

    @property
    def stays(self) -> list[Reservation]:
        return [stay for stay, _ in self.rooms]

    @property
    def notices(self) -> list[Notice]:
        return [notice for notice, _ in self.bookings]

    @property
    def proposed(self) -> str | None:
        """The reference that a yes would give to all of the rooms."""
        question = self.question
        if question is None or question.ask not in YES_ANSWERS or not self.rooms:
            return None
        if question.ask == Ask.CLAIM and len(self.rooms) > 1:
            return None
        return question.reference

    def is_possible(self, room: Seeking, booking: Wanting) -> bool:
        """Tell whether this room may be this booking's, as far as a host has not said no."""
        return len(self.rooms) > 1 or room[1].refused != booking[0].reference


def groups_of(day: OpenDay, known: OpenDays, now: datetime) -> list[Group]:
    """Part a day: what is asked in one question, then what is being searched."""
    asked = [
        Group(
            [pair for pair in day.rooms if _is_in(pair[1], question)],
            [pair for pair in day.bookings if _is_in(pair[1], question)],
            question,
        )
        for question in day.questions
    ]
    return [*asked, *_searched(day, known, now)]


def _is_in(match: Match, question: Question) -> bool:
    return match.question is question


def _searched(day: OpenDay, known: OpenDays, now: datetime) -> Iterator[Group]:
    asked = day.questions
    rooms = {pair[0].id: pair for pair in day.rooms if pair[1].question not in asked}
    bookings = {pair[0].id: pair for pair in day.bookings if pair[1].question not in asked}
    # Nobody is taken for certain here: that is for `tend_matches` to do, and to write down.
    seekers = [
        Seeker(stay.id, stay.channel, match.opened_at, others_read=False, refused=match.refused)
        for stay, match in rooms.values()
    ]
    candidates = [
        Candidate(
            notice.id,
            notice.reference,
            notice.channel,
            notice.said_at,
            match.opened_at,
            is_claim=notice.origin == Origin.GUEST,
            is_moved=is_moved(notice, known.bearers),
        )
        for notice, match in bookings.values()
    ]
    for decision in decide(seekers, candidates, known.fed_channels, now):
        stays, notices = _ids(decision)
        found = [rooms[one] for one in stays], [bookings[one] for one in notices]
        yield Group(
            *found,
            ask_at=_ask_at(*found, known) if isinstance(decision, LookAgain) else None,
            is_due=not isinstance(decision, LookAgain),
        )


def _ids(decision: Decision) -> tuple[Sequence[int], Sequence[int]]:
    match decision:
        case Enrich(reservation_id, notice_id):
            return (reservation_id,), (notice_id,)
        case AskHost() | LookAgain():
            return decision.reservation_ids, decision.notice_ids


def _ask_at(
    rooms: Sequence[Seeking], bookings: Sequence[Wanting], known: OpenDays
) -> datetime | None:
    opened = max(match.opened_at for _, match in (*rooms, *bookings))
    if rooms and bookings:
        return opened + LOOKS[-1] + 2 * SOON
    if rooms:
        return opened + LOOKS[-1]
    notice = bookings[0][0]
    if notice.origin == Origin.GUEST or is_moved(notice, known.bearers):
        return None
    return opened + UNPLACED_AFTER
