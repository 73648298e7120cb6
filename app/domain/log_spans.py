"""How far back a lock's log is read, each time it is read."""

from datetime import UTC, datetime, timedelta

FIRST = timedelta(hours=24)
"""Of a log that was never read before."""
MARGIN = timedelta(minutes=5)
"""Read again of what was read: the clocks differ, and a line may show late."""

WHOLE = timedelta(days=7)
"""For how long a gateway may be away with what its locks wrote, and how far a clock be behind."""
FEW = 150
"""So many lines in WHOLE are told in one call: being told all of them each time costs no more."""
WHOLE_EVERY = timedelta(hours=16)
"""Of a busier lock. Together with the hours to a reading that is due then, less than a day."""

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
STAGGER = timedelta(minutes=37)


def read_since(door_id: int, read_at: datetime | None, now: datetime, *, is_busy: bool) -> datetime:
    """Return since when to read a log that was last read at `read_at`.

    All of WHOLE, but for a lock that `is_busy`, with more than FEW lines in it: there only the
    first reading of each span of WHOLE_EVERY. Spans begin at other times for each door.
    """
    if read_at is None:
        return now - FIRST
    since = read_at - MARGIN
    is_whole = not is_busy or _span(door_id, read_at) != _span(door_id, now)
    return min(since, now - WHOLE) if is_whole else since


def _span(door_id: int, at: datetime) -> int:
    return (at - EPOCH + door_id * STAGGER) // WHOLE_EVERY
