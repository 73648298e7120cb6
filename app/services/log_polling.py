"""When each lock's log is read: as often as somebody may need to know what happened at its door.

`door.log_due_at` is the order. Whoever rings for a door puts it RUNG ahead, the worker that begins
puts it TAKEN ahead, and a log that was read is due again after its INTERVALS: so a lost ring and a
dead worker are found, a ring too many finds the door taken, and what fails is tried again, if ever
more seldom (`log_rests`).
"""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from enum import IntEnum
from random import uniform

from sqlalchemy import ColumnElement, Select, case, or_, select, update
from sqlalchemy.orm import Session

from app.models import AccessCode, CodeState, Door, DoorHelp, Purpose
from app.services.log_rests import failing_providers, put_off, rests_alone

RUNG = timedelta(minutes=1)
TAKEN = timedelta(minutes=2)

EXPECTED_FOR = timedelta(hours=24)
"""For how long after their window begins a guest may be about to use their code first."""

SPREAD = 1.1
"""Up to so many times its interval passes, so that doors do not fall into step."""

AT_ONCE = 64
"""Doors rung for in one run; the rest follow in the next."""


class Need(IntEnum):
    """Why a door's log is read, the most urgent first."""

    HELP = 0
    """Somebody stands before it and asks for help."""
    ARRIVAL = 1
    """A guest may come whose code has not been used yet."""
    IN_HOUSE = 2
    REST = 3


INTERVALS = {
    Need.HELP: timedelta(minutes=1),
    Need.ARRIVAL: timedelta(minutes=5),
    Need.IN_HOUSE: timedelta(hours=3),
    Need.REST: timedelta(days=1),
}
IN_HOUSE_TOLD = timedelta(hours=6)
"""For guests in house where the provider tells of openings by itself; notices can be lost."""


def due_logs(
    session: Session, now: datetime, *, providers: Collection[str], told: Collection[str]
) -> list[int]:
    """Return the doors to ring for, the most urgent first, and put them RUNG ahead.

    `providers` are those that can be asked; those `told` of send notices by themselves.
    """
    failing = failing_providers(session, providers)
    well = [one for one in providers if one not in failing]
    ids = _choose(session, now, well, told, AT_ONCE)
    for one in sorted(failing):
        if put_off(session, one, now + RUNG, if_by=now):
            ids += _choose(session, now, [one], told, 1)
    set_due(session, ids, now + RUNG)
    return ids


def _choose(
    session: Session, now: datetime, providers: Collection[str], told: Collection[str], most: int
) -> list[int]:
    """Choose the most urgent doors; for a single try, the one that was due first."""
    need = _need(now)
    in_house = need == Need.IN_HOUSE
    # Due later than they would be, had they been read or begun just now: the need is new.
    too_late = [
        (need == Need.HELP) & _is_beyond(now, INTERVALS[Need.HELP]),
        (need == Need.ARRIVAL) & _is_beyond(now, INTERVALS[Need.ARRIVAL]),
        in_house & Door.provider.not_in(told) & _is_beyond(now, INTERVALS[Need.IN_HOUSE]),
        in_house & _is_beyond(now, IN_HOUSE_TOLD),
    ]
    due = (
        select(Door.id)
        .where(
            Door.provider.in_(providers),
            or_(Door.log_due_at.is_(None), Door.log_due_at <= now, *too_late),
            ~rests_alone(now),
        )
        .order_by(*([need] if most > 1 else []), Door.log_due_at, Door.id)
        .limit(most)
        .with_for_update(of=Door, skip_locked=True)
    )
    return list(session.scalars(due))


def take_log(session: Session, door_id: int, now: datetime) -> bool:
    """Begin to read a door's log; False when another worker has begun, or has just read it.

    And when it, or its provider, is left alone for a while.
    """
    provider = session.scalars(select(Door.provider).where(Door.id == door_id)).one()
    if not put_off(session, provider, now + TAKEN, if_by=now + RUNG):
        return False
    is_due = or_(Door.log_due_at.is_(None), Door.log_due_at <= now + RUNG)
    taken = session.scalar(
        update(Door)
        .where(Door.id == door_id, is_due, ~rests_alone(now))
        .values(log_due_at=now + TAKEN)
        .returning(Door.id)
        .execution_options(synchronize_session=False)
    )
    return taken is not None


def note_reading(
    session: Session,
    door_id: int,
    began_at: datetime,
    was_due_at: datetime | None,
    again_at: datetime,
) -> None:
    """Write down that a log was read, by a reading that began when it `was_due_at` that instant.

    If it has another by now, a notice came meanwhile, of what the reading may have missed.
    """
    earlier = or_(Door.log_read_at.is_(None), Door.log_read_at < began_at)
    undisturbed = Door.log_due_at.is_not_distinct_from(was_due_at)
    values = {
        "log_read_at": case((earlier, began_at), else_=Door.log_read_at),
        "log_due_at": case((undisturbed, again_at), else_=Door.log_due_at),
    }
    session.execute(
        update(Door)
        .where(Door.id == door_id)
        .values(values)
        .execution_options(synchronize_session=False)
    )


def next_due(session: Session, door: Door, now: datetime, *, told: Collection[str]) -> datetime:
    """Return when a log that was read now is to be read again; never in step with others."""
    need = session.scalars(select(_need(now)).where(Door.id == door.id)).one()
    interval = INTERVALS[Need(need)]
    if need == Need.IN_HOUSE and door.provider in told:
        interval = IN_HOUSE_TOLD
    return now + interval * uniform(1.0, SPREAD)  # noqa: S311


def _is_beyond(now: datetime, interval: timedelta) -> ColumnElement[bool]:
    return Door.log_due_at > now + max(interval, TAKEN) * SPREAD


def _need(now: datetime) -> ColumnElement[int]:
    def doors_with(*wanted: ColumnElement[bool]) -> Select[int]:
        """Choose the doors with a guest's code on the lock, whose window is now."""
        return select(AccessCode.door_id).where(
            AccessCode.state == CodeState.ACTIVE,
            AccessCode.purpose == Purpose.GUEST,
            AccessCode.valid_until > now,
            AccessCode.valid_from <= now,
            *wanted,
        )

    asking = select(DoorHelp.door_id).where(DoorHelp.closed_at.is_(None))
    expected = doors_with(AccessCode.used_at.is_(None), AccessCode.valid_from > now - EXPECTED_FOR)
    return case(
        (Door.id.in_(asking), int(Need.HELP)),
        (Door.id.in_(expected), int(Need.ARRIVAL)),
        (Door.id.in_(doors_with()), int(Need.IN_HOUSE)),
        else_=int(Need.REST),
    )


def set_due(session: Session, door_ids: Sequence[int], due_at: datetime) -> None:
    if door_ids:
        session.execute(
            update(Door)
            .where(Door.id.in_(door_ids))
            .values(log_due_at=due_at)
            .execution_options(synchronize_session=False)
        )
