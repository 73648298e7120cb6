import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.references import normalised, walk_in_reference


@pytest.mark.parametrize(
    ("typed", "reference"),
    [
        ("5100200301", "5100200301"),
        (" 5100 200 301 ", "5100200301"),
        ("#5100200301", "5100200301"),
        ("hmtestq2aa", "HMTESTQ2AA"),
        ("HM TEST Q2 AA.", "HMTESTQ2AA"),
        ("VRB–HA–T3ST01–AAAAA", "VRB-HA-T3ST01-AAAAA"),
        ("５１００２００３０１", "5100200301"),
        ("51002\u200b00301", "5100200301"),
    ],
)
def test_spelling_is_forgiven(typed: str, reference: str) -> None:
    assert normalised(typed) == reference


@pytest.mark.parametrize("typed", ["", "   ", "#", "ab", "a" * 41, "12/34", "<b>", "-123-"])
def test_what_cannot_be_a_reference_is_none(typed: str) -> None:
    assert normalised(typed) is None


@given(st.text(max_size=60))
def test_normalising_never_fails_and_is_stable(typed: str) -> None:
    once = normalised(typed)

    assert once is None or normalised(once) == once


def test_walk_in_references_are_references() -> None:
    made = walk_in_reference()

    assert normalised(made.lower()) == made
