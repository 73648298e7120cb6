"""The page of one door, and what a reservation shows of its guest's doors."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from app.domain.lock_words import Mistake, Refusal, Way
from app.models import (
    AccessCode,
    CodeState,
    Door,
    LockEvent,
    Purpose,
    Role,
    StaffCode,
    Stranger,
    UnlockRequest,
    UnlockState,
)
from app.seals import Seals
from app.services.door_log import PAGE, STAY_SHOWN
from tests.factories import make_host
from tests.support.statements import statements
from tests.web.houses import Lived, now
from tests.web.visitor import Visitor

BOTH_WAYS = pytest.mark.parametrize("htmx", [False, True])
SignIn = Callable[[Role], Visitor]


def happened(session: Session, door: Door, number: int = 1, **told: Any) -> LockEvent:
    """Store a line of a door's log, of so many minutes ago."""
    at = now() - timedelta(minutes=number)
    values = {"way": Way.CODE, "at": at, "heard_at": at, **told}
    event = LockEvent(door_id=door.id, key=f"{number}-{len(told)}", **values)
    session.add(event)
    session.flush()
    return event


def path_of(door: Door) -> str:
    return f"/admin/doors/{door.id}"


@BOTH_WAYS
def test_the_door_tells_who_opened_it_and_links_to_their_stay(
    session: Session, lived: Lived, staff: Visitor, htmx: bool
) -> None:
    happened(session, lived.door, code_id=lived.code.id)

    page = staff.get(path_of(lived.door), htmx=htmx).text

    assert "Alice Moore" in page
    assert f'href="/admin/reservations/{lived.alice.id}"' in page
    assert "Opened with a code" in page


@pytest.mark.parametrize(
    ("told", "says"),
    [
        ({"refusal": Refusal.UNKNOWN_CODE}, "near to none of yours"),
        ({"refusal": Refusal.OUTSIDE_WINDOW}, "had not come, or was over"),
        ({"refusal": Refusal.LOCKED_OUT}, "the keypad rests"),
        ({"refusal": Refusal.DOUBLE_LOCKED}, "locked from inside"),
        ({"refusal": Refusal.OTHER}, "Did not open"),
        ({"way": Way.APP}, "with the lock’s app"),
        ({"way": Way.CARD}, "with a card"),
        ({"way": Way.FINGER}, "with a finger"),
        ({"way": Way.KEY}, "with a key"),
        ({"way": Way.INSIDE}, "from inside"),
        ({"way": Way.LOCKED}, "Locked"),
        ({"way": Way.LOCKED, "refusal": Refusal.OTHER}, "Did not lock"),
        ({"way": Way.OTHER}, "Something else"),
        ({"way": Way.REMOTE}, "somebody, not by Latchkey"),
        ({}, "somebody with a code that is not ours"),
        ({"who": 'The "owner" <b>'}, "somebody with “The &#34;owner&#34; &lt;b&gt;”"),
    ],
)
def test_each_kind_of_line_is_said_in_plain_words(
    session: Session, lived: Lived, staff: Visitor, told: dict[str, Any], says: str
) -> None:
    happened(session, lived.door, **told)

    assert says in staff.get(path_of(lived.door)).text


@pytest.mark.parametrize(
    ("mistake", "says", "who"),
    [
        (None, "the code was right, but the lock did not have it", "Alice Moore"),
        (Mistake.DIGITS_MISSING, "the last digits were missing", "probably Alice Moore"),
        (Mistake.DIGITS_ADDED, "with more digits", "probably Alice Moore"),
        (Mistake.ONE_WRONG, "one digit was not right", "probably Alice Moore"),
        (Mistake.SWAPPED, "two digits were swapped", "probably Alice Moore"),
        (Mistake.OTHER_DOOR, "Wrong door: the code is for Room 1", "Alice Moore"),
    ],
)
def test_a_slip_is_told_with_whose_code_it_was_near_to(
    session: Session, lived: Lived, staff: Visitor, mistake: Mistake | None, says: str, who: str
) -> None:
    unknown = Refusal.UNKNOWN_CODE
    happened(session, lived.door, code_id=lived.code.id, refusal=unknown, mistake=mistake)

    page = staff.get(path_of(lived.door)).text

    assert says in page
    assert f"<bdi>{who}</bdi>" in page


def test_a_code_that_had_ended_is_told_as_such(
    session: Session, lived: Lived, staff: Visitor
) -> None:
    lived.code.state, lived.code.gone_at = CodeState.GONE, now() - timedelta(hours=1)
    happened(session, lived.door, code_id=lived.code.id, refusal=Refusal.UNKNOWN_CODE)

    assert "this code had ended" in staff.get(path_of(lived.door)).text


def test_each_tap_here_is_one_opening_from_afar(
    session: Session, lived: Lived, staff: Visitor
) -> None:
    at = now() - timedelta(minutes=5)
    sam = make_host(session, lived.house)
    sam.name = "Sam Sexton"
    session.add(
        UnlockRequest(
            door_id=lived.door.id, host_id=sam.id, state=UnlockState.OPENED, requested_at=at,
            begun_at=at, ended_at=at, expires_at=at + timedelta(seconds=20),
        )
    )  # fmt: skip
    happened(session, lived.door, 5, way=Way.REMOTE, at=at, heard_at=at)
    later = at + timedelta(seconds=30)
    happened(session, lived.door, 6, way=Way.REMOTE, at=later, heard_at=later)

    page = staff.get(path_of(lived.door)).text

    assert page.count("Sam Sexton") == 1
    assert page.count("somebody, not by Latchkey") == 1


def test_staff_and_spare_codes_are_told_by_what_they_are(
    session: Session, seals: Seals, lived: Lived, staff: Visitor
) -> None:
    label = StaffCode(
        property_id=lived.house.id, label="Anna, cleaning", valid_from=now(), created_at=now()
    )
    session.add(label)
    session.flush()
    for number, (purpose, own) in enumerate(
        [(Purpose.STAFF, {"staff_code_id": label.id}), (Purpose.SPARE, {})], 1
    ):
        code = AccessCode(
            door_id=lived.door.id, purpose=purpose, name=f"lk-{number}", state=CodeState.WANTED,
            sealed_digits=seals.seal("1"), digits_hash=f"{number}", valid_from=now(),
            valid_until=now() + timedelta(days=1), created_at=now(), **own,
        )  # fmt: skip
        session.add(code)
        session.flush()
        happened(session, lived.door, number, code_id=code.id)

    page = staff.get(path_of(lived.door)).text

    assert "Anna, cleaning" in page
    assert "the spare code" in page


def test_a_cleaner_sees_that_it_opened_and_not_for_whom(
    session: Session, lived: Lived, sign_in: SignIn
) -> None:
    happened(session, lived.door, 1, code_id=lived.code.id)
    happened(session, lived.door, 2, who="Mrs Teasdale")
    add_stranger(session, lived.door, "Mrs Teasdale")

    page = sign_in(Role.CLEANER).get(path_of(lived.door)).text

    assert "a guest" in page
    assert "1 code that is not ours" in page
    assert not any(word in page for word in ("Moore", "HMALICE111", "Teasdale", "/reservations/"))


def test_a_viewer_sees_for_whom(session: Session, lived: Lived, sign_in: SignIn) -> None:
    happened(session, lived.door, code_id=lived.code.id)

    page = sign_in(Role.VIEWER).get(path_of(lived.door)).text

    assert "Alice Moore" in page
    assert "/unlock" not in page


def add_stranger(session: Session, door: Door, name: str) -> None:
    session.add(
        Stranger(
            door_id=door.id, provider_ref=name, name=name, digits_hash=name,
            first_seen_at=now(), last_seen_at=now(),
        )
    )  # fmt: skip
    session.flush()


def test_codes_that_are_not_ours_are_listed(session: Session, lived: Lived, staff: Visitor) -> None:
    add_stranger(session, lived.door, "Plumber <script>")

    page = staff.get(path_of(lived.door)).text

    assert "Plumber &lt;script&gt;" in page
    assert "1 code that is not ours" in staff.get("/admin/doors").text


def test_an_empty_log_says_so_and_when_it_was_read(
    session: Session, lived: Lived, staff: Visitor
) -> None:
    page = staff.get(path_of(lived.door)).text
    assert "has told of nobody" in page
    assert "has not been read yet" in page

    lived.door.log_read_at = now()
    assert "last read today" in staff.get(path_of(lived.door)).text


@BOTH_WAYS
def test_the_log_is_shown_page_by_page(
    session: Session, lived: Lived, staff: Visitor, htmx: bool
) -> None:
    for number in range(1, PAGE + 4):
        happened(session, lived.door, number)

    pages = [staff.get(f"{path_of(lived.door)}?page={n}", htmx=htmx).text for n in (1, 2, 3)]

    assert [page.count("Opened with a code") for page in pages] == [PAGE, 3, 0]
    assert ["Older" in page for page in pages] == [True, False, False]
    assert ["Newer" in page for page in pages] == [False, True, True]


@pytest.mark.parametrize("asked", ["0", "-1", "x", "", "²", "9" * 400, "1;DROP"])
def test_a_page_that_is_none_is_answered(lived: Lived, staff: Visitor, asked: str) -> None:
    answer = staff.get(path_of(lived.door), query_string={"page": asked})

    assert answer.status_code == 200


def test_the_number_of_statements_does_not_grow_with_the_log(
    session: Session, lived: Lived, staff: Visitor
) -> None:
    counts: list[list[int]] = []
    for first, last in ((1, 3), (3, 40)):
        for number in range(first, last):
            happened(session, lived.door, number, code_id=lived.code.id)
            happened(session, lived.door, number, way=Way.REMOTE, refusal=None)
        pages = (path_of(lived.door), f"/admin/reservations/{lived.alice.id}", "/admin/doors")
        counts.append([])
        for path in pages:
            with statements() as seen:
                assert staff.get(path).status_code == 200
            counts[-1].append(len(seen))

    assert counts[0] == counts[1]


@BOTH_WAYS
def test_the_reservation_tells_what_happened_with_its_codes(
    session: Session, lived: Lived, staff: Visitor, htmx: bool
) -> None:
    happened(session, lived.door, 1, code_id=lived.code.id)
    other = session.query(Door).filter_by(name="Room 2").one()
    happened(
        session, other, 2, code_id=lived.code.id, refusal=Refusal.UNKNOWN_CODE,
        mistake=Mistake.OTHER_DOOR,
    )  # fmt: skip
    happened(session, lived.door, 3, who="somebody else")

    page = staff.get(f"/admin/reservations/{lived.alice.id}", htmx=htmx).text

    log = page.partition("At the doors")[2].partition("</ul>")[0]
    assert log.count("<li>") == 2
    assert "Wrong door: the code is for Room 1" in log
    assert "At the doors" not in staff.get(f"/admin/reservations/{lived.bob.id}").text


def test_the_reservation_shows_the_latest_lines_only(
    session: Session, lived: Lived, staff: Visitor
) -> None:
    for number in range(1, STAY_SHOWN + 5):
        happened(session, lived.door, number, code_id=lived.code.id)

    page = staff.get(f"/admin/reservations/{lived.alice.id}").text

    assert page.count("Opened with a code") == STAY_SHOWN


def test_tries_at_a_door_need_attention_with_the_way_to_its_log(
    session: Session, lived: Lived, staff: Visitor
) -> None:
    for number in range(1, 6):
        happened(session, lived.door, number, refusal=Refusal.UNKNOWN_CODE)

    page = staff.get("/admin/").text

    assert "Somebody tried 5 codes at Room 1 that are nobody’s." in page
    assert f'href="{path_of(lived.door)}"' in page


def test_the_dashboard_costs_one_statement_more_for_any_number_of_tries(
    app: Flask, session: Session, lived: Lived, staff: Visitor
) -> None:
    counts = []
    for number in range(1, 60):
        happened(session, lived.door, number, refusal=Refusal.UNKNOWN_CODE)
        if number in (1, 59):
            with statements() as seen:
                staff.get("/admin/")
            counts.append(len(seen))

    assert counts[0] == counts[1]
