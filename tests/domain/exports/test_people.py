import pytest

from app.domain.exports.people import name_of, party_of, phone_ending_of


@pytest.mark.parametrize(
    ("guest", "booker", "name"),
    [
        ("Alice Moore", "Moore, Alice", "Alice Moore"),
        ("Alice Moore", "Smith, Bob", "Alice Moore"),
        ("Alice Moore, Bob Moore", "Smith, Bob", "Alice Moore"),
        ("", "Moore, Alice", "Alice Moore"),
        ("Moore, Alice", "Moore, Alice", "Alice Moore"),
        ("", "Berg, Jr., Alice", "Alice Berg, Jr."),
        ("", "ALICE MOORE", "ALICE MOORE"),
        ("", "Moore,", "Moore"),
        ("Alice  Moore ,", "", "Alice Moore"),
        ("李 小龍", "", "李 小龍"),
        ("-", "Moore, Alice", "Alice Moore"),
        ("N/A", "", None),
        ("Guest", "", None),
        ("nan", "nan", None),
        ("", "", None),
        ("12345", "", None),
    ],
)
def test_name_is_the_first_guest_or_the_booker(guest: str, booker: str, name: str | None) -> None:
    assert name_of(guest, booker) == name


@pytest.mark.parametrize(
    ("text", "ending"),
    [
        ("44 7700 900101", "0101"),
        ("+351 000 001 195", "1195"),
        ("447700900101", "0101"),
        ("(0161) 234-5678", "5678"),
        ("٤٤٧٧٠٠٩٠٠١٠١", "0101"),
        ("123456", None),
        ("4477", None),
        ("4.477009E+11", None),
        ("guest.1234567@example.com", None),
        ("", None),
    ],
)
def test_phone_ending_is_of_a_whole_number(text: str, ending: str | None) -> None:
    assert phone_ending_of(text) == ending


@pytest.mark.parametrize(
    ("persons", "adults", "children", "party"),
    [
        (3, 2, 1, 3),
        (None, 2, 1, 3),
        (None, 2, None, 2),
        (0, 0, 0, None),
        (None, None, None, None),
    ],
)
def test_party_is_persons_or_adults_and_children(
    persons: int | None, adults: int | None, children: int | None, party: int | None
) -> None:
    assert party_of(persons, adults, children) == party
