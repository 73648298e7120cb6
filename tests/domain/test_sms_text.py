"""Segments as carriers count them, and writing that one character cannot make dearer."""

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.sms_text import can_be_written, fitted, is_gsm7, segments, shortened, to_gsm7

ALPHABET = (
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà^{}\\[~]|€\f"
)


def more(count: int) -> str:
    return f"and {count} more"


@pytest.mark.parametrize(
    ("length", "count"),
    [(0, 0), (1, 1), (160, 1), (161, 2), (306, 2), (307, 3), (459, 3), (460, 4)],
)
def test_gsm7_segments(length: int, count: int) -> None:
    assert segments("a" * length) == count


@pytest.mark.parametrize(
    ("length", "count"), [(1, 1), (70, 1), (71, 2), (134, 2), (135, 3), (201, 3), (202, 4)]
)
def test_ucs2_segments(length: int, count: int) -> None:
    assert segments("李" * length) == count


@pytest.mark.parametrize("character", "^{}\\[]~|€\f")
def test_extension_characters_count_twice(character: str) -> None:
    assert segments(character * 80) == 1
    assert segments(character * 80 + "a") == 2
    assert segments("a" * 159 + character) == 2


def test_no_character_is_parted_by_the_end_of_a_segment() -> None:
    assert segments("a" * 152 + "€" + "a" * 151) == 2
    assert segments("a" * 152 + "€" + "a" * 152) == 3
    assert segments("李" * 66 + "😀" + "李" * 65) == 2
    assert segments("李" * 66 + "😀" + "李" * 66) == 3


def test_one_emoji_makes_three_segments_of_one() -> None:
    assert segments("a" * 158) == 1
    assert segments("a" * 158 + "😀") == 3


def test_alphabet_is_written_as_it_is() -> None:
    assert is_gsm7(ALPHABET)
    assert to_gsm7(ALPHABET) == ALPHABET


@pytest.mark.parametrize("character", "çáíóúêãëłğ’“–…•`李😀\x1b\t\u00a0\u200bЖ")
def test_what_is_not_in_the_alphabet(character: str) -> None:
    assert not is_gsm7(character)
    assert is_gsm7(to_gsm7(character))


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("Zoë", "Zoe"),
        ("Łukasz Żak", "Lukasz Zak"),
        ("O’Neil", "O'Neil"),
        ("O`Neil", "O'Neil"),
        ("José Gonçalves", "José Goncalves"),
        ("Jose\u0301", "José"),
        ("Søren Ørsted", "Søren Ørsted"),
        ("Đặng Thị", "Dang Thi"),
        ("İpek Yıldız", "Ipek Yildiz"),
        ("Þór Guðmundsson", "Thor Gudmundsson"),
        ("Œuvre œuf", "OEuvre oeuf"),
        ("STRAẞE Straße", "STRASSE Straße"),
        ("„Haus“ «maison»", '"Haus" "maison"'),
        ("12–14 Dec — today…", "12-14 Dec - today..."),
        ("a\u00a0b\u202fc\td", "a b c d"),
        ("a\u2028b", "a\nb"),
        ("½ m² ™ №5 ﬁ", "1/2 m2 TM No5 fi"),
        ("１２３４", "1234"),
        ("• one", "* one"),
        ("21°C → 5×", "21 degC -> 5x"),
        ("in\u200bvi\u00adsi\u2068ble\u2069\x00\x1b", "invisible"),
        ("Жанна Ильина", "Zhanna Ilina"),
        ("Юлія Щука", "Iuliia Shchuka"),
        ("Đorđe Ђокић", "Dorde Djokic"),
        ("Γιώργος", "ΓIΩPΓOΣ"),
    ],
)
def test_letters_become_their_like(text: str, written: str) -> None:
    assert to_gsm7(text) == written
    assert can_be_written(text)


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("李", "..."),
        ("李 小龍", "..."),
        ("Guest: 李小龍 (Li)", "Guest: ... (Li)"),
        ("山田、太郎。", "...,...."),
        ("محمد علي", "..."),
        ("कमरा", "..."),
        ("김민준", "..."),
    ],
)
def test_letters_that_cannot_be_written_leave_dots(text: str, written: str) -> None:
    assert to_gsm7(text) == written
    assert not can_be_written(text)


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("ready 🎉 now", "ready now"),
        ("ready🎉now", "readynow"),
        ("🎉 ready", "ready"),
        ("ready 🎉🎉", "ready"),
        ("ready 👍🏽\nnow ❤️ ", "ready\nnow"),
        ("👨‍👩‍👧 family", "family"),
        ("🎉", ""),
    ],
)
def test_emoji_leave_no_trace(text: str, written: str) -> None:
    assert to_gsm7(text) == written
    assert can_be_written(text)


@given(st.text(max_size=200))
def test_everything_becomes_gsm7_and_stays_as_it_is(text: str) -> None:
    once = to_gsm7(text)

    assert is_gsm7(once)
    assert to_gsm7(once) == once


@given(st.text(alphabet=ALPHABET + "李😀ë", max_size=500), st.text(alphabet=ALPHABET, max_size=5))
def test_segments_never_shrink_as_a_text_grows(text: str, added: str) -> None:
    assert segments(text) <= segments(text + added)


def test_lines_that_fit_are_all_there() -> None:
    assert fitted(["Zoë: room 1", "Bob: room 2"], most_segments=1, more=more) == (
        "Zoe: room 1\nBob: room 2"
    )


def test_no_lines_make_no_text() -> None:
    assert fitted([], most_segments=1, more=more) == ""


def test_what_does_not_fit_is_counted() -> None:
    lines = ["x" * 30] * 9

    assert fitted(lines, most_segments=1, more=more) == "\n".join([*lines[:4], "and 5 more"])


def test_line_gives_way_to_the_closing_line() -> None:
    lines = ["x" * 79, "y" * 79, "z"]

    assert fitted(lines[:2], most_segments=1, more=more) == "\n".join(lines[:2])
    assert fitted(lines, most_segments=1, more=more) == f"{lines[0]}\nand 2 more"


@pytest.mark.parametrize(
    ("first", "others", "text"),
    [
        ("x" * 160, 0, "x" * 160),
        ("x" * 161, 0, "x" * 157 + "..."),
        ("x" * 161, 2, "x" * 146 + "...\nand 2 more"),
        ("x" * 155, 2, "x" * 146 + "...\nand 2 more"),
        ("[" * 81, 0, "[" * 78 + "..."),
        ("x" * 156 + " yyyyyyyy", 0, "x" * 156 + "..."),
    ],
)
def test_first_line_is_always_there_cut_where_it_must_be(
    first: str, others: int, text: str
) -> None:
    assert fitted([first, *["y" * 30] * others], most_segments=1, more=more) == text


def test_closing_line_that_cannot_fit_is_left_out() -> None:
    assert fitted(["x" * 150, "y" * 30], most_segments=1, more=lambda _n: "z" * 160) == "x" * 150


def test_second_segment_is_used_to_its_end() -> None:
    assert (
        fitted(["x" * 153, "y" * 152], most_segments=2, more=more) == "x" * 153 + "\n" + "y" * 152
    )
    assert fitted(["x" * 153, "y" * 153], most_segments=2, more=more) == "x" * 153 + "\nand 1 more"


@given(
    st.lists(st.text(alphabet=ALPHABET.replace("\n", "") + "李😀ë’", max_size=120), max_size=12),
    st.integers(1, 4),
)
def test_text_always_fits_and_tells_what_it_leaves_out(lines: Sequence[str], most: int) -> None:
    text = fitted(lines, most_segments=most, more=more)

    assert segments(text) <= most
    written = [to_gsm7(line) for line in lines]
    shown = text.split("\n")
    if "\n".join(written) != text and lines:
        kept = len(shown) - 1
        assert shown[-1] == f"and {len(lines) - kept} more"
        assert shown[1:kept] == written[1:kept]


def test_long_text_is_cut_at_a_line_and_keeps_its_last_one() -> None:
    lines = [*(f"Line {n}: there is no room 9. There are 1, 2 and 3." for n in range(28)), "Done."]

    told = shortened("\n".join(lines), most_segments=2).split("\n")

    assert told[:4] == lines[:4]
    assert told[-2:] == [f"... and {len(lines) - len(told) + 1} more lines.", "Done."]


def test_line_that_is_too_long_by_itself_leaves_room_for_the_last() -> None:
    told = shortened("a" * 400 + "\nb\nDone.", most_segments=1)

    assert told.endswith("aaa...\n... and 1 more line.\nDone.")
    assert segments(told) == 1


@given(st.lists(st.text(max_size=300), max_size=40), st.integers(1, 6))
def test_shortened_text_fits_and_says_what_is_missing(lines: list[str], most: int) -> None:
    text = "\n".join(lines)

    told = shortened(text, most_segments=most)

    assert segments(told) <= most
    assert told == to_gsm7(text) or "..." in told
