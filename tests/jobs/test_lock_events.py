"""Reading logs from a lock cloud: what happened at the keypads, once, and nothing forged."""

from collections.abc import Mapping
from datetime import UTC, datetime

import pytest
from flask import Flask
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.db import transaction
from app.domain.lock_words import Mistake, Refusal, Way
from app.domain.log_spans import FEW, WHOLE_EVERY
from app.jobs.lock_events import AT_THE_DOOR, read_log, read_logs
from app.jobs.outbox import work
from app.models import AccessCode, Door, Guest, LaneRest, LockEvent, OutboxEntry
from app.ports.errors import PortError
from app.seals import Seals
from app.services.unlocks import request_by_guest
from tests.factories import ALICE
from tests.jobs.conftest import LOCKS
from tests.support.simulator import Simulator
from tests.web.visitor import everything

FRONT, ROOM_1, ROOM_2 = "1001", "1002", "1003"
TOKEN = "t0ken-of-the-callback-x"


@pytest.fixture
def more_settings() -> Mapping[str, str]:
    return {"TTLOCK_CALLBACK_TOKEN": TOKEN}


@pytest.fixture
def app(simulated_app: Flask) -> Flask:
    return simulated_app


def door(session: Session, lock_id: str) -> Door:
    session.rollback()
    return session.scalars(select(Door).filter_by(lock_id=lock_id)).one()


def digits(session: Session, seals: Seals) -> str:
    code = session.scalars(select(AccessCode).join(Door).where(Door.lock_id == ROOM_1)).one()
    return seals.unseal(code.sealed_digits)


def read(app: Flask, session: Session) -> None:
    """Read all logs, as the job does."""
    ids = list(session.scalars(select(Door.id).order_by(Door.id)))
    session.rollback()
    for door_id in ids:
        read_log(door_id, app.extensions["ports"])


def told(session: Session) -> list[tuple[str, Refusal | None, str | None, Mistake | None]]:
    """Return what is stored: where, refused how, whose code, what mistake."""
    session.rollback()
    rows = session.execute(
        select(Door.lock_id, LockEvent.refusal, AccessCode.name, LockEvent.mistake)
        .join(LockEvent, LockEvent.door_id == Door.id)
        .outerjoin(AccessCode, AccessCode.id == LockEvent.code_id)
        .order_by(LockEvent.at, LockEvent.id)
    ).all()
    return [(lock, refusal, name and name.split()[1], slip) for lock, refusal, name, slip in rows]


def make_busy(session: Session, lock_id: str) -> int:
    """Have the lock more lines than one call tells; return how many."""
    door_id, at = door(session, lock_id).id, datetime.now(UTC)
    count = FEW + 1
    session.add_all(
        LockEvent(door_id=door_id, key=f"old {n}", at=at, heard_at=at, way=Way.INSIDE)
        for n in range(count)
    )
    session.commit()
    return count


def without_marks(session: Session) -> dict[str, list[tuple[object, ...]]]:
    """Return all rows, but for what reading itself notes down."""
    columns = [column.name for column in Door.__table__.columns]
    marks = {columns.index("log_read_at"), columns.index("log_due_at")}
    rows = {name: found for name, found in everything(session).items() if name != "call_count"}
    rows["door"] = [
        tuple(value for place, value in enumerate(row) if place not in marks)
        for row in rows["door"]
    ]
    return rows


def test_what_was_typed_at_the_doors_is_known_and_once(
    app: Flask, session: Session, seals: Seals, alice: Guest, simulator: Simulator
) -> None:
    right = digits(session, seals)
    other = "".join(str((int(digit) + 5) % 10) for digit in right)
    assert not simulator.keypad(ROOM_1, other)
    assert not simulator.keypad(ROOM_1, right[:-1])
    assert simulator.keypad(ROOM_1, right)
    assert not simulator.keypad(ROOM_2, right)

    read(app, session)

    assert told(session) == [
        (ROOM_1, Refusal.UNKNOWN_CODE, None, None),
        (ROOM_1, Refusal.UNKNOWN_CODE, ALICE, Mistake.DIGITS_MISSING),
        (ROOM_1, None, ALICE, None),
        (ROOM_2, Refusal.UNKNOWN_CODE, ALICE, Mistake.OTHER_DOOR),
    ]
    used = select(Door.lock_id).join(AccessCode).where(AccessCode.used_at.is_not(None))
    assert session.scalars(used).all() == [ROOM_1]
    stored = repr(everything(session)["lock_event"])
    assert other not in stored
    assert right not in stored

    before = without_marks(session)
    read(app, session)
    assert without_marks(session) == before


def test_an_unlock_from_afar_is_in_the_log(
    app: Flask, session: Session, alice: Guest, simulator: Simulator
) -> None:
    with transaction() as one:
        guest = one.get_one(Guest, alice.id)
        one.refresh(guest, ["house"])
        front = one.scalars(select(Door).filter_by(lock_id=FRONT)).one()
        tap = request_by_guest(one, guest, front.id, datetime.now(UTC))
        key = f"unlock:{tap.id}"
    entry = session.scalars(select(OutboxEntry.id).filter_by(dedupe_key=key)).one()
    session.rollback()
    work([entry])

    read(app, session)

    event = session.scalars(select(LockEvent).where(LockEvent.way == Way.REMOTE)).one()
    assert (event.door_id, event.refusal, event.code_id) == (
        door(session, FRONT).id, None, None
    )  # fmt: skip


def test_a_forged_notice_leads_to_a_look_and_to_nothing_else(
    app: Flask, session: Session, seals: Seals, alice: Guest, simulator: Simulator
) -> None:
    read(app, session)
    before = without_marks(session)
    record = {
        "lockId": int(ROOM_1), "recordType": 4, "recordTypeFromLock": 4, "success": 1,
        "username": ALICE, "keyboardPwd": digits(session, seals), "electricQuantity": 1,
        "lockDate": 1, "serverDate": 1,
    }  # fmt: skip
    form = {"notifyType": 1, "lockId": ROOM_1, "records": repr([record]).replace("'", '"')}

    answer = app.test_client().post(f"/hooks/ttlock/{TOKEN}", data=form)
    read(app, session)

    assert answer.text == "success"
    assert without_marks(session) == before


def test_what_is_heard_late_is_not_missed(
    app: Flask, session: Session, seals: Seals, alice: Guest, simulator: Simulator
) -> None:
    simulator.gateway(501, online=False)
    assert simulator.keypad(ROOM_1, digits(session, seals))
    read(app, session)
    assert told(session) == []

    simulator.gateway(501, online=True)
    read(app, session)

    assert told(session) == [(ROOM_1, None, ALICE, None)]


def test_what_a_lock_dates_long_ago_is_heard_at_once(
    app: Flask, session: Session, seals: Seals, alice: Guest, simulator: Simulator
) -> None:
    read(app, session)
    session.execute(update(Door).values(log_read_at=datetime.now(UTC)))
    session.commit()
    simulator.lock(ROOM_1, clock_offset_seconds=-3 * 3600)
    simulator.keypad(ROOM_1, digits(session, seals))

    read(app, session)

    assert len(told(session)) == 1


def test_what_a_busy_lock_dates_long_ago_is_heard_within_a_day(
    app: Flask, session: Session, seals: Seals, alice: Guest, simulator: Simulator
) -> None:
    read(app, session)
    before = make_busy(session, ROOM_1)
    session.execute(update(Door).values(log_read_at=datetime.now(UTC)))
    session.commit()
    simulator.lock(ROOM_1, clock_offset_seconds=-3 * 3600)
    simulator.keypad(ROOM_1, digits(session, seals))

    read_log(door(session, ROOM_1).id, app.extensions["ports"])
    assert len(told(session)) == before
    session.execute(update(Door).values(log_read_at=datetime.now(UTC) - WHOLE_EVERY))
    session.commit()
    read(app, session)

    assert len(told(session)) == before + 1


def test_a_guest_at_the_door_is_heard_whatever_its_clock_says(
    app: Flask, session: Session, seals: Seals, alice: Guest, simulator: Simulator
) -> None:
    read(app, session)
    before = make_busy(session, ROOM_1)
    simulator.lock(ROOM_1, clock_offset_seconds=-5 * 3600)
    simulator.keypad(ROOM_1, digits(session, seals))

    read_log(door(session, ROOM_1).id, app.extensions["ports"], back=AT_THE_DOOR)

    assert len(told(session)) == before + 1


def test_a_cloud_that_does_not_answer_changes_nothing_and_is_asked_again(
    app: Flask, session: Session, alice: Guest, simulator: Simulator
) -> None:
    read(app, session)
    one = door(session, ROOM_1)
    door_id, read_at = one.id, one.log_read_at
    session.rollback()
    simulator.fault("http_500", path="lockRecord/list", times=1)

    with pytest.raises(PortError):
        read_log(door_id, app.extensions["ports"])

    assert door(session, ROOM_1).log_read_at == read_at


def test_the_job_reads_what_is_due_side_by_side_and_goes_on_after_a_fault(
    app: Flask, session: Session, seals: Seals, alice: Guest, simulator: Simulator
) -> None:
    simulator.keypad(ROOM_1, digits(session, seals))
    simulator.fault("http_500", path="lockRecord/list", times=1)
    ids = [door(session, lock).id for lock in LOCKS.values()]
    session.rollback()

    read_logs([*ids, *ids])

    session.rollback()
    reads = session.scalars(select(Door.log_read_at)).all()
    assert sorted(at is None for at in reads) == [False, False, True]
    assert len(simulator.calls("lockRecord/list")) == 3
    for one in session.scalars(select(Door)):
        if one.log_read_at is None:
            one.log_due_at = datetime.now(UTC)
    session.execute(update(LaneRest).values(rests_until=None))
    session.commit()
    read_logs(ids)
    assert told(session) == [(ROOM_1, None, ALICE, None)]


def test_a_cloud_that_is_away_is_called_a_few_times_and_then_left_alone(
    app: Flask, session: Session, alice: Guest, simulator: Simulator
) -> None:
    ids = [door(session, lock).id for lock in LOCKS.values()]
    session.rollback()
    simulator.fault("http_500", path="lockRecord/list")
    for _ in range(4):
        read_logs(ids)
        session.execute(update(Door).values(log_due_at=None))
        session.commit()
    called = len(simulator.calls("lockRecord/list"))
    simulator.clear_faults()
    session.execute(update(LaneRest).values(rests_until=None))
    session.commit()

    for _ in range(2):
        read_logs(ids)

    assert called == 3
    reads = session.scalars(select(Door.log_read_at)).all()
    assert None not in reads
    assert session.scalars(select(LaneRest.lane).where(LaneRest.lane.like("log of%"))).all() == []
