"""What a lock holds against what it should hold."""

from datetime import UTC, datetime, timedelta

from app.domain.reconcile import (
    Adopt,
    Change,
    HeldCode,
    PutBack,
    Remove,
    Report,
    Suspect,
    WantedCode,
    reconcile,
)
from app.domain.windows import Window

NOW = datetime(2026, 12, 19, 16, 0, tzinfo=UTC)
STAY = Window(NOW, NOW + timedelta(days=2))
LATER = Window(NOW + timedelta(days=5), NOW + timedelta(days=7))


def want(
    code_id: int = 1,
    name: str = "ours 1",
    digits: str = "482913",
    window: Window = STAY,
    *,
    confirmed: bool = True,
    missing_at: datetime | None = None,
) -> WantedCode:
    return WantedCode(code_id, name, digits, window, confirmed, missing_at=missing_at)


def hold(
    name: str = "ours 1", digits: str = "482913", window: Window | None = STAY, ref: str = "7"
) -> HeldCode:
    return HeldCode(ref, name, digits, window)


def test_what_is_as_it_should_be_needs_nothing() -> None:
    assert reconcile([want()], [], [], [hold()]) == []


def test_empty_list_is_doubted_before_anything_is_put_back() -> None:
    assert reconcile([want()], [], [], []) == [Suspect(1)]


def test_code_missing_twice_is_put_back() -> None:
    assert reconcile([want(missing_at=NOW)], [], [], []) == [PutBack(1)]


def test_code_on_its_way_is_no_fault() -> None:
    assert reconcile([want(confirmed=False)], [], [], []) == []


def test_code_that_arrived_unheard_is_adopted() -> None:
    assert reconcile([want(confirmed=False)], [], [], [hold()]) == [Adopt(1, hold())]


def test_other_window_is_changed_and_the_digits_stay() -> None:
    held = hold(window=LATER)

    assert reconcile([want()], [], [], [held]) == [Change(1, held)]


def test_code_made_permanent_by_somebody_gets_its_window_back() -> None:
    held = hold(window=None)

    assert reconcile([want()], [], [], [held]) == [Change(1, held)]


def test_window_that_the_lock_rounded_off_within_is_left_alone() -> None:
    odd = Window(NOW + timedelta(seconds=30), STAY.valid_until - timedelta(seconds=59))
    assert reconcile([want()], [], [], [hold(window=odd)]) == []

    longer = Window(STAY.valid_from, STAY.valid_until + timedelta(seconds=1))
    assert reconcile([want()], [], [], [hold(window=longer)]) == [Change(1, hold(window=longer))]


def test_ended_code_of_ours_is_removed() -> None:
    held = hold(name="ours 0")

    assert reconcile([], [], ["ours 0"], [held]) == [Remove(held)]


def test_code_whose_removal_is_under_way_is_left_to_it() -> None:
    assert reconcile([], ["ours 0"], [], [hold(name="ours 0")]) == []


def test_stranger_is_reported_and_nothing_else() -> None:
    held = hold(name="the owner's", digits="482913")

    assert reconcile([want(confirmed=False)], [], ["ours 0"], [held]) == [Report(held)]


def test_digits_changed_by_somebody_are_put_right() -> None:
    held = hold(digits="111222")

    assert reconcile([want(missing_at=NOW)], [], [], [held]) == [PutBack(1), Remove(held, 1)]


def test_code_whose_digits_are_not_told_is_taken_for_right() -> None:
    assert reconcile([want()], [], [], [hold(digits="")]) == []


def test_of_two_codes_the_one_with_the_digits_stays() -> None:
    untold, right = hold(digits="", ref="6"), hold()
    assert reconcile([want()], [], [], [untold, right]) == [Remove(untold, 1)]


def test_second_code_of_the_same_name_is_removed_and_the_right_one_stays() -> None:
    twin = hold(ref="8", digits="111222")

    assert reconcile([want()], [], [], [hold(), twin]) == [Remove(twin, 1)]


def test_soonest_arrival_comes_first() -> None:
    late = want(1, "ours 1", window=LATER, missing_at=NOW)
    soon = want(2, "ours 2", "733918", missing_at=NOW)

    assert reconcile([late, soon], [], [], []) == [PutBack(2), PutBack(1)]


def test_code_that_somebody_renamed_is_still_ours() -> None:
    want_it = WantedCode(1, "ours 1", "482913", STAY, True, provider_ref="7")

    assert reconcile([want_it], [], [], [hold(name="Alice")]) == []


def test_digits_are_in_no_repr() -> None:
    assert "482913" not in repr([want(), hold(), Change(1, hold())])
