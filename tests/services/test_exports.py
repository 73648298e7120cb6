"""Exports: the same on both databases; applied once, as it was shown, and taken back as a whole."""

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import event, select
from sqlalchemy.orm import Session

from app.domain.house_file import read_house_file
from app.domain.imports.known import CalledOff
from app.domain.imports.outcomes import Clash, Conflict, NameRooms, PickRooms
from app.domain.notices import NoticeKind
from app.models import (
    AccessCode,
    CodeState,
    ExportState,
    Guest,
    HistoryEntry,
    Match,
    Message,
    Notice,
    Origin,
    Question,
    Reservation,
    Room,
    Sighting,
    Status,
    UnitType,
)
from app.models.base import Base
from app.seals import Seals
from app.services import export_choices, export_files, export_plans, exports
from app.services.room_names import CannotName, name_rooms
from app.services.setup import set_up
from app.services.undoing import CannotUndo
from tests.factories import booking_mail
from tests.support.desk import MINUTE
from tests.support.export_desk import (
    CHECK_IN,
    CORIN,
    DOUBLE,
    MAJA,
    MARLOW,
    MONDAY,
    ROZA,
    SINGLE,
    TAYO,
    ExportDesk,
    booking,
)

DAY = timedelta(days=1)
CONFIRMED, OPEN = "confirmed", "open"


@pytest.fixture
def desk(session: Session, seals: Seals) -> ExportDesk:
    return ExportDesk(session, seals)


def told(desk: ExportDesk) -> list[str | None]:
    """Return what guests were told, in order."""
    return list(
        desk.session.scalars(
            select(Message.template).where(Message.guest_id.is_not(None)).order_by(Message.id)
        )
    )


def facts(session: Session, *models: type[Base]) -> dict[str, list[tuple[Any, ...]]]:
    session.flush()
    return {
        model.__tablename__: sorted(
            (tuple(row) for row in session.execute(select(model.__table__))), key=repr
        )
        for model in models
    }


# The sample files.


@pytest.mark.parametrize("ending", ["csv", "xls", "xlsx"])
def test_every_form_of_the_list_gives_the_same_reservations(desk: ExportDesk, ending: str) -> None:
    desk.apply(desk.sample(f"{CHECK_IN}.{ending}"))

    assert desk.stays() == {
        (1, "19 Dec-21 Dec", CONFIRMED, CORIN),
        (2, "19 Dec-21 Dec", CONFIRMED, CORIN),
        (1, "21 Dec-23 Dec", CONFIRMED, MAJA),
        (1, "24 Nov-26 Nov", CONFIRMED, TAYO),
        (2, "5 Feb-7 Feb", CONFIRMED, ROZA),
    }
    named = desk.session.scalars(select(Reservation).filter_by(reference=CORIN))
    assert {(one.name, one.phone_ending, one.channel) for one in named} == {
        ("Corin Baptiste", "0101", "booking.com")
    }
    words = desk.session.scalars(select(Sighting)).all()
    assert {(word.origin, word.source) for word in words} == {(Origin.EXPORT, "export:booking.com")}
    assert (desk.count(Guest), desk.count(AccessCode), desk.texts()) == (0, 0, [])


def test_calendars_and_list_together_say_whose_every_night_is(desk: ExportDesk) -> None:
    desk.closed(1, arrival=date(2026, 12, 19))
    desk.closed(1, arrival=date(2026, 12, 21))
    desk.closed(2, arrival=date(2026, 12, 19))
    desk.closed(1, 3, arrival=date(2027, 1, 15))

    desk.apply(desk.sample(f"{CHECK_IN}.csv"))

    assert desk.stays(Status.CONFIRMED) >= {
        (1, "19 Dec-21 Dec", CONFIRMED, CORIN),
        (2, "19 Dec-21 Dec", CONFIRMED, CORIN),
        (1, "21 Dec-23 Dec", CONFIRMED, MAJA),
    }
    assert desk.stays(Status.OPEN) == {(1, "15 Jan-18 Jan", OPEN, None)}


def test_the_same_list_in_another_form_changes_nothing(desk: ExportDesk) -> None:
    first = desk.apply(desk.sample(f"{CHECK_IN}.xls"))
    before = facts(desk.session, Reservation, Sighting, Notice)
    desk.now += MINUTE

    look = desk.look(desk.sample(f"{CHECK_IN}.csv"))

    assert look.plan.changing == ()
    assert look.doubts.same is first
    assert facts(desk.session, Reservation, Sighting, Notice) == before


def test_airbnb_list_is_read_by_its_listings(desk: ExportDesk) -> None:
    file = desk.sample("airbnb-reservations-en.csv")
    needs = {one.need for one in desk.plan(file).needing}
    assert needs == {
        NameRooms("Harbour Loft - Room 1"),
        NameRooms("Harbour Loft - Room 2, attic"),
    }

    name_rooms(desk.session, desk.host, "Harbour Loft - Room 1", [1], now=desk.now)
    desk.apply(file)

    assert {reference for *_, reference in desk.stays()} == {
        *("HMTESTQ2BB", "HMTESTQ2CC", "HMTESTQ2DD"),
    }


# What was known before.


def test_question_about_two_rooms_is_answered_by_the_list(desk: ExportDesk) -> None:
    desk.closed(1), desk.closed(2)
    desk.mail(booking_mail(CORIN, date(2026, 12, 19), said_at=desk.now))
    [question] = desk.open()
    desk.now += MINUTE

    desk.take(booking(CORIN, "19", "21", DOUBLE, SINGLE))

    assert desk.stays() == {
        (1, "19 Dec-21 Dec", CONFIRMED, CORIN),
        (2, "19 Dec-21 Dec", CONFIRMED, CORIN),
    }
    assert question.closed_at == desk.now
    assert not any(one.is_open for one in desk.session.scalars(select(Match)))
    assert desk.count(Guest) == 0


def test_room_that_was_merely_proposed_is_given_back(desk: ExportDesk) -> None:
    desk.closed(1), desk.closed(2)
    desk.mail(booking_mail(CORIN, date(2026, 12, 19), said_at=desk.now))
    desk.now += MINUTE

    desk.take(booking(CORIN, "19", "21", SINGLE))

    assert desk.stays() == {
        (1, "19 Dec-21 Dec", OPEN, None),
        (2, "19 Dec-21 Dec", CONFIRMED, CORIN),
    }


def test_guest_who_waits_for_their_rooms_gets_codes_and_one_message(desk: ExportDesk) -> None:
    desk.closed(1), desk.closed(2)
    desk.mail(booking_mail(CORIN, date(2026, 12, 19), said_at=desk.now))
    desk.check_in(CORIN)
    assert desk.doors_of(CORIN) == set()
    desk.now += MINUTE

    desk.take(booking(CORIN, "19", "21", DOUBLE, SINGLE))

    assert desk.doors_of(CORIN) == {"Front door", "Room 1", "Room 2"}
    assert told(desk) == ["stay_link", "rooms_confirmed"]


def test_guest_who_is_checked_in_gets_a_further_room(desk: ExportDesk) -> None:
    desk.take(booking(CORIN, "19", "21", DOUBLE))
    desk.check_in(CORIN)
    desk.closed(2)
    desk.now += MINUTE

    desk.take(booking(CORIN, "19", "21", DOUBLE, SINGLE))

    assert desk.doors_of(CORIN) == {"Front door", "Room 1", "Room 2"}
    assert desk.guests() == {CORIN: {1, 2}}
    assert told(desk) == ["stay_link", "rooms_changed"]


def test_joined_closed_nights_are_parted(desk: ExportDesk) -> None:
    desk.closed(1, 5, arrival=date(2026, 12, 18))

    desk.take(booking(CORIN, "19", "21", DOUBLE), booking(MAJA, "21", "22", DOUBLE))

    assert desk.stays() == {
        (1, "18 Dec-19 Dec", OPEN, None),
        (1, "19 Dec-21 Dec", CONFIRMED, CORIN),
        (1, "21 Dec-22 Dec", CONFIRMED, MAJA),
        (1, "22 Dec-23 Dec", OPEN, None),
    }
    shown = desk.session.scalars(select(Sighting).filter_by(origin=Origin.FEED)).all()
    assert len({one.own_id for one in shown}) == 4
    for one in shown:
        stay = desk.session.get_one(Reservation, one.reservation_id)
        assert stay.nights == one.nights


def test_closed_nights_of_a_cancelled_booking_are_the_next_ones(desk: ExportDesk) -> None:
    desk.closed(1)
    desk.take(booking(CORIN, "19", "21", DOUBLE))
    desk.now += MINUTE

    desk.take(
        booking(CORIN, "19", "21", DOUBLE, status="cancelled_by_guest"),
        booking(MAJA, "19", "21", DOUBLE),
    )
    desk.tend(60 * MINUTE)

    assert desk.stays() == {(1, "19 Dec-21 Dec", CONFIRMED, MAJA)}
    [shown] = desk.session.scalars(select(Sighting).filter_by(origin=Origin.FEED))
    assert desk.session.get_one(Reservation, shown.reservation_id).reference == MAJA


# Other dates, and the end.


def test_other_dates_move_the_codes_and_keep_their_digits(desk: ExportDesk) -> None:
    desk.closed(1)
    desk.text(f"{CORIN}: 1-2")
    digits = {code.door_id: code.sealed_digits for code in desk.codes()}
    assert len(digits) == 2
    desk.now += MINUTE

    desk.take(booking(CORIN, "20", "23", DOUBLE))

    assert desk.stays() == {(1, "20 Dec-23 Dec", CONFIRMED, CORIN)}
    assert {code.door_id: code.sealed_digits for code in desk.codes()} == digits
    assert {code.valid_from.date() for code in desk.codes()} == {date(2026, 12, 20)}
    assert {code.valid_until.date() for code in desk.codes()} == {date(2026, 12, 23)}


def test_dates_told_by_mail_before_do_not_contradict_the_list(desk: ExportDesk) -> None:
    desk.closed(1)
    desk.mail(
        booking_mail(
            CORIN, date(2026, 12, 19), said_at=desk.now, departure=date(2026, 12, 21), name="C."
        )
    )
    desk.now += MINUTE

    desk.take(booking(CORIN, "19", "22", DOUBLE))
    desk.tend(MINUTE)

    assert desk.stays() == {(1, "19 Dec-22 Dec", CONFIRMED, CORIN)}


def test_dates_that_the_calendar_shows_anew_are_taken_along(desk: ExportDesk) -> None:
    desk.closed(1)
    desk.mail(booking_mail(CORIN, date(2026, 12, 19), said_at=desk.now))
    desk.closed(1, 3, arrival=date(2026, 12, 26))
    desk.now += MINUTE

    desk.take(booking(CORIN, "26", "29", DOUBLE))
    desk.tend(MINUTE)

    assert desk.stays() == {(1, "26 Dec-29 Dec", CONFIRMED, CORIN)}


def test_modified_booking_is_looked_at_once_the_list_tells_how(desk: ExportDesk) -> None:
    desk.closed(1)
    desk.mail(booking_mail(CORIN, date(2026, 12, 19), said_at=desk.now))
    desk.now += MINUTE
    modified = booking_mail(CORIN, date(2026, 12, 20), kind=NoticeKind.MODIFIED, said_at=desk.now)
    desk.mail(modified)
    [stay] = desk.session.scalars(select(Reservation))
    assert stay.modified_at is not None

    desk.take(booking(CORIN, "20", "22", DOUBLE))

    desk.session.refresh(stay)
    assert (bool(stay.modified_at), stay.is_stay) == (False, True)
    assert desk.stays() == {(1, "20 Dec-22 Dec", CONFIRMED, CORIN)}


def test_two_bookings_change_places(desk: ExportDesk) -> None:
    desk.take(booking(CORIN, "19", "21", DOUBLE), booking(MAJA, "21", "23", DOUBLE))
    desk.now += MINUTE

    file = desk.take(booking(CORIN, "21", "23", DOUBLE), booking(MAJA, "19", "21", DOUBLE))
    assert desk.stays() == {
        (1, "21 Dec-23 Dec", CONFIRMED, CORIN),
        (1, "19 Dec-21 Dec", CONFIRMED, MAJA),
    }

    desk.undo(file)
    assert desk.stays() == {
        (1, "19 Dec-21 Dec", CONFIRMED, CORIN),
        (1, "21 Dec-23 Dec", CONFIRMED, MAJA),
    }


def test_cancelled_booking_is_cancelled_and_its_codes_are_taken_off(desk: ExportDesk) -> None:
    desk.closed(1)
    desk.text(f"{CORIN}: 1-2")
    desk.now += MINUTE

    desk.take(booking(CORIN, "19", "21", DOUBLE, status="cancelled_by_guest"))

    assert desk.stays() == set()
    assert {code.state for code in desk.codes()} == {CodeState.UNWANTED}


def test_cancelled_booking_that_waits_for_a_room_is_no_candidate_any_more(
    desk: ExportDesk,
) -> None:
    desk.mail(booking_mail(CORIN, date(2026, 12, 19), said_at=desk.now))
    desk.now += MINUTE

    file = desk.take(booking(CORIN, "19", "21", DOUBLE, status="cancelled_by_guest"))
    stay = desk.closed(1)
    desk.tend(20 * MINUTE)
    assert (stay.status, stay.reference) == (Status.OPEN, None)

    desk.undo(file)
    assert stay.reference == CORIN


@pytest.mark.parametrize(
    "row",
    [
        booking(CORIN, "20", "22", DOUBLE),
        booking(CORIN, "19", "20", DOUBLE),
        booking(CORIN, "19", "21", DOUBLE, status="cancelled_by_guest"),
    ],
)
def test_guest_who_is_checked_in_is_left_as_they_are_and_listed(
    desk: ExportDesk, row: tuple[Any, ...]
) -> None:
    desk.take(booking(CORIN, "19", "21", DOUBLE))
    desk.check_in(CORIN)
    before = facts(desk.session, Reservation, Sighting, AccessCode, Guest, Notice)
    desk.now += MINUTE

    file = desk.upload(row, booking(MAJA, "26", "28", SINGLE))
    [need] = [one.need for one in desk.plan(file).needing]
    assert isinstance(need, Conflict)
    assert need.clash == Clash.CHECKED_IN
    desk.apply(file)

    after = facts(desk.session, Reservation, Sighting, AccessCode, Guest, Notice)
    assert set(before["reservation"]) <= set(after["reservation"])
    assert (before["access_code"], before["guest"]) == (after["access_code"], after["guest"])
    assert MAJA in {reference for *_, reference in desk.stays()}


def test_booking_that_the_host_cancelled_is_not_brought_back(desk: ExportDesk) -> None:
    desk.take(booking(CORIN, "19", "21", DOUBLE))
    desk.text(f"cancel {CORIN}")
    desk.text(f"sure {CORIN}")
    desk.now += MINUTE

    plan = desk.plan(desk.upload(booking(CORIN, "19", "21", DOUBLE)))

    assert [one.need for one in plan.rows] == [Conflict(Clash.CALLED_OFF, by=CalledOff.HOST)]


@pytest.mark.parametrize("by_mail", [True, False])
def test_booking_that_the_host_cancelled_seeks_no_room(desk: ExportDesk, by_mail: bool) -> None:
    desk.closed(1)
    if by_mail:
        desk.mail(booking_mail(CORIN, date(2026, 12, 19), said_at=desk.now))
    else:
        desk.take(booking(CORIN, "19", "21", DOUBLE))
    desk.text(f"cancel {CORIN}")
    desk.text(f"sure {CORIN}")

    other = desk.closed(2)
    desk.tend(5 * MINUTE)
    desk.tend(60 * MINUTE)

    assert other.reference is None
    assert CORIN not in {one.reference for one in desk.session.scalars(select(Question))}
    assert "unplaced" not in {str(one.ask) for one in desk.open()}


def test_booking_that_a_mail_cancelled_is_not_brought_back(desk: ExportDesk) -> None:
    desk.closed(1)
    desk.mail(booking_mail(CORIN, date(2026, 12, 19), said_at=desk.now))
    desk.now += MINUTE
    off = booking_mail(CORIN, date(2026, 12, 19), kind=NoticeKind.CANCELLED, said_at=desk.now)
    desk.mail(off)

    plan = desk.plan(desk.upload(booking(CORIN, "19", "21", DOUBLE)))

    assert [one.need for one in plan.rows] == [Conflict(Clash.CALLED_OFF, by=CalledOff.CHANNEL)]


# What the host says.


def test_picked_rooms_are_kept_until_the_file_is_applied(session: Session, seals: Seals) -> None:
    desk = ExportDesk(session, seals, rooms=3)
    desk.name(3, DOUBLE)
    desk.closed(1), desk.closed(3)
    file = desk.upload(booking(CORIN, "19", "21", DOUBLE), booking(MAJA, "19", "21", DOUBLE))
    assert [type(one.need) for one in desk.plan(file).rows] == [PickRooms, PickRooms]

    export_choices.pick_rooms(session, desk.host, file.id, CORIN, [3], now=desk.now)
    assert file.picks == {CORIN: [3]}
    desk.apply(file)

    assert desk.stays() == {
        (3, "19 Dec-21 Dec", CONFIRMED, CORIN),
        (1, "19 Dec-21 Dec", CONFIRMED, MAJA),
    }


@pytest.mark.parametrize(
    ("numbers", "says"), [([1, 3], "Choose one room"), ([2], "had"), ([99], "Choose one room")]
)
def test_pick_that_cannot_be_meant_is_refused(
    session: Session, seals: Seals, numbers: list[int], says: str
) -> None:
    desk = ExportDesk(session, seals, rooms=3)
    desk.name(3, DOUBLE)
    file = desk.upload(booking(CORIN, "19", "21", DOUBLE))

    with pytest.raises(export_choices.CannotPick, match=says):
        export_choices.pick_rooms(session, desk.host, file.id, CORIN, numbers, now=desk.now)

    assert file.picks == {}


def test_pick_is_taken_back(session: Session, seals: Seals) -> None:
    desk = ExportDesk(session, seals, rooms=3)
    desk.name(3, DOUBLE)
    file = desk.upload(booking(CORIN, "19", "21", DOUBLE))
    export_choices.pick_rooms(session, desk.host, file.id, CORIN, [3], now=desk.now)

    export_choices.pick_rooms(session, desk.host, file.id, CORIN, [], now=desk.now)

    assert file.picks == {}
    assert isinstance(desk.plan(file).rows[0].need, PickRooms)


def test_row_that_is_left_out_is_not_applied(desk: ExportDesk) -> None:
    file = desk.upload(booking(CORIN, "19", "21", DOUBLE), booking(MAJA, "26", "28", SINGLE))

    export_choices.leave_out(desk.session, desk.host, file.id, CORIN, out=True)
    assert len(desk.plan(file).steps) == 1
    export_choices.leave_out(desk.session, desk.host, file.id, MAJA, out=True)
    export_choices.leave_out(desk.session, desk.host, file.id, CORIN, out=False)
    desk.apply(file)

    assert {reference for *_, reference in desk.stays()} == {CORIN}


def test_row_that_is_not_in_the_file_is_not_left_out(desk: ExportDesk) -> None:
    file = desk.upload(booking(CORIN, "19", "21", DOUBLE))

    with pytest.raises(export_choices.CannotPick):
        export_choices.leave_out(desk.session, desk.host, file.id, MAJA, out=True)


def test_name_that_is_not_known_is_told_once_for_all_files(desk: ExportDesk) -> None:
    row = booking(CORIN, "19", "21", "Attic Room (renamed)")
    assert desk.plan(desk.upload(row)).rows[0].need == NameRooms("Attic Room (renamed)")

    name_rooms(desk.session, desk.host, "Attic Room (renamed)", [2], now=desk.now)

    again = booking(MAJA, "26", "28", "ATTIC ROOM  (Renamed)")
    assert desk.plan(desk.upload(row, again)).needing == ()


def test_name_is_told_otherwise(desk: ExportDesk) -> None:
    for numbers in ([1, 2], [2]):
        name_rooms(desk.session, desk.host, "Attic", numbers, now=desk.now)

    told = desk.session.execute(
        select(Room.number).join(UnitType).where(UnitType.name == "Attic")
    ).scalars()
    assert list(told) == [2]


HOUSE = """
[property]
name = "Canal House"
timezone = "Europe/London"
check_in = "15:00"
check_out = "11:00"
[[rooms]]
number = 1
name = "Heron"
unit_types = [{names}]
[[hosts]]
name = "Kim"
email = "kim@example.com"
role = "owner"
password = "correct horse battery"
"""


def test_name_that_was_told_outlives_the_setup_file(desk: ExportDesk) -> None:
    def known_after(names: str) -> set[str]:
        house = read_house_file(HOUSE.replace("{names}", names))
        set_up(desk.session, house, seals=desk.seals, now=desk.now)
        desk.session.flush()
        found = desk.session.scalars(select(UnitType.name).join(Room).where(Room.number == 1))
        return set(found)

    name_rooms(desk.session, desk.host, "Attic", [1], now=desk.now)
    assert known_after(f'"{DOUBLE}"') == {DOUBLE, "Attic"}

    # What the file takes over is the file's, and goes with it.
    assert known_after(f'"{DOUBLE}", "Attic"') == {DOUBLE, "Attic"}
    assert known_after(f'"{DOUBLE}"') == {DOUBLE}


def test_name_of_the_setup_file_is_not_told_otherwise(desk: ExportDesk) -> None:
    with pytest.raises(CannotName):
        name_rooms(desk.session, desk.host, DOUBLE, [2], now=desk.now)


def test_room_of_another_house_is_never_meant(desk: ExportDesk, seals: Seals) -> None:
    other = ExportDesk(desk.session, seals, "Harbour House", rooms=5)
    assert other.house.id != desk.house.id

    with pytest.raises(CannotName):
        name_rooms(desk.session, desk.host, "Attic", [5], now=desk.now)
    with pytest.raises(export_files.NoSuchExport):
        export_files.export_of(
            desk.session, desk.house.id, other.upload(booking(CORIN, "19", "21")).id
        )


# Once, as it was shown.


def test_plan_that_is_no_longer_so_is_not_applied(desk: ExportDesk) -> None:
    file = desk.upload(booking(CORIN, "19", "21", DOUBLE))
    seen = desk.plan(file).fingerprint
    desk.closed(1)
    before = facts(desk.session, Reservation, Sighting, Notice)

    with pytest.raises(exports.PlanHasChanged):
        desk.apply(file, seen)

    assert facts(desk.session, Reservation, Sighting, Notice) == before
    assert file.state == ExportState.UPLOADED


def test_file_is_applied_once(desk: ExportDesk) -> None:
    file = desk.upload(booking(CORIN, "19", "21", DOUBLE))
    seen = desk.plan(file).fingerprint
    desk.apply(file, seen)

    with pytest.raises(export_files.ExportIsClosed):
        desk.apply(file, seen)

    assert len(desk.stays()) == 1


def test_file_with_nothing_to_apply_is_not_applied(desk: ExportDesk) -> None:
    desk.take(booking(CORIN, "19", "21", DOUBLE))
    file = desk.upload(booking(CORIN, "19", "21", DOUBLE))

    with pytest.raises(exports.PlanHasChanged):
        desk.apply(file)


def test_file_that_was_put_aside_is_not_applied(desk: ExportDesk) -> None:
    file = desk.upload(booking(CORIN, "19", "21", DOUBLE))
    export_files.put_aside(desk.session, desk.host, file.id, now=desk.now)

    with pytest.raises(export_files.ExportIsClosed):
        desk.apply(file, "")
    assert (file.state, file.rows) == (ExportState.DROPPED, [])


def test_older_file_is_told_of(desk: ExportDesk) -> None:
    newer = desk.apply(desk.sample(f"{CHECK_IN}.csv"))
    older = desk.sample("booking-reservations-old-headings-row-per-room.csv")

    assert desk.look(older).doubts == export_plans.Doubts(newer=newer)


def test_file_of_another_channel_is_no_older(desk: ExportDesk) -> None:
    desk.apply(desk.sample(f"{CHECK_IN}.csv"))

    assert desk.look(desk.sample("airbnb-reservations-en.csv")).doubts == export_plans.Doubts()


def test_what_waits_for_the_host_is_left_out(desk: ExportDesk) -> None:
    file = desk.take(booking(CORIN, "19", "21", DOUBLE), booking(MAJA, "19", "21", "Suite"))

    assert [line["reference"] for line in file.report] == [CORIN, MAJA]
    assert [len(line["stays"]) for line in file.report] == [1, 0]
    assert {reference for *_, reference in desk.stays()} == {CORIN}
    assert desk.count(Notice) == 1


def test_history_tells_which_line_of_which_file(desk: ExportDesk) -> None:
    desk.take(booking(CORIN, "19", "21", DOUBLE))

    entries = desk.session.scalars(select(HistoryEntry).order_by(HistoryEntry.id)).all()
    said = [(one.subject, one.what, one.why) for one in entries if one.actor != "test"]
    assert said == [
        ("export_file", "export-uploaded", "list.csv"),
        ("reservation", "reservation-confirmed", None),
        ("reservation", "told-by-export", "Line 2 of list.csv."),
        ("export_file", "export-applied", "list.csv"),
    ]


# Taken back.


UNDONE = (Reservation, Sighting, Notice, AccessCode, Guest)


def test_undo_restores_just_what_was_there(desk: ExportDesk) -> None:
    desk.closed(1), desk.closed(2), desk.closed(1, 5, arrival=date(2027, 2, 1))
    desk.mail(booking_mail(CORIN, date(2026, 12, 19), said_at=desk.now))
    desk.closed(1, 3, arrival=date(2027, 1, 15))
    desk.text(f"{MARLOW}: 1-3")
    desk.take(booking(MAJA, "21", "23", DOUBLE, name=None))
    desk.now += MINUTE
    before = facts(desk.session, *UNDONE)
    questions = [(one.ask, one.reference) for one in desk.open()]

    file = desk.take(
        booking(CORIN, "19", "21", DOUBLE, SINGLE),
        booking(MAJA, "22", "25", DOUBLE),
        booking(MARLOW, "2027-01-15", "2027-01-18", DOUBLE, status="cancelled_by_guest"),
        booking(TAYO, "2027-02-02", "2027-02-04", DOUBLE),
    )
    assert len(file.report) == 4
    assert facts(desk.session, Reservation)["reservation"] != before["reservation"]
    desk.now += MINUTE
    desk.undo(file)

    after = facts(desk.session, *UNDONE)
    made = {row for row in after["reservation"] if row not in before["reservation"]}
    assert [row for row in before["reservation"] if row not in after["reservation"]] == []
    assert {Status.CANCELLED} == {one.status for one in made_by(desk, made)}
    assert after["sighting"] == before["sighting"]
    assert after["notice"] == before["notice"]
    assert [(one.ask, one.reference) for one in desk.open()] == questions
    assert file.state == ExportState.UNDONE


def made_by(desk: ExportDesk, rows: set[tuple[Any, ...]]) -> list[Reservation]:
    return [desk.session.get_one(Reservation, row[0]) for row in rows]


def test_what_was_undone_can_be_applied_again(desk: ExportDesk) -> None:
    rows = booking(CORIN, "19", "21", DOUBLE), booking(MAJA, "26", "28", SINGLE)
    desk.closed(1, 4)
    desk.undo(desk.take(*rows))
    assert desk.stays() == {(1, "19 Dec-23 Dec", OPEN, None)}

    look = desk.look(desk.upload(*rows))
    assert look.doubts == export_plans.Doubts()
    desk.apply(look.file)

    assert desk.stays(Status.CONFIRMED) == {
        (1, "19 Dec-21 Dec", CONFIRMED, CORIN),
        (2, "26 Dec-28 Dec", CONFIRMED, MAJA),
    }


def test_undo_of_a_stay_of_today_leaves_nothing_in_dispute(desk: ExportDesk) -> None:
    file = desk.take(booking(CORIN, "2026-11-23", "2026-11-25", DOUBLE))

    desk.undo(file)

    assert desk.stays() == set()


def test_closed_nights_that_came_since_are_open_again_after_an_undo(desk: ExportDesk) -> None:
    file = desk.take(booking(CORIN, "19", "21", DOUBLE))
    [stay] = desk.session.scalars(select(Reservation))
    echo = desk.closed(1)
    desk.session.scalars(
        select(Sighting).filter_by(reservation_id=echo.id)
    ).one().reservation_id = stay.id
    echo.status = Status.CANCELLED

    desk.undo(file)

    assert desk.stays() == {(1, "19 Dec-21 Dec", OPEN, None)}


def test_undo_takes_the_codes_of_a_further_room_off(desk: ExportDesk) -> None:
    desk.take(booking(CORIN, "19", "21", DOUBLE))
    desk.check_in(CORIN)
    desk.now += MINUTE
    file = desk.take(booking(CORIN, "19", "21", DOUBLE, SINGLE))

    desk.undo(file)

    assert desk.doors_of(CORIN) == {"Front door", "Room 1"}
    assert desk.guests() == {CORIN: {1}}


def test_undo_by_text_leaves_the_file_to_its_page(desk: ExportDesk) -> None:
    file = desk.take(booking(CORIN, "19", "21", DOUBLE))

    assert "nothing" in desk.text("undo")

    assert (file.state, len(desk.stays())) == (ExportState.APPLIED, 1)


def test_undo_is_possible_days_later_and_once(desk: ExportDesk) -> None:
    file = desk.take(booking(CORIN, "19", "21", DOUBLE))
    desk.now += 5 * DAY
    desk.undo(file)

    with pytest.raises(CannotUndo):
        desk.undo(file)


def test_nothing_is_undone_once_something_of_it_has_changed(desk: ExportDesk) -> None:
    file = desk.take(booking(CORIN, "19", "21", DOUBLE), booking(MAJA, "26", "28", SINGLE))
    desk.check_in(MAJA)
    before = facts(desk.session, *UNDONE)

    with pytest.raises(CannotUndo, match="Room 2"):
        desk.undo(file)

    assert facts(desk.session, *UNDONE) == before
    assert file.state == ExportState.APPLIED


def test_nothing_is_undone_once_the_nights_are_anothers(desk: ExportDesk) -> None:
    desk.take(booking(CORIN, "19", "21", DOUBLE))
    desk.now += MINUTE
    file = desk.take(booking(CORIN, "19", "21", DOUBLE, status="cancelled_by_guest"))
    desk.now += MINUTE
    desk.take(booking(MAJA, "20", "22", DOUBLE))

    with pytest.raises(CannotUndo, match="Room 1"):
        desk.undo(file)


# Numbers and time.


def test_number_of_statements_does_not_grow_with_the_rows(session: Session, seals: Seals) -> None:
    def statements(number: int) -> tuple[int, int, int]:
        desk = ExportDesk(session, seals, f"House {number}")
        first, rows = date(2027, 1, 1), []
        for n in range(number):
            day, reference = first + timedelta(days=20 * n), f"{5100300000 + 10 * n}"
            desk.closed(1, arrival=day)  # enriched
            desk.closed(2, 3, arrival=day)  # parted
            earlier = [
                booking(f"{reference[:-1]}{k}", *dates(day, 4 * k), unit, name=None)
                for k, unit in ((1, DOUBLE), (2, DOUBLE), (3, SINGLE))
            ]
            desk.take(*earlier)
            rows += [
                booking(reference, *dates(day, 0), DOUBLE, SINGLE),
                booking(f"{reference[:-1]}1", *dates(day, 4), DOUBLE),
                booking(f"{reference[:-1]}2", *dates(day, 9), DOUBLE, name=None),
                booking(f"{reference[:-1]}3", *dates(day, 12), SINGLE, status="cancelled_by_guest"),
                booking(f"{reference[:-1]}4", *dates(day, 16), SINGLE, phone=None),
            ]
        desk.now += MINUTE
        file = desk.upload(*rows)
        session.commit()
        seen = desk.plan(file).fingerprint
        assert len(desk.plan(file).steps) == 6 * number
        session.commit()
        looked = counted(session, lambda: desk.look(file))
        session.commit()
        applied = counted(session, lambda: desk.apply(file, seen))
        session.commit()
        undone = counted(session, lambda: desk.undo(file))
        session.commit()
        return looked, applied, undone

    few, many = statements(2), statements(12)
    assert all(more <= less + 2 for less, more in zip(few, many, strict=True)), (few, many)


def dates(day: date, after: int) -> tuple[str, str]:
    first = day + timedelta(days=after)
    return first.isoformat(), (first + timedelta(days=2)).isoformat()


def counted(session: Session, work: Any) -> int:
    seen: list[str] = []
    engine = session.get_bind()

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        seen.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    work()
    session.flush()
    event.remove(engine, "before_cursor_execute", note)
    return len(seen)


def test_rows_are_forgotten_after_thirty_days_and_what_they_changed_is_not(
    desk: ExportDesk,
) -> None:
    applied = desk.take(booking(CORIN, "19", "21", DOUBLE))
    other = desk.upload(booking(MAJA, "19", "21", SINGLE))
    desk.session.commit()

    export_files.forget_rows(desk.session, MONDAY + 29 * DAY)
    desk.session.expire_all()
    assert (len(applied.rows), len(other.rows)) == (1, 1)

    export_files.forget_rows(desk.session, MONDAY + 31 * DAY)
    desk.session.expire_all()
    assert [(one.rows, one.report, one.skipped) for one in (applied, other)] == [([], [], [])] * 2
    assert desk.changes()[0].rows == []
    assert applied.state == ExportState.APPLIED
    assert len(desk.stays()) == 1
    with pytest.raises(CannotUndo, match="forgotten"):
        desk.undo(applied)


def test_every_question_and_message_is_as_it_was_without_news(desk: ExportDesk) -> None:
    desk.take(booking(CORIN, "19", "21", DOUBLE))
    desk.now += MINUTE

    desk.take(booking(MAJA, "26", "28", SINGLE))

    assert (desk.count(Question), desk.count(Message)) == (0, 0)
