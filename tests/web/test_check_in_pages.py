"""Check-in by the guest as pages: three steps, and the stay page that follows."""

import re
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from app.models import (
    AccessCode,
    Door,
    Effect,
    Guest,
    OutboxEntry,
    Property,
    Reservation,
    Status,
    UnlockRequest,
    UnlockState,
)
from app.seals import Seals
from tests.factories import ALICE, BOB, make_house, make_reservation
from tests.web.houses import Lived, now, put_on_locks
from tests.web.visitor import Visitor, everything, value_of

SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

CHECK_IN = "/check-in"
DETAILS = {
    "full_name": "Bob Stone",
    "phone": "+447700900417",
    "email": "bob@example.com",
    "party_size": "2",
    "expected_arrival": "18:30",
}
UNKNOWN = ["HMNOBODY99", "9999999999", "HMNOBODY98", "1231231230", "HMZZZZZZZ1"]


@pytest.fixture
def bobs(session: Session, seals: Seals) -> Reservation:
    """Bob's reservation, in its house; he has been here since yesterday, and nobody knows him."""
    house = make_house(session)
    at = now()
    arrival = at.date() - timedelta(days=1)
    return make_reservation(
        session, house, 2, seals=seals, reference=BOB, name="Bob Stone",
        arrival=arrival, departure=arrival + timedelta(days=4), now=at,
    )  # fmt: skip


def prove(visitor: Visitor) -> None:
    """Take the first two steps."""
    visitor.post(CHECK_IN, {"reference": BOB})
    assert visitor.post(CHECK_IN, {"reference": BOB, "proof": "Stone"}).status_code == 303


def without_echo(page: str, reference: str) -> str:
    """Return the page without what may differ: the reference itself, and tokens."""
    page = re.sub(r'(name="csrf_token"[^>]*value=|"X-CSRFToken": )"[^"]+"', r'\1""', page)
    return page.replace(reference, "REFERENCE")


def test_three_steps_lead_to_the_stay_page(
    session: Session, bobs: Reservation, visitor: Visitor
) -> None:
    first = visitor.get("/")
    second = visitor.post(CHECK_IN, {"reference": "5100-200 301"})
    question = visitor.get(CHECK_IN)
    third = visitor.post(CHECK_IN, {"reference": BOB, "proof": "stone"})
    details = visitor.get(CHECK_IN)

    done = visitor.post(CHECK_IN, {"reference": BOB, **DETAILS})

    assert [one.status_code for one in (first, second, question, third, details, done)] == [
        200, 303, 200, 303, 200, 303,
    ]  # fmt: skip
    assert "/stay/" in done.headers["Location"]
    assert "Room 2" in visitor.get(done.headers["Location"]).text
    assert session.scalars(select(Guest)).one().full_name == "Bob Stone"
    assert session.scalar(select(func.count(AccessCode.id))) == 2


def test_all_steps_in_one_form_are_fine(bobs: Reservation, visitor: Visitor) -> None:
    answer = visitor.post(CHECK_IN, {"reference": BOB, "proof": "0417", **DETAILS})

    assert (answer.status_code, "/stay/" in answer.headers["Location"]) == (303, True)


@SQLITE
@pytest.mark.parametrize("typed", ["", "  ", "???", "a@b", "12"])
def test_a_bad_reference_is_422_and_stays_in_the_form(
    bobs: Reservation, visitor: Visitor, typed: str
) -> None:
    answer = visitor.post(CHECK_IN, {"reference": typed})

    assert answer.status_code == 422
    assert (value_of(answer.text, "reference") or "") == typed.strip()
    assert 'role="alert"' in answer.text


@SQLITE
@pytest.mark.parametrize(
    ("field", "typed"),
    [
        ("full_name", ""),
        ("full_name", " "),
        ("full_name", "…"),
        ("full_name", "x" * 201),
        ("phone", "call me"),
        ("phone", "+44 12"),
        ("phone", "1" * 41),
        ("email", "bob"),
        ("email", "bob@example"),
        ("email", "bob@example.com, eve@example.com"),
        ("party_size", "0"),
        ("party_size", "many"),
        ("expected_arrival", "late"),
    ],
)
def test_a_detail_that_will_not_do_is_422_and_all_that_was_typed_stays(
    session: Session, bobs: Reservation, visitor: Visitor, field: str, typed: str
) -> None:
    prove(visitor)
    form = {**DETAILS, field: typed}

    answer = visitor.post(CHECK_IN, {"reference": BOB, **form})

    assert answer.status_code == 422
    assert {name: value_of(answer.text, name) or "" for name in form} == {
        name: text.strip() for name, text in form.items()
    }
    assert f'href="#{field}"' in answer.text
    assert session.scalar(select(func.count(Guest.id))) == 0


@SQLITE
def test_neither_phone_nor_mail_is_422(bobs: Reservation, visitor: Visitor) -> None:
    prove(visitor)

    answer = visitor.post(CHECK_IN, {"reference": BOB, **DETAILS, "phone": "", "email": ""})

    assert answer.status_code == 422
    assert "Enter a phone number or a mail address." in answer.text


@SQLITE
def test_what_is_typed_comes_back_escaped(bobs: Reservation, visitor: Visitor) -> None:
    prove(visitor)
    marker = '"><img src=x onerror=alert(1)>'

    answer = visitor.post(
        CHECK_IN, {"reference": BOB, **DETAILS, "full_name": marker, "phone": "no"}
    )

    assert value_of(answer.text, "full_name") == marker
    assert "<img" not in answer.text


@pytest.mark.parametrize("field", ["reference", "proof", "full_name", "email", "car_registration"])
def test_a_character_that_no_database_takes_is_no_failure(
    bobs: Reservation, visitor: Visitor, field: str
) -> None:
    form = {"reference": BOB, "proof": "Stone", **DETAILS}

    answer = visitor.post(CHECK_IN, {**form, field: form.get(field, "") + "\x00"})

    assert answer.status_code in (303, 422)


@SQLITE
def test_details_without_proof_are_not_taken(
    session: Session, bobs: Reservation, visitor: Visitor
) -> None:
    answer = visitor.post(CHECK_IN, {"reference": BOB, **DETAILS})

    assert answer.headers.get("Location") == CHECK_IN
    assert session.scalar(select(func.count(Guest.id))) == 0


@SQLITE
def test_a_proof_of_one_reference_is_none_of_another(
    session: Session, seals: Seals, bobs: Reservation, visitor: Visitor
) -> None:
    house = session.get_one(Property, bobs.property_id)
    make_reservation(session, house, 1, seals=seals, reference=ALICE, name="Alice Moore", now=now())
    prove(visitor)

    visitor.post(CHECK_IN, {"reference": ALICE, **DETAILS})

    assert session.scalar(select(func.count(Guest.id))) == 0


@pytest.mark.parametrize("nobody", UNKNOWN[:2])
def test_a_wrong_reference_and_a_wrong_proof_answer_alike(
    bobs: Reservation, visitor: Visitor, nobody: str
) -> None:
    other = Visitor(visitor.app)
    # Ask until the unknown one gets the question that Bob gets, or the bodies differ by it.
    wrong = visitor.post(CHECK_IN, {"reference": BOB, "proof": "Nobody"})
    known = "arrival" if 'name="arrival"' in wrong.text else "proof"
    candidates = (f"{nobody[:-2]}{number:02}" for number in range(40))
    unknown = next(
        reference
        for reference in candidates
        if f'name="{known}"' in _question(visitor.app, reference)
    )

    missed = other.post(CHECK_IN, {"reference": unknown, "proof": "Nobody"})

    assert wrong.status_code == missed.status_code == 422
    assert without_echo(wrong.text, BOB) == without_echo(missed.text, unknown)
    assert {name for name, _value in wrong.headers} == {name for name, _value in missed.headers}


def _question(app: Flask, reference: str) -> str:
    one = Visitor(app)
    one.post(CHECK_IN, {"reference": reference})
    return one.get(CHECK_IN).text


@SQLITE
def test_the_second_step_does_not_tell_a_known_reference_from_an_unknown_one(
    bobs: Reservation, visitor: Visitor
) -> None:
    known = visitor.post(CHECK_IN, {"reference": BOB})
    unknown = Visitor(visitor.app).post(CHECK_IN, {"reference": UNKNOWN[0]})

    assert (known.status_code, known.text) == (unknown.status_code, unknown.text)


@SQLITE
@pytest.mark.parametrize("reference", UNKNOWN)
def test_the_question_for_an_unknown_reference_is_always_the_same(
    bobs: Reservation, visitor: Visitor, reference: str
) -> None:
    asked = {without_echo(_question(visitor.app, reference), reference) for _time in range(3)}

    assert len(asked) == 1


@SQLITE
def test_unknown_references_are_asked_both_questions(bobs: Reservation, visitor: Visitor) -> None:
    pages = [_question(visitor.app, f"HMNOBODY{number}") for number in range(10, 40)]

    asks_arrival = ['name="arrival"' in page for page in pages]
    assert any(asks_arrival)
    assert not all(asks_arrival)


@SQLITE
def test_the_sixth_wrong_proof_is_429_even_when_it_fits(
    bobs: Reservation, visitor: Visitor
) -> None:
    for _try in range(5):
        Visitor(visitor.app).post(CHECK_IN, {"reference": BOB, "proof": "Nobody"})

    answer = visitor.post(CHECK_IN, {"reference": BOB, "proof": "Stone"})

    assert answer.status_code == 429


@SQLITE
def test_references_that_nobody_knows_lock_out_alike(bobs: Reservation, visitor: Visitor) -> None:
    tries = [
        visitor.post(CHECK_IN, {"reference": UNKNOWN[0], "proof": "Nobody"}).status_code
        for _try in range(6)
    ]

    assert tries == [422] * 5 + [429]


def test_whoever_proves_it_again_is_back_on_the_same_stay_page(
    lived: Lived, visitor: Visitor
) -> None:
    answer = visitor.post(CHECK_IN, {"reference": ALICE, "proof": "Moore"})

    assert answer.headers["Location"] == f"/stay/{lived.token}"


@SQLITE
@pytest.mark.parametrize("htmx", [False, True])
def test_stay_page_and_panel_are_never_stored(lived: Lived, visitor: Visitor, htmx: bool) -> None:
    answer = visitor.get(f"/stay/{lived.token}", htmx=htmx)

    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "no-store"
    assert "HX-Request" in answer.headers["Vary"]
    assert answer.text.startswith("<!doctype html>") is not htmx


@SQLITE
@pytest.mark.parametrize("htmx", [False, True])
@pytest.mark.parametrize("token", ["x", "0" * 43, "%00", "../admin", "é"])
def test_a_foreign_token_is_404(lived: Lived, visitor: Visitor, token: str, htmx: bool) -> None:
    pages = [
        visitor.get(f"/stay/{token}", htmx=htmx),
        visitor.post(f"/stay/{token}/doors/{lived.door.id}/unlock", htmx=htmx),
    ]

    assert [page.status_code for page in pages] == [404, 404]


@SQLITE
def test_a_boosted_or_restored_request_gets_the_whole_page(lived: Lived, visitor: Visitor) -> None:
    for header in ("HX-Boosted", "HX-History-Restore-Request"):
        answer = visitor.get(f"/stay/{lived.token}", htmx=True, headers={header: "true"})

        assert answer.text.startswith("<!doctype html>")


def test_a_panel_that_says_what_was_seen_is_204(lived: Lived, visitor: Visitor) -> None:
    panel = visitor.get(f"/stay/{lived.token}", htmx=True).text
    asks = re.search(r'hx-get="([^"]+)"', panel)
    assert asks is not None

    answer = visitor.get(asks[1], htmx=True)

    assert (answer.status_code, answer.text) == (204, "")
    assert "HX-Request" in answer.headers["Vary"]


def test_a_panel_that_says_something_new_is_sent_whole(
    session: Session, lived: Lived, visitor: Visitor
) -> None:
    panel = visitor.get(f"/stay/{lived.token}", htmx=True).text
    asks = re.search(r'hx-get="([^"]+)"', panel)
    assert asks is not None
    put_on_locks(session, lived.guest)

    answer = visitor.get(asks[1], htmx=True)

    assert answer.status_code == 200
    assert 'class="code"' in answer.text
    assert "every 3s" not in answer.text
    assert "every 30s" in answer.text


@SQLITE
def test_a_finished_panel_is_286_and_asks_no_more(
    session: Session, lived: Lived, visitor: Visitor
) -> None:
    lived.alice.status = Status.CANCELLED

    answer = visitor.get(f"/stay/{lived.token}", htmx=True)

    assert answer.status_code == 286
    assert 'id="stay-panel"' in answer.text
    assert "hx-trigger" not in answer.text


@SQLITE
def test_digits_show_only_when_the_lock_has_them(
    session: Session, seals: Seals, lived: Lived, visitor: Visitor
) -> None:
    digits = seals.unseal(lived.code.sealed_digits)

    before = visitor.get(f"/stay/{lived.token}").text
    put_on_locks(session, lived.guest)
    after = visitor.get(f"/stay/{lived.token}").text

    assert (digits in before, digits in after) == (False, True)


def test_unlock_as_a_page_goes_back_to_the_stay(
    session: Session, lived: Lived, visitor: Visitor
) -> None:
    answer = visitor.post(f"/stay/{lived.token}/doors/{lived.door.id}/unlock")

    assert (answer.status_code, answer.headers["Location"]) == (303, f"/stay/{lived.token}")
    assert session.scalars(select(UnlockRequest)).one().state == UnlockState.WAITING


def test_unlock_by_htmx_answers_the_button_alone(
    session: Session, lived: Lived, visitor: Visitor
) -> None:
    answer = visitor.post(f"/stay/{lived.token}/doors/{lived.door.id}/unlock", htmx=True)

    assert answer.status_code == 200
    assert answer.text.strip().startswith(f'<div id="unlock-{lived.door.id}"')
    assert "every 1s" in answer.text
    assert session.scalars(select(OutboxEntry).filter_by(kind=Effect.UNLOCK)).one()


@SQLITE
@pytest.mark.parametrize("htmx", [False, True])
def test_a_second_tap_while_the_first_waits_opens_once(
    session: Session, lived: Lived, visitor: Visitor, htmx: bool
) -> None:
    path = f"/stay/{lived.token}/doors/{lived.door.id}/unlock"
    visitor.post(path, htmx=htmx)

    visitor.post(path, htmx=htmx)

    assert session.scalar(select(func.count(UnlockRequest.id))) == 1


@SQLITE
def test_no_unlock_is_offered_where_the_lock_does_not_open_from_afar(
    session: Session, lived: Lived, visitor: Visitor
) -> None:
    unlock = f'action="/stay/{lived.token}/doors/{lived.door.id}/unlock"'
    before = visitor.get(f"/stay/{lived.token}").text
    session.execute(update(Door).values(opens_remotely=False))
    session.commit()

    after = visitor.get(f"/stay/{lived.token}").text

    assert unlock in before
    assert unlock not in after


@SQLITE
def test_the_state_of_an_unlock_is_a_part_for_htmx_and_the_stay_for_a_page(
    lived: Lived, visitor: Visitor
) -> None:
    path = f"/stay/{lived.token}/doors/{lived.door.id}/unlock"

    page, part = visitor.get(path), visitor.get(path, htmx=True)

    assert (page.status_code, page.headers["Location"]) == (302, f"/stay/{lived.token}")
    assert part.text.strip().startswith(f'<div id="unlock-{lived.door.id}"')


@SQLITE
def test_a_door_that_is_not_theirs_stays_shut(
    session: Session, lived: Lived, visitor: Visitor
) -> None:
    other = session.scalars(select(Door.id).filter_by(room_id=lived.bob.room_id)).one()
    path = f"/stay/{lived.token}/doors/{other}/unlock"
    before = everything(session)

    page, part = visitor.post(path), visitor.post(path, htmx=True)

    assert (page.status_code, part.status_code) == (303, 404)
    assert "does not open for you now" in visitor.get(f"/stay/{lived.token}").text
    assert everything(session) == before
