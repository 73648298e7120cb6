"""The board of arrivals and the page with all evidence: as pages, for htmx, and by role."""

from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.models import AccessCode, CodeState, Door, Effect, Message, MessageState, OutboxEntry, Role
from app.seals import Seals
from app.services.messages import Event
from tests.factories import make_host, make_house, make_reservation, make_room
from tests.web.harbour import Harbour, arrives
from tests.web.houses import now
from tests.web.test_dashboard import BOTH_WAYS, ids, statements
from tests.web.visitor import Visitor


def room_code(session: Session, harbour: Harbour) -> AccessCode:
    own = (Door.room_id == harbour.stay.room_id) & (AccessCode.guest_id == harbour.guest.id)
    return session.scalars(select(AccessCode).join(Door).where(own)).one()


def fail_code(session: Session, harbour: Harbour) -> AccessCode:
    code = room_code(session, harbour)
    code.state, code.fault = CodeState.FAILED, "The lock is full."
    session.commit()
    return code


def fail_message(session: Session, harbour: Harbour) -> None:
    for message in session.scalars(select(Message).filter_by(guest_id=harbour.guest.id)):
        message.state = MessageState.FAILED
    session.commit()


def links(session: Session) -> int:
    return session.scalar(select(func.count(Message.id)).filter_by(template=Event.STAY_LINK)) or 0


def test_a_calm_day_says_so_in_one_line(harbour: Harbour, host: Visitor) -> None:
    page = host.get("/admin/").text

    assert "The one arrival of today and tomorrow will work." in page
    assert "tonight-red" not in page
    assert "Nothing needs you" in page


def test_nobody_arriving_is_said(app: Flask, session: Session) -> None:
    house = make_house(session, "Empty House")
    one = Visitor(app)
    one.sign_in(make_host(session, house))
    assert "Nobody arrives today or tomorrow." in one.get("/admin/").text


def test_every_fault_has_its_sentence_and_its_button_and_is_told_once(
    session: Session, harbour: Harbour, host: Visitor
) -> None:
    code = fail_code(session, harbour)
    fail_message(session, harbour)
    door = session.get_one(Door, code.door_id)
    door.gateway_online, door.battery_percent = False, 7
    session.commit()

    page = host.get("/admin/").text

    for says in (
        "1 of 1 arrivals of today and tomorrow will not work as things are",
        "The code is not on Room 1. The lock is full.",
        "The gateway of Room 1 is offline: no code can get to its lock.",
        "The battery of Room 1 is at 7 %.",
        "The message with the link did not arrive.",
        f'hx-post="/admin/tonight/codes/{code.id}"',
        'hx-post="/admin/tonight/doors"',
        f'hx-post="/admin/tonight/{harbour.stay.id}/link"',
    ):
        assert says in page, says
    assert "Nothing else needs you" in page
    assert page.count("at 7 %") == 1


@BOTH_WAYS
def test_lock_of_another_time_zone_is_told_of_on_the_board_and_looked_at_again(
    session: Session, harbour: Harbour, host: Visitor, htmx: bool
) -> None:
    door = session.scalars(select(Door).filter_by(room_id=harbour.stay.room_id)).one()
    door.utc_offset_minutes = 480
    session.commit()
    page = host.get("/admin/").text
    assert page.count("The lock of Room 1 is set to another time zone.") == 1
    assert f'hx-post="/admin/tonight/doors/{door.id}/zone"' in page
    assert "Nothing else needs you" in page

    answer = host.post(f"/admin/tonight/doors/{door.id}/zone", htmx=htmx)

    assert answer.status_code == (200 if htmx else 303)
    ordered = select(OutboxEntry).filter_by(kind=Effect.SYNC_DOOR, subject_id=door.id)
    assert session.scalars(ordered).one().due_at <= now()


def test_one_fault_at_several_arrivals_has_one_button(
    session: Session, seals: Seals, harbour: Harbour, host: Visitor
) -> None:
    arrives(session, seals, harbour.house, 2)
    front = session.scalars(
        select(Door).filter_by(property_id=harbour.house.id, room_id=None)
    ).one()
    front.battery_percent = 4
    session.commit()

    page = host.get("/admin/").text

    assert page.count("The battery of Front door is at 4 %.") == 2
    assert page.count("Changed: ask the lock") == 1


def test_the_board_asks_for_itself_and_is_no_page(harbour: Harbour, host: Visitor) -> None:
    page, piece = host.get("/admin/tonight/board"), host.get("/admin/tonight/board", htmx=True)

    assert (page.status_code, page.headers["Location"]) == (302, "/admin/")
    assert ids(piece.text) == ["tonight"]
    assert 'hx-get="/admin/tonight/board" hx-trigger="every 30s"' in piece.text


def test_all_evidence_as_a_page_and_as_a_part(harbour: Harbour, host: Visitor) -> None:
    page, piece = host.get("/admin/tonight").text, host.get("/admin/tonight", htmx=True).text

    assert page.startswith("<!doctype html>")
    assert ids(piece) == ["readiness"]
    for label in ("Whose stay it is", "Code on Front door", "Gateway of Room 1", "Delivered, sent"):
        assert label in page
        assert label in piece


@BOTH_WAYS
@pytest.mark.parametrize("back", ["tonight", "readiness"])
def test_retry_of_a_code_from_where_it_was_pressed(
    session: Session, harbour: Harbour, host: Visitor, htmx: bool, back: str
) -> None:
    code = fail_code(session, harbour)

    answer = host.post(f"/admin/tonight/codes/{code.id}", {"back": back}, htmx=htmx)

    session.refresh(code)
    assert code.state == CodeState.WANTED
    if htmx:
        assert (answer.status_code, ids(answer.text)) == (200, [back])
        assert "We are trying again now." in answer.text
        assert 'hx-trigger="every 4s"' in answer.text
    else:
        path = "/admin/" if back == "tonight" else "/admin/tonight"
        assert (answer.status_code, answer.headers["Location"]) == (303, path)
        assert "We are trying again now." in host.get(path).text


@BOTH_WAYS
def test_the_link_is_sent_again_once_a_minute(
    session: Session, harbour: Harbour, host: Visitor, htmx: bool
) -> None:
    fail_message(session, harbour)
    path = f"/admin/tonight/{harbour.stay.id}/link"

    first, second = (host.post(path, htmx=htmx) for _ in range(2))

    assert links(session) == 2
    assert first.status_code == (200 if htmx else 303)
    assert second.status_code == (422 if htmx else 303)
    said = second.text if htmx else host.get("/admin/").text
    assert "less than a minute ago" in said


@BOTH_WAYS
def test_locks_are_asked_once_a_minute_without_waiting_for_them(
    harbour: Harbour, host: Visitor, htmx: bool
) -> None:
    first = host.post("/admin/tonight/doors", htmx=htmx)
    said = first.text if htmx else host.get("/admin/").text
    second = host.post("/admin/tonight/doors", htmx=htmx)
    again = second.text if htmx else host.get("/admin/").text

    assert first.status_code == second.status_code == (200 if htmx else 303)
    assert "Asked. What the locks say" in said
    assert "Asked less than a minute ago" in again


def test_a_press_in_the_row_brings_the_board_along(
    session: Session, seals: Seals, harbour: Harbour, host: Visitor
) -> None:
    stay = make_reservation(
        session, harbour.house, 2, seals=seals, reference="HMWALK2222",
        arrival=harbour.stay.arrival, now=now(),
    )  # fmt: skip
    session.commit()
    answer = host.post(f"/admin/reservations/{stay.id}/check-in", htmx=True)

    assert "tonight" in ids(answer.text)
    assert answer.text.count('id="tonight"') == 1


def test_a_viewer_sees_what_is_wrong_and_has_no_buttons(
    session: Session, harbour: Harbour, come: Callable[[Role], Visitor]
) -> None:
    fail_code(session, harbour)
    viewer = come(Role.VIEWER)

    for path in ("/admin/", "/admin/tonight"):
        page = viewer.get(path).text
        assert "The code is not on Room 1." in page
        assert "/admin/tonight/codes" not in page


def test_a_cleaner_sees_what_is_wrong_and_nobodys_name(
    session: Session, harbour: Harbour, come: Callable[[Role], Visitor]
) -> None:
    fail_code(session, harbour)
    page = come(Role.CLEANER).get("/admin/").text

    assert "The code is not on Room 1." in page
    assert "Carol" not in page
    assert "HMCAROL" not in page
    assert 'href="/admin/tonight"' not in page


def test_statements_do_not_grow_with_the_arrivals(
    app: Flask, session: Session, seals: Seals
) -> None:
    paths = ("/admin/", "/admin/tonight")
    counts: list[list[int]] = []
    for arrivals in (2, 60):
        house = make_house(session, f"House of {arrivals}")
        for number in range(1, arrivals + 1):
            if number > 3:
                make_room(session, house, number)
            arrives(session, seals, house, number)
        for door in session.scalars(select(Door).filter_by(property_id=house.id)):
            door.battery_percent = 5
        session.commit()
        one = Visitor(app)
        one.sign_in(make_host(session, house))
        counts.append([])
        for path in paths:
            with statements() as seen:
                assert one.get(path).status_code == 200
            counts[-1].append(len(seen))

    assert counts[0] == counts[1]
    assert counts[0][1] < 12
