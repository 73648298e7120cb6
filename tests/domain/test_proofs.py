from datetime import date

import pytest

from app.domain.proofs import KnownOfGuest, is_proof


def known(name: str | None = None, ending: str | None = None) -> KnownOfGuest:
    return KnownOfGuest(
        frozenset([name] if name else []),
        frozenset([ending] if ending else []),
        frozenset([date(2026, 12, 19)]),
    )


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("Alice Moore", "Moore"),
        ("Alice Moore", " moore "),
        ("Alice Moore", "Alice Moore"),
        ("Moore, Alice", "Moore"),
        ("Sean O'Neil", "ONeil"),
        ("Sean O’Neil", "o'neil"),
        ("Ana de la Cruz", "de la Cruz"),
        ("Ana de la Cruz", "Cruz"),
        ("Ana de la Cruz", "delacruz"),
        ("Łukasz Żak", "zak"),
        ("Zoë Brontë", "Bronte"),
        ("Jean-Luc Saint-Ex", "saint ex"),
        ("Søren Østergård", "ostergard"),
        ("李 小龍", "李"),
        ("Odette", "odette"),
        ("Jürgen Groß", "gross"),
    ],
)
def test_surname_fits_however_it_is_spelled(name: str, typed: str) -> None:
    assert is_proof(typed, known(name))


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("Alice Moore", "Moor"),
        ("Alice Moore", "o"),
        ("Alice Moore", "a"),
        ("Alice Moore", ""),
        ("Alice Moore", "   "),
        ("Alice Moore", "Moore Smith"),
        ("Alice Moore", "%"),
        ("Alice Moore", "1234"),
        ("", "Moore"),
    ],
)
def test_part_of_a_name_or_another_name_does_not_fit(name: str, typed: str) -> None:
    assert not is_proof(typed, known(name))


@pytest.mark.parametrize("typed", ["0417", " 0417 ", "+44 7700 900 417", "07700900417"])
def test_end_of_the_phone_number_fits(typed: str) -> None:
    assert is_proof(typed, known(ending="0417"))


@pytest.mark.parametrize("typed", ["417", "0418", "", "04171"])
def test_other_digits_do_not_fit(typed: str) -> None:
    assert not is_proof(typed, known(ending="0417"))


def test_arrival_is_asked_only_where_nothing_else_is_known() -> None:
    assert known().asks_for_arrival
    assert not known("Alice").asks_for_arrival
    assert not known(ending="0417").asks_for_arrival
