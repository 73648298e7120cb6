"""The staff codes' page: owners manage, staff look on, digits show only when asked for."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import time, timedelta

import pytest
from flask import Flask
from sqlalchemy import event, select
from sqlalchemy.orm import Session

from app.db import db
from app.models import (
    AccessCode,
    CodeState,
    Door,
    HistoryEntry,
    Role,
    StaffCode,
    StaffCodeDoor,
)
from app.seals import Seals
from app.services import staff_codes
from app.services.staff_wishes import StaffWish
from app.web.admin.staff_words import days_text
from tests.factories import make_host
from tests.web.conftest import SignIn
from tests.web.houses import Lived, now
from tests.web.visitor import Visitor, value_of

LIST = "/admin/staff-codes"
BOTH_WAYS = pytest.mark.parametrize("htmx", [False, True])


@pytest.fixture
def owner(sign_in: SignIn) -> Visitor:
    return sign_in(Role.OWNER)


def codes_of(session: Session, staff: StaffCode) -> list[AccessCode]:
    session.expire_all()
    wanted = (CodeState.WANTED, CodeState.ACTIVE, CodeState.FAILED)
    return list(
        session.scalars(
            select(AccessCode)
            .where(AccessCode.staff_code_id == staff.id, AccessCode.state.in_(wanted))
            .order_by(AccessCode.door_id)
        )
    )


def digits_of(session: Session, seals: Seals, staff: StaffCode) -> str:
    [digits] = {seals.unseal(code.sealed_digits) for code in codes_of(session, staff)}
    return digits


def put_on_locks(session: Session, staff: StaffCode) -> None:
    for code in codes_of(session, staff):
        code.state, code.active_at, code.provider_ref = CodeState.ACTIVE, now(), str(code.id)
        code.held_from, code.held_until = code.valid_from, code.valid_until
    session.commit()


def form(**changes: object) -> dict[str, object]:
    fields = {
        "label": "Ann, plumber",
        "all_doors": "y",
        "days": ["0", "2"],
        "from_time": "09:00",
        "until_time": "13:00",
        "first_day": now().date().isoformat(),
        "last_day": "",
        "digits": "",
    }
    return {name: value for name, value in {**fields, **changes}.items() if value is not None}


def newest(session: Session) -> StaffCode:
    session.rollback()
    return session.scalars(select(StaffCode).order_by(StaffCode.id.desc()).limit(1)).one()


def test_list_shows_whose_where_when_and_how_it_stands(
    session: Session, lived: Lived, owner: Visitor
) -> None:
    put_on_locks(session, lived.staff)

    page = owner.get(LIST).text

    assert "Mo, cleaner" in page
    assert "every door" in page
    assert "every day, the whole day" in page
    assert "ready" in page
    assert "hx-trigger" not in page.split("<tbody>")[1]


@pytest.mark.parametrize("role", [Role.STAFF, Role.OWNER])
def test_digits_are_masked_on_the_list_for_everybody(
    session: Session, seals: Seals, lived: Lived, sign_in: SignIn, role: Role
) -> None:
    digits = digits_of(session, seals, lived.staff)

    one = sign_in(role)
    pages = [one.get(LIST).text, one.get(f"{LIST}/{lived.staff.id}/row", htmx=True).text]

    assert not any(digits in page for page in pages)
    assert all("••••••" in page for page in pages)


@BOTH_WAYS
def test_reveal_shows_the_digits_once_and_writes_who_saw_them(
    session: Session, seals: Seals, lived: Lived, owner: Visitor, htmx: bool
) -> None:
    digits = digits_of(session, seals, lived.staff)

    answer = owner.post(f"{LIST}/{lived.staff.id}/reveal", htmx=htmx)

    assert digits in answer.text
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.text.startswith("<!doctype html>") is not htmx
    assert "every 3s" not in answer.text
    assert digits not in owner.get(LIST).text
    entry = session.scalars(select(HistoryEntry).filter_by(what="code-shown")).one()
    assert (entry.subject, entry.subject_id) == ("staff_code", lived.staff.id)
    assert digits not in repr((entry.before, entry.after, entry.why))


def test_staff_see_no_digits_by_the_way_of_guests_codes_either(
    session: Session, seals: Seals, lived: Lived, staff: Visitor
) -> None:
    digits = digits_of(session, seals, lived.staff)
    [code, *_rest] = codes_of(session, lived.staff)

    answer = staff.post(f"/admin/codes/{code.id}/reveal")

    assert answer.status_code == 404
    assert digits not in answer.text


@pytest.mark.parametrize("role", [Role.VIEWER, Role.CLEANER])
def test_others_do_not_see_the_list(lived: Lived, sign_in: SignIn, role: Role) -> None:
    one = sign_in(role)

    assert one.get(LIST).status_code == 403
    assert LIST not in one.get("/admin/doors").text


def test_staff_are_offered_nothing_to_press(lived: Lived, staff: Visitor) -> None:
    page = staff.get(LIST).text

    assert "Mo, cleaner" in page
    assert "reveal" not in page
    assert "Add a staff code" not in page


@BOTH_WAYS
def test_code_is_added_with_its_doors_days_and_hours(
    session: Session, lived: Lived, owner: Visitor, htmx: bool
) -> None:
    doors = sorted(session.scalars(select(Door.id).where(Door.room_id.is_(None))))

    answer = owner.post(LIST, form(all_doors=None, doors=[str(door) for door in doors]), htmx=htmx)

    assert (answer.status_code, answer.headers["Location"]) == (303, LIST)
    staff = newest(session)
    assert (staff.label, staff.all_doors, staff.days) == ("Ann, plumber", False, 0b101)
    assert (staff.from_time, staff.until_time) == (time(9), time(13))
    chosen = session.scalars(select(StaffCodeDoor.door_id).filter_by(staff_code_id=staff.id))
    assert sorted(chosen) == doors
    assert [code.door_id for code in codes_of(session, staff)] == doors
    page = owner.get(LIST).text
    assert "Mon, Wed, 09:00–13:00" in page
    assert "is on its way to the locks" in page


def test_digits_can_be_chosen(session: Session, seals: Seals, lived: Lived, owner: Visitor) -> None:
    assert owner.post(LIST, form(digits="7391 05")).status_code == 303

    assert digits_of(session, seals, newest(session)) == "739105"


@BOTH_WAYS
@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"label": "  "}, "Enter whose code it is."),
        ({"label": "x" * 61}, "Use 60 letters or fewer."),
        ({"all_doors": None}, "Choose the doors it opens."),
        ({"all_doors": None, "doors": ["99999"]}, "One of the doors is not here any more."),
        ({"all_doors": None, "doors": ["front"]}, "could not be coerced"),
        ({"days": None}, "Choose one day at least."),
        ({"days": ["9"]}, "days"),
        ({"until_time": ""}, "Enter until when, or leave both hours empty."),
        ({"from_time": ""}, "Enter from when, or leave both hours empty."),
        ({"until_time": "09:00"}, "The hours end when they begin."),
        ({"from_time": "late"}, "from_time"),
        ({"first_day": ""}, "Enter the first day."),
        ({"last_day": "2020-01-01"}, "The last day is before the first."),
        ({"first_day": "2020-01-01", "last_day": "2020-02-01"}, "the code would never open"),
        ({"digits": "12"}, "Enter 4 to 9 digits"),
        ({"digits": "12ab56"}, "Enter 4 to 9 digits"),
        ({"digits": "123456"}, "too easy to guess"),
    ],
)
def test_what_does_not_fit_is_422_and_stays_in_the_form(
    session: Session,
    lived: Lived,
    owner: Visitor,
    changes: dict[str, object],
    problem: str,
    htmx: bool,
) -> None:
    answer = owner.post(LIST, form(**changes), htmx=htmx)

    assert answer.status_code == 422
    assert problem in answer.text
    if "label" not in changes:
        assert value_of(answer.text, "label") == "Ann, plumber"
    assert newest(session).id == lived.staff.id


def test_digits_of_a_guest_are_refused_with_the_doors_named(
    session: Session, seals: Seals, lived: Lived, owner: Visitor
) -> None:
    digits = seals.unseal(lived.code.sealed_digits)

    answer = owner.post(LIST, form(digits=digits))

    assert answer.status_code == 422
    assert "These digits are taken on Front door, Room 1. Choose others." in answer.text


@BOTH_WAYS
def test_code_is_changed_and_keeps_its_digits(
    session: Session, seals: Seals, lived: Lived, owner: Visitor, htmx: bool
) -> None:
    digits = digits_of(session, seals, lived.staff)
    path = f"{LIST}/{lived.staff.id}"
    assert value_of(owner.get(path).text, "label") == "Mo, cleaner"

    answer = owner.post(path, form(label="Mo", days=["1"], digits="482913"), htmx=htmx)

    assert answer.status_code == 303
    session.expire_all()
    assert (lived.staff.label, lived.staff.days) == ("Mo", 0b10)
    assert digits_of(session, seals, lived.staff) == digits


@BOTH_WAYS
@pytest.mark.parametrize("wished", ["", "482913"])
def test_new_digits_replace_the_old_ones(
    session: Session, seals: Seals, lived: Lived, owner: Visitor, wished: str, htmx: bool
) -> None:
    put_on_locks(session, lived.staff)
    digits = digits_of(session, seals, lived.staff)

    answer = owner.post(f"{LIST}/{lived.staff.id}/digits", {"digits": wished}, htmx=htmx)

    assert answer.status_code == 303
    assert digits_of(session, seals, lived.staff) != digits
    if wished:
        assert digits_of(session, seals, lived.staff) == wished


def test_new_digits_that_cannot_be_are_422_on_the_codes_page(
    session: Session, seals: Seals, lived: Lived, owner: Visitor
) -> None:
    digits = digits_of(session, seals, lived.staff)

    answer = owner.post(f"{LIST}/{lived.staff.id}/digits", {"digits": "111111"})

    assert answer.status_code == 422
    assert "too easy to guess" in answer.text
    assert value_of(answer.text, "label") == "Mo, cleaner"
    assert digits_of(session, seals, lived.staff) == digits


def test_end_is_done_in_place_and_taken_back_in_place(
    session: Session, lived: Lived, owner: Visitor
) -> None:
    put_on_locks(session, lived.staff)
    path = f"{LIST}/{lived.staff.id}/end"

    ended = owner.post(path, htmx=True)
    assert ended.status_code == 200
    assert ended.text.lstrip().startswith(f'<tr id="staff-code-row-{lived.staff.id}"')
    assert "Undo" in ended.text
    assert codes_of(session, lived.staff) == []

    back = owner.post(f"{path}/undo", htmx=True)
    assert back.status_code == 200
    assert "Undo" not in back.text
    assert len(codes_of(session, lived.staff)) == 4


def test_end_works_without_htmx(session: Session, lived: Lived, owner: Visitor) -> None:
    answer = owner.post(f"{LIST}/{lived.staff.id}/end")

    assert (answer.status_code, answer.headers["Location"]) == (303, LIST)
    assert "Undo" in owner.get(LIST).text


@BOTH_WAYS
def test_end_cannot_be_taken_back_later(
    session: Session, lived: Lived, owner: Visitor, htmx: bool
) -> None:
    owner.post(f"{LIST}/{lived.staff.id}/end")
    session.expire_all()
    lived.staff.ended_at = now() - timedelta(minutes=2)
    session.commit()

    answer = owner.post(f"{LIST}/{lived.staff.id}/end/undo", htmx=htmx)

    assert answer.status_code == (422 if htmx else 303)
    page = answer.text if htmx else owner.get(LIST).text
    assert "The minute for taking this back is over." in page
    assert codes_of(session, lived.staff) == []


def test_ended_code_leaves_the_list_once_no_lock_holds_it(
    session: Session, lived: Lived, owner: Visitor
) -> None:
    owner.post(f"{LIST}/{lived.staff.id}/end")
    session.expire_all()
    lived.staff.ended_at = now() - timedelta(minutes=2)
    session.commit()
    assert "being removed" in owner.get(LIST).text

    for code in session.scalars(select(AccessCode).filter_by(staff_code_id=lived.staff.id)):
        code.state, code.gone_at = CodeState.GONE, now()
    session.commit()

    page = owner.get(LIST).text
    assert "Mo, cleaner" not in page
    assert "No staff codes yet." in page


def test_code_that_failed_says_where_and_why_and_is_on_the_dashboard(
    session: Session, lived: Lived, owner: Visitor, staff: Visitor
) -> None:
    put_on_locks(session, lived.staff)
    code = codes_of(session, lived.staff)[0]
    code.state, code.fault = CodeState.FAILED, "The lock holds these digits already."
    session.commit()

    page = owner.get(LIST).text
    assert "Front door: The lock holds these digits already." in page
    today = staff.get("/admin/").text
    assert "The code of Mo, cleaner is not on Front door." in today
    assert staff.post(f"/admin/codes/{code.id}/retry").status_code == 303
    session.refresh(code)
    assert code.state == CodeState.WANTED


def test_hours_that_the_lock_has_not_got_yet_are_shown_as_such(
    session: Session, lived: Lived, owner: Visitor
) -> None:
    put_on_locks(session, lived.staff)
    code = codes_of(session, lived.staff)[0]
    code.held_from, code.held_until = now() - timedelta(days=1), now() - timedelta(hours=9)
    code.valid_from, code.created_at = now() - timedelta(hours=1), now() - timedelta(days=2)
    session.commit()

    page = owner.get(LIST).text
    assert "Front door: The lock has not confirmed it yet. It stays shut until then." in page
    assert (
        "Front door still has earlier times for the code of Mo, cleaner."
        in owner.get("/admin/").text
    )


def test_code_not_removed_is_on_the_dashboard(
    session: Session, lived: Lived, owner: Visitor
) -> None:
    put_on_locks(session, lived.staff)
    code = codes_of(session, lived.staff)[0]
    code.state, code.fault = CodeState.UNWANTED, "The gateway is offline."
    session.commit()

    assert "An ended code is still on Front door." in owner.get("/admin/").text


def test_empty_list_says_what_it_is_for_and_offers_the_first(
    session: Session, lived: Lived, owner: Visitor
) -> None:
    elsewhere = Visitor(owner.app)
    from tests.factories import make_house

    elsewhere.sign_in(make_host(session, make_house(session, "Harbour House")))

    page = elsewhere.get(LIST).text

    assert "No staff codes yet." in page
    assert f"{LIST}/new" in page
    assert "Mo, cleaner" not in page


@contextmanager
def statements() -> Iterator[list[str]]:
    seen: list[str] = []

    def note(_connection: object, _cursor: object, text: str, *_more: object) -> None:
        seen.append(text)

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(db.engine, "before_cursor_execute", note)


def test_number_of_statements_does_not_grow_with_the_codes(
    app: Flask, session: Session, seals: Seals, lived: Lived, owner: Visitor
) -> None:
    def count() -> int:
        with statements() as seen:
            assert owner.get(LIST).status_code == 200
        return len(seen)

    few = count()
    host = make_host(session, lived.house)
    for number in range(12):
        wish = StaffWish(f"Person {number}", None, now().date(), None, 127)
        staff_codes.create(session, host, wish, seals=seals, now=now())
    session.commit()

    assert count() == few


def test_label_of_another_kind_is_only_text(lived: Lived, owner: Visitor) -> None:
    owner.post(LIST, form(label='"><img src=x onerror=alert(1)>\n\u202eevil'))

    page = owner.get(LIST).text

    assert "<img src=x" not in page
    assert "\u202e" not in page


@pytest.mark.parametrize(
    ("days", "said"),
    [
        (0b1111111, "every day"),
        (0b0011111, "Mon–Fri"),
        (0b1100000, "Sat, Sun"),
        (0b0001010, "Tue, Thu"),
        (0b1000111, "Mon–Wed, Sun"),
        (0b0000001, "Mon"),
    ],
)
def test_days_are_said_as_people_say_them(app: Flask, days: int, said: str) -> None:
    with app.test_request_context():
        assert days_text(days) == said


def test_every_form_is_closed_to_staff(lived: Lived, staff: Visitor) -> None:
    paths = [f"{LIST}/new", f"{LIST}/{lived.staff.id}"]
    posts: list[Callable[[], object]] = []
    assert [staff.get(path).status_code for path in paths] == [403, 403]
    for path in (LIST, *(f"{LIST}/{lived.staff.id}{end}" for end in (
        "", "/digits", "/end", "/end/undo", "/reveal"
    ))):  # fmt: skip
        posts.append(lambda path=path: staff.post(path, form()).status_code)  # type: ignore[misc]
    assert {post() for post in posts} == {403}
