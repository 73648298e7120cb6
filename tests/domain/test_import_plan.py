"""What an export would change: a table of cases, row against what is known."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import count
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.exports import ExportRow
from app.domain.exports.cells import folded
from app.domain.imports import ImportPlan, plan_import
from app.domain.imports.known import CalledOff, Known, KnownRoom, KnownStay
from app.domain.imports.outcomes import (
    CallOff,
    Cancel,
    Clash,
    Conflict,
    Enrich,
    Move,
    NameRooms,
    New,
    PickRooms,
    RowPlan,
    Same,
    Tell,
)
from app.domain.nights import Nights, subtracted
from app.domain.notices import NoticeKind
from app.domain.standing import DATES_DIFFER, WITHDRAWN, Status
from tests.support.examples import examples

TODAY = date(2026, 12, 5)
DOUBLE, SINGLE, ATTIC, LOFT = "Double Room with Canal View", "Single Room", "Attic", "Loft"
NAMES = {1: {DOUBLE}, 2: {DOUBLE}, 3: {SINGLE}, 4: {ATTIC}, 5: {LOFT}, 6: {LOFT}}
"""Rooms 1 and 2 are alike, and so are 5 and 6; room 3 is the only single, room 4 the attic."""
ROOMS = [
    KnownRoom(100 + number, number, frozenset(map(folded, names)))
    for number, names in NAMES.items()
]
A, B, C = "5100200301", "5100200302", "5100200303"


def day(number: int) -> date:
    return date(2026, 12, number)


def nights(first: int, last: int) -> Nights:
    return Nights(day(first), day(last))


def row(
    reference: str = A, first: int = 19, last: int = 21, *units: str, **facts: Any
) -> ExportRow:
    made = ExportRow(
        lines=(2,),
        channel="booking.com",
        reference=reference,
        status=NoticeKind.NEW,
        no_show=False,
        arrival=day(first),
        departure=day(last),
        name="Corin Baptiste",
        phone_ending=None,
        party_size=2,
        unit_types=units or (DOUBLE,),
        rooms=max(len(units), 1),
        booked_at=datetime(2026, 11, 20, tzinfo=UTC),
        cancelled_at=None,
    )
    return replace(made, **facts)


def cancelled(reference: str = A, first: int = 19, last: int = 21) -> ExportRow:
    return row(reference, first, last, status=NoticeKind.CANCELLED)


def closed(number: int, first: int = 19, last: int = 21, **facts: Any) -> KnownStay:
    """Nights of a room that its calendar shows, and says no more of."""
    made = KnownStay(
        id=1000 + 100 * number + first,
        room_id=100 + number,
        nights=nights(first, last),
        status=Status.OPEN,
        channel="booking.com",
    )
    return replace(made, **facts)


def stay(number: int, first: int = 19, last: int = 21, **facts: Any) -> KnownStay:
    """A booking's room, for certain."""
    known = {"status": Status.CONFIRMED, "reference": A, "name": "Corin Baptiste"}
    return closed(number, first, last, **{**known, **facts})


def plan(rows: ExportRow | Sequence[ExportRow], *stays: KnownStay, **known: Any) -> ImportPlan:
    listed = [rows] if isinstance(rows, ExportRow) else rows
    numbered = [replace(one, lines=(line,)) for line, one in enumerate(listed, start=2)]
    return plan_import(numbered, Known(TODAY, known.pop("rooms", ROOMS), stays, **known))


def only(rows: ExportRow, *stays: KnownStay, **known: Any) -> RowPlan:
    [one] = plan(rows, *stays, **known).rows
    return one


def enriched(known: KnownStay, to: Nights | None = None) -> Enrich:
    return Enrich(known.id, known.room_id, known.nights, to or known.nights)


def moved(known: KnownStay, first: int, last: int) -> Move:
    return Move(known.id, known.room_id, known.nights, nights(first, last))


def rooms_of(need: object) -> list[int]:
    assert isinstance(need, PickRooms)
    return [choice.room_id - 100 for choice in need.choices]


# What is left alone.


@pytest.mark.parametrize(
    ("one", "same"),
    [
        (row(A, 1, 3), Same.OVER),
        (row(A, 1, 5), Same.OVER),
        (cancelled(A, 1, 3), Same.OVER),
        (row(A, 1, 3, no_show=True), Same.NO_SHOW),
        (row(A, 19, 21, no_show=True), Same.NO_SHOW),
        (cancelled(), Same.NEVER_HERE),
    ],
)
def test_what_is_over_or_was_never_here_is_left_alone(one: ExportRow, same: Same) -> None:
    assert only(one) == RowPlan(replace(one, lines=(2,)), same=same)


def test_what_is_known_as_the_row_says_is_left_alone() -> None:
    assert only(row(), stay(1)).same == Same.KNOWN


def test_what_is_known_in_another_room_than_named_is_left_alone() -> None:
    assert only(row(A, 19, 21, SINGLE), stay(1)).same == Same.KNOWN


def test_name_that_is_known_otherwise_is_not_overwritten() -> None:
    assert only(row(), stay(1, name="C. Baptiste-Moore")).same == Same.KNOWN


def test_booking_that_changes_rooms_during_its_stay_is_as_the_row_says() -> None:
    one = only(row(A, 19, 23), stay(1, 19, 21), stay(2, 21, 23))

    assert one.same == Same.KNOWN


def test_stay_in_progress_that_its_calendar_cut_is_as_the_row_says() -> None:
    assert only(row(A, 3, 8), stay(1, 5, 8)).same == Same.KNOWN


def test_row_that_names_no_rooms_says_nothing_of_their_number() -> None:
    one = row(unit_types=(), rooms=1)

    assert only(one, stay(1), stay(2)).same == Same.KNOWN


def test_cancelled_here_and_there_is_left_alone() -> None:
    one = only(cancelled(), called_off={A: CalledOff.CHANNEL})

    assert one.same == Same.CANCELLED


def test_row_that_the_host_leaves_out_changes_nothing_and_wants_nothing() -> None:
    found = plan([row(A, 19, 21, ATTIC), row(B, 19, 21, ATTIC)], left_out=frozenset({A}))

    assert found.rows[0].same == Same.LEFT_OUT
    assert found.steps == [New(104, nights(19, 21))]


def test_row_that_the_host_leaves_out_does_not_move_or_cancel() -> None:
    rows = [row(A, 26, 28), cancelled(B)]

    found = plan(rows, stay(1), stay(2, reference=B), left_out=frozenset({A, B}))

    assert found.steps == []


# What becomes known.


def test_name_that_was_not_known_is_told() -> None:
    known = stay(1, name=None, phone_ending="0101")

    assert only(row(phone_ending="0199"), known).steps == (
        Tell(known.id, 101, known.nights, name="Corin Baptiste"),
    )


def test_modification_that_changed_no_dates_is_told() -> None:
    known = stay(1, is_modified=True)

    assert only(row(), known).steps == (Tell(known.id, 101, known.nights, was_modified=True),)


def test_nothing_is_told_of_a_guest_who_is_checked_in() -> None:
    known = stay(1, name=None, guest=A, checked_in=True)

    assert only(row(), known).same == Same.KNOWN


# Closed nights that turn out to be a booking's.


def test_only_closed_room_of_its_name_is_the_bookings() -> None:
    known = closed(2)

    assert only(row(), known).steps == (enriched(known),)


def test_two_rooms_named_and_two_closed_are_both_the_bookings() -> None:
    double, single = closed(1), closed(3)

    one = only(row(A, 19, 21, DOUBLE, SINGLE), double, single)

    assert set(one.steps) == {enriched(double), enriched(single)}


def test_two_rooms_of_one_name_and_two_closed_are_both_the_bookings() -> None:
    first, second = closed(1), closed(2)

    assert only(row(A, 19, 21, DOUBLE, DOUBLE), first, second).steps == (
        enriched(first),
        enriched(second),
    )


def test_what_was_proposed_for_nights_does_not_keep_them_from_a_row() -> None:
    known = closed(1, guest=B)

    assert only(row(), known).steps == (enriched(known),)


def test_nights_in_which_somebody_else_has_checked_in_are_theirs() -> None:
    known = closed(4, guest=B, checked_in=True)

    assert only(row(A, 19, 21, ATTIC), known).need == Conflict(
        Clash.TAKEN, known.id, 104, known.nights, reference=B
    )


def test_nights_in_which_its_own_guest_waits_are_the_bookings() -> None:
    known = closed(4, guest=A, checked_in=True)

    assert only(row(A, 19, 21, ATTIC), known).steps == (enriched(known),)


def test_nights_in_which_its_own_guest_waits_are_not_parted() -> None:
    known = closed(4, 19, 23, guest=A, checked_in=True)

    assert rooms_of(only(row(A, 19, 21, ATTIC), known).need) == [4]


def test_second_room_of_a_booking_is_found_beside_the_one_that_is_known() -> None:
    known, second = stay(1), closed(3)

    assert only(row(A, 19, 21, DOUBLE, SINGLE), known, second).steps == (enriched(second),)


def test_closed_nights_of_another_channel_are_another_bookings() -> None:
    known = closed(1, channel="airbnb")

    assert isinstance(only(row(), known).need, PickRooms)


def test_nights_of_a_calendar_of_no_channel_may_be_any_bookings() -> None:
    known = closed(1, channel="other")

    assert only(row(), known).steps == (enriched(known),)


def test_row_without_room_names_takes_the_only_nights_that_are_just_its_own() -> None:
    known = closed(5)

    assert only(row(unit_types=()), known, closed(1, 19, 22)).steps == (enriched(known),)


def test_row_without_room_names_is_not_put_into_longer_nights() -> None:
    assert isinstance(only(row(unit_types=()), closed(1, 19, 22)).need, PickRooms)


def test_one_name_for_two_rooms_takes_the_two_that_are_closed() -> None:
    first, second = closed(1), closed(2)

    assert set(only(row(rooms=2), first, second).steps) == {enriched(first), enriched(second)}


def test_stay_in_progress_that_was_first_seen_cut_gets_its_whole_dates() -> None:
    known = closed(1, 5, 8)

    assert only(row(A, 3, 8), known).steps == (enriched(known, nights(3, 8)),)


def test_joined_closed_nights_are_parted_between_two_rows() -> None:
    known = closed(4, 19, 23)

    found = plan([row(A, 19, 21, ATTIC), row(B, 21, 23, ATTIC)], known)

    assert found.steps == [enriched(known, nights(19, 21)), enriched(known, nights(21, 23))]
    assert all(isinstance(step, Enrich) and step.is_part for step in found.steps)


# Bookings that nothing tells of.


def test_only_room_of_its_name_gets_a_new_reservation() -> None:
    assert only(row(A, 19, 21, ATTIC)).steps == (New(104, nights(19, 21)),)


def test_names_of_rooms_are_compared_without_case_and_accents() -> None:
    assert only(row(A, 19, 21, "  ÁTTIC ")).steps == (New(104, nights(19, 21)),)


def test_all_rooms_of_a_name_are_certain_as_well() -> None:
    known = closed(5)

    one = only(row(A, 19, 21, LOFT, LOFT), known)

    assert set(one.steps) == {enriched(known), New(106, nights(19, 21))}


def test_same_day_turnover_leaves_the_room_free() -> None:
    one = only(row(A, 19, 21, ATTIC), stay(4, 17, 19, reference=B), stay(4, 21, 22, reference=C))

    assert one.steps == (New(104, nights(19, 21)),)


def test_block_that_a_calendar_merely_shows_is_no_hindrance() -> None:
    known = closed(4, 1, 31, status=Status.BLOCK)

    assert only(row(A, 19, 21, ATTIC), known).steps == (New(104, nights(19, 21)),)


def test_only_room_of_the_house_needs_no_name() -> None:
    one = only(row(unit_types=()), rooms=ROOMS[:1])

    assert one.steps == (New(101, nights(19, 21)),)


def test_room_that_another_row_leaves_is_free() -> None:
    known = stay(4, reference=B)

    found = plan([row(A, 19, 21, ATTIC), row(B, 26, 28, ATTIC)], known)

    assert found.steps == [New(104, nights(19, 21)), moved(known, 26, 28)]


def test_room_whose_booking_another_row_cancels_is_free() -> None:
    known = stay(4, reference=B)

    found = plan([row(A, 19, 21, ATTIC), cancelled(B)], known)

    assert found.steps == [New(104, nights(19, 21)), Cancel(known.id, 104, known.nights)]


# What the host must say.


def test_rooms_that_are_alike_are_for_the_host_to_tell_apart() -> None:
    need = only(row(), closed(1), closed(2)).need

    assert rooms_of(need) == [1, 2]
    assert need is not None
    assert getattr(need, "wanted", None) == 1


def test_two_rows_that_could_both_be_one_rooms_are_for_the_host() -> None:
    found = plan([row(A), row(B)], closed(1))

    assert [rooms_of(one.need) for one in found.rows] == [[1, 2], [1, 2]]


def test_row_of_an_unknown_name_could_be_the_room_too() -> None:
    found = plan([row(A), row(B, 19, 21, "Suite Royale")], closed(1))

    assert rooms_of(found.rows[0].need) == [1, 2]
    assert found.rows[1].need == NameRooms("Suite Royale")


def test_unknown_name_is_asked_for_even_where_rooms_are_closed() -> None:
    assert only(row(A, 19, 21, "Suite"), closed(1)).need == NameRooms("Suite")


def test_unknown_name_of_a_booking_that_is_known_is_not_asked_for() -> None:
    assert only(row(A, 19, 21, "Suite"), stay(1)).same == Same.KNOWN


def test_rooms_of_a_name_that_are_free_are_offered_and_taken_ones_are_not() -> None:
    need = only(row(A, 19, 21, LOFT), stay(5, reference=B)).need

    assert rooms_of(need) == [6]


def test_where_no_room_of_the_name_is_free_all_free_rooms_are_offered() -> None:
    need = only(row(A, 19, 21, LOFT), stay(5, reference=B), stay(6, reference=C)).need

    assert rooms_of(need) == [1, 2, 3, 4]


def test_full_house_is_said() -> None:
    stays = [stay(number, reference=f"OTHER{number}") for number in NAMES]

    need = only(row(A, 19, 21, LOFT), *stays).need

    assert isinstance(need, Conflict)
    assert (need.clash, need.reference) == (Clash.TAKEN, "OTHER5")


def test_only_room_of_its_name_is_asked_about_where_its_calendar_shows_other_nights() -> None:
    known = closed(4, 19, 20)

    need = only(row(A, 19, 21, ATTIC), known).need

    assert rooms_of(need) == [4]


def test_rooms_that_are_certain_are_marked_beside_those_to_be_picked() -> None:
    one = only(row(A, 19, 21, SINGLE, DOUBLE), closed(3), closed(1), closed(2))

    assert isinstance(one.need, PickRooms)
    assert (one.need.wanted, one.need.likely) == (2, (103,))


def test_booking_in_a_room_of_another_name_leaves_the_second_to_the_host() -> None:
    one = only(row(A, 19, 21, DOUBLE, SINGLE), stay(5), closed(3))

    assert rooms_of(one.need)[0] == 3


# What the host has said.


def test_picked_room_is_the_bookings() -> None:
    first, second = closed(1), closed(2)

    found = plan([row(A), row(B)], first, second, picks={A: (102,), B: (101,)})

    assert found.steps == [enriched(second), enriched(first)]


def test_pick_for_one_row_leaves_the_other_room_to_the_other() -> None:
    first, second = closed(1), closed(2)

    found = plan([row(A), row(B)], first, second, picks={A: (102,)})

    assert found.steps == [enriched(second), enriched(first)]


def test_picked_room_may_have_other_closed_nights() -> None:
    one = only(row(A, 19, 21, ATTIC), closed(4, 19, 20), picks={A: (104,)})

    assert one.steps == (New(104, nights(19, 21), on_calendar=True),)


def test_room_picked_twice_is_contested() -> None:
    found = plan([row(A), row(B)], closed(1), closed(2), picks={A: (101,), B: (101,)})

    needs = [one.need for one in found.rows]
    assert all(isinstance(need, PickRooms) and need.conflict for need in needs)
    assert [getattr(getattr(need, "conflict", None), "line", 0) for need in needs] == [3, 2]


def test_picked_room_that_was_taken_since_is_asked_for_again() -> None:
    one = only(row(), closed(1), stay(2, reference=B), picks={A: (102,)})

    assert rooms_of(one.need) == [1]
    assert isinstance(one.need, PickRooms)
    assert one.need.conflict is not None
    assert one.need.conflict.clash == Clash.TAKEN


def test_pick_of_too_few_rooms_is_asked_for_again() -> None:
    one = only(row(A, 19, 21, LOFT, DOUBLE), picks={A: (105,)})

    assert isinstance(one.need, PickRooms)


# Other dates, and the end.


def test_other_dates_move_the_reservation() -> None:
    known = stay(1)

    assert only(row(A, 21, 24), known).steps == (moved(known, 21, 24),)


def test_moved_guest_is_told() -> None:
    known = stay(1, guest=A)

    assert only(row(A, 21, 24), known).steps == (replace(moved(known, 21, 24), has_guest=True),)


def test_all_rooms_of_a_booking_move() -> None:
    first, second = stay(1), stay(3)

    assert only(row(A, 20, 22, DOUBLE, SINGLE), first, second).steps == (
        moved(first, 20, 22),
        moved(second, 20, 22),
    )


def test_booking_that_moves_and_grows_takes_the_free_room_on_its_new_dates() -> None:
    known, second = stay(1), closed(3, 26, 28)

    assert only(row(A, 26, 28, DOUBLE, SINGLE), known, second).steps == (
        moved(known, 26, 28),
        enriched(second),
    )


def test_two_bookings_change_places() -> None:
    first, second = stay(4, 19, 21), stay(4, 21, 23, reference=B)

    found = plan([row(A, 21, 23), row(B, 19, 21)], first, second)

    assert found.steps == [moved(first, 21, 23), moved(second, 19, 21)]


def test_move_into_anothers_nights_is_for_the_host() -> None:
    known, other = stay(1), stay(1, 22, 24, reference=B)

    assert only(row(A, 21, 23), known, other).need == Conflict(
        Clash.TAKEN, other.id, 101, other.nights, reference=B
    )


def test_move_that_waits_for_one_that_is_blocked_is_blocked_too() -> None:
    rows = [row(A, 21, 23), row(B, 23, 25)]
    stays = stay(1, 19, 21), stay(1, 21, 23, reference=B), stay(1, 24, 26, reference=C)

    found = plan(rows, *stays)

    assert found.steps == []
    assert [getattr(one.need, "reference", None) for one in found.rows] == [B, C]


def test_booking_that_waits_for_the_host_does_not_move_and_holds_its_nights() -> None:
    known = stay(4)
    rows = [row(A, 26, 28, ATTIC, DOUBLE), row(B, 19, 21, ATTIC)]

    found = plan(rows, known, closed(1, 26, 28), closed(2, 26, 28))

    assert isinstance(found.rows[0].need, PickRooms)
    assert getattr(found.rows[1].need, "clash", None) == Clash.TAKEN


def test_dispute_over_vanished_nights_is_settled_by_the_new_ones() -> None:
    known = stay(1, status=Status.DISPUTED, question=WITHDRAWN)

    assert only(row(A, 21, 23), known).steps == (moved(known, 21, 23),)


def test_dispute_over_dates_is_settled_by_the_file_that_agrees_with_the_calendar() -> None:
    known = stay(1, status=Status.DISPUTED, question=DATES_DIFFER, shown=nights(19, 22))

    assert only(row(A, 19, 22), known).steps == (moved(known, 19, 22),)


def test_move_to_nights_that_are_closed_in_another_room_is_for_the_host() -> None:
    known = stay(1)

    assert only(row(A, 21, 23), known, closed(2, 21, 23)).need == Conflict(
        Clash.ELSEWHERE, known.id, 102, nights(21, 23)
    )


def test_move_to_nights_that_are_closed_here_as_well_is_none_of_another_rooms() -> None:
    known = stay(1)

    one = only(row(A, 21, 23), known, closed(1, 21, 23), closed(2, 21, 23))

    assert one.steps == (moved(known, 21, 23),)


def test_move_beside_another_rows_room_is_none_of_that_rooms() -> None:
    known, other = stay(1), closed(2, 21, 23)

    found = plan([row(A, 21, 23), row(B, 21, 23)], known, other)

    assert found.steps == [moved(known, 21, 23), enriched(other)]


def test_cancelled_row_cancels_all_its_rooms() -> None:
    first, second = stay(1), stay(3)

    assert only(cancelled(), first, second).steps == (
        Cancel(first.id, 101, first.nights),
        Cancel(second.id, 103, second.nights),
    )


def test_cancelled_booking_no_longer_waits_for_a_room() -> None:
    assert only(cancelled(), waiting=frozenset({A})).steps == (CallOff(A),)


@pytest.mark.parametrize("one", [row(A, 21, 24), row(A, 19, 20), cancelled()])
def test_guest_who_is_checked_in_is_neither_moved_nor_removed(one: ExportRow) -> None:
    known = stay(1, guest=A, checked_in=True)

    assert only(one, known).need == Conflict(Clash.CHECKED_IN, known.id, 101, known.nights)


@pytest.mark.parametrize("one", [row(A, 3, 9), row(A, 20, 22), cancelled(A, 3, 7)])
def test_stay_that_has_begun_is_neither_moved_nor_removed(one: ExportRow) -> None:
    known = stay(1, 3, 7)

    assert only(one, known).need == Conflict(Clash.BEGUN, known.id, 101, known.nights)


def test_stay_of_today_that_nobody_has_come_for_is_cancelled() -> None:
    known = stay(1, 5, 7)

    assert only(cancelled(A, 5, 7), known).steps == (Cancel(known.id, 101, known.nights),)


def test_guest_who_is_checked_in_may_get_another_room() -> None:
    known, second = stay(1, guest=A, checked_in=True), closed(3)

    assert only(row(A, 19, 21, DOUBLE, SINGLE), known, second).steps == (enriched(second),)


# Where the file and what is known contradict each other.


def test_more_rooms_than_the_file_names_are_for_the_host() -> None:
    need = only(row(), stay(1), stay(2)).need

    assert isinstance(need, Conflict)
    assert (need.clash, need.count) == (Clash.MORE_ROOMS, 2)


@pytest.mark.parametrize("question", [WITHDRAWN, DATES_DIFFER, "Booked twice?"])
def test_dispute_over_what_the_row_only_repeats_is_the_hosts_to_settle(question: str) -> None:
    known = stay(1, status=Status.DISPUTED, question=question)

    assert only(row(), known).need == Conflict(
        Clash.DISPUTED, known.id, 101, known.nights, question=question
    )


def test_cancellation_settles_a_dispute() -> None:
    known = stay(1, status=Status.DISPUTED)

    assert only(cancelled(), known).steps == (Cancel(known.id, 101, known.nights),)


def test_calendar_that_names_the_booking_on_other_nights_is_not_overruled() -> None:
    known = stay(1, shown=nights(19, 21))

    assert only(row(A, 19, 22), known).need == Conflict(Clash.CALENDAR, known.id, 101, known.nights)


@pytest.mark.parametrize("by", list(CalledOff))
def test_booking_that_was_called_off_is_not_brought_back(by: CalledOff) -> None:
    assert only(row(), closed(1), called_off={A: by}).need == Conflict(Clash.CALLED_OFF, by=by)


def test_room_that_the_host_gave_up_is_not_brought_back() -> None:
    one = only(row(A, 19, 21, DOUBLE, SINGLE), stay(1), called_off={A: CalledOff.HOST})

    assert one.need == Conflict(Clash.CALLED_OFF, by=CalledOff.HOST)


def test_only_room_of_its_name_that_is_taken_is_said() -> None:
    other = stay(4, 20, 22, reference=B)

    assert only(row(A, 19, 21, ATTIC), other).need == Conflict(
        Clash.TAKEN, other.id, 104, other.nights, reference=B
    )


def test_nights_that_the_host_has_closed_are_said() -> None:
    known = closed(4, 18, 25, status=Status.BLOCK, closed_by_host=True)

    assert only(row(A, 19, 21, ATTIC), known).need == Conflict(
        Clash.CLOSED, known.id, 104, known.nights
    )


@pytest.mark.parametrize(("first", "last"), [(18, 20), (20, 22), (19, 22), (18, 23)])
def test_nights_of_somebody_without_a_reference_are_theirs(first: int, last: int) -> None:
    other = closed(4, first, last, status=Status.CONFIRMED, shown=nights(first, last))

    assert only(row(A, 19, 21, ATTIC), other).need == Conflict(
        Clash.TAKEN, other.id, 104, other.nights
    )
    assert only(row(A, 19, 21), stay(4, 25, 27), other).need == Conflict(
        Clash.TAKEN, other.id, 104, other.nights
    )


def test_stay_without_a_reference_that_fits_just_so_may_be_the_rows() -> None:
    known = closed(4, status=Status.CONFIRMED, shown=nights(19, 21))

    assert only(row(A, 19, 21, ATTIC), known).steps == (enriched(known),)


def test_two_rows_for_the_only_room_of_a_name_are_for_the_host() -> None:
    found = plan([row(A, 19, 21, ATTIC), row(B, 20, 22, ATTIC)])

    assert found.steps == []
    assert [getattr(one.need, "line", None) for one in found.rows] == [3, 2]


# Twice, and whatever the rows.


def carried_out(found: ImportPlan, stays: Sequence[KnownStay]) -> list[KnownStay]:
    """Return the reservations as they are once the plan is applied."""
    after = {one.id: one for one in stays}
    ids = count(1)
    for one in found.rows:
        owner: dict[str, Any] = {
            "reference": one.row.reference,
            "name": one.row.name,
            "status": Status.CONFIRMED,
        }
        for step in one.steps:
            match step:
                case New(room_id, own):
                    made = KnownStay(next(ids), room_id, own, Status.OPEN)
                    after[made.id] = replace(made, **owner)
                case Enrich(_, room_id, _, own) if step.is_part:
                    shown = next(
                        one for one in after.values()
                        if one.may_be(None) and one.room_id == room_id and one.nights.covers(own)
                    )  # fmt: skip
                    del after[shown.id]
                    made = KnownStay(next(ids), room_id, own, Status.OPEN)
                    after[made.id] = replace(made, **owner)
                    for part in subtracted([shown.nights], [own]):
                        rest = replace(shown, id=next(ids), nights=part)
                        after[rest.id] = rest
                case Enrich(stay_id, _, _, own) | Move(stay_id, _, _, own):
                    after[stay_id] = replace(after[stay_id], nights=own, **owner)
                case Cancel(stay_id):
                    del after[stay_id]
                case Tell(stay_id):
                    after[stay_id] = replace(after[stay_id], name=one.row.name, is_modified=False)
                case CallOff():
                    pass
    return list(after.values())


@st.composite
def nights_of_december(draw: st.DrawFn) -> tuple[int, int]:
    first = draw(st.integers(3, 24))
    return first, first + draw(st.integers(1, 4))


@st.composite
def files(draw: st.DrawFn) -> list[ExportRow]:
    references = draw(st.lists(st.sampled_from("ABCDE"), unique=True, min_size=1))
    return [
        row(
            reference,
            *draw(nights_of_december()),
            *draw(st.lists(st.sampled_from([DOUBLE, SINGLE, ATTIC, LOFT]), max_size=3)),
            status=draw(st.sampled_from([NoticeKind.NEW, NoticeKind.NEW, NoticeKind.CANCELLED])),
        )
        for reference in references
    ]


@st.composite
def houses(draw: st.DrawFn) -> list[KnownStay]:
    """Make reservations that do not overlap in their room; some certain, some in house."""
    found: list[KnownStay] = []
    for number in NAMES:
        for first, last in draw(st.lists(nights_of_december(), max_size=3)):
            if any(one.room_id == 100 + number and one.nights.overlaps(nights(first, last))
                   for one in found):  # fmt: skip
                continue
            one = closed(number, first, last)
            if reference := draw(st.sampled_from(["", *"ABCDEF"])):
                one = stay(number, first, last, reference=reference)
                if draw(st.booleans()):
                    one = replace(one, guest=reference, checked_in=draw(st.booleans()))
            found.append(one)
    return found


@examples(80)
@given(files(), houses())
def test_applied_twice_it_changes_nothing_the_second_time(
    rows: list[ExportRow], stays: list[KnownStay]
) -> None:
    after = carried_out(plan(rows, *stays), stays)

    assert plan(rows, *after).changing == ()


@examples(80)
@given(files(), houses())
def test_no_plan_books_a_room_twice_or_touches_a_guest_who_is_there(
    rows: list[ExportRow], stays: list[KnownStay]
) -> None:
    found = plan(rows, *stays)
    certain = [one for one in carried_out(found, stays) if one.is_certain]

    taken = Counter((one.room_id, night) for one in certain for night in one.nights)
    assert max(taken.values(), default=1) == 1
    there = {one.id for one in stays if one.has_begun(TODAY) and one.is_certain}
    touched = {step.stay_id for step in found.steps if isinstance(step, Move | Cancel)}
    assert not there & touched


def test_fingerprint_tells_one_plan_from_another() -> None:
    first = plan(row(), closed(1))

    assert first.fingerprint == plan(row(), closed(1)).fingerprint
    assert first.fingerprint != plan(row(), closed(2)).fingerprint
    assert first.fingerprint != plan(row(), closed(1, 19, 23)).fingerprint


def test_tally_counts_steps_by_kind() -> None:
    found = plan(
        [row(A, 19, 21, DOUBLE, ATTIC), row(B, 26, 28, SINGLE), cancelled(C)],
        closed(1),
        stay(3, 24, 26, reference=B),
        stay(6, reference=C),
    )

    assert found.tally == {Enrich: 1, New: 1, Move: 1, Cancel: 1}
    assert (len(found.changing), len(found.needing), len(found.unchanged)) == (3, 0, 0)


def test_large_file_is_looked_at_quickly() -> None:
    rooms = [KnownRoom(n, n, frozenset({folded(DOUBLE)})) for n in range(1, 61)]
    stays = [
        KnownStay(
            id=1000 * n + k,
            room_id=n,
            nights=Nights(TODAY + timedelta(days=3 * k), TODAY + timedelta(days=3 * k + 2)),
            status=Status.OPEN,
            channel="booking.com",
        )
        for n in range(1, 61)
        for k in range(100)
    ]
    rows = [
        row(f"R{n:06d}", arrival=TODAY + timedelta(days=3 * (n % 100)),
            departure=TODAY + timedelta(days=3 * (n % 100) + 2))
        for n in range(2000)
    ]  # fmt: skip

    assert len(plan_import(rows, Known(TODAY, rooms, stays)).needing) == 2000
