import pytest

from app.domain.exports.units import units_in, units_of_lines

LOFT = "Harbour Loft - Room 2, attic"


@pytest.mark.parametrize(
    ("cell", "rooms", "units"),
    [
        ("", 1, ()),
        ("", None, ()),
        ("Double Room", 1, ("Double Room",)),
        ("Double Room, Single Room", 2, ("Double Room", "Single Room")),
        ("Double Room, Double Room", 2, ("Double Room", "Double Room")),
        (LOFT, 1, (LOFT,)),
        ("Double Room, Single Room", 1, ("Double Room, Single Room",)),
        ("Double Room, sea view, Single Room", 2, ("Double Room, sea view, Single Room",)),
        ("Double Room, Single Room", None, ("Double Room, Single Room",)),
        ("2 x Double Room", 2, ("Double Room", "Double Room")),
        ("2x Double Room", None, ("Double Room", "Double Room")),
        ("2 × Double Room, Single Room", 3, ("Double Room", "Double Room", "Single Room")),
        ("2 x Loft, attic", 2, ("Loft, attic", "Loft, attic")),
        ("2 x Single Bed Room", 1, ("2 x Single Bed Room",)),
        ("Double Room", 2, ("Double Room",)),
        ("0 x Double Room", 2, ("0 x Double Room",)),
    ],
)
def test_a_cell_is_taken_apart_only_where_the_number_of_rooms_says_so(
    cell: str, rooms: int | None, units: tuple[str, ...]
) -> None:
    assert units_in(cell, rooms) == units


@pytest.mark.parametrize(
    ("cells", "rooms", "units"),
    [
        (["Double Room, Single Room"], 2, ("Double Room", "Single Room")),
        (["Double Room", "Single Room"], 2, ("Double Room", "Single Room")),
        ([LOFT, "Single Room"], 2, (LOFT, "Single Room")),
        (["Double Room", "Double Room"], 2, ("Double Room", "Double Room")),
        (["Double Room", "Single Room"], 1, ("Double Room", "Single Room")),
        (["Double Room", "Single Room"], None, ("Double Room", "Single Room")),
        (["2 x Double Room", LOFT], 3, ("Double Room", "Double Room", LOFT)),
        (["Double Room", ""], 2, ("Double Room",)),
    ],
)
def test_lines_of_one_booking_are_a_room_each(
    cells: list[str], rooms: int | None, units: tuple[str, ...]
) -> None:
    assert units_of_lines(cells, rooms) == units
