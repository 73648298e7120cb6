"""What is known of one arrival, for the question whether it will work."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from app.domain.windows import Window

LEAD = timedelta(hours=2)
"""Before the window begins; what goes over the air, or needs a person, must be done by then."""


class MatchWord(StrEnum):
    """Whose the nights are."""

    CERTAIN = "certain"
    NOBODY_KNOWN = "nobody-known"
    UNCONFIRMED = "unconfirmed"
    IN_DISPUTE = "in-dispute"


class CodeWord(StrEnum):
    """How far the code on one door is."""

    HELD = "held"
    """The lock has it, and opens for it when the guest arrives."""
    COMING = "coming"
    CHANGING = "changing"
    """The lock has it, for another time."""
    FAILED = "failed"


class LinkWord(StrEnum):
    """How far the message with the link to the stay page is."""

    SENDING = "sending"
    SENT = "sent"
    DELIVERED = "delivered"
    FAILED = "failed"


@dataclass(frozen=True)
class CodeFacts:
    word: CodeWord
    since: datetime
    """When it was confirmed; while it has not been, when it was first ordered."""
    fault: str | None = None


@dataclass(frozen=True)
class DoorFacts:
    """One door that the guest must get through, and the code of theirs on it."""

    id: int
    name: str
    gateway_online: bool | None
    seen_at: datetime | None
    battery_percent: int | None
    code: CodeFacts | None = None
    in_other_zone: bool = False
    """Its lock is set to another time zone than the house: no code can be relied on there."""


@dataclass(frozen=True)
class LinkFacts:
    """The message with the link that was ordered last."""

    word: LinkWord
    at: datetime
    """When it was sent; before that, when it was ordered."""
    by_text: bool
    to_them: bool = True
    """To an address that is still the guest's."""
    tries: int = 1
    """How many to that address did not arrive."""
    fault: str | None = None


@dataclass(frozen=True)
class ArrivalFacts:
    """All that is known of one arrival. Doors in the order in which they are passed."""

    window: Window
    match: MatchWord
    has_phone: bool
    has_mail: bool
    admitted: bool
    """Codes may exist: checked in, or a host vouched for them."""
    checked_in_at: datetime | None
    by_themselves: bool
    """They checked in on their own page."""
    doors: Sequence[DoorFacts]
    link: LinkFacts | None
    page_seen_at: datetime | None
    has_entered: bool = False
    """The code of their room has opened its door."""

    @property
    def deadline(self) -> datetime:
        return self.window.valid_from - LEAD

    @property
    def is_certain(self) -> bool:
        return self.match == MatchWord.CERTAIN

    @property
    def is_at_the_desk(self) -> bool:
        """A host checked them in about when they were due: they stood there."""
        came = self.checked_in_at
        return came is not None and not self.by_themselves and came >= self.deadline

    @property
    def can_be_reached(self) -> bool:
        return self.has_phone or self.has_mail
