"""Nights are sets of dates: every operation is checked against sets."""

import itertools
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.nights import Nights, NightSet, merged, subtracted

DAY = date(2026, 11, 23)
days = st.integers(-20, 20).map(lambda n: DAY + timedelta(days=n))
stays = st.builds(lambda day, n: Nights(day, day + timedelta(days=n)), days, st.integers(1, 12))
many = st.lists(stays, max_size=8)


def dates(*ranges: Nights) -> set[date]:
    return {night for one in ranges for night in one}


def test_no_stay_is_shorter_than_a_night() -> None:
    with pytest.raises(ValueError, match="no night"):
        Nights(DAY, DAY)


def test_same_day_turnover_shares_no_night() -> None:
    first = Nights(DAY, DAY + timedelta(days=2))
    second = Nights(first.departure, first.departure + timedelta(days=1))
    assert not first.overlaps(second)
    assert merged([second, first]) == [Nights(DAY, second.departure)]


@given(stays)
def test_length_iteration_and_membership_agree(one: Nights) -> None:
    assert len(list(one)) == len(one) == len(dates(one))
    assert all(night in one for night in one)
    assert one.departure not in one


@given(stays, stays)
def test_pairs_compare_as_sets(one: Nights, other: Nights) -> None:
    shared = dates(one) & dates(other)
    assert one.overlaps(other) == bool(shared)
    assert one.shared_with(other) == len(shared)
    assert one.covers(other) == (dates(other) <= dates(one))


@given(stays, days)
def test_what_is_left_from_a_day_is_every_later_night(one: Nights, day: date) -> None:
    left = one.from_day(day)
    assert dates(*([left] if left else [])) == {night for night in one if night >= day}


@given(many)
def test_merged_keeps_every_night_and_no_neighbours(ranges: list[Nights]) -> None:
    joined = merged(ranges)
    assert dates(*joined) == dates(*ranges)
    assert joined == sorted(joined)
    assert all(a.departure < b.arrival for a, b in itertools.pairwise(joined))
    assert merged(reversed(ranges)) == joined


@given(many, many)
def test_subtracted_leaves_exactly_the_other_nights(
    ranges: list[Nights], taken: list[Nights]
) -> None:
    left = subtracted(ranges, taken)
    assert dates(*left) == dates(*ranges) - dates(*taken)
    assert left == sorted(left)


@given(many, stays)
def test_night_set_answers_like_a_set(ranges: list[Nights], one: Nights) -> None:
    held = NightSet(ranges)
    assert held.holds(one) == (dates(one) <= dates(*ranges))
    assert dates(*held.gaps(one)) == dates(one) - dates(*ranges)
