"""The pages of exports: each route as a page, and for htmx."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from io import BytesIO

import pytest
from sqlalchemy import event, select
from sqlalchemy.orm import Session
from werkzeug.datastructures import FileStorage
from werkzeug.test import TestResponse, encode_multipart

from app.db import db
from app.domain.exports.content import MOST_BYTES
from app.models import ExportFile, ExportState, HistoryEntry, Reservation, Role, Room, UnitType
from app.services.export_files import forget_rows
from tests.domain.exports.files import csv_of, xlsx_of
from tests.support.export_desk import HEADINGS, SAMPLES
from tests.web.houses import Lived, now
from tests.web.visitor import Elements, Visitor, everything

BOTH_WAYS = pytest.mark.parametrize("htmx", [False, True])
DOUBLE, SINGLE = "Double Room", "Single Room"
DORA, EVE = "5100200401", "5100200402"
EXPORTS = "/admin/exports"

Row = Sequence[str | int | None]


@pytest.fixture(autouse=True)
def named(session: Session, lived: Lived) -> None:
    """Rooms 1 and 2 are doubles, room 3 is the only single."""
    for number, name in ((1, DOUBLE), (2, DOUBLE), (3, SINGLE)):
        wanted = select(Room).filter_by(property_id=lived.house.id, number=number)
        session.add(UnitType(room_id=session.scalars(wanted).one().id, name=name))
    session.commit()


def row(
    reference: str = DORA,
    unit: str = SINGLE,
    after: int = 10,
    *,
    name: str = "Dora Fox",
    status: str = "ok",
) -> Row:
    """One booking of two nights, so many days ahead."""
    first = now().date() + timedelta(days=after)
    last = first + timedelta(days=2)
    return reference, name, f"{first}", f"{last}", None, status, 1, unit, None


def send(visitor: Visitor, data: bytes, name: str = "list.csv") -> TestResponse:
    """Upload a file, as a browser does."""
    visitor.get("/admin/settings")
    form = {"file": FileStorage(BytesIO(data), name), "csrf_token": visitor.token}
    # Encoded here: the client would leave a large body in a file that it never closes.
    boundary, body = encode_multipart(form)
    kind = f"multipart/form-data; boundary={boundary}"
    return visitor.send("POST", EXPORTS, htmx=False, data=body, content_type=kind)


def upload(visitor: Visitor, *rows: Row) -> str:
    """Upload a list; return the address of its page."""
    answer = send(visitor, csv_of(HEADINGS, *rows))
    assert answer.status_code == 303
    return answer.headers["Location"]


def seen(page: str) -> str:
    found = [attrs for tag, attrs in Elements(page).all if tag == "input"]
    return next(attrs["value"] or "" for attrs in found if attrs.get("name") == "seen")


def apply(visitor: Visitor, path: str) -> TestResponse:
    return visitor.post(f"{path}/application", {"seen": seen(visitor.get(path).text)})


def file_of(session: Session, path: str) -> ExportFile:
    session.expire_all()
    return session.get_one(ExportFile, int(path.rpartition("/")[2]))


def borne(session: Session, reference: str = DORA) -> list[Reservation]:
    session.expire_all()
    return list(session.scalars(select(Reservation).filter_by(reference=reference)))


def ids(page: str) -> list[str | None]:
    return [attrs.get("id") for _tag, attrs in Elements(page).roots]


def checked(page: str) -> set[str | None]:
    """Return the rooms that are chosen in a page's forms."""
    found = [attrs for tag, attrs in Elements(page).all if tag == "input"]
    return {one["value"] for one in found if one.get("name") == "room" and "checked" in one}


# The list, and uploading.


@BOTH_WAYS
def test_list_shows_the_files_and_asks_for_another(staff: Visitor, htmx: bool) -> None:
    path = upload(staff, row())

    page = staff.get(EXPORTS, htmx=htmx).text

    assert f'href="{path}"' in page
    assert "not applied yet" in page
    assert 'type="file"' in page


def test_who_only_looks_is_not_asked_for_a_file(
    sign_in: Callable[[Role], Visitor], staff: Visitor
) -> None:
    path = upload(staff, row(), row(EVE, "Attic"))
    viewer = sign_in(Role.VIEWER)

    assert 'type="file"' not in viewer.get(EXPORTS).text
    page = viewer.get(path).text
    assert "Dora Fox" in page
    assert f"{path}/" not in page


@pytest.mark.parametrize("ending", ["csv", "xls", "xlsx"])
def test_file_is_uploaded_and_looked_at(session: Session, staff: Visitor, ending: str) -> None:
    name = f"booking-reservations-check-in.{ending}"
    answer = send(staff, (SAMPLES / name).read_bytes(), f"/home/sam/{name}")

    assert answer.status_code == 303
    assert file_of(session, answer.headers["Location"]).file_name == name
    assert "5100200307" in staff.get(answer.headers["Location"]).text


def test_uploading_changes_nothing_but_the_list(session: Session, staff: Visitor) -> None:
    before = everything(session)

    upload(staff, row())

    after = everything(session)
    assert {table for table in after if after[table] != before[table]} == {
        *("export_file", "history_entry"),
    }
    [entry] = session.scalars(select(HistoryEntry).filter_by(what="export-uploaded").offset(1))
    assert (entry.subject, entry.why) == ("export_file", "list.csv")


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "It is empty"),
        (b"a,b\r\n1,2\r\n", "Its headings are"),
        (b"<html><body>Sign in", "It is a web page"),
        (csv_of(HEADINGS), "no bookings"),
        (b"PK\x03\x04 broken", "damaged"),
        (xlsx_of([["x" * 10]] * 3), "headings"),
        (b"x" * (MOST_BYTES + 1), "larger than 5 MB"),
    ],
)
def test_file_that_cannot_be_read_is_422_with_what_to_do(
    session: Session, staff: Visitor, data: bytes, says: str
) -> None:
    before = everything(session)

    answer = send(staff, data, "my <list>.csv")

    assert answer.status_code == 422
    assert says in answer.text
    assert "my &lt;list&gt;.csv could not be read" in answer.text
    assert 'type="file"' in answer.text
    assert everything(session) == before


def test_file_far_too_large_is_422_before_it_is_read(session: Session, staff: Visitor) -> None:
    before = everything(session)

    answer = send(staff, b"x" * (2 * MOST_BYTES))

    assert answer.status_code == 422
    assert "larger than 5 MB" in answer.text
    assert everything(session) == before


def test_no_file_is_asked_for(staff: Visitor) -> None:
    answer = staff.post(EXPORTS, {})

    assert answer.status_code == 422
    assert "Choose the file" in answer.text


def test_upload_without_a_token_is_400_and_keeps_nothing(session: Session, staff: Visitor) -> None:
    before = everything(session)
    data = {"file": (BytesIO(csv_of(HEADINGS, row())), "list.csv")}

    answer = staff.send("POST", EXPORTS, htmx=False, data=data)

    assert answer.status_code == 400
    assert everything(session) == before


def test_upload_of_a_viewer_is_refused(
    session: Session, sign_in: Callable[[Role], Visitor]
) -> None:
    viewer = sign_in(Role.VIEWER)
    before = everything(session)

    assert send(viewer, csv_of(HEADINGS, row())).status_code == 403
    assert everything(session) == before


# The preview.


def test_preview_tells_every_change_in_plain_words(staff: Visitor) -> None:
    page = staff.get(upload(staff, row(), row(EVE, "Attic", 20))).text

    assert "1 new, 1 needs you" in page
    assert "new; no calendar shows it yet" in page
    assert "Which rooms are “Attic”?" in page
    assert "Apply 1 change" in page
    assert "1 row that needs you is left out" in page


def test_preview_by_htmx_is_the_plan_and_its_counts(staff: Visitor) -> None:
    page = staff.get(upload(staff, row()), htmx=True).text

    assert ids(page) == ["plan", "tally"]


def test_nothing_to_apply_cannot_be_pressed(staff: Visitor) -> None:
    page = staff.get(upload(staff, row(status="cancelled_by_guest"))).text

    [button] = [
        attrs for tag, attrs in Elements(page).all
        if tag == "button" and attrs.get("class") == "button" and "disabled" in attrs
    ]  # fmt: skip
    assert button
    assert "Nothing would change" in page


def test_the_same_file_is_said_before_anything_else(staff: Visitor) -> None:
    apply(staff, upload(staff, row()))

    page = staff.get(upload(staff, row())).text

    assert page.index("says just the same was applied") < page.index('id="tally"')


def test_older_file_is_said_before_anything_else(staff: Visitor) -> None:
    names = ("check-in", "old-headings-row-per-room")
    newer, older = (
        send(staff, (SAMPLES / f"booking-reservations-{name}.csv").read_bytes()) for name in names
    )
    assert "is older than" not in staff.get(older.headers["Location"]).text
    set_applied(newer.headers["Location"])

    page = staff.get(older.headers["Location"]).text

    assert page.index("is older than") < page.index('id="tally"')


def set_applied(path: str) -> None:
    file = db.session.get_one(ExportFile, int(path.rpartition("/")[2]))
    file.state, file.applied_at = ExportState.APPLIED, now()
    db.session.commit()


def test_what_a_stranger_wrote_is_shown_as_text(staff: Visitor) -> None:
    evil = '<script>alert(1)</script>"'
    page = staff.get(upload(staff, row(name=evil), row(EVE, evil))).text

    assert "<script>alert" not in page
    assert "&lt;script&gt;alert" in page


def test_lines_that_were_not_read_are_shown_with_the_reason(staff: Visitor) -> None:
    page = staff.get(upload(staff, row(), ("51E+8", "x", "", "", None, "ok", 1, "", None))).text

    assert "1 line could not be read" in page
    assert "Line 3" in page


# Choosing.


@BOTH_WAYS
def test_rooms_of_a_row_are_chosen_in_place(session: Session, staff: Visitor, htmx: bool) -> None:
    path = upload(staff, row(unit=DOUBLE))
    form = {"reference": DORA, "room": "2"}

    answer = staff.post(f"{path}/rooms", form, htmx=htmx)

    if htmx:
        assert (answer.status_code, ids(answer.text)) == (200, ["plan", "tally"])
        assert "Room 2" in answer.text
    else:
        assert answer.status_code == 303
        assert answer.headers["Location"] == f"{path}#row-{DORA}"
    assert file_of(session, path).picks == {DORA: [2]}
    apply(staff, path)
    assert [stay.room_id for stay in borne(session)] == [room_id(session, 2)]


def room_id(session: Session, number: int) -> int:
    return session.scalars(select(Room.id).filter_by(number=number)).first() or 0


@BOTH_WAYS
@pytest.mark.parametrize(
    ("rooms", "says"),
    [([], "Choose a room"), (["1", "2"], "Choose one room"), (["3"], "cannot be had")],
)
def test_choice_that_cannot_be_is_422_and_keeps_what_was_chosen(
    session: Session, staff: Visitor, htmx: bool, rooms: list[str], says: str
) -> None:
    path = upload(staff, row(unit=DOUBLE))

    answer = staff.post(f"{path}/rooms", {"reference": DORA, "room": rooms}, htmx=htmx)

    assert answer.status_code == 422
    assert says in answer.text
    assert checked(answer.text) == set(rooms) & {"1", "2"}
    assert file_of(session, path).picks == {}


@BOTH_WAYS
def test_chosen_rooms_can_be_chosen_again(session: Session, staff: Visitor, htmx: bool) -> None:
    path = upload(staff, row(unit=DOUBLE))
    staff.post(f"{path}/rooms", {"reference": DORA, "room": "2"})
    assert "Choose again" in staff.get(path).text

    answer = staff.post(f"{path}/rooms", {"reference": DORA, "again": "1"}, htmx=htmx)

    assert answer.status_code == (200 if htmx else 303)
    assert file_of(session, path).picks == {}
    assert "Which room?" in staff.get(path).text


@BOTH_WAYS
def test_row_is_left_out_and_taken_in_again(session: Session, staff: Visitor, htmx: bool) -> None:
    path = upload(staff, row(), row(EVE, after=20))

    answer = staff.post(f"{path}/rows", {"reference": DORA, "out": "1"}, htmx=htmx)
    assert answer.status_code == (200 if htmx else 303)
    page = staff.get(path).text
    assert "Apply 1 change" in page
    assert "Left out, as you wanted" in page

    staff.post(f"{path}/rows", {"reference": DORA}, htmx=htmx)
    assert "Apply 2 changes" in staff.get(path).text
    assert file_of(session, path).picks == {}


@BOTH_WAYS
def test_name_of_rooms_is_told_and_remembered(session: Session, staff: Visitor, htmx: bool) -> None:
    path = upload(staff, row(unit="Attic"), row(EVE, "Attic", 20))

    answer = staff.post(f"{path}/names", {"key": "name-1", "room": "3"}, htmx=htmx)

    assert answer.status_code == (200 if htmx else 303)
    assert "2 new" in staff.get(path).text
    assert "Which rooms are" not in staff.get(upload(staff, row(unit="ATTIC"))).text
    [name] = session.scalars(select(UnitType).filter_by(name="Attic"))
    assert name.told_at is not None


@BOTH_WAYS
def test_name_without_rooms_is_asked_for_again(staff: Visitor, htmx: bool) -> None:
    path = upload(staff, row(unit="Attic"))

    answer = staff.post(f"{path}/names", {"key": "name-1"}, htmx=htmx)

    assert answer.status_code == 422
    assert "Choose the rooms that are meant" in answer.text


# Applying, and taking back.


@BOTH_WAYS
def test_apply_changes_what_was_shown_and_reports_it(
    session: Session, staff: Visitor, htmx: bool
) -> None:
    path = upload(staff, row(), row(EVE, "Attic"))
    form = {"seen": seen(staff.get(path).text)}

    answer = staff.post(f"{path}/application", form, htmx=htmx)

    assert (answer.status_code, answer.headers["Location"]) == (303, path)
    [stay] = borne(session)
    page = staff.get(path, htmx=htmx).text
    assert "What was changed" in page
    assert "Left out: these needed you" in page
    assert "Undo all of it" in page
    assert f"/admin/reservations/{stay.id}" in page
    assert "applied" in staff.get(EXPORTS).text


@BOTH_WAYS
def test_apply_of_what_is_no_longer_so_changes_nothing_and_says_so(
    session: Session, staff: Visitor, htmx: bool
) -> None:
    path = upload(staff, row())
    old = seen(staff.get(path).text)
    apply(staff, upload(staff, row()))
    before = everything(session)

    answer = staff.post(f"{path}/application", {"seen": old}, htmx=htmx)

    assert answer.status_code == 422
    assert everything(session) == before
    page = staff.post(f"{path}/application", {"seen": old}).text
    assert "nothing was applied" in page
    assert "Nothing would change" in page


def test_pressing_apply_twice_applies_once(session: Session, staff: Visitor) -> None:
    path = upload(staff, row())
    form = {"seen": seen(staff.get(path).text)}
    staff.post(f"{path}/application", form)
    before = everything(session)

    answer = staff.post(f"{path}/application", form)

    assert answer.status_code == 422
    assert "applied or discarded already" in answer.text
    assert "What was changed" in answer.text
    assert everything(session) == before


@BOTH_WAYS
def test_undo_takes_all_of_it_back(session: Session, staff: Visitor, htmx: bool) -> None:
    path = upload(staff, row())
    apply(staff, path)

    answer = staff.post(f"{path}/undo", htmx=htmx)

    assert (answer.status_code, answer.headers["Location"]) == (303, path)
    assert file_of(session, path).state == ExportState.UNDONE
    assert borne(session) == []
    page = staff.get(path).text
    assert "All of this was taken back" in page
    assert "Undo all of it" not in page


@BOTH_WAYS
def test_undo_of_what_has_changed_since_is_refused(
    session: Session, staff: Visitor, htmx: bool
) -> None:
    path = upload(staff, row(after=0))
    apply(staff, path)
    [stay] = borne(session)
    staff.post(f"/admin/reservations/{stay.id}/check-in")
    before = everything(session)

    answer = staff.post(f"{path}/undo", htmx=htmx)

    assert answer.status_code == 422
    assert "has changed since" in answer.text
    assert everything(session) == before


@BOTH_WAYS
def test_discarded_file_changes_nothing_and_is_forgotten(
    session: Session, staff: Visitor, htmx: bool
) -> None:
    path = upload(staff, row())

    answer = staff.post(f"{path}/dismissal", htmx=htmx)

    assert (answer.status_code, answer.headers["Location"]) == (303, EXPORTS)
    assert file_of(session, path).rows == []
    assert "has been forgotten" in staff.get(path).text
    assert apply_again(staff, path) == 422


def apply_again(staff: Visitor, path: str) -> int:
    return staff.post(f"{path}/application", {"seen": ""}).status_code


def test_report_of_a_forgotten_file_says_that_it_is_forgotten(
    session: Session, staff: Visitor
) -> None:
    path = upload(staff, row())
    apply(staff, path)
    forget_rows(session, now() + timedelta(days=31))
    session.commit()

    page = staff.get(path).text

    assert "Dora Fox" not in page
    assert "after 30 days" in page
    assert "Undo all of it" not in page


def test_reservation_tells_that_it_came_from_a_list(session: Session, staff: Visitor) -> None:
    apply(staff, upload(staff, row()))
    [stay] = borne(session)

    page = staff.get(f"/admin/reservations/{stay.id}").text

    assert "Told by a list that a host uploaded" in page
    assert "Line 2 of list.csv." in page


@pytest.mark.parametrize("noun", ["rooms", "rows", "names", "application", "undo", "dismissal"])
@BOTH_WAYS
def test_file_that_is_not_there_is_404(staff: Visitor, noun: str, htmx: bool) -> None:
    form = {"reference": DORA, "room": "1", "key": "name-1"}

    assert staff.post(f"{EXPORTS}/999999/{noun}", form, htmx=htmx).status_code == 404
    assert staff.get(f"{EXPORTS}/999999", htmx=htmx).status_code == 404


def test_number_of_statements_does_not_grow_with_the_rows(staff: Visitor) -> None:
    def counted(number: int) -> int:
        rows = [row(f"{5100300000 + n}", after=10 + 3 * n) for n in range(number)]
        path = upload(staff, *rows)
        with statements() as found:
            assert staff.get(path).status_code == 200
        return len(found)

    assert counted(40) <= counted(2)


@contextmanager
def statements() -> Iterator[list[str]]:
    """Collect each SQL statement sent meanwhile."""
    found: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        found.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    yield found
    event.remove(db.engine, "before_cursor_execute", note)
