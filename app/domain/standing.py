"""Where a reservation stands: its status, dates and facts, from what its sources say of it.

The written rules of the design (invariant 7): each source asserts or withdraws only its own word;
a known value is never overwritten by an empty one; where sources contradict each other the host
decides; a guest in house never loses access by a feed.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from app.domain.nights import Nights
from app.domain.readings import Kind


class Word(StrEnum):
    """Whose word it is, in rising order of weight."""

    FEED = "feed"
    GUEST = "guest"
    MAIL = "mail"
    EXPORT = "export"
    HOST = "host"

    @property
    def weight(self) -> int:
        return list(Word).index(self)


@dataclass(frozen=True)
class Testimony:
    """One source's word on one reservation."""

    word: Word
    kind: Kind
    nights: Nights
    said_at: datetime
    asserted: bool = True
    reference: str | None = None
    name: str | None = None
    phone_ending: str | None = None

    @property
    def names_a_stay(self) -> bool:
        """Says that somebody stays, rather than only that nights are closed."""
        return self.kind == Kind.STAY


class Status(StrEnum):
    """What a reservation is; see the design for what each means."""

    OPEN = "open"
    CONFIRMED = "confirmed"
    DISPUTED = "disputed"
    CANCELLED = "cancelled"
    BLOCK = "block"


@dataclass(frozen=True)
class Standing:
    """The outcome; `question` is what the host is asked when it is disputed."""

    status: Status
    nights: Nights
    reference: str | None = None
    name: str | None = None
    phone_ending: str | None = None
    question: str | None = None


WITHDRAWN = "The calendar no longer shows this stay. Is it cancelled?"
CANCELLED_THERE = "The channel says that this stay is cancelled, though it has begun. Is it?"
DATES_DIFFER = "Two sources give different dates for this stay. Which are right?"


def standing(
    testimonies: Sequence[Testimony], *, has_begun: bool, has_arrived: bool = False
) -> Standing:
    """Weigh the words on one reservation; at least one is needed.

    `has_begun`: its day of arrival has come; then no feed can end it, it only becomes a question.
    `has_arrived`: its guest is there, or should be; then no mail or export can end it either.
    """
    asserted = [one for one in testimonies if one.asserted and one.kind != Kind.CANCELLED]
    voices = asserted or testimonies
    leader = max(voices, key=_authority)
    facts = _facts(testimonies)

    def stands(status: Status, question: str | None = None) -> Standing:
        return Standing(status, leader.nights, *facts, question)

    host_ended = any(one.word == Word.HOST and not one.asserted for one in testimonies)
    host_asserts = any(one.word == Word.HOST for one in asserted)
    if host_ended and not host_asserts:
        return stands(Status.CANCELLED)
    if _was_called_off(testimonies, asserted):
        if has_arrived:
            return stands(Status.DISPUTED, CANCELLED_THERE)
        return stands(Status.CANCELLED)
    if not asserted:
        if has_begun:
            return stands(Status.DISPUTED, WITHDRAWN)
        return stands(Status.CANCELLED)
    if leader.kind == Kind.BLOCK:
        return stands(Status.BLOCK)
    if not leader.names_a_stay:
        return stands(Status.OPEN)
    if _was_withdrawn_under(leader, testimonies):
        return stands(Status.DISPUTED, WITHDRAWN)
    if _dates_differ(leader, asserted):
        return stands(Status.DISPUTED, DATES_DIFFER)
    return stands(Status.CONFIRMED)


AGREED = (Word.HOST, Word.EXPORT)
"""Words that a host has given, or has applied after seeing what they change."""

_STRENGTH = {Kind.CANCELLED: 0, Kind.BLOCK: 1, Kind.CLOSED: 2, Kind.TENTATIVE: 3, Kind.STAY: 4}


def _authority(one: Testimony) -> tuple[int, int, datetime]:
    """Sort by who knows best: the host's word, then a named stay, then the latest."""
    if one.word == Word.HOST:
        return (9, one.word.weight, one.said_at)
    return (_STRENGTH[one.kind], one.word.weight, one.said_at)


def _facts(testimonies: Sequence[Testimony]) -> tuple[str | None, str | None, str | None]:
    """Return reference, name, phone ending: each from the weightiest word that gives it."""
    ranked = sorted(testimonies, key=lambda one: (one.asserted, *_authority(one)), reverse=True)
    return (
        next((one.reference for one in ranked if one.reference), None),
        next((one.name for one in ranked if one.name), None),
        next((one.phone_ending for one in ranked if one.phone_ending), None),
    )


def _was_withdrawn_under(leader: Testimony, testimonies: Sequence[Testimony]) -> bool:
    """Tell whether a feed withdrew what another kind of source still asserts.

    One channel's stay that another channel's calendar merely echoed is not touched by the echo
    going away, so only a leader that is not itself a feed can be contradicted in this way. A word
    given after the withdrawal has settled it. Dates that a host put right leave a calendar as they
    were, and come back as the new ones: that is no contradiction.
    """
    if leader.word == Word.FEED:
        return False
    feeds = [one for one in testimonies if one.word == Word.FEED]
    if leader.word in AGREED and any(
        one.asserted and one.nights.covers(leader.nights) for one in feeds
    ):
        return False
    return any(
        not one.asserted and one.said_at > leader.said_at and one.nights.overlaps(leader.nights)
        for one in feeds
    )


def _was_called_off(testimonies: Sequence[Testimony], asserted: Sequence[Testimony]) -> bool:
    """Tell whether the channel cancelled the booking, and nobody has said anything of it since.

    A calendar that goes on showing what it showed before has said nothing since: it is slow.
    """
    ends = [
        one.said_at
        for one in testimonies
        if one.kind == Kind.CANCELLED and one.word in (Word.MAIL, Word.EXPORT)
    ]
    return bool(ends) and all(one.said_at <= max(ends) for one in asserted)


def _dates_differ(leader: Testimony, asserted: Sequence[Testimony]) -> bool:
    """Tell whether another kind of source names other dates.

    Of a host's word, only later ones count. An export was applied by a host who saw what it moves:
    what mails and guests said before is outdated by it, what a calendar shows is not.
    """

    def is_outdated(one: Testimony) -> bool:
        settles = leader.word == Word.HOST or (leader.word == Word.EXPORT and one.word != Word.FEED)
        return settles and one.said_at <= leader.said_at

    return any(
        one.names_a_stay
        and one.word != leader.word
        and one.nights != leader.nights
        and not is_outdated(one)
        for one in asserted
    )
