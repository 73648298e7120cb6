"""What is known of a property, for the rows of one export: loaded in a fixed number of statements.

Columns, not rows: a large house has thousands of reservations, and most of them are as they were.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from app.domain.exports import ExportRow
from app.domain.exports.cells import folded
from app.domain.imports.known import CalledOff, Known, KnownRoom, KnownStay
from app.domain.imports.nights_held import span_of
from app.domain.nights import Nights
from app.domain.notices import NoticeKind
from app.domain.readings import Kind
from app.models import (
    Guest,
    Notice,
    Origin,
    Property,
    Reservation,
    Room,
    Sighting,
    Status,
    UnitType,
)
from app.services.matches import LATE_CANDIDATE


def knowledge(
    session: Session,
    house: Property,
    rows: Sequence[ExportRow],
    picks: Mapping[str, Sequence[int] | None],
    today: date,
) -> Known:
    """Return what is known of these rows' rooms, nights and references.

    `picks`: room numbers that the host chose, by reference; None for a row to be left out.
    """
    rooms = _rooms(session, house)
    ids = {room.number: room.id for room in rooms}
    references = {row.reference for row in rows}
    called_off, waiting = _told(session, house, references, today)
    return Known(
        today=today,
        rooms=rooms,
        stays=_stays(session, _concerned(house, rows, today)),
        called_off=called_off | _ended(session, house, references, today),
        waiting=waiting,
        picks={
            reference: tuple(ids[number] for number in numbers if number in ids)
            for reference, numbers in picks.items()
            if numbers is not None
        },
        left_out=frozenset(one for one, numbers in picks.items() if numbers is None),
    )


def _rooms(session: Session, house: Property) -> list[KnownRoom]:
    names: dict[tuple[int, int], set[str]] = defaultdict(set)
    found = session.execute(
        select(Room.id, Room.number, UnitType.name)
        .outerjoin(UnitType, UnitType.room_id == Room.id)
        .where(Room.property_id == house.id)
        .order_by(Room.number)
    )
    for room_id, number, name in found:
        names[room_id, number] |= {folded(name)} if name else set()
    return [KnownRoom(room_id, number, frozenset(own)) for (room_id, number), own in names.items()]


def _concerned(house: Property, rows: Sequence[ExportRow], today: date) -> ColumnElement[bool]:
    """Choose the reservations that bear the rows' references, or meet their nights."""
    ahead = span_of(row.nights for row in rows if row.departure > today)
    concerned = Reservation.reference.in_({row.reference for row in rows}) & (
        Reservation.departure >= today
    )
    if ahead is not None:
        concerned |= (Reservation.arrival < ahead.departure) & (
            Reservation.departure > ahead.arrival
        )
    return (
        (Reservation.property_id == house.id) & (Reservation.status != Status.CANCELLED) & concerned
    )


def _stays(session: Session, concerned: ColumnElement[bool]) -> list[KnownStay]:
    shown, closed = _said(session, concerned)
    found = session.execute(
        select(
            Reservation.id,
            Reservation.room_id,
            Reservation.arrival,
            Reservation.departure,
            Reservation.status,
            Reservation.reference,
            Reservation.unconfirmed_at,
            Reservation.channel,
            Reservation.name,
            Reservation.phone_ending,
            Reservation.modified_at,
            Reservation.question,
            Guest.reference.label("guest"),
            Guest.checked_in_at,
        )
        .outerjoin(Guest, Guest.id == Reservation.guest_id)
        .where(concerned)
        .order_by(Reservation.id)
    )
    return [
        KnownStay(
            id=one.id,
            room_id=one.room_id,
            nights=Nights(one.arrival, one.departure),
            status=one.status,
            reference=one.reference if one.unconfirmed_at is None else None,
            channel=one.channel,
            name=one.name,
            phone_ending=one.phone_ending,
            guest=one.guest,
            checked_in=one.checked_in_at is not None,
            is_modified=one.modified_at is not None,
            question=one.question,
            shown=shown.get(one.id),
            closed_by_host=one.id in closed and one.status == Status.BLOCK,
        )
        for one in found
    ]


def _said(session: Session, concerned: ColumnElement[bool]) -> tuple[dict[int, Nights], set[int]]:
    """Return the nights on which calendars show stays, and what hosts closed."""
    named = (Sighting.origin == Origin.FEED) & (Sighting.kind == Kind.STAY)
    blocked = (Sighting.origin == Origin.HOST) & (Sighting.kind == Kind.BLOCK)
    shown: dict[int, Nights] = {}
    closed: set[int] = set()
    for stay_id, origin, arrival, departure in session.execute(
        select(Sighting.reservation_id, Sighting.origin, Sighting.arrival, Sighting.departure)
        .join(Reservation, Reservation.id == Sighting.reservation_id)
        .where(concerned, Sighting.withdrawn_at.is_(None), or_(named, blocked))
    ):
        if origin == Origin.HOST:
            closed.add(stay_id)
        else:
            shown[stay_id] = Nights(arrival, departure)
    return shown, closed


def _told(
    session: Session, house: Property, references: Iterable[str], today: date
) -> tuple[dict[str, CalledOff], frozenset[str]]:
    """Return which bookings were called off by a notice, and which wait for their rooms."""
    notices = session.execute(
        select(Notice.reference, Notice.kind, Notice.arrival)
        .where(
            Notice.property_id == house.id,
            Notice.reference.in_(set(references)),
            Notice.dismissed_at.is_(None),
        )
        .order_by(Notice.said_at)
    )
    called_off: dict[str, CalledOff] = {}
    waiting: set[str] = set()
    for reference, kind, arrival in notices:
        waiting.discard(reference)
        called_off.pop(reference, None)
        if kind == NoticeKind.CANCELLED:
            called_off[reference] = CalledOff.CHANNEL
        elif arrival is not None and arrival >= today - LATE_CANDIDATE:
            waiting.add(reference)
    return called_off, frozenset(waiting)


def _ended(
    session: Session, house: Property, references: Iterable[str], today: date
) -> dict[str, CalledOff]:
    """Return who said of cancelled reservations that they are off; a host's word first."""
    found: dict[str, set[CalledOff]] = defaultdict(set)
    words = session.execute(
        select(Reservation.reference, Sighting.origin, Sighting.kind, Sighting.withdrawn_at)
        .join(Sighting, Sighting.reservation_id == Reservation.id)
        .where(
            Reservation.property_id == house.id,
            Reservation.reference.in_(set(references)),
            Reservation.status == Status.CANCELLED,
            Reservation.departure >= today,
        )
    )
    for reference, origin, kind, withdrawn_at in words:
        said = found[reference or ""]
        if kind == Kind.CANCELLED and origin != Origin.FEED:
            said.add(CalledOff.CHANNEL)
        elif withdrawn_at is not None and origin == Origin.HOST:
            said.add(CalledOff.HOST)
        elif withdrawn_at is not None and origin == Origin.FEED:
            said.add(CalledOff.CALENDAR)
    return {
        reference: next(one for one in CalledOff if one in said)
        for reference, said in found.items()
        if said
    }
