"""Whose booking is it: what to make of the seekers and candidates of one arrival date.

The same arrival date alone proves nothing. One reference and one room are put together quietly only
where no other calendar could still show another room for that day; everything else is asked.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

LOOKS = tuple(timedelta(minutes=minutes) for minutes in (2, 5, 10))
"""When to look again, counted from the beginning; after the last one the host is asked."""

UNPLACED_AFTER = timedelta(minutes=30)
"""A mail comes 5 to 20 minutes before its nights show in the calendar (measured)."""

ONE_BOOKING = timedelta(minutes=45)
"""Rooms of one booking come to light within this: calendars lag by up to 20 minutes (measured), and
are read every ten."""

SOON = timedelta(seconds=20)
"""How long to wait for the other calendars to be read again."""


class Ask(StrEnum):
    """What a host is asked."""

    SEVERAL_ROOMS = "several-rooms"
    """One reference, several rooms: are they all its?"""
    LONE = "lone"
    """One reference, one room, and another room might yet appear."""
    COLLISION = "collision"
    """Several references: which is whose?"""
    MISSING = "missing"
    """A room, and no reference."""
    CLAIM = "claim"
    """A guest says that a room is theirs."""
    MOVED = "moved"
    """A booking was modified to begin on this day, and a room is closed from it."""
    UNPLACED = "unplaced"
    """A reference, and no room."""


@dataclass(frozen=True)
class Seeker:
    """A reservation whose booking is not certain; all of one decision arrive on the same day."""

    reservation_id: int
    channel: str | None
    opened_at: datetime
    """When its question was opened."""
    others_read: bool
    """Every other calendar of its channel was read since it appeared."""
    refused: str | None = None
    """The reference that a host has said it is not."""


@dataclass(frozen=True)
class Candidate:
    """A booking, by what a mail, an export or a guest says, that no certain reservation bears."""

    notice_id: int
    reference: str
    channel: str | None
    said_at: datetime
    opened_at: datetime
    is_claim: bool = False
    is_growing: bool = False
    """A room was found to be its quietly, and others of the same day came to light right after: how
    many rooms it has is not known."""
    is_moved: bool = False
    """Its reference is borne by reservations of another day, which the booking has left."""


@dataclass(frozen=True)
class Enrich:
    """The reservation is that booking; nobody need be disturbed."""

    reservation_id: int
    notice_id: int


@dataclass(frozen=True)
class AskHost:
    """One question. `reference` is what OK would give to all of its reservations."""

    ask: Ask
    reservation_ids: tuple[int, ...]
    notice_ids: tuple[int, ...]
    reference: str | None = None


@dataclass(frozen=True)
class LookAgain:
    """Nothing to decide yet. `at` None: only news can change that."""

    reservation_ids: tuple[int, ...]
    notice_ids: tuple[int, ...]
    at: datetime | None


Decision = Enrich | AskHost | LookAgain


def decide(
    seekers: Sequence[Seeker],
    candidates: Sequence[Candidate],
    fed_channels: Collection[str],
    now: datetime,
) -> list[Decision]:
    """Decide on one arrival date of one property.

    `fed_channels`: the channels whose calendars the property has; a booking of another channel may
    stand in a calendar of no channel in particular.
    """
    decisions: list[Decision] = []
    for theirs, fitting in _groups(seekers, candidates, frozenset(fed_channels)):
        decisions += _decide_group(theirs, fitting, now)
    return decisions


def _groups(
    seekers: Sequence[Seeker], candidates: Sequence[Candidate], fed: frozenset[str]
) -> Iterator[tuple[list[Seeker], list[Candidate]]]:
    """Part what cannot belong together: bookings of one channel, nights of another's calendar."""
    if any(one.is_claim for one in candidates):  # a guest may have booked anywhere
        yield list(seekers), list(candidates)
        return
    homes: dict[str | None, tuple[list[Seeker], list[Candidate]]] = {}
    for seeker in seekers:
        channel = seeker.channel if seeker.channel in fed else None
        homes.setdefault(None if channel == "other" else channel, ([], []))[0].append(seeker)
    for candidate in candidates:
        channel = candidate.channel if candidate.channel in fed else None
        homes.setdefault(channel, ([], []))[1].append(candidate)
    yield from homes.values()


def _decide_group(
    seekers: Sequence[Seeker], candidates: Sequence[Candidate], now: datetime
) -> Iterator[Decision]:
    candidates = [one for one in candidates if not _is_ruled_out(one, seekers)]
    rooms = tuple(one.reservation_id for one in seekers)
    nearest = sorted(candidates, key=lambda one: _distance(one, seekers))
    notices = tuple(one.notice_id for one in nearest)
    if not seekers:
        yield from (_unplaced(one, now) for one in candidates)
    elif not candidates:
        yield from (_missing(one, now) for one in seekers)
    elif len(candidates) > 1 or any(one.refused == candidates[0].reference for one in seekers):
        yield AskHost(Ask.COLLISION, rooms, notices)
    elif candidates[0].is_claim:
        yield AskHost(Ask.CLAIM, rooms, notices, candidates[0].reference)
    elif candidates[0].is_moved:
        yield AskHost(Ask.MOVED, rooms, notices, candidates[0].reference)
    elif len(seekers) > 1 or candidates[0].is_growing:
        yield AskHost(Ask.SEVERAL_ROOMS, rooms, notices, candidates[0].reference)
    else:
        yield _lone(seekers[0], candidates[0], now)


def _is_ruled_out(candidate: Candidate, seekers: Sequence[Seeker]) -> bool:
    """Tell whether a booking that has a room already was said to have none of these."""
    return candidate.is_growing and all(one.refused == candidate.reference for one in seekers)


def _lone(seeker: Seeker, candidate: Candidate, now: datetime) -> Decision:
    if seeker.others_read:
        return Enrich(seeker.reservation_id, candidate.notice_id)
    rooms, notices = (seeker.reservation_id,), (candidate.notice_id,)
    if now >= max(seeker.opened_at, candidate.opened_at) + LOOKS[-1] + 2 * SOON:
        return AskHost(Ask.LONE, rooms, notices, candidate.reference)
    return LookAgain(rooms, notices, now + SOON)


def _missing(seeker: Seeker, now: datetime) -> Decision:
    looks = (seeker.opened_at + after for after in LOOKS)
    following = next((at for at in looks if at > now), None)
    if following is None:
        return AskHost(Ask.MISSING, (seeker.reservation_id,), ())
    return LookAgain((seeker.reservation_id,), (), following)


def _unplaced(candidate: Candidate, now: datetime) -> Decision:
    due = candidate.opened_at + UNPLACED_AFTER
    if candidate.is_claim or candidate.is_moved:
        # Shown to the host, and no reason to wake them.
        return LookAgain((), (candidate.notice_id,), None)
    if now >= due:
        return AskHost(Ask.UNPLACED, (), (candidate.notice_id,))
    return LookAgain((), (candidate.notice_id,), due)


def _distance(candidate: Candidate, seekers: Sequence[Seeker]) -> timedelta:
    """Return how far apart in time the booking was told of and the nearest of its rooms seen."""
    return min((abs(candidate.said_at - one.opened_at) for one in seekers), default=timedelta())
