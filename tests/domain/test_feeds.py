"""When a feed is believed that a stay is gone: the bad-day rule and the two good fetches."""

from datetime import timedelta

import pytest

from app.domain.channels import policy_for
from app.domain.feeds import overdue, plan
from app.domain.readings import (
    Add,
    Change,
    FeedEvent,
    Hold,
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
    sighting,
)

OTHER = policy_for("other")
HERE = Room(TODAY)


def stay(id: int, start: int, end: int, **facts: object) -> KnownSighting:
    return sighting(id, start, end, Kind.STAY, own_id=f"u{id}", **facts)  # type: ignore[arg-type]


def shown(id: int, start: int, end: int) -> FeedEvent:
    return event(start, end, "Reserved", uid=f"u{id}")


def steps(events: list[FeedEvent], known: list[KnownSighting]) -> tuple[Step, ...]:
    return plan(OTHER, events, known, HERE, NOW).steps


FIVE = [stay(n, 10 * n, 10 * n + 3) for n in range(1, 6)]
FIVE_SHOWN = [shown(n, 10 * n, 10 * n + 3) for n in range(1, 6)]


def test_unchanged_world_costs_no_write() -> None:
    assert steps(FIVE_SHOWN, FIVE) == ()


def test_first_absence_is_only_remembered() -> None:
    assert steps(FIVE_SHOWN[1:], FIVE) == (Missing(1),)


@pytest.mark.parametrize(
    ("ago", "is_withdrawn"), [(timedelta(minutes=9, seconds=59), False), (TEN_MINUTES, True)]
)
def test_second_absence_counts_from_ten_minutes_on(ago: timedelta, is_withdrawn: bool) -> None:
    known = [stay(1, 10, 13, missing_since=NOW - ago), *FIVE[1:]]
    made = steps(FIVE_SHOWN[1:], known)
    assert [type(one) for one in made] == ([Withdraw] if is_withdrawn else [])
    assert len(overdue(known, HERE, NOW)) == is_withdrawn


def test_stay_that_is_back_is_no_longer_missing() -> None:
    known = [stay(1, 10, 13, missing_since=NOW - TEN_MINUTES), *FIVE[1:]]
    assert steps(FIVE_SHOWN, known) == (Seen(1),)


def test_unchanged_content_confirms_an_absence() -> None:
    memory = Memory("other", *FIVE)
    memory.fetch(FIVE_SHOWN[1:])
    memory.fetch_same_again(NOW + TEN_MINUTES)
    assert [one.id for one in memory.withdrawn] == [1]


@pytest.mark.parametrize(("lost", "held"), [(2, False), (3, True), (4, True)])
def test_most_of_a_feed_lost_at_once_is_held(lost: int, held: bool) -> None:
    made = plan(OTHER, FIVE_SHOWN[lost:], FIVE, HERE, NOW)
    gone = tuple(range(1, lost + 1))
    if held:
        assert made.warning
        assert made.steps == (Hold(made.warning, gone),)
    else:
        assert made.steps == tuple(map(Missing, gone))
        assert made.warning is None


def test_half_of_a_feed_is_not_most_of_it() -> None:
    six = [*FIVE, stay(6, 70, 72)]
    assert not [one for one in steps([*FIVE_SHOWN[3:], shown(6, 70, 72)], six)
                if isinstance(one, Hold)]  # fmt: skip


def test_two_of_two_lost_are_too_few_for_a_bad_day() -> None:
    other = [shown(9, 50, 51)]
    made = steps(other, FIVE[:2])
    assert [one for one in made if not isinstance(one, Add)] == [Missing(1), Missing(2)]


@pytest.mark.parametrize("known", [FIVE[:1], FIVE])
def test_empty_feed_is_held_even_for_one_stay(known: list[KnownSighting]) -> None:
    made = plan(OTHER, [], known, HERE, NOW)
    assert made.warning
    assert "empty" in made.warning
    assert [type(one) for one in made.steps] == [Hold]


def test_empty_feed_is_no_news_where_nothing_was_to_come() -> None:
    begun = stay(1, -1, 2)
    block = sighting(2, 5, 9, Kind.BLOCK, own_id="b")
    made = plan(OTHER, [], [begun, block], HERE, NOW)
    assert made.warning is None
    assert [type(one) for one in made.steps] == [Missing, Withdraw]


def test_bad_day_still_says_what_it_says() -> None:
    moved, new = shown(5, 51, 54), shown(9, 70, 71)
    made = steps([moved, new], FIVE)
    assert [type(one) for one in made] == [Change, Add, Hold]


def test_cancellation_in_so_many_words_counts_on_a_bad_day() -> None:
    cancelled = event(50, 53, "Reserved", uid="u5", status="CANCELLED")
    made = steps([cancelled], FIVE)
    assert [type(one) for one in made] == [Withdraw, Hold]


def test_block_is_not_opened_on_a_bad_day() -> None:
    made = steps([], [*FIVE, sighting(6, 80, 90, Kind.BLOCK, own_id="b")])
    assert [type(one) for one in made] == [Hold]


def test_bad_day_is_no_second_witness_for_an_earlier_absence() -> None:
    memory = Memory("other", *FIVE)
    memory.fetch(FIVE_SHOWN[1:], NOW)
    memory.fetch([], NOW + TEN_MINUTES)
    memory.fetch_same_again(NOW + 2 * TEN_MINUTES)
    assert not memory.withdrawn

    memory.fetch(FIVE_SHOWN[1:], NOW + 3 * TEN_MINUTES)
    assert not memory.withdrawn
    memory.fetch(FIVE_SHOWN[1:], NOW + 4 * TEN_MINUTES)
    assert [one.id for one in memory.withdrawn] == [1]


def test_host_who_says_they_are_gone_is_believed_at_once() -> None:
    begun = stay(6, -1, 2)
    made = plan(OTHER, [], [*FIVE, begun], HERE, NOW, accept_loss=True)
    assert made.warning is None
    assert {one.sighting_id for one in made.steps if isinstance(one, Withdraw)} == {1, 2, 3, 4, 5}
    assert [one for one in made.steps if not isinstance(one, Withdraw)] == [Missing(6)]


@pytest.mark.parametrize(("start", "end"), [(0, 2), (-3, 1)])
def test_stay_that_has_begun_is_never_withdrawn(start: int, end: int) -> None:
    memory = Memory("other", stay(1, start, end), *FIVE[1:])
    for fetch in range(4):
        memory.fetch(FIVE_SHOWN[1:], NOW + fetch * TEN_MINUTES)
        memory.fetch_same_again(NOW + fetch * TEN_MINUTES)
    assert not memory.withdrawn
    assert memory.known[1].missing_since == NOW


def test_absence_before_arrival_is_not_confirmed_after_it() -> None:
    known = [stay(6, 0, 3, missing_since=NOW - timedelta(hours=12))]
    assert overdue(known, HERE, NOW) == ()
    assert steps(FIVE_SHOWN, [*known, *FIVE]) == ()


def test_past_stay_is_not_missed_and_long_past_ones_are_not_added() -> None:
    assert steps([*FIVE_SHOWN, shown(9, -12, -7)], [*FIVE, stay(6, -4, 0)]) == ()


def test_vanished_block_is_opened_at_once() -> None:
    made = steps(FIVE_SHOWN, [*FIVE, sighting(6, 80, 90, Kind.BLOCK, own_id="b")])
    assert [type(one) for one in made] == [Withdraw]


def test_block_in_which_somebody_stays_is_missed_like_a_stay() -> None:
    tenant = sighting(6, 80, 170, Kind.BLOCK, own_id="b", settled=True)
    assert steps(FIVE_SHOWN, [*FIVE, tenant]) == (Missing(6),)
