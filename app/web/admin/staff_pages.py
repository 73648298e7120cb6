"""What the page of staff codes is given: everything already decided."""

from dataclasses import dataclass

from app.web.admin.pages import CodeState, DoorMark, MarkGroup, grouped
from app.web.guest.pages import Code, Pace


@dataclass(frozen=True)
class StaffDoor:
    """One door of a staff code."""

    name: str
    state: CodeState
    note: str | None = None
    """What is wrong there, and what that means."""


@dataclass(frozen=True)
class StaffRow:
    """One staff code. `code` only right after an audited Show code."""

    id: int
    label: str
    doors_text: str
    """ "every door", or their names."""
    days_text: str
    """ "Mon-Fri" with an en dash, "every day"."""
    hours_text: str
    """ "09:00-13:00" with an en dash, "the whole day"."""
    dates_text: str | None
    """ "until Sat 12 Dec"; None without an end."""
    window_text: str | None
    """ "open now, until 13:00", "next Tue 24 Nov 09:00"."""
    doors: tuple[StaffDoor, ...]
    used_text: str | None
    masked: str
    code: Code | None
    is_ended: bool
    may_manage: bool
    may_undo: bool
    pace: Pace
    problem: str | None = None

    @property
    def mark_groups(self) -> tuple[MarkGroup, ...]:
        """Doors in the same state together, what needs a person first."""
        return grouped(DoorMark(door.name, door.state) for door in self.doors)

    @property
    def notes(self) -> tuple[StaffDoor, ...]:
        return tuple(door for door in self.doors if door.note is not None)
