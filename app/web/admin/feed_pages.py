"""What the page on calendars is given."""

from dataclasses import dataclass
from enum import StrEnum


class FeedState(StrEnum):
    FINE = "fine"
    FAILING = "failing"
    HELD = "held"
    """Withdrawals wait for the host's answer."""
    NEW = "new"
    """Not fetched yet."""


@dataclass(frozen=True)
class FeedRow:
    """One channel's calendar of one room."""

    id: int
    room_number: int
    room_name: str
    channel: str
    state: FeedState
    fetched_text: str | None = None
    """Last try: "13:50"."""
    outcome: str | None = None
    """What the last reading changed, in plain words."""
    changed_text: str | None = None
    """When it last changed anything."""
    fault: str | None = None
    failing_since_text: str | None = None
    hold: str | None = None
