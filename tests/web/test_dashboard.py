"""The dashboard: each route as a page, and for htmx."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import time, timedelta

import pytest
from flask import Flask
from sqlalchemy import event, func, select
from sqlalchemy.orm import Session

from app.db import db
from app.models import (
    AccessCode,
    CodeState,
    Door,
    Effect,
    Feed,
    HistoryEntry,
    OutboxEntry,
    Property,
    Reservation,
    Role,
    Status,
    UnlockRequest,
)
from app.seals import Seals
from tests.factories import BOB, make_host, make_house, make_reservation, make_room
from tests.web.houses import Lived, now
from tests.web.visitor import Elements, Visitor, everything, value_of

SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
BOTH_WAYS = pytest.mark.parametrize("htmx", [False, True])


@pytest.fixture
def unknown(session: Session, seals: Seals, lived: Lived) -> Reservation:
    """A stay in room 3 that nobody has named, come today."""
    stay = make_reservation(
        session, lived.house, 3, seals=seals, reference=None, phone_ending=None,
        arrival=lived.bob.arrival, now=now(),
    )  # fmt: skip
    session.commit()
    return stay


def path_of(stay: Reservation, noun: str = "") -> str:
    return f"/admin/reservations/{stay.id}{noun and '/'}{noun}"


def ids(page: str) -> list[str | None]:
    return [attrs.get("id") for _tag, attrs in Elements(page).roots]


def rows(page: str) -> set[str]:
    """Return the rows of the board that a page has."""
    found = [attrs.get("id") or "" for _tag, attrs in Elements(page).all]
    return {one for one in found if one.startswith("reservation-row-")}


def row(stay: Reservation) -> str:
    return f"reservation-row-{stay.id}"


def entries(session: Session, what: str) -> int:
    wanted = select(func.count(HistoryEntry.id)).where(HistoryEntry.what == what)
    return session.scalar(wanted) or 0


@contextmanager
def statements() -> Iterator[list[str]]:
    """Collect each SQL statement sent meanwhile."""
    seen: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        seen.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    yield seen
    event.remove(db.engine, "before_cursor_execute", note)


def test_the_day_shows_who_comes_and_who_is_there(lived: Lived, staff: Visitor) -> None:
    page = staff.get("/admin/").text

    assert {row(lived.alice), row(lived.bob)} <= rows(page)
    assert "Alice Moore" in page
    assert "Bob Stone" in page


@SQLITE
def test_the_day_asked_for_by_htmx_is_the_day(lived: Lived, staff: Visitor) -> None:
    assert rows(staff.get("/admin/", htmx=True).text) == rows(staff.get("/admin/").text)


def test_check_in_by_htmx_swaps_the_row_and_the_counters_beside_it(
    session: Session, lived: Lived, staff: Visitor
) -> None:
    answer = staff.post(path_of(lived.bob, "check-in"), htmx=True)

    assert answer.status_code == 200
    assert ids(answer.text)[:3] == [row(lived.bob), "counters", "attention"]
    roots = dict(Elements(answer.text).roots)
    assert "hx-swap-oob" not in roots["tr"]
    assert roots["dl"]["hx-swap-oob"] == roots["section"]["hx-swap-oob"] == "true"
    assert path_of(lived.bob, "check-in/undo") in answer.text
    session.refresh(lived.bob)
    assert lived.bob.guest_id is not None


def test_check_in_as_a_page_goes_to_the_reservation(
    session: Session, lived: Lived, staff: Visitor
) -> None:
    answer = staff.post(path_of(lived.bob, "check-in"))

    assert (answer.status_code, answer.headers["Location"]) == (303, path_of(lived.bob))
    session.refresh(lived.bob)
    assert lived.bob.guest_id is not None


@SQLITE
def test_the_counters_beside_the_row_count_it(lived: Lived, staff: Visitor) -> None:
    def arrived(page: str) -> str:
        return page.split("<dt>arrived</dt>")[1].split("</dd>")[0].rpartition(">")[2]

    before = arrived(staff.get("/admin/").text)

    after = arrived(staff.post(path_of(lived.bob, "check-in"), htmx=True).text)

    assert (before, after) == ("0", "1")


@SQLITE
@BOTH_WAYS
def test_pressing_check_in_twice_checks_in_once(
    session: Session, lived: Lived, staff: Visitor, htmx: bool
) -> None:
    staff.post(path_of(lived.bob, "check-in"), htmx=htmx)
    codes = session.scalar(select(func.count(AccessCode.id)))

    staff.post(path_of(lived.bob, "check-in"), htmx=htmx)

    assert session.scalar(select(func.count(AccessCode.id))) == codes


@BOTH_WAYS
def test_undo_takes_the_check_in_back(
    session: Session, lived: Lived, staff: Visitor, htmx: bool
) -> None:
    staff.post(path_of(lived.bob, "check-in"), htmx=htmx)

    answer = staff.post(path_of(lived.bob, "check-in/undo"), htmx=htmx)

    session.refresh(lived.bob)
    assert lived.bob.guest_id is None
    if htmx:
        assert ids(answer.text)[:2] == [row(lived.bob), "counters"]
        assert "Undo" not in answer.text
    else:
        assert answer.headers["Location"] == path_of(lived.bob)


@SQLITE
def test_undo_of_what_the_guest_did_is_refused_in_the_row(
    session: Session, lived: Lived, staff: Visitor
) -> None:
    answer = staff.post(path_of(lived.alice, "check-in/undo"), htmx=True)

    assert answer.status_code == 422
    assert 'role="alert"' in answer.text
    session.refresh(lived.alice)
    assert lived.alice.guest_id is not None


@SQLITE
def test_a_refusal_as_a_page_is_said_on_the_page_that_follows(lived: Lived, staff: Visitor) -> None:
    answer = staff.post(path_of(lived.alice, "check-in/undo"))

    assert answer.status_code == 303
    assert "flash-line is-bad" in staff.get(answer.headers["Location"]).text


@pytest.mark.parametrize("noun", ["guest", "check-in"])
@pytest.mark.parametrize("typed", ["??", "a", "no, he said"])
@SQLITE
def test_a_bad_reference_by_htmx_is_422_and_keeps_what_was_typed(
    session: Session, unknown: Reservation, staff: Visitor, noun: str, typed: str
) -> None:
    form = {"reference": typed, "full_name": 'Wanda "W" <Walker>'}

    answer = staff.post(path_of(unknown, noun), form, htmx=True)

    assert answer.status_code == 422
    assert value_of(answer.text, "reference") == typed
    assert value_of(answer.text, "full_name") == 'Wanda "W" <Walker>'
    assert 'aria-invalid="true"' in answer.text
    session.refresh(unknown)
    assert unknown.reference is None


@SQLITE
@pytest.mark.parametrize("typed", ["??", "a", "no, he said"])
def test_a_bad_reference_as_a_page_is_422_and_keeps_what_was_typed(
    unknown: Reservation, staff: Visitor, typed: str
) -> None:
    answer = staff.post(path_of(unknown, "guest"), {"reference": typed, "full_name": "Wanda"})

    assert answer.status_code == 422
    assert value_of(answer.text, "reference") == typed
    assert value_of(answer.text, "full_name") == "Wanda"


@BOTH_WAYS
def test_identify_writes_reference_and_name(
    session: Session, unknown: Reservation, staff: Visitor, htmx: bool
) -> None:
    form = {"reference": "hm wanda 777", "full_name": "Wanda Walker"}

    answer = staff.post(path_of(unknown, "guest"), form, htmx=htmx)

    assert answer.status_code == (200 if htmx else 303)
    session.refresh(unknown)
    assert (unknown.reference, unknown.name) == ("HMWANDA777", "Wanda Walker")


@SQLITE
def test_identify_without_a_reference_asks_for_it(unknown: Reservation, staff: Visitor) -> None:
    answer = staff.post(path_of(unknown, "guest"), {"full_name": "Wanda"}, htmx=True)

    assert answer.status_code == 422
    assert value_of(answer.text, "full_name") == "Wanda"


@pytest.mark.parametrize("words", ["bob", "STONE", " bob  stone ", BOB, "5100", "5100 200", "2"])
@SQLITE
@BOTH_WAYS
def test_search_finds_by_name_reference_or_room(
    lived: Lived, staff: Visitor, words: str, htmx: bool
) -> None:
    answer = staff.get("/admin/", query_string={"q": words}, htmx=htmx)

    assert rows(answer.text) == {row(lived.bob)}


@SQLITE
@pytest.mark.parametrize("words", ["nobody", "%", "_", "\\", "'", "0", "'; DROP TABLE host; --"])
def test_search_for_what_is_not_there_finds_nothing(
    lived: Lived, staff: Visitor, words: str
) -> None:
    answer = staff.get("/admin/", query_string={"q": words})

    assert (answer.status_code, rows(answer.text)) == (200, set())
    assert value_of(answer.text, "q") == words


@pytest.mark.parametrize("words", ["²", "٣", "9999", "x" * 500, "\x00"])
def test_search_for_odd_words_is_answered(lived: Lived, staff: Visitor, words: str) -> None:
    assert staff.get("/admin/", query_string={"q": words}).status_code == 200


@pytest.mark.parametrize("part", ["row", "attention"])
def test_parts_ask_for_themselves_and_are_no_pages(lived: Lived, staff: Visitor, part: str) -> None:
    path = path_of(lived.bob, "row") if part == "row" else "/admin/attention"

    page, piece = staff.get(path), staff.get(path, htmx=True)

    assert (page.status_code, page.headers["Location"]) == (302, "/admin/")
    assert ids(piece.text)[0] == (row(lived.bob) if part == "row" else "attention")


@BOTH_WAYS
def test_cancellation_ends_the_stay_and_its_codes(
    session: Session, lived: Lived, staff: Visitor, htmx: bool
) -> None:
    answer = staff.post(path_of(lived.alice, "cancellation"), htmx=htmx)

    assert (answer.status_code, answer.headers["Location"]) == (303, path_of(lived.alice))
    session.refresh(lived.alice)
    assert lived.alice.status == Status.CANCELLED
    states = set(session.scalars(select(AccessCode.state).filter_by(guest_id=lived.guest.id)))
    assert states <= {CodeState.UNWANTED, CodeState.GONE}


@SQLITE
def test_cancelling_twice_is_422_and_changes_nothing(
    session: Session, lived: Lived, staff: Visitor
) -> None:
    staff.post(path_of(lived.alice, "cancellation"))
    before = everything(session)

    answer = staff.post(path_of(lived.alice, "cancellation"))

    assert answer.status_code == 422
    assert everything(session) == before


@BOTH_WAYS
def test_times_move_the_windows_of_the_codes(
    session: Session, lived: Lived, staff: Visitor, htmx: bool
) -> None:
    ended = lived.code.valid_until

    answer = staff.post(path_of(lived.alice, "times"), {"late_check_out": "13:30"}, htmx=htmx)

    assert answer.status_code == 303
    session.refresh(lived.alice)
    session.refresh(lived.code)
    assert lived.alice.late_check_out == time(13, 30)
    assert lived.code.valid_until - ended == timedelta(hours=2, minutes=30)


@SQLITE
@pytest.mark.parametrize("typed", ["soon", "25:00", "12"])
def test_times_that_are_none_are_422_and_stay_in_the_form(
    session: Session, lived: Lived, staff: Visitor, typed: str
) -> None:
    answer = staff.post(path_of(lived.alice, "times"), {"late_check_out": typed})

    assert answer.status_code == 422
    assert value_of(answer.text, "late_check_out") == typed
    session.refresh(lived.alice)
    assert lived.alice.late_check_out is None


@BOTH_WAYS
def test_reveal_shows_the_digits_and_writes_who_saw_them(
    session: Session, seals: Seals, lived: Lived, staff: Visitor, htmx: bool
) -> None:
    digits = seals.unseal(lived.code.sealed_digits)

    answer = staff.post(f"/admin/codes/{lived.code.id}/reveal", htmx=htmx)

    assert digits in answer.text
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.text.startswith("<!doctype html>") is not htmx
    entry = session.scalars(select(HistoryEntry).filter_by(what="code-shown")).one()
    assert entry.actor.startswith("host:")
    assert (entry.subject, entry.subject_id) == ("access_code", lived.code.id)
    assert digits not in repr((entry.before, entry.after, entry.why))


@SQLITE
def test_digits_are_hidden_until_they_are_asked_for(
    seals: Seals, lived: Lived, staff: Visitor
) -> None:
    digits = seals.unseal(lived.code.sealed_digits)
    staff.post(f"/admin/codes/{lived.code.id}/reveal")

    pages = [staff.get(path).text for path in ("/admin/", path_of(lived.alice), "/admin/doors")]

    assert not any(digits in page for page in pages)


@SQLITE
@BOTH_WAYS
def test_retry_of_a_code_goes_back_to_the_day(lived: Lived, staff: Visitor, htmx: bool) -> None:
    answer = staff.post(f"/admin/codes/{lived.code.id}/retry", htmx=htmx)

    assert (answer.status_code, answer.headers["Location"]) == (303, "/admin/")


@SQLITE
@BOTH_WAYS
def test_the_link_is_sent_again_and_said_so(lived: Lived, staff: Visitor, htmx: bool) -> None:
    answer = staff.post(path_of(lived.alice, "link"), htmx=htmx)

    assert answer.status_code == 303
    assert "The link is on its way." in staff.get(answer.headers["Location"]).text


@SQLITE
def test_no_link_goes_to_a_guest_who_has_not_checked_in(lived: Lived, staff: Visitor) -> None:
    assert staff.post(path_of(lived.bob, "link")).status_code == 422


@BOTH_WAYS
def test_really_gone_is_taken_down_for_the_next_reading(
    session: Session, lived: Lived, staff: Visitor, htmx: bool
) -> None:
    lived.feed.hold = "Four stays vanished at once."
    lived.feed.fingerprint = "as it was"
    session.commit()
    assert "They are really gone" in staff.get("/admin/feeds", htmx=htmx).text

    answer = staff.post(f"/admin/feeds/{lived.feed.id}/loss", htmx=htmx)

    assert (answer.status_code, answer.headers["Location"]) == (303, "/admin/feeds")
    assert session.scalar(select(Feed.fingerprint)) is None
    assert entries(session, "loss-accepted") == 1


@SQLITE
def test_a_feed_that_holds_nothing_back_offers_no_button(lived: Lived, staff: Visitor) -> None:
    assert "They are really gone" not in staff.get("/admin/feeds").text


@BOTH_WAYS
def test_doors_lists_each_door_with_its_button(
    session: Session, lived: Lived, staff: Visitor, htmx: bool
) -> None:
    page = staff.get("/admin/doors", htmx=htmx).text

    for door_id in session.scalars(select(Door.id)):
        assert f'id="unlock-{door_id}"' in page


@SQLITE
def test_a_viewer_sees_doors_without_buttons(
    lived: Lived, sign_in: Callable[[Role], Visitor]
) -> None:
    page = sign_in(Role.VIEWER).get("/admin/doors").text

    assert "Front door" in page
    assert "/unlock" not in page


@BOTH_WAYS
def test_a_host_opens_a_door_from_afar(
    session: Session, lived: Lived, staff: Visitor, htmx: bool
) -> None:
    answer = staff.post(f"/admin/doors/{lived.door.id}/unlock", htmx=htmx)

    assert session.scalars(select(UnlockRequest)).one().door_id == lived.door.id
    if htmx:
        assert ids(answer.text) == [f"unlock-{lived.door.id}"]
    else:
        assert (answer.status_code, answer.headers["Location"]) == (303, "/admin/doors")


@SQLITE
def test_lock_of_another_time_zone_is_told_of_and_looked_at_again(
    session: Session, lived: Lived, staff: Visitor
) -> None:
    lived.door.utc_offset_minutes = 480
    lived.door.sync_due_at = now() + timedelta(hours=5)
    page = staff.get("/admin/").text
    assert "is set to another time zone" in page
    assert "set to UTC+8, this house to UTC or UTC+1" in page

    answer = staff.post(f"/admin/tonight/doors/{lived.door.id}/zone")

    assert (answer.status_code, answer.location) == (303, "/admin/")
    ordered = select(OutboxEntry).filter_by(kind=Effect.SYNC_DOOR, subject_id=lived.door.id)
    assert session.scalars(ordered).one().due_at <= now()


@pytest.mark.parametrize("noun", ["", "row"])
def test_a_reservation_that_never_was_is_404(lived: Lived, staff: Visitor, noun: str) -> None:
    path = f"/admin/reservations/999{noun and '/'}{noun}"

    assert staff.get(path, htmx=bool(noun)).status_code == 404


@pytest.mark.parametrize("number", [2**31, 2**63, 10**30])
def test_a_number_too_large_for_the_database_is_404(
    lived: Lived, staff: Visitor, number: int
) -> None:
    pages = [
        staff.get(f"/admin/reservations/{number}"),
        staff.post(f"/admin/codes/{number}/reveal"),
        staff.post(f"/admin/feeds/{number}/loss"),
        staff.post(f"/admin/doors/{number}/unlock"),
    ]

    assert {page.status_code for page in pages} == {404}


@SQLITE
def test_what_sources_say_is_text_on_every_page(
    session: Session, seals: Seals, lived: Lived, staff: Visitor
) -> None:
    marker = '"><img src=x onerror=alert(1)>'
    stay = make_reservation(
        session, lived.house, 3, seals=seals, reference="HMEVIL0001", name=marker,
        arrival=lived.bob.arrival, now=now(),
    )  # fmt: skip

    session.commit()
    pages = [
        staff.get("/admin/").text,
        staff.get("/admin/", query_string={"q": marker}).text,
        staff.get(path_of(stay)).text,
        staff.post(path_of(stay, "check-in"), htmx=True).text,
    ]

    assert not any("<img" in page for page in pages)
    assert "&lt;img" in pages[0]


def _fill(session: Session, seals: Seals, house: Property, stays: int) -> None:
    at = now()
    for number in range(1, stays + 1):
        if number > 3:
            make_room(session, house, number)
        make_reservation(
            session, house, number, seals=seals, reference=f"HMMANY{number:04}",
            name=f"Guest {number}", arrival=at.date(), now=at,
        )  # fmt: skip
    session.commit()


def test_the_number_of_statements_does_not_grow_with_the_stays(
    app: Flask, session: Session, seals: Seals
) -> None:
    paths = ("/admin/", "/admin/?q=guest", "/admin/doors", "/admin/feeds")
    counts: list[list[int]] = []
    for stays in (3, 30):
        house = make_house(session, f"House of {stays}")
        _fill(session, seals, house, stays)
        host = Visitor(app)
        host.sign_in(make_host(session, house))
        for reservation_id in session.scalars(
            select(Reservation.id).filter_by(property_id=house.id)
        ).all():
            answer = host.post(f"/admin/reservations/{reservation_id}/check-in", htmx=True)
            assert answer.status_code == 200
        counts.append([])
        for path in paths:
            with statements() as seen:
                assert host.get(path).status_code == 200
            counts[-1].append(len(seen))

    assert counts[0] == counts[1]
    assert max(counts[0]) < 28
