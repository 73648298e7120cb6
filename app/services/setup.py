"""Making the database agree with a setup file; doing it twice changes nothing the second time."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from app.domain.errors import DomainError
from app.domain.house_file import DoorLine, HostLine, HouseFile, RoomLine
from app.models import Base, Door, Feed, Guest, Host, Property, Reservation, Role, Room, UnitType
from app.seals import Seals
from app.services.codes import settle_codes
from app.services.hosts import (
    BadPassword,
    check_password,
    has_password,
    new_welcome,
    set_password,
)
from app.services.lanes import hold_property
from app.services.staff_settling import settle_house

Row = TypeVar("Row", bound=Base)


class CannotSetUp(DomainError):
    """The file is sound, but does not fit what is stored."""

    code = "cannot-set-up"


@dataclass
class Changes:
    """What was done, a line each, and the one-time links to hand out."""

    lines: list[str] = field(default_factory=list)
    welcomes: list[tuple[Host, str]] = field(default_factory=list)

    def note(self, what: str, name: str, how: str) -> None:
        self.lines.append(f"{what} {name}: {how}")


def set_up(session: Session, file: HouseFile, *, seals: Seals, now: datetime) -> Changes:
    """Make or update the property and all that the file names. Raises CannotSetUp.

    What the file no longer names is kept where reservations tell of it: feeds are retired, doors
    and rooms stay. Changed times move the codes of everyone still to come or in house.
    """
    changes = Changes()
    house = session.scalar(select(Property).where(Property.name == file.name))
    house = _property(session, house, file, changes)
    session.flush()
    hold_property(session, house.id)
    for line in file.rooms:
        _room(session, house, line, now, changes)
    for door in file.shared_doors:
        _door(session, house, None, door, changes)
    for host in file.hosts:
        _host(session, house, host, now, changes)
    session.flush()
    if changes.lines:
        _move_codes(session, house, seals, now)
        settle_house(session, house, seals=seals, now=now, actor="setup")
    return changes


def _property(
    session: Session, house: Property | None, file: HouseFile, changes: Changes
) -> Property:
    values = {
        "timezone": file.timezone,
        "check_in": file.check_in,
        "check_out": file.check_out,
        "phone": file.phone,
        "code_length": file.code_length,
        "asks_car": file.asks_car,
        "retention_months": file.retention_months,
        "spare_codes": file.spare_codes,
        **file.texts,
    }
    if house is None:
        house = Property(name=file.name, **values)
        session.add(house)
        changes.note("property", file.name, "made")
        return house
    _update(house, values, "property", file.name, changes)
    return house


def _room(
    session: Session, house: Property, line: RoomLine, now: datetime, changes: Changes
) -> None:
    room = session.scalar(select(Room).filter_by(property_id=house.id, number=line.number))
    if room is None:
        room = Room(property_id=house.id, number=line.number, name=line.name)
        session.add(room)
        session.flush()
        changes.note("room", str(line.number), "made")
    else:
        _update(room, {"name": line.name}, "room", str(line.number), changes)
    _unit_types(session, room, line.unit_types, changes)
    _feeds(session, room, line, now, changes)
    for door in line.doors:
        _door(session, house, room, door, changes)


def _unit_types(session: Session, room: Room, names: Iterable[str], changes: Changes) -> None:
    stored = {one.name: one for one in session.scalars(select(UnitType).filter_by(room_id=room.id))}
    for name in dict.fromkeys(names):
        if name not in stored:
            session.add(UnitType(room_id=room.id, name=name))
            changes.note("room", str(room.number), f"unit type {name!r} added")
        else:
            stored[name].told_at = None
    for name in stored.keys() - set(names):
        if stored[name].told_at is not None:
            continue  # a host said so, and not in the file
        session.delete(stored[name])
        changes.note("room", str(room.number), f"unit type {name!r} removed")


def _feeds(session: Session, room: Room, line: RoomLine, now: datetime, changes: Changes) -> None:
    stored = {feed.url: feed for feed in session.scalars(select(Feed).filter_by(room_id=room.id))}
    wanted = {feed.url: feed.channel for feed in line.feeds}
    for url, channel in wanted.items():
        feed = stored.get(url)
        if feed is None:
            session.add(Feed(room_id=room.id, channel=channel, url=url, next_fetch_at=now))
            changes.note("room", str(room.number), f"{channel} feed added")
        elif feed.channel != channel or feed.retired_at is not None:
            feed.channel, feed.retired_at, feed.next_fetch_at = channel, None, now
            changes.note("room", str(room.number), f"{channel} feed updated")
    for url, feed in stored.items():
        if url not in wanted and feed.retired_at is None:
            feed.retired_at = now
            changes.note("room", str(room.number), f"{feed.channel} feed no longer read")


def _door(
    session: Session, house: Property, room: Room | None, line: DoorLine, changes: Changes
) -> None:
    door = session.scalar(select(Door).filter_by(provider=line.provider, lock_id=line.lock_id))
    room_id = room.id if room is not None else None
    if door is None:
        door = Door(
            property_id=house.id,
            room_id=room_id,
            name=line.name,
            provider=line.provider,
            lock_id=line.lock_id,
            how_to_open=line.how_to_open,
        )
        session.add(door)
        changes.note("door", line.name, "made")
        return
    if door.property_id != house.id:
        raise CannotSetUp(f"Lock {line.lock_id} already belongs to a door of another property.")
    values = {"name": line.name, "room_id": room_id, "how_to_open": line.how_to_open}
    _update(door, values, "door", line.name, changes)


def _host(
    session: Session, house: Property, line: HostLine, now: datetime, changes: Changes
) -> None:
    host = session.scalar(select(Host).filter_by(email=line.email))
    values = {"name": line.name, "phone": line.phone, "role": Role(line.role)}
    if host is None:
        host = Host(property_id=house.id, email=line.email, session_epoch=0, **values)
        session.add(host)
        changes.note("host", line.email, "made")
    elif host.property_id != house.id:
        raise CannotSetUp(f"{line.email} already signs in for another property.")
    else:
        _update(host, values, "host", line.email, changes)
    if line.password is not None:
        if not has_password(host, line.password):
            changes.note("host", line.email, f"password set{_advice(host, line.password)}")
            set_password(host, line.password)
    elif host.password_hash is None and host.welcome_hash is None:
        changes.welcomes.append((host, new_welcome(host, now)))


def _advice(host: Host, password: str) -> str:
    """Say what is weak about a password that the owner has chosen for the file all the same."""
    try:
        check_password(host, password)
    except BadPassword as fault:
        return f" (weak: {fault.message})"
    return ""


def _update(row: Base, values: dict[str, Any], what: str, name: str, changes: Changes) -> None:
    for key, value in values.items():
        if getattr(row, key) != value:
            setattr(row, key, value)
            changes.note(what, name, f"{key} changed")


def _move_codes(session: Session, house: Property, seals: Seals, now: datetime) -> None:
    """Bring the codes of all whose stay is not over in step with the house's times and doors."""
    today = now.astimezone(house.zone).date()
    current = select(Reservation.guest_id).where(
        Reservation.property_id == house.id, Reservation.departure >= today
    )
    guests = session.scalars(
        select(Guest).where(Guest.id.in_(current)).options(joinedload(Guest.house))
    ).all()
    settle_codes(session, house, guests, seals=seals, now=now, actor="setup")
