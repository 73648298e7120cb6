"""Lines of the locks' own logs, stored once each: whose code was typed, and whether it opened."""

from collections.abc import Sequence
from datetime import datetime, time

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from app.db import insert_into
from app.domain.lock_words import Way
from app.domain.log_spans import FEW, WHOLE
from app.domain.retention import last_day_over
from app.models import AccessCode, Door, LockEvent, Property
from app.ports.locks import LockRecord
from app.seals import Seals
from app.services.clocks import doubt_clock
from app.services.history import LOCK, record
from app.services.lanes import hold_property
from app.services.typed_codes import TypedCodes

AT_ONCE = 500
"""Rows of one statement; SQLite takes a limited number of values."""
LONGEST_NAME = 100


def store_records(
    session: Session,
    door: Door,
    records: Sequence[LockRecord],
    *,
    seals: Seals,
    now: datetime,
) -> list[LockEvent]:
    """Store what is new of a door's log, and return it; oldest first.

    The digits that were typed are compared with our codes, and then let go. Two workers may store
    the same lines at once: each line is returned to one of them.
    """
    new = _unknown(session, door, records)
    if not new:
        return []
    hold_property(session, door.property_id)
    codes = TypedCodes(session, door, new, seals, now)
    stored = _insert(session, [_row(door, one, codes) for one in new])
    _note_first_use(session, door, stored, now)
    doubt_clock(session, door, stored, now)
    session.flush()
    return stored


def is_busy(session: Session, door_id: int, now: datetime) -> bool:
    """Tell whether a lock wrote more than FEW lines within WHOLE, as far as we have heard."""
    lately = select(LockEvent.id).where(LockEvent.door_id == door_id, LockEvent.at > now - WHOLE)
    return session.scalar(lately.offset(FEW).limit(1)) is not None


def forget_events(session: Session, property_id: int, now: datetime) -> int:
    """Drop some lines older than the property keeps personal data; return how many."""
    house = session.get_one(Property, property_id)
    last_day = last_day_over(now.astimezone(house.zone).date(), house.retention_months)
    before = datetime.combine(last_day, time(), house.zone)
    old = (
        select(LockEvent.id)
        .join(Door, Door.id == LockEvent.door_id)
        .where(Door.property_id == house.id, LockEvent.at < before)
        .limit(AT_ONCE)
    )
    dropping = delete(LockEvent).where(LockEvent.id.in_(old)).returning(LockEvent.id)
    return len(session.scalars(dropping.execution_options(synchronize_session=False)).all())


def _unknown(session: Session, door: Door, records: Sequence[LockRecord]) -> list[LockRecord]:
    """Return the lines that are not stored, in one order for all who store them."""
    by_key = {one.key: one for one in records}
    known: set[str] = set()
    keys = list(by_key)
    for start in range(0, len(keys), AT_ONCE):
        some = keys[start : start + AT_ONCE]
        stored = select(LockEvent.key).where(LockEvent.door_id == door.id, LockEvent.key.in_(some))
        known.update(session.scalars(stored))
    new = [one for key, one in by_key.items() if key not in known]
    return sorted(new, key=lambda one: (one.at, one.key))


def _row(door: Door, one: LockRecord, codes: TypedCodes) -> dict[str, object]:
    code_id, mistake = codes.meant_by(one)
    return {
        "door_id": door.id,
        "key": one.key,
        "at": one.at,
        "heard_at": one.heard_at,
        "way": one.way,
        "refusal": one.refusal,
        "code_id": code_id,
        "mistake": mistake,
        "who": _stranger(one) if code_id is None else None,
    }


def _stranger(one: LockRecord) -> str | None:
    """Return what the provider calls it; some call a code by its digits, which are not kept."""
    name = " ".join(one.code_name.split())[:LONGEST_NAME]
    tells_digits = sum(mark.isdigit() for mark in name) >= 4 and not any(map(str.isalpha, name))
    if tells_digits or (one.digits and one.digits in name):
        return None
    return name or None


def _insert(session: Session, rows: Sequence[dict[str, object]]) -> list[LockEvent]:
    """Insert what nobody else has inserted meanwhile; return that."""
    stored: list[LockEvent] = []
    for start in range(0, len(rows), AT_ONCE):
        adding = (
            insert_into(session, LockEvent)
            .values(list(rows[start : start + AT_ONCE]))
            .on_conflict_do_nothing(index_elements=["door_id", "key"])
            .returning(LockEvent)
        )
        stored += session.scalars(adding).all()
    return sorted(stored, key=lambda event: (event.at, event.key))


def _note_first_use(
    session: Session, door: Door, stored: Sequence[LockEvent], now: datetime
) -> None:
    """Write down when codes first opened their door. Lines may come late, and out of order."""
    first: dict[int, datetime] = {}
    for event in stored:
        if event.refusal is None and event.way == Way.CODE and event.code_id is not None:
            first.setdefault(event.code_id, event.at)
    if not first:
        return
    used = select(AccessCode).where(AccessCode.id.in_(first))
    for code in session.scalars(used.execution_options(populate_existing=True)):
        at = first[code.id]
        if code.used_at is None:
            after = {"door": door.name, "used_at": at}
            house = door.property_id
            record(session, code, "code-used", actor=LOCK, at=now, property_id=house, after=after)
        code.used_at = min(at, code.used_at or at)
