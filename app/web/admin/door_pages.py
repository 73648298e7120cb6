"""What the pages on doors are given."""

from dataclasses import dataclass
from enum import StrEnum

from app.web.admin.pages import CodeState
from app.web.guest.pages import UnlockStep


class GatewayState(StrEnum):
    ONLINE = "online"
    OFFLINE = "offline"
    UNKNOWN = "unknown"
    """The provider does not say, or there is none."""


@dataclass(frozen=True)
class DoorUnlock:
    """The Unlock button of one door on the host's page, and what came of its last tap."""

    door_id: int
    door_name: str
    step: UnlockStep = UnlockStep.IDLE
    reason: str | None = None

    @property
    def is_waiting(self) -> bool:
        return self.step == UnlockStep.WAITING

    @property
    def is_idle(self) -> bool:
        return self.step == UnlockStep.IDLE


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
