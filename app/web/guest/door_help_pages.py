"""What the page on a door that does not open is given: everything decided, nothing to compute."""

import hashlib
from dataclasses import dataclass, field
from enum import StrEnum

from app.web.guest.pages import Code, House, Pace, Unlock


class HelpStep(StrEnum):
    """How far the guest's asking has come."""

    ASK = "ask"
    LOOKING = "looking"
    FOUND = "found"
    NOT_NOW = "not-now"
    """It is not their time: no lock is at fault."""
    OPEN = "open"
    """The lock says that it opened."""
    CLOSED = "closed"
    """A host has closed it."""


class HelpAction(StrEnum):
    """The one large button."""

    LOOK = "look"
    CHECK_IN = "check-in"
    UNLOCK = "unlock"
    IT_IS_OPEN = "it-is-open"
    PHONE = "phone"
    NONE = "none"


@dataclass(frozen=True)
class Said:
    """One finding, as the guest at the door is told it."""

    headline: str
    advice: str

    @property
    def sentence(self) -> str:
        """The headline as it begins a paragraph."""
        return self.headline if self.headline.endswith(".") else f"{self.headline}."


@dataclass(frozen=True)
class HelpPanel:
    """One screen: what the lock says, and the one thing to do."""

    token: str = field(repr=False)
    house: House = field(repr=False)
    door_id: int
    door_name: str
    room_number: int | None
    step: HelpStep
    action: HelpAction
    said: Said
    more: tuple[Said, ...] = ()
    """What else was found."""
    code: Code | None = None
    """Only when may_open says yes, they have checked in, and the lock holds it now."""
    code_id: int | None = None
    how_to_open: tuple[str, ...] = ()
    """The steps at this lock, beside the code."""
    unlock: Unlock | None = None
    may_look_again: bool = False
    may_call: bool = False
    """A press has hosts told, who have not been told yet."""
    has_number: bool = False
    """Hosts can call them back."""
    told_text: str | None = None
    """When hosts were told: "22:42"."""
    pace: Pace = Pace.STOPPED

    @property
    def is_shared(self) -> bool:
        return self.room_number is None

    @property
    def seen(self) -> str:
        """A fingerprint of what the panel says, as in StayPanel."""
        return hashlib.sha256(repr(self).encode()).hexdigest()[:12]
