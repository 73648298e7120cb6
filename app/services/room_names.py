"""What channels call the rooms, as hosts tell while importing: kept beside what setup says."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.errors import DomainError
from app.domain.exports import ExportRow
from app.domain.exports.cells import folded
from app.models import Host, Property, Room, UnitType
from app.services.history import by_host, record
from app.services.lanes import hold_property


class CannotName(DomainError):
    """The name is not to be taken for these rooms."""

    code = "cannot-name"


@dataclass(frozen=True)
class NamedRooms:
    """One name that a file has for rooms, and the rooms that are known by it."""

    name: str
    bookings: int
    """How many rows of the file name it."""
    rooms: Sequence[Room]
    from_setup: bool
    """The setup file says so: it is to be changed there."""


def names_in(session: Session, house: Property, rows: Iterable[ExportRow]) -> list[NamedRooms]:
    """Return the names of rooms in a file, each once, in the order of the file."""
    counts: dict[str, int] = {}
    spelling: dict[str, str] = {}
    for row in rows:
        for unit in dict.fromkeys(row.unit_types):
            spelling.setdefault(folded(unit), unit)
        for name in {folded(unit) for unit in row.unit_types}:
            counts[name] = counts.get(name, 0) + 1
    known = _known(session, house)
    return [
        NamedRooms(
            unit,
            counts[name],
            [room for room, _ in known.get(name, ())],
            any(told_at is None for _, told_at in known.get(name, ())),
        )
        for name, unit in spelling.items()
    ]


def name_rooms(
    session: Session, host: Host, name: str, numbers: Sequence[int], *, now: datetime
) -> None:
    """Take the host's word on which rooms a channel's name means. Raises CannotName."""
    house = hold_property(session, host.property_id)
    rooms = session.scalars(
        select(Room).where(Room.property_id == house.id, Room.number.in_(set(numbers)))
    ).all()
    key = folded(name)
    if not key or not rooms:
        raise CannotName("Choose the rooms that are meant.")
    if any(told_at is None for _, told_at in _known(session, house).get(key, ())):
        raise CannotName("The setup file says what this name means. Change it there.")
    stored = [
        one
        for one in session.scalars(
            select(UnitType)
            .join(Room, Room.id == UnitType.room_id)
            .where(Room.property_id == house.id, UnitType.told_at.is_not(None))
        )
        if folded(one.name) == key
    ]
    wanted = {room.id for room in rooms}
    for one in stored:
        if one.room_id not in wanted:
            session.delete(one)
    for room_id in wanted - {one.room_id for one in stored}:
        session.add(UnitType(room_id=room_id, name=name, told_at=now))
    session.flush()
    record(
        session,
        house,
        "rooms-named",
        actor=by_host(host.id),
        at=now,
        property_id=house.id,
        after={"name": name, "rooms": sorted(room.number for room in rooms)},
    )


def _known(session: Session, house: Property) -> dict[str, list[tuple[Room, datetime | None]]]:
    found: dict[str, dict[int, tuple[Room, datetime | None]]] = {}
    for room, name, told_at in session.execute(
        select(Room, UnitType.name, UnitType.told_at)
        .join(UnitType, UnitType.room_id == Room.id)
        .where(Room.property_id == house.id)
        .order_by(Room.number)
    ):
        found.setdefault(folded(name), {})[room.id] = (room, told_at)
    return {name: list(rooms.values()) for name, rooms in found.items()}
