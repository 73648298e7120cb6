"""The locks' own logs: each line once, whose code it was, and no digits kept."""

import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.db import transaction
from app.domain.lock_words import Mistake, Refusal, Way
from app.models import AccessCode, CodeState, Door, Guest, HistoryEntry, LockEvent, Property
from app.ports.locks import LockRecord
from app.seals import Seals
from app.services.check_in import Details, check_in
from app.services.lock_events import forget_events, store_records
from app.services.suspicion import TRIES, WITHIN, suspicious_doors
from tests.factories import ALICE, BOB, NOW, make_house, make_reservation
from tests.support.door_log import refused, typed
from tests.support.statements import statements
from tests.web.visitor import everything

WHO = Details("Alice Moore", None, "+447700900417", 2, None, None, "en")


@pytest.fixture
def house(session: Session) -> Property:
    return make_house(session)


@pytest.fixture
def alice(session: Session, house: Property, seals: Seals) -> Guest:
    make_reservation(session, house, 1, seals=seals)
    return check_in(session, house.id, ALICE, WHO, seals=seals, now=NOW)


def door(session: Session, name: str = "Room 1") -> Door:
    return session.scalars(select(Door).filter_by(name=name)).one()


def code_of(session: Session, guest: Guest, on: str = "Room 1") -> AccessCode:
    wanted = select(AccessCode).join(Door).where(Door.name == on, AccessCode.guest_id == guest.id)
    return session.scalars(wanted).one()


@pytest.fixture
def store(session: Session, seals: Seals) -> Callable[..., list[LockEvent]]:
    def store(*lines: LockRecord, at: str = "Room 1") -> list[LockEvent]:
        return store_records(session, door(session, at), lines, seals=seals, now=NOW)

    return store


Store = Callable[..., list[LockEvent]]


def test_opening_by_a_code_of_ours_is_its_first_use(
    session: Session, alice: Guest, store: Store
) -> None:
    code = code_of(session, alice)

    [event] = store(typed(name=code.name))

    assert (event.code_id, event.refusal, event.mistake, event.who) == (code.id, None, None, None)
    assert code.used_at == NOW
    entry = session.scalars(select(HistoryEntry).filter_by(what="code-used")).one()
    assert (entry.subject, entry.subject_id, entry.actor) == ("access_code", code.id, "lock")


def test_a_line_read_twice_is_stored_once_and_changes_nothing(
    session: Session, alice: Guest, store: Store
) -> None:
    line = typed(name=code_of(session, alice).name, key="1")
    store(line)
    session.commit()
    before = everything(session)

    assert store(line, line) == []

    session.commit()
    assert everything(session) == before


def test_later_openings_leave_the_first_use_and_an_earlier_one_that_comes_late_moves_it(
    session: Session, alice: Guest, store: Store
) -> None:
    code = code_of(session, alice)
    store(typed(name=code.name))

    store(typed(name=code.name, at=NOW + timedelta(hours=1)))
    assert code.used_at == NOW
    store(typed(name=code.name, at=NOW - timedelta(minutes=1)))

    assert code.used_at == NOW - timedelta(minutes=1)
    count = select(func.count(HistoryEntry.id)).where(HistoryEntry.what == "code-used")
    assert session.scalar(count) == 1


def test_what_was_refused_is_no_use_of_a_code(session: Session, alice: Guest, store: Store) -> None:
    code = code_of(session, alice)

    [event] = store(typed(name=code.name, refusal=Refusal.OUTSIDE_WINDOW))

    assert (event.code_id, event.refusal) == (code.id, Refusal.OUTSIDE_WINDOW)
    assert code.used_at is None


def test_right_digits_that_the_lock_does_not_have_are_known_as_ours(
    session: Session, seals: Seals, alice: Guest, store: Store
) -> None:
    code = code_of(session, alice)

    [event] = store(refused(seals.unseal(code.sealed_digits)))

    assert (event.code_id, event.mistake) == (code.id, None)
    assert code.used_at is None


def test_the_code_of_another_door_is_known_as_such(
    session: Session, seals: Seals, alice: Guest, store: Store
) -> None:
    digits = seals.unseal(code_of(session, alice).sealed_digits)

    [event] = store(refused(digits), at="Room 2")

    assert event.mistake == Mistake.OTHER_DOOR
    assert event.code_id == code_of(session, alice, on="Room 1").id


@pytest.mark.parametrize(
    ("slip", "mistake"),
    [
        (lambda digits: digits[:-1], Mistake.DIGITS_MISSING),
        (lambda digits: digits + "7", Mistake.DIGITS_ADDED),
        (lambda digits: digits[:-1] + str((int(digits[-1]) + 5) % 10), Mistake.ONE_WRONG),
    ],
)
def test_slips_are_compared_and_let_go(
    session: Session,
    seals: Seals,
    alice: Guest,
    store: Store,
    slip: Callable[[str], str],
    mistake: Mistake,
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.DEBUG)
    code = code_of(session, alice)
    wrong = slip(seals.unseal(code.sealed_digits))

    [event] = store(refused(wrong))

    assert (event.code_id, event.mistake) == (code.id, mistake)
    session.commit()
    rows = everything(session)
    assert wrong not in repr((rows["lock_event"], rows["history_entry"]))
    assert wrong not in caplog.text


def test_digits_near_to_ours_that_opened_are_somebody_elses(
    session: Session, seals: Seals, alice: Guest, store: Store
) -> None:
    digits = seals.unseal(code_of(session, alice).sealed_digits)

    [event] = store(typed(digits[:-1], name="Owner"))

    assert (event.code_id, event.mistake, event.who) == (None, None, "Owner")


@pytest.mark.parametrize("name", ["739105", "code 739105", "7391 05"])
def test_a_stranger_called_by_digits_has_no_name(store: Store, house: Property, name: str) -> None:
    [event] = store(typed("739105", name=name))

    assert event.who is None


def test_a_code_that_ended_and_is_typed_again_is_known(
    session: Session, seals: Seals, alice: Guest, store: Store
) -> None:
    code = code_of(session, alice)
    digits = seals.unseal(code.sealed_digits)
    for one in (code, code_of(session, alice, on="Front door")):
        one.state, one.gone_at = CodeState.GONE, NOW - timedelta(days=1)
    session.flush()

    [event] = store(refused(digits))

    assert (event.code_id, event.mistake) == (code.id, None)


def test_other_ways_are_nobodys_code(session: Session, alice: Guest, store: Store) -> None:
    ways = (Way.REMOTE, Way.KEY, Way.LOCKED, Way.INSIDE)

    events = store(*(typed(way=way) for way in ways))

    assert [event.way for event in events] == list(ways)
    assert {event.code_id for event in events} == {None}
    assert code_of(session, alice).used_at is None


def test_statements_do_not_grow_with_the_lines(
    session: Session, seals: Seals, alice: Guest, store: Store
) -> None:
    counts = []
    store(refused("999999"))
    for lines in (2, 60):
        wrong = [refused(f"{number:06}") for number in range(lines)]
        with statements() as seen:
            store(*wrong)
        counts.append(len(seen))

    assert counts[0] == counts[1]


def test_two_workers_that_store_the_same_lines_store_each_once(
    app: Flask, session: Session, seals: Seals, alice: Guest
) -> None:
    name, door_id = code_of(session, alice).name, door(session).id
    lines = [typed(name=name, key=str(number)) for number in range(20)]
    session.commit()

    def work(mine: list[LockRecord]) -> int:
        with app.app_context(), transaction() as one:
            return len(store_records(one, one.get_one(Door, door_id), mine, seals=seals, now=NOW))

    with ThreadPoolExecutor(4) as pool:
        stored = list(pool.map(work, [lines, lines[::-1], lines[5:], lines]))

    assert sum(stored) == 20
    session.rollback()
    assert session.scalar(select(func.count(LockEvent.id))) == 20
    used = select(func.count(HistoryEntry.id)).where(HistoryEntry.what == "code-used")
    assert session.scalar(used) == 1


def test_five_wrong_codes_within_ten_minutes_are_suspicious(
    session: Session, house: Property, store: Store
) -> None:
    apart = WITHIN / (TRIES - 1)
    store(*(refused("999999", at=NOW + number * apart) for number in range(TRIES)))

    [found] = suspicious_doors(session, house, NOW + WITHIN)

    assert (found.door.name, found.tries, found.last_at) == ("Room 1", TRIES, NOW + WITHIN)


def test_fewer_or_slower_or_older_tries_are_not(
    session: Session, house: Property, store: Store
) -> None:
    apart = WITHIN / (TRIES - 1) + timedelta(seconds=1)
    store(*(refused("999999", at=NOW + number * apart) for number in range(TRIES)))
    store(*(refused("999999") for _ in range(TRIES - 1)), at="Room 2")
    store(*(refused("999999", at=NOW - timedelta(hours=25)) for _ in range(9)), at="Room 3")

    assert suspicious_doors(session, house, NOW + timedelta(minutes=1)) == []


def test_a_guests_slips_are_not_suspicious(
    session: Session, house: Property, seals: Seals, alice: Guest, store: Store
) -> None:
    digits = seals.unseal(code_of(session, alice).sealed_digits)
    store(*(refused(digits[:-1], at=NOW + timedelta(seconds=n)) for n in range(9)))

    assert suspicious_doors(session, house, NOW + timedelta(minutes=1)) == []


def test_another_propertys_tries_are_not_ours(
    session: Session, house: Property, store: Store
) -> None:
    other = make_house(session, "Harbour House", rooms=0)
    store(*(refused("999999") for _ in range(TRIES)))

    assert suspicious_doors(session, other, NOW) == []


def test_old_lines_are_dropped_a_batch_at_a_time_and_younger_ones_stay(
    session: Session, house: Property, store: Store
) -> None:
    house.retention_months = 1
    store(typed(at=NOW - timedelta(days=40)), typed(at=NOW - timedelta(days=20)))
    other = make_house(session, "Harbour House", rooms=0)

    assert forget_events(session, other.id, NOW) == 0
    assert forget_events(session, house.id, NOW) == 1

    assert forget_events(session, house.id, NOW) == 0
    assert session.scalar(select(func.count(LockEvent.id))) == 1


def test_bobs_code_on_the_front_door_is_bobs(
    session: Session, house: Property, seals: Seals, alice: Guest, store: Store
) -> None:
    make_reservation(session, house, 2, seals=seals, reference=BOB)
    bob = check_in(session, house.id, BOB, WHO, seals=seals, now=NOW)
    digits = seals.unseal(code_of(session, bob, on="Front door").sealed_digits)

    [event] = store(refused(digits), at="Front door")

    assert event.code_id == code_of(session, bob, on="Front door").id
