"""The button that unlocks a door, on guests' pages and hosts' alike: how far its last tap is."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from app.models import UnlockRequest, UnlockState

ANSWER_SHOWN = timedelta(minutes=1)
"""How long a page goes on telling what came of a tap."""


class UnlockStep(StrEnum):
    """How far a tap on Unlock has come; IDLE when there was none lately."""

    IDLE = "idle"
    WAITING = "waiting"
    OPENED = "opened"
    FAILED = "failed"
    DROPPED = "dropped"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class UnlockButton:
    """The button of one door, and what came of its last tap."""

    door_id: int
    door_name: str
    step: UnlockStep = UnlockStep.IDLE

    @property
    def is_waiting(self) -> bool:
        return self.step == UnlockStep.WAITING

    @property
    def is_idle(self) -> bool:
        return self.step == UnlockStep.IDLE


def step_of(request: UnlockRequest | None, now: datetime) -> UnlockStep:
    """Return how far a tap has come; one that nobody began in time counts as dropped at once."""
    if request is None:
        return UnlockStep.IDLE
    if request.state == UnlockState.WAITING and now >= request.expires_at:
        return UnlockStep.DROPPED
    if request.is_open:
        return UnlockStep.WAITING
    return UnlockStep(request.state)
