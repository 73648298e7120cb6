"""Decisions over one arrival date: nothing is left out, nothing guessed."""

from collections import Counter
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.enrichment import (
    LOOKS,
    SOON,
    UNPLACED_AFTER,
    Ask,
    AskHost,
    Candidate,
    Decision,
    Enrich,
    LookAgain,
    Seeker,
    decide,
)
from tests.factories import NOW

BOTH = ("booking.com", "airbnb")
MINUTE = timedelta(minutes=1)


def seeker(
    number: int,
    *,
    channel: str = "booking.com",
    read: bool = True,
    age: timedelta = timedelta(),
    refused: str | None = None,
) -> Seeker:
    return Seeker(number, channel, NOW - age, read, refused)


def candidate(
    number: int,
    *,
    channel: str | None = "booking.com",
    age: timedelta = timedelta(),
    claim: bool = False,
    growing: bool = False,
    moved: bool = False,
) -> Candidate:
    said = NOW - age
    return Candidate(
        number,
        f"REF{number}",
        channel,
        said,
        said,
        is_claim=claim,
        is_growing=growing,
        is_moved=moved,
    )


def asked(decisions: list[Decision]) -> list[tuple[Ask, tuple[int, ...], str | None]]:
    return [
        (one.ask, one.reservation_ids, one.reference)
        for one in decisions
        if isinstance(one, AskHost)
    ]


def test_alone_and_unambiguous_is_enriched() -> None:
    assert decide([seeker(1)], [candidate(7)], BOTH, NOW) == [Enrich(1, 7)]


def test_one_booking_and_several_rooms_are_asked() -> None:
    decisions = decide([seeker(1), seeker(2)], [candidate(7)], BOTH, NOW)

    assert asked(decisions) == [(Ask.SEVERAL_ROOMS, (1, 2), "REF7")]


@pytest.mark.parametrize("rooms", [1, 2, 3])
def test_several_bookings_are_a_collision_however_many_rooms(rooms: int) -> None:
    seekers = [seeker(number) for number in range(rooms)]
    decisions = decide(seekers, [candidate(7), candidate(8)], BOTH, NOW)

    assert asked(decisions) == [(Ask.COLLISION, tuple(range(rooms)), None)]


def test_room_that_may_not_be_alone_waits_and_is_then_asked_about() -> None:
    young = decide([seeker(1, read=False)], [candidate(7)], BOTH, NOW)
    assert young == [LookAgain((1,), (7,), NOW + SOON)]

    age = LOOKS[-1] + 2 * SOON
    old = decide([seeker(1, read=False, age=age)], [candidate(7, age=age)], BOTH, NOW)
    assert asked(old) == [(Ask.LONE, (1,), "REF7")]


def test_claim_is_never_taken_without_a_host() -> None:
    decisions = decide([seeker(1)], [candidate(7, channel=None, claim=True)], BOTH, NOW)

    assert asked(decisions) == [(Ask.CLAIM, (1,), "REF7")]


def test_claim_beside_a_mail_is_a_collision() -> None:
    claim = candidate(8, channel=None, claim=True)
    decisions = decide([seeker(1)], [candidate(7), claim], BOTH, NOW)

    assert [one[0] for one in asked(decisions)] == [Ask.COLLISION]


def test_bookings_of_another_channel_are_no_candidates() -> None:
    decisions = decide([seeker(1)], [candidate(7, channel="airbnb")], BOTH, NOW)

    assert decisions == [
        LookAgain((1,), (), NOW + LOOKS[0]),
        LookAgain((), (7,), NOW + UNPLACED_AFTER),
    ]


def test_booking_of_a_channel_without_a_calendar_may_stand_in_any_other() -> None:
    other = seeker(1, channel="other")

    assert decide([other], [candidate(7)], ("other",), NOW) == [Enrich(1, 7)]


def test_booking_that_may_have_more_rooms_is_asked_about_each() -> None:
    decisions = decide([seeker(2)], [candidate(7, growing=True)], BOTH, NOW)
    assert asked(decisions) == [(Ask.SEVERAL_ROOMS, (2,), "REF7")]

    refused = decide([seeker(2, refused="REF7")], [candidate(7, growing=True)], BOTH, NOW)
    assert refused == [LookAgain((2,), (), NOW + LOOKS[0])]


def test_refused_proposal_is_not_made_again() -> None:
    decisions = decide([seeker(1, refused="REF7"), seeker(2)], [candidate(7)], BOTH, NOW)

    assert asked(decisions) == [(Ask.COLLISION, (1, 2), None)]


def test_moved_booking_is_asked_about() -> None:
    decisions = decide([seeker(1)], [candidate(7, moved=True)], BOTH, NOW)

    assert asked(decisions) == [(Ask.MOVED, (1,), "REF7")]


SEEKERS = st.lists(
    st.builds(
        Seeker,
        st.integers(1, 9),
        st.sampled_from(["booking.com", "airbnb", "other", None]),
        st.sampled_from([NOW, NOW - 15 * MINUTE]),
        st.booleans(),
        st.sampled_from([None, "REF1", "REF2"]),
    ),
    max_size=4,
    unique_by=lambda one: one.reservation_id,
)
CANDIDATES = st.lists(
    st.builds(
        candidate,
        st.integers(1, 9),
        channel=st.sampled_from(["booking.com", "airbnb", "vrbo"]),
        age=st.sampled_from([timedelta(), 45 * MINUTE]),
        claim=st.booleans(),
        growing=st.booleans(),
        moved=st.booleans(),
    ),
    max_size=4,
    unique_by=lambda one: one.notice_id,
)


@given(SEEKERS, CANDIDATES)
def test_everything_is_decided_once_and_quietly_only_where_nothing_else_could_be(
    seekers: list[Seeker], candidates: list[Candidate]
) -> None:
    decisions = decide(seekers, candidates, BOTH, NOW)
    rooms: Counter[int] = Counter()
    for one in decisions:
        ids = (one.reservation_id,) if isinstance(one, Enrich) else one.reservation_ids
        rooms.update(ids)
    assert rooms == Counter(one.reservation_id for one in seekers)
    by_room = {one.reservation_id: one for one in seekers}
    by_notice = {one.notice_id: one for one in candidates}
    for one in decisions:
        if isinstance(one, Enrich):
            room, booking = by_room[one.reservation_id], by_notice[one.notice_id]
            assert room.others_read
            assert not any((booking.is_claim, booking.is_growing, booking.is_moved))
            rivals = [other for other in candidates if other.channel == booking.channel]
            assert rivals == [booking] or all(
                other is booking or (other.is_growing and room.refused == other.reference)
                for other in rivals
            )
