"""Taking back what one act of a host did, as a whole or not at all."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import Column, Date, Enum, Time, delete, inspect, select
from sqlalchemy.orm import Session, joinedload

from app.domain.errors import DomainError
from app.domain.nights import Nights
from app.models import (
    Base,
    ChangeSet,
    Guest,
    Host,
    Match,
    Notice,
    Property,
    Reservation,
    Sighting,
    Status,
)
from app.models.base import UtcDateTime
from app.seals import Seals
from app.services.change_sets import KEPT, STAYS, Row, id_of, plain
from app.services.history import by_host, record
from app.services.testimony import follow_changes, restand, step_aside

UNDO_LASTS = timedelta(minutes=10)

TELLING = (
    *("room_id", "guest_id", "reference", "arrival", "departure", "status"),
    *("early_check_in", "late_check_out"),
)
"""A reservation in which one of these has changed since is not what the act left behind."""


class CannotUndo(DomainError):
    """It is too late, or something else has happened since; the message says which."""

    code = "cannot-undo"


def undo(
    session: Session,
    house: Property,
    host: Host,
    change_set: ChangeSet,
    *,
    seals: Seals,
    now: datetime,
) -> list[Reservation]:
    """Take an act back as a whole; return the reservations that this changed. Raises CannotUndo.

    Whatever happened since to one of its reservations stands in the way. The caller holds the
    property, and tends the matches afterwards.
    """
    if change_set.undone_at is not None:
        raise CannotUndo("That was taken back already.")
    session.flush()
    stays = _stays(session, change_set.rows)
    _refuse_if_changed_since(change_set.rows, stays)
    _refuse_if_taken_since(session, change_set.rows, stays)
    losing = {stay.guest for stay in stays.values() if stay.guest is not None}
    step_aside(session, [stay for stay in stays.values() if stay.status == Status.CONFIRMED])
    for model in KEPT:
        _restore(session, model, change_set.rows)
        session.flush()
    session.expire_all()
    restored = list(_stays(session, change_set.rows).values())
    actor = by_host(host.id)
    for stay in restored:
        record(session, stay, "change-undone", actor=actor, at=now, property_id=house.id)
    rooms = {stay.room_id for stay in restored}
    restand(session, house, rooms, restored, seals=seals, now=now, actor=actor)
    gaining = {stay.guest for stay in restored if stay.guest is not None}
    concerned = dict.fromkeys(losing | gaining, True)
    follow_changes(session, house, concerned, seals=seals, now=now, actor=actor)
    change_set.undone_at = now
    return restored


def _stays(session: Session, rows: Sequence[Row]) -> dict[int, Reservation]:
    ids = [row["id"] for row in rows if row["table"] == STAYS]
    found = session.scalars(
        select(Reservation)
        .where(Reservation.id.in_(ids))
        .options(joinedload(Reservation.room), joinedload(Reservation.guest))
    )
    return {stay.id: stay for stay in found}


def _refuse_if_changed_since(rows: Sequence[Row], stays: dict[int, Reservation]) -> None:
    for row in rows:
        if row["table"] != STAYS or row["after"] is None:
            continue
        stay = stays[row["id"]]
        now_is = plain(stay)
        if any(now_is[name] != row["after"][name] for name in TELLING):
            raise CannotUndo(
                f"Room {stay.room.number} has changed since; this can no longer be taken back."
            )


def _refuse_if_taken_since(
    session: Session, rows: Sequence[Row], stays: dict[int, Reservation]
) -> None:
    """Refuse to bring back a stay to nights that another booking has by now."""
    returning = [
        (stays[row["id"]], row["before"]["room_id"], _nights(row["before"]))
        for row in rows
        if row["table"] == STAYS and row["before"] and row["before"]["status"] == Status.CONFIRMED
    ]
    if not returning:
        return
    others = session.execute(
        select(Reservation.room_id, Reservation.arrival, Reservation.departure).where(
            Reservation.room_id.in_({room_id for _, room_id, _ in returning}),
            Reservation.status == Status.CONFIRMED,
            Reservation.id.not_in(stays),
            Reservation.departure > min(nights.arrival for _, _, nights in returning),
        )
    ).all()
    for stay, room_id, nights in returning:
        if any(one[0] == room_id and nights.overlaps(Nights(*one[1:])) for one in others):
            raise CannotUndo(
                f"Room {stay.room.number} is another booking's by now; this can no longer be "
                "taken back."
            )


def _nights(row: Row) -> Nights:
    return Nights(date.fromisoformat(row["arrival"]), date.fromisoformat(row["departure"]))


def _restore(session: Session, model: type[Base], rows: Sequence[Row]) -> None:
    """Make the rows of one table what they were before the act."""
    own = [row for row in rows if row["table"] == model.__tablename__]
    ids = [row["id"] for row in own]
    column = inspect(model).columns["id"]
    found = {id_of(one): one for one in session.scalars(select(model).where(column.in_(ids)))}
    if model is Notice:
        made = [row["id"] for row in own if row["before"] is None]
        session.execute(delete(Match).where(Match.notice_id.in_(made)))
    for row in own:
        one, before = found.get(row["id"]), row["before"]
        if before is None:
            _unmake(session, one)
            continue
        values = {name: _typed(model, name, value) for name, value in before.items()}
        if one is None:
            session.add(model(id=row["id"], **values))
            continue
        for name, value in values.items():
            setattr(one, name, value)


def _unmake(session: Session, one: Base | None) -> None:
    """Take away what the act made; a reservation stays, cancelled, for its history."""
    match one:
        case Reservation():
            one.status = Status.CANCELLED
            one.guest_id = one.reference = one.unconfirmed_at = one.question = None
            one.name = one.phone_ending = None
        case Guest():
            one.vouched_at = None
        case Notice() | Sighting():
            session.delete(one)


def _typed(model: type[Base], name: str, value: Any) -> Any:
    if value is None:
        return None
    column: Column[Any] = inspect(model).columns[name]
    kind = column.type
    if isinstance(kind, UtcDateTime):
        return datetime.fromisoformat(value)
    if isinstance(kind, Date):
        return date.fromisoformat(value)
    if isinstance(kind, Time):
        return time.fromisoformat(value)
    if isinstance(kind, Enum) and kind.enum_class is not None:
        return kind.enum_class(value)
    return value
