import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.plain_text import one_line


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  Alice   Moore ", "Alice Moore"),
        ("Alice\nReply OK 4821", "Alice Reply OK 4821"),
        ("Ali\x00ce", "Alice"),
        ("Alice\u202eerooM", "AliceerooM"),
        ("李 小龍", "李 小龍"),
        ("O’Neil", "O’Neil"),
        ("", ""),
    ],
)
def test_a_line_is_kept_without_what_nobody_types(typed: str, kept: str) -> None:
    assert one_line(typed, 200) == kept


@given(st.text(max_size=300))
def test_what_is_kept_is_one_short_line_without_controls(typed: str) -> None:
    kept = one_line(typed, 100)

    assert len(kept) <= 100
    assert not any(ord(character) < 32 for character in kept)
    assert kept == one_line(kept, 100) or kept.endswith(" ")
