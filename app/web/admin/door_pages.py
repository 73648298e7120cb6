"""What the pages on doors are given."""

from dataclasses import dataclass
from enum import StrEnum

from app.web.admin.pages import CodeState
from app.web.unlock_button import UnlockButton


class GatewayState(StrEnum):
    ONLINE = "online"
    OFFLINE = "offline"
    UNKNOWN = "unknown"
    """The provider does not say, or there is none."""


@dataclass(frozen=True)
class DoorUnlock(UnlockButton):
    """The button as a host sees it, with the reason why it failed."""

    reason: str | None = None


@dataclass(frozen=True)
class CodeCount:
    """How many codes of one state are on a door."""

    state: CodeState
    count: int


@dataclass(frozen=True)
class DoorRow:
    """One door, its lock, and what is on it."""

    id: int
    name: str
    provider: str
    """ "TTLock", "Seam"."""
    lock_id: str
    room_text: str | None = None
    """ "1 Room 1"; None for a shared door."""
    battery_percent: int | None = None
    is_battery_low: bool = False
    gateway: GatewayState = GatewayState.UNKNOWN
    seen_text: str | None = None
    counts: tuple[CodeCount, ...] = ()
    strangers: int = 0
    """Codes on the lock that are not ours."""
    unlock: DoorUnlock | None = None
    """None when this host may not open doors."""
