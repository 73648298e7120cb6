"""Erasing what is personal once it need not be kept: digits, guests, and who booked.

Each function does at most AT_ONCE rows in the caller's transaction and returns how many; call it
until it returns 0. What decides is what the rows hold, not whether they were erased before: a name
that an old list brings back is erased again.
"""

from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Text, and_, cast, exists, func, literal, or_, select, update
from sqlalchemy.orm import InstrumentedAttribute, Session, aliased

from app.domain.retention import DIGITS_KEPT, last_day_over
from app.models import (
    AccessCode,
    Base,
    ChangeSet,
    CodeState,
    Guest,
    Message,
    MessageState,
    Notice,
    Property,
    Reservation,
    Sighting,
)
from app.seals import Seals, link_hash
from app.services.history import CLOCK, record
from app.services.lanes import hold_property

AT_ONCE = 200

ERASED = "erased"

PERSONAL = (
    Guest.full_name,
    Guest.email,
    Guest.phone,
    Guest.party_size,
    Guest.expected_arrival,
    Guest.car_registration,
)

UNDO_KEPT = timedelta(days=30)
"""What was before a host's act names people; nobody takes an act back after so long."""


def erase_digits(session: Session, now: datetime) -> int:
    """Erase the digits of codes that left their locks long ago."""
    due = (
        select(AccessCode.id)
        .where(
            AccessCode.state == CodeState.GONE,
            AccessCode.gone_at < now - DIGITS_KEPT,
            AccessCode.sealed_digits.is_not(None),
        )
        .limit(AT_ONCE)
    )
    # Unlike any other and unlike any digits: the hash, too, would tell them to whoever has the key.
    nothing = literal(f"{ERASED}:").concat(cast(AccessCode.id, Text))
    return _write(session, AccessCode, due, {"sealed_digits": None, "digits_hash": nothing})


def erase_guests(session: Session, property_id: int, now: datetime, *, seals: Seals) -> int:
    """Erase who guests were, what was said to them, and their links, the retention time after."""
    house = hold_property(session, property_id)
    last_day = _last_day(house, now)
    left = [column.is_not(None) for column in PERSONAL]
    own = or_(Reservation.guest_id == Guest.id, _of_same_booking(Guest, Reservation))
    stays = exists().where(own)
    later = exists().where(own, Reservation.departure > last_day)
    guests = session.scalars(
        select(Guest)
        .where(
            Guest.property_id == house.id,
            or_(Guest.erased_at.is_(None), *left),
            ~later,
            or_(stays, Guest.created_at < _instant(house, last_day)),
        )
        .order_by(Guest.id)
        .limit(AT_ONCE)
    ).all()
    for guest in guests:
        for column in PERSONAL:
            setattr(guest, column.key, None)
        guest.link_seed = seals.new_link_seed()
        guest.link_hash = link_hash(seals.link_token(guest.link_seed))
        guest.erased_at = now
        record(session, guest, "guest-erased", actor=CLOCK, at=now, property_id=house.id)
    session.flush()
    ids = [guest.id for guest in guests]
    _forget_words(session, Message.guest_id.in_(ids), address=ERASED)
    return len(ids)


def erase_bookings(session: Session, property_id: int, now: datetime) -> int:
    """Erase who the sources said had booked, of stays that were over the retention time ago."""
    house = hold_property(session, property_id)
    last_day = _last_day(house, now)
    other = aliased(Reservation)
    later = exists().where(_of_same_booking(Reservation, other), other.departure > last_day)
    told = exists().where(Sighting.reservation_id == Reservation.id, _names(Sighting))
    ids = session.scalars(
        select(Reservation.id)
        .where(
            Reservation.property_id == house.id,
            Reservation.departure <= last_day,
            or_(_names(Reservation), told),
            ~later,
        )
        .order_by(Reservation.id)
        .limit(AT_ONCE)
    ).all()
    nothing = {"name": None, "phone_ending": None}
    for model, column in ((Reservation, Reservation.id), (Sighting, Sighting.reservation_id)):
        session.execute(
            update(model)
            .where(column.in_(ids))
            .values(nothing)
            .execution_options(synchronize_session=False)
        )
    return len(ids)


def erase_notices(session: Session, property_id: int, now: datetime) -> int:
    """Erase who mails, lists and claims named, the retention time after the days they told of."""
    house = hold_property(session, property_id)
    last_day = _last_day(house, now)
    later = exists().where(_of_same_booking(Notice, Reservation), Reservation.departure > last_day)
    told_of = func.coalesce(Notice.departure, Notice.arrival)
    over = or_(
        told_of <= last_day,
        told_of.is_(None) & (Notice.said_at < _instant(house, last_day)),
    )
    due = (
        select(Notice.id)
        .where(
            Notice.property_id == house.id,
            or_(_names(Notice), Notice.party_size.is_not(None)),
            over,
            ~later,
        )
        .limit(AT_ONCE)
    )
    nothing = {"name": None, "phone_ending": None, "party_size": None}
    return _write(session, Notice, due, nothing)


def erase_words(session: Session, property_id: int, now: datetime) -> int:
    """Erase what old texts to and from hosts said, and what old acts changed."""
    house = hold_property(session, property_id)
    before = _instant(house, _last_day(house, now))
    filled = or_(Message.body.is_not(None), cast(Message.facts, Text) != "{}")
    texts = session.scalars(
        select(Message.id)
        .where(
            Message.property_id == house.id,
            Message.guest_id.is_(None),
            Message.created_at < before,
            filled,
        )
        .limit(AT_ONCE)
    ).all()
    _forget_words(session, Message.id.in_(texts))
    acts = (
        select(ChangeSet.id)
        .where(
            ChangeSet.property_id == house.id,
            ChangeSet.made_at < now - UNDO_KEPT,
            or_(cast(ChangeSet.rows, Text) != "[]", ChangeSet.what != ""),
        )
        .limit(AT_ONCE)
    )
    return len(texts) + _write(session, ChangeSet, acts, {"rows": [], "what": ""})


def _last_day(house: Property, now: datetime) -> date:
    return last_day_over(now.astimezone(house.zone).date(), house.retention_months)


def _instant(house: Property, day: date) -> datetime:
    return datetime.combine(day, time(), house.zone)


def _of_same_booking(
    one: type[Guest | Reservation | Notice], stay: type[Reservation]
) -> ColumnElement[bool]:
    return and_(stay.property_id == one.property_id, stay.reference == one.reference)


def _names(model: type[Reservation | Sighting | Notice]) -> ColumnElement[bool]:
    return or_(model.name.is_not(None), model.phone_ending.is_not(None))


def _forget_words(session: Session, which: ColumnElement[bool], address: str | None = None) -> None:
    """Erase what messages say, and where they went; one still waiting is never sent."""
    nothing: dict[str, Any] = {"body": None, "facts": {}, "fault": None}
    if address is not None:
        nothing["address"] = address
    session.execute(
        update(Message).where(which).values(nothing).execution_options(synchronize_session=False)
    )
    session.execute(
        update(Message)
        .where(which, Message.state == MessageState.WAITING)
        .values(state=MessageState.DROPPED)
        .execution_options(synchronize_session=False)
    )


def _write(session: Session, model: type[Base], due: Any, values: dict[str, Any]) -> int:
    """Write these values into the rows that are due; return how many they were."""
    key: InstrumentedAttribute[int] = model.id  # type: ignore[attr-defined]
    ids = session.scalars(due).all()
    session.execute(
        update(model)
        .where(key.in_(ids))
        .values(values)
        .execution_options(synchronize_session=False)
    )
    return len(ids)
