"""The day's board: who comes, who is here, who leaves; in a fixed number of statements."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import ColumnElement, false, func, or_, select
from sqlalchemy.orm import Session, joinedload

from app.domain.references import normalised
from app.models import AccessCode, CodeState, Door, Guest, Property, Reservation, Room, Status

SHOWN = (Status.OPEN, Status.CONFIRMED, Status.DISPUTED)
FOUND = 50


@dataclass(frozen=True)
class Board:
    """Reservations, each with room and guest, and what is needed to show their codes."""

    today: date
    stays: Sequence[Reservation]
    codes: Sequence[AccessCode]
    """Live codes of their guests, each with its door."""
    together: Counter[str]
    """How many reservations bear each reference."""

    def arriving(self, day: date) -> list[Reservation]:
        return [stay for stay in self.stays if stay.arrival == day]

    @property
    def in_house(self) -> list[Reservation]:
        return [stay for stay in self.stays if stay.arrival < self.today < stay.departure]

    @property
    def leaving(self) -> list[Reservation]:
        return [stay for stay in self.stays if stay.departure == self.today]

    def codes_of(self, stay: Reservation) -> list[AccessCode]:
        """Return the codes on the doors of this reservation: its room's, and the shared ones."""
        return [
            code
            for code in self.codes
            if code.guest_id == stay.guest_id and code.door.room_id in (None, stay.room_id)
        ]


def board(session: Session, house: Property, now: datetime) -> Board:
    """Load today and tomorrow."""
    today = now.astimezone(house.zone).date()
    wanted = (Reservation.arrival <= today + timedelta(days=1)) & (Reservation.departure >= today)
    return _board(session, house, today, wanted & Reservation.status.in_(SHOWN))


def one_row(session: Session, house: Property, reservation_id: int, now: datetime) -> Board:
    """Load a single reservation, as the board shows it."""
    today = now.astimezone(house.zone).date()
    return _board(session, house, today, Reservation.id == reservation_id)


def search(session: Session, house: Property, words: str, now: datetime, *, by_name: bool) -> Board:
    """Find by room, and `by_name` also by the beginning of a name's word or by reference."""
    today = now.astimezone(house.zone).date()
    escaped = words.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_").lower()
    name = func.lower(func.coalesce(Guest.full_name, Reservation.name, ""))
    finds: list[ColumnElement[bool]] = [false()]
    if by_name:
        finds += [name.like(f"{escaped}%", escape="\\"), name.like(f"% {escaped}%", escape="\\")]
        if reference := normalised(words):
            finds.append(Reservation.reference.startswith(reference, autoescape=True))
    if words.isdecimal() and len(words) <= 4:
        finds.append(Room.number == int(words))
    recent = Reservation.departure >= today - timedelta(days=30)
    return _board(session, house, today, recent & or_(*finds), limit=FOUND + 1)


def next_arrival(session: Session, house: Property, today: date) -> date | None:
    """Return the day of the next arrival after today."""
    return session.scalar(
        select(func.min(Reservation.arrival)).where(
            Reservation.property_id == house.id,
            Reservation.arrival > today,
            Reservation.status.in_(SHOWN),
        )
    )


def _board(
    session: Session,
    house: Property,
    today: date,
    wanted: ColumnElement[bool],
    limit: int | None = None,
) -> Board:
    stays = session.scalars(
        select(Reservation)
        .join(Reservation.room)
        .outerjoin(Reservation.guest)
        .where(Reservation.property_id == house.id, wanted)
        .options(joinedload(Reservation.room), joinedload(Reservation.guest))
        .order_by(Reservation.arrival, Room.number)
        .limit(limit)
    ).all()
    guests = {stay.guest_id for stay in stays if stay.guest_id is not None}
    codes = session.scalars(
        select(AccessCode)
        .where(AccessCode.guest_id.in_(guests), AccessCode.state != CodeState.GONE)
        .options(joinedload(AccessCode.door))
        .order_by(AccessCode.id)
    ).all()
    references = {stay.reference for stay in stays if stay.reference}
    counts = session.execute(
        select(Reservation.reference, func.count())
        .where(
            Reservation.property_id == house.id,
            Reservation.reference.in_(references),
            Reservation.status.in_(SHOWN),
        )
        .group_by(Reservation.reference)
    )
    together = Counter({reference: count for reference, count in counts if reference})
    return Board(today, stays, codes, together)


def doors_of(session: Session, house: Property) -> Sequence[Door]:
    """Return every door of the property, shared ones first, each with its room."""
    return session.scalars(
        select(Door)
        .outerjoin(Room, Room.id == Door.room_id)
        .where(Door.property_id == house.id)
        .options(joinedload(Door.room))
        .order_by(Door.room_id.is_not(None), Room.number, Door.id)
    ).all()
