from collections import Counter

import pytest

from app.domain.codes import NoDigitsLeft, choose_digits, is_too_simple


@pytest.mark.parametrize(
    "digits",
    ["0000", "111111", "123456", "654321", "1234", "112211", "890123", "1234567", "234561"],
)
def test_digits_that_are_guessed_first_are_too_simple(digits: str) -> None:
    assert is_too_simple(digits)


@pytest.mark.parametrize("digits", ["4821", "039174", "902718", "112358"])
def test_usual_digits_are_fine(digits: str) -> None:
    assert not is_too_simple(digits)


def test_drawn_digits_are_never_simple_and_spread_evenly() -> None:
    drawn = [choose_digits(6, lambda _digits: True) for _ in range(20_000)]
    firsts = Counter(digits[0] for digits in drawn)

    assert not any(is_too_simple(digits) for digits in drawn)
    assert all(len(digits) == 6 and digits.isdecimal() for digits in drawn)
    # Chi-square with 9 degrees of freedom: above 33.7 once in ten thousand.
    expected = len(drawn) / 10
    assert sum((firsts[str(d)] - expected) ** 2 / expected for d in range(10)) < 40


def test_only_digits_that_the_lock_has_are_drawn() -> None:
    assert all(
        set(choose_digits(6, lambda _digits: True, "123456")) <= set("123456") for _ in range(200)
    )


def test_taken_digits_are_not_drawn() -> None:
    free = choose_digits(4, lambda digits: digits.endswith("7"))

    assert free.endswith("7")


def test_full_door_is_said_rather_than_looped_over() -> None:
    with pytest.raises(NoDigitsLeft):
        choose_digits(4, lambda _digits: False)
