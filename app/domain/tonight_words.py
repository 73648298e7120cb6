"""The words in which it is told whether an arrival will work."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Check(StrEnum):
    """The conditions, in the order in which they are told."""

    MATCH = "match"
    CONTACT = "contact"
    CODE = "code"
    GATEWAY = "gateway"
    BATTERY = "battery"
    MESSAGE = "message"
    PAGE = "page"


class State(StrEnum):
    GO = "go"
    WAITING = "waiting"
    NO_GO = "no-go"
    UNKNOWN = "unknown"
    """Nobody can say. It stops nothing: what depends on it is a condition of its own."""


class Why(StrEnum):
    """The evidence for an item's state."""

    CERTAIN = "certain"
    NOBODY_KNOWN = "nobody-known"
    UNCONFIRMED = "unconfirmed"
    IN_DISPUTE = "in-dispute"
    NOT_CERTAIN = "not-certain"
    """Nothing can be done for them before it is known whose stay it is."""
    AT_THE_DESK = "at-the-desk"
    """A host checked them in when they came: they are here, and need no message."""
    PHONE_KNOWN = "phone-known"
    MAIL_KNOWN = "mail-known"
    NO_CONTACT = "no-contact"
    ON_ITS_LOCK = "on-its-lock"
    ON_ITS_WAY = "on-its-way"
    FAILED = "failed"
    MISSING = "missing"
    OTHER_ZONE = "other-zone"
    NOT_CHECKED_IN = "not-checked-in"
    ONLINE = "online"
    OFFLINE = "offline"
    OFFLINE_BUT_CODED = "offline-but-coded"
    """The code is on the lock, and opens it without a gateway."""
    NOT_HEARD = "not-heard"
    NOT_TOLD = "not-told"
    """The provider does not say."""
    CHARGED = "charged"
    LOW = "low"
    DELIVERED = "delivered"
    HANDED_OVER = "handed-over"
    """To a mail server, which tells no more."""
    UNREPORTED = "unreported"
    UNDELIVERED = "undelivered"
    NOT_SENT = "not-sent"
    OPENED = "opened"
    CHECKED_IN_THERE = "checked-in-there"
    NOT_OPENED = "not-opened"


class Remedy(StrEnum):
    """What puts it right."""

    SAY_WHO = "say-who"
    CONFIRM = "confirm"
    SETTLE = "settle"
    ADD_CONTACT = "add-contact"
    RETRY_CODE = "retry-code"
    LOOK = "look"
    """At the reservation: there is no one button for it."""
    SEE_ZONE = "see-zone"
    SEE_GATEWAY = "see-gateway"
    CHANGE_BATTERY = "change-battery"
    SEND_LINK = "send-link"
    SEND_LINK_AGAIN = "send-link-again"
    CALL_GUEST = "call-guest"


@dataclass(frozen=True)
class Item:
    """One condition. `by` is when it must be so; `at`, `percent`, `detail` belong to `why`."""

    check: Check
    state: State
    why: Why
    by: datetime
    remedy: Remedy | None = None
    door_id: int | None = None
    door: str | None = None
    at: datetime | None = None
    percent: int | None = None
    detail: str | None = None
    """What the outside world said, as a sentence."""


class Outlook(StrEnum):
    """One word for an arrival."""

    IN = "in"
    GO = "go"
    WAITING = "waiting"
    NO_GO = "no-go"


@dataclass(frozen=True)
class Readiness:
    """The answer for one arrival. Items in the order of Check, doors within in theirs."""

    outlook: Outlook
    items: tuple[Item, ...]

    @property
    def red(self) -> tuple[Item, ...]:
        """What stands in the way; nothing once they are in."""
        if self.outlook == Outlook.IN:
            return ()
        return tuple(item for item in self.items if item.state == State.NO_GO)
