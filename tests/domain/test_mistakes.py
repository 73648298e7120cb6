"""What was typed at a door: whose code was meant, and what was wrong with it."""

import pytest

from app.domain.lock_words import Mistake
from app.domain.mistakes import LiveCode, compare

ROOM_1, ROOM_2, FRONT = 1, 2, 3
ALICE_1 = LiveCode(11, ROOM_1, "guest:1", "482913")
ALICE_FRONT = LiveCode(12, FRONT, "guest:1", "482913")
BOB_2 = LiveCode(21, ROOM_2, "guest:2", "730264")
BOB_FRONT = LiveCode(22, FRONT, "guest:2", "730264")
ANNA = LiveCode(31, ROOM_1, "staff:1", "5501")
HOUSE = [ALICE_1, BOB_2, ANNA, ALICE_FRONT, BOB_FRONT]


@pytest.mark.parametrize(
    ("typed", "door", "code", "mistake"),
    [
        ("482913", ROOM_1, ALICE_1, None),
        ("5501", ROOM_1, ANNA, None),
        ("482913", ROOM_2, ALICE_1, Mistake.OTHER_DOOR),
        ("5501", ROOM_2, ANNA, Mistake.OTHER_DOOR),
        ("48291", ROOM_1, ALICE_1, Mistake.DIGITS_MISSING),
        ("4829", ROOM_1, ALICE_1, Mistake.DIGITS_MISSING),
        ("550", ROOM_1, ANNA, Mistake.DIGITS_MISSING),
        ("482", ROOM_1, None, None),
        ("55", ROOM_1, None, None),
        ("82913", ROOM_1, None, None),
        ("4829133", ROOM_1, ALICE_1, Mistake.DIGITS_ADDED),
        ("04829137", ROOM_1, ALICE_1, Mistake.DIGITS_ADDED),
        ("482914", ROOM_1, ALICE_1, Mistake.ONE_WRONG),
        ("982913", ROOM_1, ALICE_1, Mistake.ONE_WRONG),
        ("482931", ROOM_1, ALICE_1, Mistake.SWAPPED),
        ("842913", ROOM_1, ALICE_1, Mistake.SWAPPED),
        ("284913", ROOM_1, None, None),
        ("482944", ROOM_1, None, None),
        ("999999", ROOM_1, None, None),
        ("", ROOM_1, None, None),
        ("48291", ROOM_2, None, None),
        ("482914", ROOM_2, None, None),
    ],
)
def test_what_was_typed(
    typed: str, door: int, code: LiveCode | None, mistake: Mistake | None
) -> None:
    assert compare(typed, HOUSE, door) == (code, mistake)


def test_right_digits_are_no_mistake_however_near_to_others_they_are() -> None:
    near = LiveCode(40, ROOM_1, "guest:9", "482914")

    assert compare("482913", [near, ALICE_1], ROOM_1) == (ALICE_1, None)


def test_near_to_two_guests_codes_is_nobodys() -> None:
    near = LiveCode(40, ROOM_1, "guest:9", "482919")

    assert compare("482914", [ALICE_1, near], ROOM_1) == (None, None)


def test_near_to_one_by_swapping_and_to_another_by_one_digit_is_nobodys() -> None:
    near = LiveCode(40, ROOM_1, "guest:9", "482930")

    assert compare("482931", [ALICE_1, near], ROOM_1) == (None, None)


def test_near_to_two_codes_of_one_guest_is_that_guests() -> None:
    leaving = LiveCode(40, ROOM_1, "guest:1", "482919")

    assert compare("482914", [ALICE_1, leaving], ROOM_1) == (ALICE_1, Mistake.ONE_WRONG)


def test_one_guests_code_at_a_third_door_names_the_first_of_their_doors() -> None:
    assert compare("730264", HOUSE, ROOM_1) == (BOB_2, Mistake.OTHER_DOOR)


def test_digits_that_two_guests_have_on_other_doors_are_nobodys() -> None:
    same = LiveCode(40, FRONT, "guest:9", "482913")

    assert compare("482913", [ALICE_1, same], ROOM_2) == (None, None)


def test_no_digits_in_what_is_logged() -> None:
    assert "482913" not in repr(ALICE_1)
