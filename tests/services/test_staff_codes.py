"""Staff codes: one code on all its doors, only in its hours, until an owner ends it."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from app.db import transaction
from app.domain.staff_hours import NoHours
from app.jobs.staff import roll_staff_codes, tend_staff_codes
from app.models import (
    AccessCode,
    CodeState,
    Door,
    Effect,
    HistoryEntry,
    Host,
    OutboxEntry,
    Property,
    Purpose,
    StaffCode,
    Stranger,
)
from app.seals import Seals
from app.services import staff_codes
from app.services.check_in import Details, check_in
from app.services.codes import end_windows
from app.services.staff_codes import NoSuchStaffCode
from app.services.staff_settling import roll_staff, settle_house, settle_staff
from app.services.staff_wishes import DigitsNotTaken, StaffCodeRefused, StaffWish
from tests.factories import (
    ALICE,
    NOW,
    TODAY,
    make_host,
    make_house,
    make_reservation,
    make_room,
)
from tests.web.visitor import everything

TUESDAYS = 2
ALWAYS = StaffWish("Mo", None, TODAY, None, 127)
MORNINGS = StaffWish("Mo", None, TODAY, None, 127, time(9), time(13))
"""NOW is a Saturday, 16:00: this morning is over."""


@pytest.fixture
def house(session: Session) -> Property:
    return make_house(session, rooms=2)


@pytest.fixture
def owner(session: Session, house: Property) -> Host:
    return make_host(session, house)


@pytest.fixture
def make(session: Session, owner: Host, seals: Seals) -> Callable[..., StaffCode]:
    def one(wish: StaffWish = ALWAYS, digits: str | None = None, now: datetime = NOW) -> StaffCode:
        return staff_codes.create(session, owner, wish, digits=digits, seals=seals, now=now)

    return one


def on_doors(session: Session, staff: StaffCode, *states: CodeState) -> dict[str, AccessCode]:
    wanted = states or (CodeState.WANTED, CodeState.ACTIVE, CodeState.FAILED)
    rows = session.scalars(
        select(AccessCode)
        .where(AccessCode.staff_code_id == staff.id, AccessCode.state.in_(wanted))
        .options(joinedload(AccessCode.door))
        .order_by(AccessCode.id)
    )
    return {code.door.name: code for code in rows}


def confirm(session: Session) -> None:
    """Play the locks: they hold every wanted code as it is wanted."""
    for code in session.scalars(
        select(AccessCode).where(AccessCode.state.in_((CodeState.WANTED, CodeState.ACTIVE)))
    ):
        code.state, code.provider_ref = CodeState.ACTIVE, f"ref-{code.id}"
        code.held_from, code.held_until = code.valid_from, code.valid_until
        code.active_at = NOW
    session.flush()


def digits_of(session: Session, seals: Seals, staff: StaffCode) -> str:
    [digits] = {seals.unseal(one.sealed_digits) for one in on_doors(session, staff).values()}
    return digits


def orders(session: Session, kind: Effect) -> int:
    return session.scalar(select(func.count()).where(OutboxEntry.kind == kind)) or 0


def test_staff_code_has_the_same_digits_on_every_door(
    session: Session, seals: Seals, make: Callable[..., StaffCode]
) -> None:
    staff = make()

    codes = on_doors(session, staff)
    assert codes.keys() == {"Front door", "Room 1", "Room 2"}
    assert len(digits_of(session, seals, staff)) == 6
    assert {(code.purpose, code.guest_id) for code in codes.values()} == {(Purpose.STAFF, None)}
    assert orders(session, Effect.PUT_CODE) == 3


def test_code_for_some_doors_is_on_those_alone(
    session: Session, make: Callable[..., StaffCode]
) -> None:
    room = session.scalars(select(Door.id).filter_by(name="Room 2")).one()

    staff = make(StaffWish("Plumber", frozenset({room}), TODAY, TODAY, 127))

    [code] = on_doors(session, staff).values()
    assert code.door_id == room
    assert code.valid_until == datetime(2026, 12, 20, tzinfo=UTC)


def test_window_is_moved_on_when_its_stretch_is_over_and_not_before(
    session: Session, seals: Seals, make: Callable[..., StaffCode]
) -> None:
    staff = make(MORNINGS)
    confirm(session)
    digits = digits_of(session, seals, staff)
    sunday = datetime(2026, 12, 20, 9, tzinfo=UTC)
    assert {c.valid_from for c in on_doors(session, staff).values()} == {sunday}

    assert roll_staff(session, sunday + timedelta(hours=3, minutes=59), seals=seals) == 0
    assert roll_staff(session, sunday + timedelta(hours=4), seals=seals) == 1

    windows = {(c.valid_from, c.valid_until) for c in on_doors(session, staff).values()}
    monday = sunday + timedelta(days=1)
    assert windows == {(monday, monday + timedelta(hours=4))}
    assert orders(session, Effect.CHANGE_CODE) == 3
    assert digits_of(session, seals, staff) == digits


def test_no_window_ever_reaches_outside_the_hours(
    session: Session, seals: Seals, make: Callable[..., StaffCode]
) -> None:
    """A scheduler that sleeps for days, and wakes at odd times, gives no lock a wrong hour."""
    staff = make(StaffWish("Mo", None, TODAY, None, 0b0100010, time(9), time(13)))
    confirm(session)

    now = NOW
    for hours in (3, 40, 7, 90, 26, 200, 5):
        now += timedelta(hours=hours)
        roll_staff(session, now, seals=seals)
        for code in on_doors(session, staff).values():
            assert code.valid_from.weekday() in (1, 5)
            assert (code.valid_from.hour, code.valid_until.hour) == (9, 13)
            assert code.valid_until > now
            assert code.valid_until - code.valid_from == timedelta(hours=4)
        confirm(session)


def test_settling_again_changes_nothing(
    session: Session, house: Property, seals: Seals, make: Callable[..., StaffCode]
) -> None:
    codes = [make(), make(MORNINGS)]
    confirm(session)
    session.commit()
    before = everything(session)

    for _ in range(2):
        settle_staff(session, house, codes, seals=seals, now=NOW, actor="test")
        settle_house(session, house, seals=seals, now=NOW, actor="test")
        roll_staff(session, NOW, seals=seals)
        end_windows(session, NOW, seals=seals)
        session.commit()

    assert everything(session) == before


def test_new_door_gets_the_codes_that_are_for_all_doors(
    session: Session, house: Property, seals: Seals, make: Callable[..., StaffCode]
) -> None:
    everywhere = make()
    digits = digits_of(session, seals, everywhere)
    front = session.scalars(select(Door.id).filter_by(name="Front door")).one()
    only_front = make(StaffWish("Post", frozenset({front}), TODAY, None, 127))
    make_room(session, house, 3)

    settle_house(session, house, seals=seals, now=NOW, actor="setup")

    assert "Room 3" in on_doors(session, everywhere)
    assert digits_of(session, seals, everywhere) == digits
    assert on_doors(session, only_front).keys() == {"Front door"}


def test_digits_that_are_anothers_on_a_new_door_are_put_there_once_free(
    session: Session, house: Property, seals: Seals, make: Callable[..., StaffCode]
) -> None:
    staff = make(digits="739105")
    room = make_room(session, house, 3)
    door = session.scalars(select(Door).filter_by(room_id=room.id)).one()
    taken_until_gone = Stranger(
        door_id=door.id,
        provider_ref="9",
        name="the old system's",
        digits_hash=seals.digits_hash("739105"),
        first_seen_at=NOW,
        last_seen_at=NOW,
    )
    session.add(taken_until_gone)
    settle_house(session, house, seals=seals, now=NOW, actor="clock")
    assert "Room 3" not in on_doors(session, staff)

    session.delete(taken_until_gone)
    settle_house(session, house, seals=seals, now=NOW, actor="clock")

    assert digits_of(session, seals, staff) == "739105"
    assert "Room 3" in on_doors(session, staff)


def test_no_end_means_a_year_at_most_and_is_moved_on_once_a_month(
    session: Session, house: Property, seals: Seals, make: Callable[..., StaffCode]
) -> None:
    staff = make()
    confirm(session)
    ends = {code.valid_until for code in on_doors(session, staff).values()}
    assert ends == {datetime(2027, 12, 1, tzinfo=UTC)}

    settle_house(session, house, seals=seals, now=NOW + timedelta(days=1), actor="clock")
    assert orders(session, Effect.CHANGE_CODE) == 0
    settle_house(session, house, seals=seals, now=NOW + timedelta(days=20), actor="clock")

    ends = {code.valid_until for code in on_doors(session, staff).values()}
    assert ends == {datetime(2028, 1, 1, tzinfo=UTC)}
    assert orders(session, Effect.CHANGE_CODE) == 3


def test_code_is_given_up_after_its_last_day(
    session: Session, seals: Seals, make: Callable[..., StaffCode]
) -> None:
    staff = make(StaffWish("Mo", None, TODAY, TODAY, 127))
    confirm(session)

    roll_staff(session, datetime(2026, 12, 20, tzinfo=UTC), seals=seals)

    assert on_doors(session, staff) == {}
    assert len(on_doors(session, staff, CodeState.UNWANTED)) == 3
    assert orders(session, Effect.REMOVE_CODE) == 3


@pytest.mark.parametrize(
    ("digits", "why"),
    [
        ("123456", "easy to guess"),
        ("111111", "easy to guess"),
        ("739", "4 to 9 digits"),
        ("7391052846", "4 to 9 digits"),
        ("73910٥", "4 to 9 digits"),
    ],
)
def test_digits_that_no_code_may_have_are_refused(
    session: Session, make: Callable[..., StaffCode], digits: str, why: str
) -> None:
    with pytest.raises(DigitsNotTaken, match=why):
        make(digits=digits)


def test_digits_of_a_guest_are_refused_and_the_door_is_named(
    session: Session, house: Property, seals: Seals, make: Callable[..., StaffCode]
) -> None:
    make_reservation(session, house, 1, seals=seals)
    who = Details("Alice Moore", None, "+447700900417", 1, None, None, "en")
    check_in(session, house.id, ALICE, who, seals=seals, now=NOW)
    code = session.scalars(select(AccessCode).join(Door).where(Door.name == "Room 1")).one()
    digits = seals.unseal(code.sealed_digits)

    with pytest.raises(DigitsNotTaken, match="Front door, Room 1") as caught:
        make(digits=digits)

    assert digits not in caught.value.message


def test_digits_that_a_door_has_no_keys_for_are_refused_and_the_keys_are_named(
    session: Session, make: Callable[..., StaffCode]
) -> None:
    session.scalars(select(Door).where(Door.name == "Room 1")).one().keypad = "123456"

    with pytest.raises(DigitsNotTaken, match="Room 1 has only the keys 1, 2, 3, 4, 5, 6"):
        make(digits="739105")


def test_drawn_digits_are_free_on_all_doors(
    session: Session, seals: Seals, make: Callable[..., StaffCode]
) -> None:
    found = [digits_of(session, seals, make()) for _ in range(20)]

    assert len(set(found)) == 20


def test_many_owners_wishing_the_same_digits_at_once_get_one_code(
    app: Flask, session: Session, owner: Host, seals: Seals
) -> None:
    owner_id = owner.id
    session.commit()

    def wish(_: int) -> bool:
        with app.app_context():
            try:
                with transaction() as own:
                    host = own.get_one(Host, owner_id)
                    staff_codes.create(own, host, ALWAYS, digits="739105", seals=seals, now=NOW)
            except DigitsNotTaken:
                return False
            return True

    with ThreadPoolExecutor(6) as pool:
        made = list(pool.map(wish, range(6)))

    assert made.count(True) == 1
    assert session.scalar(select(func.count()).select_from(StaffCode)) == 1


def test_new_digits_take_the_old_ones_off_at_once(
    session: Session, owner: Host, seals: Seals, make: Callable[..., StaffCode]
) -> None:
    staff = make(digits="739105")
    confirm(session)

    staff_codes.renew_digits(session, owner, staff.id, digits="482913", seals=seals, now=NOW)

    assert digits_of(session, seals, staff) == "482913"
    assert len(on_doors(session, staff, CodeState.UNWANTED)) == 3
    due = session.scalars(select(OutboxEntry.due_at).filter_by(kind=Effect.REMOVE_CODE)).all()
    assert set(due) == {NOW}


def test_end_leaves_the_locks_alone_for_a_minute_and_can_be_taken_back_until_then(
    session: Session, owner: Host, seals: Seals, make: Callable[..., StaffCode]
) -> None:
    staff = make(digits="739105")
    confirm(session)

    staff_codes.end(session, owner, staff.id, seals=seals, now=NOW)
    due = session.scalars(select(OutboxEntry.due_at).filter_by(kind=Effect.REMOVE_CODE)).all()
    assert set(due) == {NOW + timedelta(minutes=1)}
    assert on_doors(session, staff) == {}

    staff_codes.undo_end(session, owner, staff.id, seals=seals, now=NOW + timedelta(seconds=59))
    kept = on_doors(session, staff, CodeState.ACTIVE)
    assert len(kept) == 3
    assert digits_of(session, seals, staff) == "739105"
    assert orders(session, Effect.PUT_CODE) == 3


def test_end_before_the_locks_had_it_can_be_taken_back_too(
    session: Session, owner: Host, seals: Seals, make: Callable[..., StaffCode]
) -> None:
    staff = make(digits="739105")
    staff_codes.end(session, owner, staff.id, seals=seals, now=NOW)

    staff_codes.undo_end(session, owner, staff.id, seals=seals, now=NOW)

    assert len(on_doors(session, staff, CodeState.WANTED)) == 3
    assert digits_of(session, seals, staff) == "739105"
    assert orders(session, Effect.PUT_CODE) == 6


def test_end_cannot_be_taken_back_after_its_minute(
    session: Session, owner: Host, seals: Seals, make: Callable[..., StaffCode]
) -> None:
    staff = make()
    staff_codes.end(session, owner, staff.id, seals=seals, now=NOW)

    late = NOW + timedelta(minutes=1)
    with pytest.raises(StaffCodeRefused):
        staff_codes.undo_end(session, owner, staff.id, seals=seals, now=late)


@pytest.mark.parametrize("act", ["change", "renew_digits"])
def test_ended_code_is_not_brought_back_by_another_act(
    session: Session, owner: Host, seals: Seals, make: Callable[..., StaffCode], act: str
) -> None:
    staff = make()
    staff_codes.end(session, owner, staff.id, seals=seals, now=NOW)
    more: dict[str, Any] = {"wish": ALWAYS} if act == "change" else {}

    with pytest.raises(StaffCodeRefused):
        getattr(staff_codes, act)(session, owner, staff.id, **more, seals=seals, now=NOW)


def test_other_hours_move_the_window_and_keep_the_digits(
    session: Session, owner: Host, seals: Seals, make: Callable[..., StaffCode]
) -> None:
    staff = make(digits="739105")
    confirm(session)

    staff_codes.change(session, owner, staff.id, MORNINGS, seals=seals, now=NOW)

    assert digits_of(session, seals, staff) == "739105"
    ends = {code.valid_until for code in on_doors(session, staff).values()}
    assert ends == {datetime(2026, 12, 20, 13, tzinfo=UTC)}
    assert not any(code.is_held_as_wanted for code in on_doors(session, staff).values())


def test_door_that_is_left_out_loses_the_code_and_gets_the_same_one_back(
    session: Session, owner: Host, seals: Seals, make: Callable[..., StaffCode]
) -> None:
    staff = make(digits="739105")
    confirm(session)
    front = session.scalars(select(Door.id).filter_by(name="Front door")).one()
    only_front = StaffWish("Mo", frozenset({front}), TODAY, None, 127)

    staff_codes.change(session, owner, staff.id, only_front, seals=seals, now=NOW)
    assert on_doors(session, staff).keys() == {"Front door"}
    staff_codes.change(session, owner, staff.id, ALWAYS, seals=seals, now=NOW)

    assert on_doors(session, staff).keys() == {"Front door", "Room 1", "Room 2"}
    assert digits_of(session, seals, staff) == "739105"


def test_code_of_long_ago_that_is_wished_for_again_gets_digits(
    session: Session, owner: Host, seals: Seals, make: Callable[..., StaffCode]
) -> None:
    staff = make(StaffWish("Mo", None, TODAY, TODAY, 127))
    for code in session.scalars(select(AccessCode)):
        code.state, code.gone_at = CodeState.GONE, NOW
        code.sealed_digits, code.digits_hash = None, f"erased:{code.id}"
    later = NOW + timedelta(days=90)

    again = StaffWish("Mo", None, later.date(), None, 127)
    staff_codes.change(session, owner, staff.id, again, seals=seals, now=later)

    assert len(digits_of(session, seals, staff)) == 6


@pytest.mark.parametrize(
    ("wish", "fault"),
    [
        (StaffWish("Mo", frozenset(), TODAY, None, 127), StaffCodeRefused),
        (StaffWish("Mo", frozenset({9999}), TODAY, None, 127), StaffCodeRefused),
        (StaffWish("Mo", None, TODAY, TODAY - timedelta(days=1), 127), StaffCodeRefused),
        (StaffWish("Mo", None, date(2026, 1, 1), date(2026, 2, 1), 127), StaffCodeRefused),
        (StaffWish("Mo", None, TODAY, TODAY, TUESDAYS), StaffCodeRefused),
        (StaffWish("Mo", None, TODAY, None, 127, time(9), time(9)), NoHours),
    ],
)
def test_wish_that_makes_no_sense_is_refused(
    make: Callable[..., StaffCode], wish: StaffWish, fault: type[Exception]
) -> None:
    with pytest.raises(fault):
        make(wish)


def test_code_of_another_property_is_out_of_reach(
    session: Session, seals: Seals, make: Callable[..., StaffCode]
) -> None:
    staff = make()
    elsewhere = make_house(session, "Harbour House")
    stranger = make_host(session, elsewhere)

    for act in (
        staff_codes.end,
        staff_codes.undo_end,
        staff_codes.renew_digits,
        staff_codes.reveal,
    ):
        with pytest.raises(NoSuchStaffCode):
            act(session, stranger, staff.id, seals=seals, now=NOW)
    theirs = session.scalars(select(Door.id).filter_by(property_id=staff.property_id)).first()
    wish = StaffWish("Mo", frozenset({theirs or 0}), TODAY, None, 127)
    with pytest.raises(StaffCodeRefused):
        staff_codes.create(session, stranger, wish, seals=seals, now=NOW)


def test_who_saw_the_digits_is_written_down_without_them(
    session: Session, owner: Host, seals: Seals, make: Callable[..., StaffCode]
) -> None:
    staff = make(digits="739105")

    _, digits = staff_codes.reveal(session, owner, staff.id, seals=seals, now=NOW)

    assert digits == "739105"
    entry = session.scalars(select(HistoryEntry).filter_by(what="code-shown")).one()
    assert (entry.subject, entry.subject_id, entry.actor) == (
        "staff_code",
        staff.id,
        f"host:{owner.id}",
    )
    written = session.execute(select(HistoryEntry.before, HistoryEntry.after, HistoryEntry.why))
    assert "739105" not in repr(written.all())
    assert "Mo" not in repr(written.all())


def test_jobs_move_on_what_is_over_and_leave_the_rest(
    session: Session, seals: Seals, make: Callable[..., StaffCode]
) -> None:
    at = datetime.now(UTC)
    staff = make(StaffWish("Mo", None, at.date(), None, 127), now=at)
    confirm(session)
    over = on_doors(session, staff)["Front door"]
    right = over.valid_until
    over.valid_until = over.valid_from + timedelta(seconds=1)
    over.valid_from = over.valid_from - timedelta(days=1)
    session.commit()

    roll_staff_codes()
    tend_staff_codes()

    session.expire_all()
    assert {code.valid_until for code in on_doors(session, staff).values()} == {right}
    assert orders(session, Effect.CHANGE_CODE) == 1
