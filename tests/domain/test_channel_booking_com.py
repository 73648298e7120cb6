"""Booking.com is read as closed nights: however they are cut, a stay is the same stay."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.channels import policy_for
from app.domain.nights import Nights, merged
from app.domain.readings import (
    Add,
    Change,
    FeedEvent,
    Kind,
    KnownSighting,
    Missing,
    Room,
    Seen,
    Step,
    Withdraw,
)
from tests.domain.feed_memory import (
    NOW,
    TEN_MINUTES,
    TODAY,
    Memory,
    event,
    morning,
    sighting,
    span,
)
from tests.support.examples import examples

BOOKING = policy_for("booking.com")


def steps(
    events: list[FeedEvent], *known: KnownSighting, held: tuple[Nights, ...] = ()
) -> list[Step]:
    room = Room(TODAY, held)
    return list(BOOKING.compare(BOOKING.read(events, room), known, room, NOW))


def added(made: list[Step]) -> list[Nights]:
    assert all(isinstance(one, Add) for one in made), made
    return sorted(one.reading.nights for one in made if isinstance(one, Add))


A, B = sighting(1, 10, 12), sighting(2, 12, 15)
A_SETTLED = sighting(1, 10, 12, settled=True)
BEGUN = sighting(1, -2, 3)
FAR_END = sighting(9, 200, 500, Kind.BLOCK)


# Reading


def test_every_event_is_closed_nights_whatever_its_uid() -> None:
    read = BOOKING.read([event(10, 12, uid="x"), event(12, 15, uid="x")], Room(TODAY))
    assert [(one.nights, one.kind) for one in read] == [
        (span(10, 12), Kind.CLOSED),
        (span(12, 15), Kind.CLOSED),
    ]
    assert len({one.own_id for one in read}) == 2


@pytest.mark.parametrize(("nights", "kind"), [(60, Kind.CLOSED), (61, Kind.BLOCK)])
def test_nobody_stays_for_more_than_sixty_nights(nights: int, kind: Kind) -> None:
    assert [one.kind for one in BOOKING.read([event(10, 10 + nights)], Room(TODAY))] == [kind]


def test_old_feeds_name_the_guest_and_placeholders_are_no_names() -> None:
    events = [event(10, 12, "CLOSED - Marlow Teasdale"), event(12, 15)]
    assert [one.name for one in BOOKING.read(events, Room(TODAY))] == ["Marlow Teasdale", None]


def test_ids_come_from_the_nights_in_any_order_of_events() -> None:
    events = [event(10, 12), event(10, 15), event(20, 22)]
    ids = {(one.own_id, one.nights) for one in BOOKING.read(events, Room(TODAY))}
    assert {(one.own_id, one.nights) for one in BOOKING.read(events[::-1], Room(TODAY))} == ids
    assert ("nights:2026-12-03", span(10, 12)) in ids
    assert len(ids) == 3


# The same stays, cut otherwise


@pytest.mark.parametrize(
    ("events", "known"),
    [
        ([event(10, 15)], (A, B)),
        ([event(8, 30)], (sighting(1, 8, 30), A, B)),
        ([event(10, 11), event(11, 12)], (A,)),
        ([event(10, 13), event(13, 15)], (A, B)),
        ([event(0, 3)], (BEGUN,)),
        ([event(0, 12)], (BEGUN, sighting(2, 3, 10), A)),
        ([event(-2, 3)], (BEGUN,)),
        ([event(-1, 3)], (BEGUN,)),
    ],
    ids=["joined", "swallowed", "split", "split elsewhere", "cut to today", "cut and joined",
         "not cut", "cut late"],
)  # fmt: skip
def test_stay_whose_nights_are_all_closed_is_still_there(
    events: list[FeedEvent], known: tuple[KnownSighting, ...]
) -> None:
    assert steps(events, *known) == []


def test_stay_found_again_inside_a_longer_event_is_no_longer_missing() -> None:
    missing = sighting(1, 10, 12, missing_since=NOW)
    assert steps([event(10, 15)], missing, B) == [Seen(1)]


def test_stay_is_not_missed_on_its_day_of_departure() -> None:
    assert steps([event(20, 22)], sighting(1, -3, 0), sighting(2, 20, 22)) == []


# Growing and shrinking


def test_closure_nobody_is_known_in_grows_with_its_event() -> None:
    (made,) = steps([event(10, 13)], A)
    assert isinstance(made, Change)
    assert (made.sighting_id, made.reading.nights) == (1, span(10, 13))
    assert made.reading.own_id == A.own_id


@pytest.mark.parametrize("known", [A_SETTLED, sighting(1, 0, 2), BEGUN])
def test_stay_somebody_is_in_never_grows_by_what_is_joined_to_it(known: KnownSighting) -> None:
    end = known.nights.departure
    longer = FeedEvent(None, Nights(known.nights.arrival, end + timedelta(days=14)), "", "")
    assert added(steps([longer], known)) == [Nights(end, end + timedelta(days=14))]


def test_nights_before_between_and_after_known_stays_are_new_closures() -> None:
    later = sighting(2, 14, 16)
    assert added(steps([event(8, 20)], A, later)) == [span(8, 10), span(12, 14), span(16, 20)]


def test_closure_does_not_grow_in_an_event_that_holds_another_known_stay() -> None:
    assert added(steps([event(10, 16)], A, sighting(2, 14, 16))) == [span(12, 14)]


def test_earlier_start_is_a_closure_of_its_own() -> None:
    assert added(steps([event(9, 12)], A)) == [span(9, 10)]


def test_stay_does_not_vanish_into_a_long_closure_joined_to_it() -> None:
    assert added(steps([event(10, 90)], A)) == [span(12, 90)]


def test_closure_nobody_is_known_in_shrinks_with_its_event() -> None:
    for events in ([event(12, 14)], [event(10, 14)]):
        made = [one for one in steps(events, A, B) if isinstance(one, Change)]
        assert [(one.sighting_id, one.reading.nights) for one in made] == [(2, span(12, 14))]


def test_settled_stay_that_got_shorter_is_a_question_not_a_change() -> None:
    made = steps([event(10, 11)], A_SETTLED)
    assert made[0] == Missing(1)
    assert added(made[1:]) == [span(10, 11)]


def test_stay_in_house_keeps_its_nights_when_some_are_opened() -> None:
    assert steps([event(0, 1)], BEGUN) == [Missing(1)]


def test_moved_stay_is_new_as_a_whole() -> None:
    made = steps([event(11, 13)], A)
    assert made[0] == Missing(1)
    assert added(made[1:]) == [span(11, 13)]


# Blocks


@pytest.mark.parametrize(("start", "end"), [(200, 501), (201, 501), (230, 520), (199, 500)])
def test_far_end_of_the_window_drifts_in_silence(start: int, end: int) -> None:
    (made,) = steps([event(start, end)], FAR_END)
    assert isinstance(made, Change)
    assert (made.reading.nights, made.reading.kind) == (span(start, end), Kind.BLOCK)


def test_far_end_drifts_also_while_a_stay_is_joined_to_it() -> None:
    stay = sighting(1, 197, 200)
    (made,) = steps([event(197, 501)], stay, FAR_END)
    assert isinstance(made, Change)
    assert (made.sighting_id, made.reading.nights) == (9, span(200, 501))


def test_block_in_progress_stays_a_block_when_less_than_sixty_nights_are_left() -> None:
    assert steps([event(0, 30)], sighting(9, -40, 30, Kind.BLOCK)) == []


def test_range_that_crosses_sixty_nights_changes_its_kind() -> None:
    (grown,) = steps([event(10, 75)], sighting(1, 10, 68))
    (shrunk,) = steps([event(10, 68)], sighting(1, 10, 75, Kind.BLOCK))
    assert isinstance(grown, Change)
    assert isinstance(shrunk, Change)
    assert (grown.reading.kind, shrunk.reading.kind) == (Kind.BLOCK, Kind.CLOSED)


def test_closure_cut_out_of_a_block_is_seen() -> None:
    made = steps([event(200, 204), event(230, 501)], FAR_END)
    assert [type(one) for one in made] == [Change, Add]
    assert added(made[1:]) == [span(200, 204)]


def test_opened_block_goes_at_once_and_a_tenants_does_not() -> None:
    assert [type(one) for one in steps([], FAR_END)] == [Withdraw]
    assert steps([], sighting(9, 200, 500, Kind.BLOCK, settled=True)) == [Missing(9)]


# Other sources' stays on the same room


def test_echo_of_another_sources_stay_is_one_further_sighting() -> None:
    held = (span(10, 12), span(12, 15))
    assert added(steps([event(10, 15)], held=held)) == [span(10, 15)]
    assert steps([event(10, 15)], sighting(1, 10, 15), held=held) == []


def test_only_the_nights_no_other_source_holds_are_new() -> None:
    assert added(steps([event(10, 20)], held=(span(12, 14),))) == [span(10, 12), span(14, 20)]


def test_closure_does_not_grow_over_anothers_stay() -> None:
    assert steps([event(10, 15)], A, held=(span(12, 15),)) == []
    assert added(steps([event(10, 17)], A, held=(span(12, 15),))) == [span(15, 17)]


# Day after day


@st.composite
def rooms(draw: st.DrawFn) -> list[Nights]:
    """Draw one room's stays: some with gaps between them, some back to back."""
    stays: list[Nights] = []
    day = -3
    for _ in range(draw(st.integers(1, 6))):
        start = day + draw(st.sampled_from([0, 0, 1, 4]))
        day = start + draw(st.integers(1, 9))
        stays.append(span(start, day))
    return [one for one in stays if one.departure > TODAY]


def served(stays: list[Nights], today: date, data: st.DataObject) -> list[FeedEvent]:
    """Serve the stays as Booking.com might today: cut, joined, split, in any order."""
    left = [one for stay in stays if (one := stay.from_day(today))]
    events: list[Nights] = []
    for one in merged(left) if data.draw(st.booleans()) else left:
        cuts = data.draw(st.sets(st.integers(1, len(one)), max_size=2)) | {len(one)}
        start = one.arrival
        for cut in sorted(cuts):
            end = one.arrival + timedelta(days=cut)
            events.append(Nights(start, end))
            start = end
    order = data.draw(st.permutations(events))
    return [FeedEvent(f"u{one.arrival}", one, "CLOSED - Not available", "") for one in order]


@examples(50)
@given(st.data())
def test_live_stays_are_never_withdrawn_nor_doubled_however_they_are_served(
    data: st.DataObject,
) -> None:
    stays = data.draw(rooms())
    memory = Memory("booking.com")
    memory.fetch([FeedEvent(None, one, "CLOSED", "") for one in stays])
    settled = data.draw(st.sets(st.sampled_from(sorted(memory.known)))) if stays else set()
    for one in settled:
        memory.known[one] = _settle(memory.known[one])
    for days in range(12):
        today = TODAY + timedelta(days=days)
        live = [one for one in stays if one.departure > today]
        for fetch in range(2):
            events = served(stays, today, data)
            now = morning(today) + fetch * TEN_MINUTES
            memory.fetch(events, now)
            memory.fetch_same_again(now + TEN_MINUTES)

            known = [one for one in memory.nights() if one.departure > today]
            assert known == live
            assert not memory.withdrawn
            assert not any(one.missing_since for one in memory.known.values())


@examples(60)
@given(st.data())
def test_what_is_known_is_what_is_closed_also_while_bookings_come(data: st.DataObject) -> None:
    stays = data.draw(rooms())
    memory = Memory("booking.com")
    shown: list[Nights] = []
    for stay in data.draw(st.permutations(stays)):
        shown = sorted([*shown, stay])
        memory.fetch(served(shown, TODAY, data))

        known = [left for one in memory.nights() if (left := one.from_day(TODAY))]
        closed = [left for one in shown if (left := one.from_day(TODAY))]
        assert merged(known) == merged(closed)
        assert sum(map(len, known)) == sum(map(len, merged(known))), "no night is known twice"
    assert not memory.withdrawn


def _settle(one: KnownSighting) -> KnownSighting:
    return KnownSighting(one.id, one.own_id, one.nights, one.kind, "5100200301", settled=True)
