"""Airbnb: stays by UID and code within the feed, blocks by the nights they share."""

from dataclasses import replace

import pytest

from app.domain.channels import policy_for
from app.domain.readings import (
    Add,
    Change,
    FeedEvent,
    Kind,
    KnownSighting,
    Missing,
    Room,
    Step,
    Withdraw,
)
from tests.domain.feed_memory import NOW, TODAY, event, sighting, span

AIRBNB = policy_for("airbnb")
UID = "1418fb94e984-" + "a" * 32 + "@airbnb.com"
BLOCK_UID = "7f662ec65913-{}@airbnb.com"
TEXT = (
    "Reservation URL: https://www.airbnb.com/hosting/reservations/details/{}\n"
    "Phone Number (Last 4 Digits): 0417"
)


def stay(start: int, end: int, code: str = "HMTESTQ2AA", uid: str | None = UID) -> FeedEvent:
    return event(start, end, "Reserved", uid=uid, description=TEXT.format(code))


def block(start: int, end: int) -> FeedEvent:
    return event(start, end, "Airbnb (Not available)", uid=BLOCK_UID.format(start))


def known_stay(start: int, end: int) -> KnownSighting:
    known = sighting(1, start, end, Kind.STAY, own_id=UID, reference="HMTESTQ2AA", settled=True)
    return replace(known, phone_ending="0417")


def known_block(start: int, end: int) -> KnownSighting:
    return sighting(2, start, end, Kind.BLOCK, own_id=BLOCK_UID.format(start))


def steps(events: list[FeedEvent], *known: KnownSighting) -> list[Step]:
    room = Room(TODAY)
    return list(AIRBNB.compare(AIRBNB.read(events, room), known, room, NOW))


@pytest.mark.parametrize(
    "text", [TEXT, "Reservation URL: https://www.airbnb.com/reservation/itinerary?code={}\n"]
)
def test_code_is_read_from_both_forms_of_the_link(text: str) -> None:
    one = event(1, 3, "Reserved", uid=UID, description=text.format("HMTESTQ2AA"))
    (read,) = AIRBNB.read([one], Room(TODAY))
    assert (read.kind, read.reference, read.name) == (Kind.STAY, "HMTESTQ2AA", None)


@pytest.mark.parametrize(
    ("summary", "uid", "description", "kind"),
    [
        ("Reserved", None, "", Kind.STAY),
        ("Airbnb (Not available)", UID, "", Kind.STAY),
        ("Not available", "x", TEXT.format("HMTESTQ2AA"), Kind.STAY),
        ("Airbnb (Not available)", "x", "", Kind.BLOCK),
        ("Anything else", "x", "", Kind.BLOCK),
    ],
)
def test_any_evidence_makes_a_stay_and_everything_else_is_a_block(
    summary: str, uid: str | None, description: str, kind: Kind
) -> None:
    one = event(1, 3, summary, uid=uid, description=description)
    assert [read.kind for read in AIRBNB.read([one], Room(TODAY))] == [kind]


def test_changed_dates_move_the_stay_and_keep_what_is_known() -> None:
    bare = event(10, 17, "Reserved", uid=UID)
    (made,) = steps([bare], known_stay(10, 14))
    assert isinstance(made, Change)
    assert (made.sighting_id, made.reading.nights) == (1, span(10, 17))
    assert made.reading.reference == "HMTESTQ2AA"


def test_stay_under_a_new_uid_is_known_by_its_code() -> None:
    (made,) = steps([stay(10, 17, uid="1418fb94e984-new")], known_stay(10, 14))
    assert isinstance(made, Change)
    assert (made.sighting_id, made.reading.own_id) == (1, "1418fb94e984-new")


def test_another_guest_on_the_same_nights_is_another_stay() -> None:
    made = steps([stay(10, 14, "HMTESTQ2ZZ", uid="1418fb94e984-other")], known_stay(10, 14))
    assert [type(one) for one in made] == [Missing, Add]


def test_far_end_of_the_window_moves_every_day_in_silence() -> None:
    (made,) = steps([block(183, 367)], known_block(182, 366))
    assert isinstance(made, Change)
    assert (made.sighting_id, made.reading.kind) == (2, Kind.BLOCK)


def test_block_goes_and_comes_without_a_question() -> None:
    made = steps([block(20, 22)], known_block(10, 12))
    assert [type(one) for one in made] == [Withdraw, Add]


def test_cancelled_stay_whose_nights_are_blocked_is_missed() -> None:
    made = steps([block(10, 14)], known_stay(10, 14))
    assert [type(one) for one in made] == [Missing, Add]


def test_stay_in_house_is_neither_ended_nor_moved_away_but_may_be_prolonged() -> None:
    here = known_stay(-2, 3)
    assert steps([stay(-2, 0)], here) == [Missing(1)]
    assert [type(one) for one in steps([stay(20, 22)], here)] == [Missing, Add]
    (longer,) = steps([stay(-2, 5)], here)
    assert isinstance(longer, Change)
    assert longer.reading.nights == span(-2, 5)


def test_start_cut_to_today_is_not_a_new_arrival() -> None:
    assert steps([stay(0, 3)], known_stay(-2, 3)) == []


def test_stay_still_listed_after_departure_is_added_once_and_long_past_ones_never() -> None:
    assert [type(one) for one in steps([stay(-4, -1)])] == [Add]
    assert steps([stay(-4, 0)], known_stay(-4, 0)) == []
    assert steps([stay(-14, -7)]) == []
