"""Thirty rooms on three gateways: for the simulator, and for the app."""

from pathlib import Path

from sqlalchemy.orm import Session

from app.models import Door, Property, Room
from tests.factories import make_host
from tests.season.model import CHECK_IN, CHECK_OUT, FRONT, ZONE, lock_of
from tests.support.simulator import HOUSE

ROOMS = range(1, 31)
GATEWAYS = (501, 502, 503)


def gateway_of(lock_id: str) -> int:
    """Return which gateway a lock is behind: ten rooms each, the front door with the first ten."""
    return 501 if lock_id == FRONT else 501 + (int(lock_id) - 2001) // 10


def write_house(path: Path) -> None:
    """Write the simulator's house file."""
    head = HOUSE.read_text().split("[[gateways]]")[0]
    gateways = "".join(f'[[gateways]]\nid = {g}\nname = "Gateway {g}"\n' for g in GATEWAYS)
    front = f'[[locks]]\nid = {FRONT}\nname = "Front door"\ngateway = 501\n'
    rooms = "".join(
        f'[[locks]]\nid = {lock_of(n)}\nname = "Room {n}"\ngateway = {gateway_of(lock_of(n))}\n'
        f'room = {n}\n[[rooms]]\nnumber = {n}\nname = "Room {n}"\n'
        for n in ROOMS
    )
    path.write_text(head + gateways + front + rooms, encoding="utf-8")


def make_property(session: Session, *, spares: bool) -> tuple[int, int]:
    """Make the property, its doors and a host; return the property's id and the host's."""
    house = Property(
        name="Season House",
        timezone=ZONE.key,
        check_in=CHECK_IN,
        check_out=CHECK_OUT,
        phone="+441612345678",
        spare_codes=spares,
    )
    session.add(house)
    session.flush()
    _door(session, house, None, FRONT)
    for number in ROOMS:
        room = Room(property_id=house.id, number=number, name=f"Room {number}")
        session.add(room)
        session.flush()
        _door(session, house, room, lock_of(number))
    host = make_host(session, house)
    return house.id, host.id


def _door(session: Session, house: Property, room: Room | None, lock_id: str) -> None:
    session.add(
        Door(
            property_id=house.id,
            room_id=room.id if room else None,
            name=room.name if room else "Front door",
            provider="ttlock",
            lock_id=lock_id,
            gateway_id=str(gateway_of(lock_id)),
        )
    )
