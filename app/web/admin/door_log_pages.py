"""What the page of one door is given: its lock, its log, and the codes there that are not ours."""

from dataclasses import dataclass

from app.web.admin.door_pages import DoorRow


@dataclass(frozen=True)
class LogLine:
    """One line of a lock's log."""

    at: str
    """ISO, for machines."""
    at_text: str
    """ "today 15:12"."""
    what: str
    door_name: str = ""
    """Where the page is not one door's."""
    who: str | None = None
    """ "Alice Moore", "Anna, staff", "somebody with a code that is not ours"; None: nobody."""
    reservation_id: int | None = None
    is_refused: bool = False
    late_text: str | None = None
    """When it was heard of, where that was much later."""


@dataclass(frozen=True)
class StrangerLine:
    """One code on the lock that is not ours."""

    name: str
    window_text: str
    seen_text: str
    """Since when it is known."""


@dataclass(frozen=True)
class DoorPage:
    """All there is to know of one door."""

    door: DoorRow
    lines: tuple[LogLine, ...] = ()
    page: int = 1
    has_more: bool = False
    read_text: str | None = None
    """When the log was last read; None: never."""
    strangers: tuple[StrangerLine, ...] = ()
    sync_fault: str | None = None
    """Why what the lock holds is not known."""
    kept_months: int = 12
