"""What must be true of the doors, worked out apart from the app: who has booked what, and when.

Doors are lock ids. It is kept as plain as the design says it: a room's door opens from arrival at
check-in time to departure at check-out time, a shared door from the first of a guest's stays to the
last, for a guest who has checked in.
"""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

ZONE = ZoneInfo("Europe/London")
CHECK_IN, CHECK_OUT = time(15), time(11)
FRONT = "1001"

Span = tuple[datetime, datetime]
LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)


def lock_of(room: int) -> str:
    return str(2000 + room)


@dataclass
class Stay:
    """One room of a booking."""

    id: int
    """The reservation's."""
    room: int
    arrival: date
    departure: date
    early: time | None = None
    late: time | None = None
    cancelled: bool = False

    @property
    def span(self) -> Span:
        return (
            datetime.combine(self.arrival, self.early or CHECK_IN, ZONE).astimezone(UTC),
            datetime.combine(self.departure, self.late or CHECK_OUT, ZONE).astimezone(UTC),
        )


@dataclass
class Booking:
    """One reference, and what has been done about it."""

    reference: str
    stays: list[Stay]
    checked_in: bool = False
    vouched: bool = False
    """A host has said which room is theirs, which lets them in as well."""
    changed_at: datetime = LONG_AGO
    left: dict[str, str] = field(default_factory=dict)
    """Doors of rooms they were moved out of while in house, and the new room's door."""
    ever: dict[str, list[Span]] = field(default_factory=dict)
    """Every span in which they were ever to open each door."""
    now_may: dict[str, list[Span]] = field(default_factory=dict)
    """The spans in which they are to open each door, as things stand since `changed_at`."""
    over_at: datetime = LONG_AGO
    """When the last of their rooms is left."""

    @property
    def live(self) -> list[Stay]:
        return [stay for stay in self.stays if not stay.cancelled]

    @property
    def is_admitted(self) -> bool:
        return self.checked_in or self.vouched

    def right(self, door: str, at: datetime) -> bool:
        """Tell whether the door should open for them at that moment."""
        return any(begin <= at < end for begin, end in self.now_may.get(door, ()))

    def had_right(self, door: str, at: datetime) -> bool:
        """Tell whether that was ever so, whatever has changed since."""
        return any(begin <= at < end for begin, end in self.ever.get(door, ()))

    def note(self, at: datetime) -> None:
        """Remember what they may open now; call it after every change."""
        self.changed_at = at
        self.over_at = max((stay.span[1] for stay in self.live), default=LONG_AGO)
        self.now_may = {door: self._spans(door) for door in self._doors()}
        for door, spans in self.now_may.items():
            known = self.ever.setdefault(door, [])
            known += [span for span in spans if span not in known]

    def _doors(self) -> set[str]:
        if not (self.is_admitted and self.live):
            return set()
        return {FRONT, *(lock_of(stay.room) for stay in self.live)}

    def _spans(self, door: str) -> list[Span]:
        spans = [stay.span for stay in self.live if door in (FRONT, lock_of(stay.room))]
        if door == FRONT:
            return [(min(begin for begin, _ in spans), max(end for _, end in spans))]
        return spans


@dataclass
class Model:
    """All bookings, and since when each door can be reached."""

    bookings: dict[str, Booking] = field(default_factory=dict)
    trouble_until: dict[str, datetime] = field(default_factory=dict)
    """For each lock, until when something kept us from reaching it; far ahead while it does."""

    def reachable_for(self, door: str, at: datetime, how_long: timedelta) -> bool:
        until = self.trouble_until.get(door)
        return until is None or until <= at - how_long

    def not_over(self, now: datetime) -> list[Booking]:
        return [booking for booking in self.bookings.values() if booking.over_at > now]

    def is_free(
        self,
        room: int,
        arrival: date,
        departure: date,
        but: Stay | None = None,
    ) -> bool:
        """Tell whether nobody has the room in any of these nights."""
        return not any(
            stay.room == room and stay.arrival < departure and arrival < stay.departure
            for booking in self.not_over(datetime.combine(arrival, time(), ZONE))
            for stay in booking.live
            if stay is not but
        )
