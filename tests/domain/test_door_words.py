"""Which door is meant, and that no other ever is."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.door_words import DoorName, door_words, pick_door

FRONT = DoorName(1, "Front door")
GATE = DoorName(2, "Garden gate")
ROOM_1 = DoorName(3, "Room 1", 1, "Room 1")
BALCONY = DoorName(4, "Balcony", 1, "Room 1")
ROOM_10 = DoorName(5, "Room 10", 10, "Room 10")
ROOM_11 = DoorName(6, "Room 11", 11, "Room 11")
BLUE = DoorName(7, "Blue Room", 12, "Blue Room")
SUITE = DoorName(8, "Main", 14, "Zoë’s Suite")
GARDEN_ROOM = DoorName(9, "Garden", 15, "Garden")
HOUSE = [FRONT, GATE, ROOM_1, BALCONY, ROOM_10, ROOM_11, BLUE, SUITE, GARDEN_ROOM]


@pytest.mark.parametrize(
    ("words", "doors"),
    [
        ("1", [ROOM_1]),
        ("01", [ROOM_1]),
        ("room 1", [ROOM_1]),
        ("Room 01", [ROOM_1]),
        ("door 1", [ROOM_1]),
        ("room 1 door", [ROOM_1]),
        ("1 balcony", [BALCONY]),
        ("balcony", [BALCONY]),
        ("room 1 balcony", [BALCONY]),
        ("10", [ROOM_10]),
        ("11", [ROOM_11]),
        ("12", [BLUE]),
        ("blue", [BLUE]),
        ("Blue Room", [BLUE]),
        ("14", [SUITE]),
        ("zoes suite", [SUITE]),
        ("zoë", [SUITE]),
        ("Suite", [SUITE]),
        ("main", [SUITE]),
        ("front", [FRONT]),
        ("FRONT door", [FRONT]),
        ("the front door", [FRONT]),
        ("fr", [FRONT]),
        ("gate", [GATE]),
        ("garden gate", [GATE]),
        ("gate garden", [GATE]),
        ("garden", [GARDEN_ROOM]),
        ("gard", [GATE, GARDEN_ROOM]),
        ("front lock", [FRONT]),
        ("door", [FRONT]),
    ],
)
def test_best_fit_is_picked(words: str, doors: list[DoorName]) -> None:
    assert pick_door(words, HOUSE) == doors


@pytest.mark.parametrize(
    "words", ["", " ", "the", "0", "2", "9", "110", "1 2", "front 1", "back", "ront", "f", "%"]
)
def test_nothing_is_picked_when_nothing_fits(words: str) -> None:
    assert pick_door(words, [FRONT, GATE, ROOM_10, ROOM_11, BLUE]) == []


@pytest.mark.parametrize("words", ["1", "room 1", "door 1", "no 1"])
def test_number_never_fits_a_part_of_another(words: str) -> None:
    others = [ROOM_10, ROOM_11, DoorName(20, "Gate 10"), DoorName(21, "A1", 21, "A1")]
    others.append(DoorName(22, "Floor 1 left", 22, "Floor 1 left"))

    assert pick_door(words, others) == []


@pytest.mark.parametrize("number", [1, 2, 10, 11, 100])
def test_room_number_is_before_any_name(number: int) -> None:
    named = DoorName(30, f"Gate {number}")
    room = DoorName(31, "Door", number, "Attic")

    assert pick_door(str(number), [named, room]) == [room]
    assert pick_door(f"gate {number}", [named, room]) == [named]


def test_several_doors_of_one_room_are_asked_back_when_none_bears_its_name() -> None:
    street, yard = DoorName(1, "Street", 3, "Flat"), DoorName(2, "Yard", 3, "Flat")

    assert pick_door("3", [street, yard]) == [street, yard]
    assert pick_door("3 yard", [street, yard]) == [yard]


def test_two_rooms_of_one_name_are_asked_back() -> None:
    first, second = DoorName(1, "Garden", 3, "Garden"), DoorName(2, "Garden", 4, "Garden")

    assert pick_door("garden", [first, second]) == [first, second]


@pytest.mark.parametrize("name", ["Вход", "入口", "مدخل", "दरवाज़ा", "Ingång", "St. John's"])
def test_doors_in_any_script_are_found_by_their_name(name: str) -> None:
    door = DoorName(1, name)

    assert pick_door(name.upper(), [FRONT, door]) == [door]


@given(st.text(max_size=60))
def test_door_words_are_stable(text: str) -> None:
    once = door_words(text)

    assert door_words(once) == once
    assert once == " ".join(once.split())


@given(st.text(max_size=20), st.lists(st.text(max_size=12), max_size=4))
def test_picking_never_fails_and_picks_only_what_is_there(words: str, names: list[str]) -> None:
    doors = [DoorName(n, name, n if n % 2 else None) for n, name in enumerate(names)]

    assert set(pick_door(words, doors)) <= set(doors)


@given(st.integers(1, 9999), st.sets(st.integers(1, 9999), max_size=20))
def test_room_number_opens_that_room_or_none(number: int, rooms: set[int]) -> None:
    doors = [DoorName(room, f"Room {room}", room, f"Room {room}") for room in sorted(rooms)]

    picked = pick_door(str(number), doors)

    assert [door.room_number for door in picked] == ([number] if number in rooms else [])
