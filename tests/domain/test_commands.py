"""Every spelling a thumb can produce, and what it is read as."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from app.domain.command_guide import guide_text
from app.domain.command_references import is_ticket, tickets
from app.domain.command_text import CARRIER_WORDS, OPT_OUT, read_commands
from app.domain.commands import (
    AssignRoom,
    Block,
    Cancel,
    Carrier,
    Check,
    Command,
    Commands,
    Confirm,
    Empty,
    GiveReference,
    Guide,
    LineFault,
    Misread,
    Reading,
    Reject,
    Sure,
    Today,
    Tomorrow,
    Tonight,
    Undo,
    Unlock,
    canonical,
)
from app.domain.sms_text import is_gsm7, segments

REF = "1234567890"
REFERENCES = [
    "1234567890",
    "123456789",
    "4821",
    "HMTESTQ2BB",
    "HMABCDEFGH",
    "HA-T3ST01",
    "HA-XXXXXX",
    "VRB-HA-T3ST01-AAAAA",
    "PMS-123456",
    "LK-ABC234",
    "LK-ABCDEF",
    "12345-678",
    "123456-7890",
    "R12345",
]


def said(*commands: Command) -> Reading:
    return Commands(commands)


def faults(text: str) -> tuple[LineFault, ...]:
    reading = read_commands(text)
    assert isinstance(reading, Misread), reading
    return reading.faults


def why(text: str) -> str:
    (fault,) = faults(text)
    return fault.why


# References


@pytest.mark.parametrize("reference", REFERENCES)
def test_every_channels_reference_works_wherever_a_number_does(reference: str) -> None:
    for typed in (reference, reference.lower(), f" #{reference}. "):
        assert read_commands(typed) == said(GiveReference(reference))
        assert read_commands(f"B {typed}") == said(GiveReference(reference, "B"))
        assert read_commands(f"{typed} b") == said(GiveReference(reference, "B"))
        assert read_commands(f"check {typed}") == said(Check(reference))
        assert read_commands(f"cancel {typed}") == said(Cancel(reference))
        assert read_commands(f"sure {typed}") == said(Sure(reference))
        assert read_commands(f"{typed.strip(' .')}: 1-2") == said(AssignRoom(reference, 1, 2))
        assert read_commands(f"{typed.strip(' .')} 12-3") == said(AssignRoom(reference, 12, 3))


@pytest.mark.parametrize(
    "text",
    [
        "1234567890",
        "#1234567890",
        "# 1234567890",
        "1234567890.",
        "1234567890...",
        "1234567890,",
        "1234567890!",
        "  1234567890\n",
        "\n\n1234567890\r\n\r\n",
        "\u00a01234567890\u202f",
        "\u200b1234567890\ufeff",
        "\u20681234567890\u2069",
        "１２３４５６７８９０",
        "١٢٣٤٥٦٧٨٩٠",
        "1️⃣234567890",
        "“1234567890”",
        "'1234567890'",
        "(1234567890)",
        "[1234567890]",
        "<1234567890>",
        "> 1234567890",
        ">>1234567890",
        "- 1234567890",
        "• 1234567890",
        "* 1234567890",
        "1234 567 890",
        "12345 67890",
        "123 456 7890",
        "1234567890 👍",
        "1234567890;",
        "№1234567890",
        "1234567\u00ad890",
    ],
)
def test_bare_reference(text: str) -> None:
    assert read_commands(text) == said(GiveReference(REF))


@pytest.mark.parametrize(
    "text",
    [
        "A 1234567890",
        "a 1234567890",
        "A: 1234567890",
        "A:1234567890",
        "A : 1234567890",
        "A=1234567890",
        "a = 1234567890",
        "A-1234567890",
        "A - 1234567890",
        "A – 1234567890",
        "A. 1234567890",
        "A.1234567890",
        "A, 1234567890",
        "A) 1234567890",
        "(A) 1234567890",
        "A #1234567890",
        "#A #1234567890",
        "A → 1234567890",
        "A -> 1234567890",
        "“A” 1234567890",
        "1234567890 A",
        "1234567890 a.",
        "1234567890: A",
        "1234567890 = A",
        "1234567890, A",
        "1234567890 (A)",
        "1234567890 - A",
        "A 1234 567 890",
        "1234 567 890 A",
        "Ａ　１２３４５６７８９０",
        "\u0410 1234567890",
        "\u0391 1234567890",
    ],
)
def test_reference_for_a_match(text: str) -> None:
    assert read_commands(text) == said(GiveReference(REF, "A"))


@pytest.mark.parametrize(
    ("text", "command"),
    [
        ("AB 1234567890", GiveReference(REF, "AB")),
        ("ab: 1234567890", GiveReference(REF, "AB")),
        ("AB - 1234567890", GiveReference(REF, "AB")),
        ("H MTESTQ2AA", GiveReference("MTESTQ2AA", "H")),
        ("HA 1234567890", GiveReference(REF, "HA")),
        ("HM TEST Q2 AA", GiveReference("HMTESTQ2AA")),
        ("hm testq2aa", GiveReference("HMTESTQ2AA")),
        ("C HM TEST Q2 AA", GiveReference("HMTESTQ2AA", "C")),
        ("HA - T3ST01", GiveReference("HA-T3ST01")),
        ("HA–T3ST01", GiveReference("HA-T3ST01")),
        ("VRB‑HA‑T3ST01‑AAAAA", GiveReference("VRB-HA-T3ST01-AAAAA")),
        ("A HA-T3ST01", GiveReference("HA-T3ST01", "A")),
        ("A: LK-ABCDEF", GiveReference("LK-ABCDEF", "A")),
        ("K 1234567890", GiveReference(REF, "K")),
    ],
)
def test_letters_that_look_like_something_else(text: str, command: Command) -> None:
    assert read_commands(text) == said(command)


@pytest.mark.parametrize(
    "text",
    [
        *("hello", "thanks", "Hm all right", "call me", "what", "LKABCDEF", "hotel-bar"),
        *("12", "123", "a12", "1-2", "10-2", "1001-14", "room1", "door2", "2nights"),
        *("15:00", "15.00", "3pm", "10am", "15h30", "12th", "today1", "block1", "no1"),
        *("2026-12-12", "12-12-2026", "12.12.2026", "12/12/2026", "12-12-26"),
        *("+44 7700 900123", "12 12 2026", "1234 5678 9012 3456", "12345678 12"),
        *("a" * 41, "1" * 41, "<b>", "-", "+", "1 2 3 4 5 6 7 8 9 0", "1234/567"),
        *(
            "A B 1234567890",
            "A 1234567890 B",
            "ABC 1234567890",
            "HM: TESTQ2AA1",
            "correct OK1234: 1-2",
            "my ref 1234567890 ok",
        ),
    ],
)
def test_what_is_no_reference_is_never_given(text: str) -> None:
    assert isinstance(read_commands(text), Misread | Empty)


@pytest.mark.parametrize(
    ("text", "advice"),
    [
        ("A1234567890", "A 1234567890."),
        ("1234567890a", "A 1234567890."),
        ("1234567890-A", "A 1234567890."),
        ("AB-1234567890", "AB 1234567890."),
        ("1234567890-1-2", "1234567890: 1-2."),
        ("1234567890-3", "1234567890: 3-2."),
        ("A 1234567890: 1-2", "Write 1234567890: 1-2."),
        ("A-1234567890: 1-2", "Write 1234567890: 1-2."),
        ("1234567890?", "Write check 1234567890."),
    ],
)
def test_what_may_be_two_things_is_asked_back(text: str, advice: str) -> None:
    assert why(text).endswith(advice)


# Rooms and nights


@pytest.mark.parametrize(
    "text",
    [
        "1234567890: 1-2",
        "1234567890:1-2",
        "1234567890 :1-2",
        "1234567890 1-2",
        "1234567890  1 - 2",
        "1234567890: 1–2",
        "1234567890: 1—2",
        "1234567890: 1‑2",
        "1234567890: 1−2",
        "1234567890: 1 -2.",
        "1234567890: 1- 2,",
        "1234567890: 1--2",
        "#1234567890 : 1 – 2.",
        "# 1234567890: #1 - 2",
        "1234567890=1-2",
        "1234567890, 1-2",
        "1234567890. 1-2",
        "1234567890 - 1-2",
        "1234567890 – 1–2",
        "1234567890 -> 1-2",
        "1234567890→1-2",
        "1234567890：１－２",
        "１２３４５６７８９０： １－２。"[:-1],
        "١٢٣٤٥٦٧٨٩٠: ١-٢",
        "1234567890: 01-02",
        "1234 567 890: 1-2",
        "1234 567 890 1-2",
        "1234567890: room 1 2 nights",
        "1234567890: Room 1, 2 nights",
        "1234567890: room 1: 2 nights",
        "1234567890: room 1 for 2 nights",
        "1234567890 room 1 2 nights",
        "1234567890 room 1: 2 nights",
        "1234567890: room #1 - 2 nights",
        "1234567890: room1 2nights",
        "1234567890: rm 1-2",
        "1234567890: r1-2",
        "1234567890: 1-2n",
        "1234567890: 1-2 nts",
        "1234567890: 1-2 nights",
        "1234567890: 1 2 nights",
        "1234567890: (1-2)",
        "“1234567890: 1-2”",
        "> 1234567890: 1-2",
        "- 1234567890: 1-2",
        "\u00a01234567890:\u00a01\u00a0-\u00a02\u00a0",
        "1234567890: 1\u200b-\u200b2",
        "1234567890:\t1-2\r\n",
        "1234567890: 1-2 🙏",
        "1234567890: 1-2 👍",
        "1234567890: 1-2!",
        "1234567890: 1-2;",
    ],
)
def test_room_and_nights(text: str) -> None:
    assert read_commands(text) == said(AssignRoom(REF, 1, 2))


@pytest.mark.parametrize(
    "text",
    [
        "1234567890: 1-2, 2-3",
        "1234567890: 1-2,2-3",
        "1234567890: 1-2 2-3",
        "1234567890: 1-2 & 2-3",
        "1234567890: 1-2 + 2-3",
        "1234567890: 1-2 and 2-3",
        "1234567890: 1-2/2-3",
        "1234567890: 1-2. 2-3.",
        "1234567890 1-2, 2-3",
        "1234567890: room 1, 2 nights, room 2, 3 nights",
        "1234567890: room 1 2 nights and room 2 3 nights",
    ],
)
def test_one_line_with_several_rooms(text: str) -> None:
    assert read_commands(text) == said(AssignRoom(REF, 1, 2), AssignRoom(REF, 2, 3))


@pytest.mark.parametrize(
    "text",
    [
        "1234567890: 2-2 correct",
        "1234567890: 2-2 Correct.",
        "1234567890: 2-2, correct",
        "1234567890: 2-2 (correct)",
        "1234567890: 2-2 corrected",
        "1234567890: 2-2 correction",
        "1234567890: correct 2-2",
        "1234567890 correct: 2-2",
        "1234567890 2-2 correct",
        "1234567890 2-2: correct",
        "correct 1234567890: 2-2",
        "correct: 1234567890: 2-2",
        "Correct, 1234567890 2-2",
        "CORRECTED 1234567890: room 2 2 nights",
    ],
)
def test_correction(text: str) -> None:
    assert read_commands(text) == said(AssignRoom(REF, 2, 2, correct=True))


@pytest.mark.parametrize(
    "text",
    ["1234567890: 2-2 incorrect", "1234567890: 2-2 not correct", "1234567890: 2-2-correct"],
)
def test_what_is_not_said_to_be_correct_is_not_a_correction(text: str) -> None:
    assert "needs room and nights, such as 1234567890: 2-2" in why(text)


def test_correction_of_several_rooms_corrects_all_of_the_line() -> None:
    assert read_commands("1234567890: 1-2, 2-2 correct\n2234567890: 3-1") == said(
        AssignRoom(REF, 1, 2, correct=True),
        AssignRoom(REF, 2, 2, correct=True),
        AssignRoom("2234567890", 3, 1, line=2),
    )


@pytest.mark.parametrize(
    "text",
    [
        "1234567890: 1-2\n2234567890: 2-3",
        "1234567890: 1-2\r\n2234567890: 2-3\r\n",
        "1234567890: 1-2\r2234567890: 2-3",
        "1234567890: 1-2\u20282234567890: 2-3",
        "1234567890: 1-2\n\n\n2234567890: 2-3",
        "1234567890: 1-2; 2234567890: 2-3",
        "1234567890: 1-2;2234567890: 2-3;",
        "1234567890: 1-2；2234567890: 2-3",
        "1234567890: 1-2\n---\n2234567890: 2-3",
        "1234567890: 1-2\n🙏\n2234567890: 2-3",
        "> 1234567890: 1-2\n> 2234567890: 2-3",
        "- 1234567890: 1-2\n- 2234567890: 2-3",
    ],
)
def test_several_lines_blank_ones_not_counted(text: str) -> None:
    assert read_commands(text) == said(
        AssignRoom(REF, 1, 2, line=1), AssignRoom("2234567890", 2, 3, line=2)
    )


def test_references_and_rooms_go_together() -> None:
    assert read_commands("A 1234567890\n2234567890: 2-3; B 3234567890") == said(
        GiveReference(REF, "A", line=1),
        AssignRoom("2234567890", 2, 3, line=2),
        GiveReference("3234567890", "B", line=3),
    )


@pytest.mark.parametrize(
    ("text", "advice"),
    [
        ("1234567890:", "needs room and nights, such as 1234567890: 1-2."),
        ("1234567890: 2", "needs room and nights, such as 1234567890: 2-2."),
        ("1234567890 2", "needs room and nights, such as 1234567890: 2-2."),
        ("1234567890: room 3", "needs room and nights, such as 1234567890: 3-2."),
        ("1234567890: 1 2", "needs room and nights, such as 1234567890: 1-2."),
        ("1234567890: 3/1", "needs room and nights, such as 1234567890: 3-1."),
        ("1234567890: rooms 1-2", "needs room and nights, such as 1234567890: 1-2."),
        ("1234567890: 1-2-3", "needs room and nights, such as 1234567890: 1-2."),
        ("1234567890: 1-2 Alice", "needs room and nights, such as 1234567890: 1-2."),
        ("1234567890: Alice", "needs room and nights, such as 1234567890: 1-2."),
        ("1234567890: 12n", "needs room and nights, such as 1234567890: 12-2."),
        ("5100 200 301 2", "needs room and nights, such as 5100200301: 2-2."),
        ("correct 1234567890", "needs room and nights, such as 1234567890: 1-2 correct."),
        ("1234567890: 2 correct", "needs room and nights, such as 1234567890: 2-2 correct."),
        ("1234567890: 0-2", "says room 0. Room numbers go from 1 to 9999."),
        ("1234567890: 10000-2", "says room 10000. Room numbers go from 1 to 9999."),
        ("1234567890: 1-0", "says 0 nights. Write between 1 and 60."),
        ("1234567890: 1-61", "says 61 nights. Write between 1 and 60."),
        ("1234567890: 1-2, 2-99", "says 99 nights. Write between 1 and 60."),
        ("1-2", "needs the booking reference first, such as 1234567890: 1-2."),
        ("room 1 2 nights", "needs the booking reference first, such as 1234567890: 1-2."),
        ("Alice: 1-2", "needs the booking reference first, such as 1234567890: 1-2."),
        ("123: 1-2", "needs the booking reference first, such as 1234567890: 1-2."),
    ],
)
def test_what_is_missing_is_said_with_what_to_write(text: str, advice: str) -> None:
    assert why(text) == f'"{text}" {advice}'


@pytest.mark.parametrize("text", ["1234567890: 9999-60", "1234567890: 1-1"])
def test_ends_of_the_ranges_are_read(text: str) -> None:
    assert isinstance(read_commands(text), Commands)


# Answers


@pytest.mark.parametrize(
    "text",
    [
        *("OK", "ok", "Ok.", "ok!", " o k ", "O.K.", "o.k", "okay", "OKAY.", "confirm"),
        *("> ok", "#ok", "“OK”", "ok\n", "OK 👍", "ok 🙏🏽", "Ok,", "\u041e\u041a", "ＯＫ"),
        *("👍", "👍🏽", "👍👍", "👍 👍", "👌", "✅", "✔️", "👍."),
    ],
)
def test_ok(text: str) -> None:
    assert read_commands(text) == said(Confirm())


@pytest.mark.parametrize(
    "text",
    [
        *("OK A", "ok a.", "ok: a", "OK-A", "ok, a", "ok (a)", "OK #A", "ok=a", "o.k. a"),
        *("okay A", "yes A", "Yes, a!", "confirm a", "A ok", "a: OK", "A - ok", "A okay."),
        *("👍 A", "👍🏿A", "✅ a", "OK A 👍", "ok “A”", "OK\u00a0A", "ОК А", "OK a 😀"),
    ],
)
def test_ok_for_a_match(text: str) -> None:
    assert read_commands(text) == said(Confirm("A"))


@pytest.mark.parametrize("text", ["NO", "no.", "No!", "nope", "> no", "👎", "👎🏻", "no 🙁"])
def test_no(text: str) -> None:
    assert read_commands(text) == said(Reject())


@pytest.mark.parametrize("text", ["NO A", "no a.", "no: a", "No, A", "nope A", "A no", "👎 A"])
def test_no_for_a_match(text: str) -> None:
    assert read_commands(text) == said(Reject("A"))


@pytest.mark.parametrize(
    ("text", "command"),
    [
        ("block", Block()),
        ("Block.", Block()),
        ("block A", Block("A")),
        ("BLOCK: a", Block("A")),
        ("block-a", Block("A")),
        ("A block", Block("A")),
        ("block AB", Block("AB")),
    ],
)
def test_block(text: str, command: Command) -> None:
    assert read_commands(text) == said(command)


@pytest.mark.parametrize(
    "text", ["OK A, B", "ok a b", "OK A & B", "ok a and b", "OK A+B", "👍 A B"]
)
def test_one_answer_for_several_matches(text: str) -> None:
    assert read_commands(text) == said(Confirm("A"), Confirm("B"))


def test_answers_that_name_their_match_go_together() -> None:
    assert read_commands("ok a\nno b; block c") == said(
        Confirm("A", line=1), Reject("B", line=2), Block("C", line=3)
    )


@pytest.mark.parametrize(
    "text",
    [
        *("OK?", "no ok", "ok no", "not ok", "OK 1234567890", "ok thanks", "OK 👎", "👍👎"),
        *("ok ABC", "no problem", "block 1234567890", "block room 1", "blocked", "k", "yep"),
        *("Yes please", "yes!", "y", "n", "A", "ok A 1234567890", "OK A: 1-2", "okA"),
    ],
)
def test_what_is_not_clearly_an_answer_is_asked_back(text: str) -> None:
    assert len(faults(text)) == 1


def test_letter_alone_is_told_what_it_may_say() -> None:
    assert why("a") == '"a" is only a letter. Write OK A, NO A or block A.'


def test_tickets_are_letters_but_never_words_of_ours() -> None:
    every = list(tickets())

    assert every[:3] == ["A", "B", "C"]
    assert every[25:28] == ["Z", "AA", "AB"]
    assert len(set(every)) == len(every) == 26 + 26 * 26 - 3
    assert all(map(is_ticket, every))
    assert not {"OK", "NO", "HM"} & set(every)


def test_every_ticket_reads_back_in_every_command() -> None:
    for ticket in tickets():
        for command in (Confirm(ticket), Reject(ticket), Block(ticket), GiveReference(REF, ticket)):
            assert read_commands(canonical(command)) == said(command)
            assert read_commands(canonical(command).lower()) == said(command)


# Other commands


@pytest.mark.parametrize(
    ("text", "command"),
    [
        ("check 1234567890", Check(REF)),
        ("Check: 1234567890.", Check(REF)),
        ("CHECK #1234567890", Check(REF)),
        ("check 1234 567 890", Check(REF)),
        ("check1234567890", Check(REF)),
        ("check-1234567890", Check(REF)),
        ("check HM TEST Q2 BB", Check("HMTESTQ2BB")),
        ("cancel 1234567890", Cancel(REF)),
        ("Cancel #1234567890.", Cancel(REF)),
        ("sure 1234567890", Sure(REF)),
        ("Sure, 1234567890!", Sure(REF)),
        ("today", Today()),
        ("Today.", Today()),
        ("TODAY?", Today()),
        ("arrivals", Today()),
        ("tomorrow", Tomorrow()),
        ("tomorow", Tomorrow()),
        ("tommorrow", Tomorrow()),
        ("Tomorrow?", Tomorrow()),
        ("tonight", Tonight()),
        ("Tonight?", Tonight()),
        ("tonite", Tonight()),
        ("guide", Guide()),
        ("Menu.", Guide()),
        ("COMMANDS", Guide()),
        ("?", Guide()),
        ("undo", Undo()),
        ("Undo!", Undo()),
    ],
)
def test_other_commands(text: str, command: Command) -> None:
    assert read_commands(text) == said(command)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("unlock 1", "1"),
        ("Unlock 1.", "1"),
        ("unlock #1", "1"),
        ("unlock room 1", "1"),
        ("unlock Room #01", "1"),
        ("unlock rm 1", "1"),
        ("unlock1", "1"),
        ("unlock: 1", "1"),
        ("unlock １", "1"),
        ("unlock front", "front"),
        ("UNLOCK  FRONT   DOOR", "front door"),
        ("open front door", "front door"),
        ("open the front door!", "front door"),
        ("unlock the room 1", "1"),
        ("unlock “front”", "front"),
        ("unlock Sam’s gate", "sams gate"),
        ("unlock back-gate", "back gate"),
        ("unlock Eingangstür", "eingangstür"),
        ("unlock Straße", "strasse"),
        ("unlock दरवाज़ा", "दरवाज़ा"),
        ("unlock \u0434\u0432\u0435\u0440\u044c", "\u0434\u0432\u0435\u0440\u044c"),
    ],
)
def test_unlock(text: str, words: str) -> None:
    assert read_commands(text) == said(Unlock(words))


@pytest.mark.parametrize(
    ("text", "advice"),
    [
        ("unlock", "needs a door, such as unlock 1 or unlock front."),
        ("open the", "needs a door, such as unlock 1 or unlock front."),
        (
            "unlock " + "x" * 81,
            "is too long for a door. Write only its name, such as unlock front.",
        ),
        ("check", "needs a booking reference, such as check 1234567890."),
        ("check A", "needs a booking reference, such as check 1234567890."),
        ("check in 1234567890", "needs a booking reference, such as check 1234567890."),
        ("cancel A", "needs a booking reference, such as cancel 1234567890."),
        ("cancel cancel", "needs a booking reference, such as cancel 1234567890."),
        ("sure", "needs a booking reference, such as sure 1234567890."),
        ("today 1", "says more than it can. Write only today."),
        ("undo that", "says more than it can. Write only undo."),
        ("help me", "is not a command. Write guide for the list."),
    ],
)
def test_half_a_command_says_the_other_half(text: str, advice: str) -> None:
    assert why(text).endswith(f'" {advice}')


# Whole messages


@pytest.mark.parametrize("word", sorted(CARRIER_WORDS))
def test_carriers_words_are_never_commands(word: str) -> None:
    spellings = (word, word.lower(), word.title(), f"  {word}\n", f"{word}.", f"{word.lower()} . ")
    for text in (*spellings, f"\u200b{word}\u00a0", f"\ufeff{word}..."):
        assert read_commands(text) == Carrier(word)


def test_all_thirteen_words_are_known() -> None:
    assert len(CARRIER_WORDS) == 13
    assert len(OPT_OUT) == 8


@pytest.mark.parametrize("word", sorted(CARRIER_WORDS))
def test_carriers_word_beside_other_words_is_not_the_carriers(word: str) -> None:
    for text in (f"{word} please", f"{word}\n1234567890", f"{word}; ok"):
        assert not isinstance(read_commands(text), Carrier)


@pytest.mark.parametrize(
    "text", ["", " ", "\n\n", "\u00a0\u200b", "...", "🎉", "❤️ 🙏", "- - -", ";;"]
)
def test_nothing_readable_is_empty(text: str) -> None:
    assert read_commands(text) == Empty()


def test_one_misread_line_holds_all_and_is_named() -> None:
    (fault,) = faults("1234567890: 1-2\n1234567890: 2")

    assert fault == LineFault(
        2,
        "1234567890: 2",
        'Line 2: "1234567890: 2" needs room and nights, such as 1234567890: 2-2.',
    )


def test_every_misread_line_is_named() -> None:
    assert [one.number for one in faults("x\n1234567890: 1-2\n\ny; z")] == [1, 3, 4]


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("unlock 1\ntoday", [1, 2]),
        ("1234567890: 1-2\nunlock 1", [2]),
        ("1234567890: 1-2\nOK", [2]),
        ("OK A\n1234567890: 1-2", [1]),
        ("today\nOK A", [1]),
        ("check 1234567890\ncheck 2234567890", [1, 2]),
        ("cancel 1234567890; sure 1234567890", [1, 2]),
        ("undo\nundo", [1, 2]),
    ],
)
def test_what_must_be_sent_alone_is_named(text: str, numbers: list[int]) -> None:
    found = faults(text)

    assert [one.number for one in found] == numbers
    assert all(one.why.endswith("must be sent alone, in a message of its own.") for one in found)


@pytest.mark.parametrize(
    ("text", "advice"),
    [
        ("ok\nok a", 'Line 1: "ok" needs its letter when more is sent with it, such as OK A.'),
        ("ok a\nno", 'Line 2: "no" needs its letter when more is sent with it, such as NO A.'),
        ("ok a\nno a", 'Line 2: "no a" speaks of A a second time. Send one line for A.'),
        ("ok a, a", '"ok a, a" speaks of A a second time. Send one line for A.'),
        (
            "A 1234567890\nA 2234567890",
            'Line 2: "A 2234567890" speaks of A a second time. Send one line for A.',
        ),
    ],
)
def test_answers_that_contradict_are_asked_back(text: str, advice: str) -> None:
    assert why(text) == advice


def test_thirty_lines_are_read_and_thirty_one_are_not() -> None:
    line = "1234567890: 1-2\n"

    assert isinstance(read_commands(line * 30), Commands)
    assert why(line * 31) == "The message has more than 30 lines. Send it in parts."


def test_thirty_rooms_on_one_line_are_read_and_thirty_one_are_not() -> None:
    assert isinstance(read_commands("1234567890: " + "1-2," * 30), Commands)
    assert "more than 30 things" in why("1234567890: " + "1-2," * 31)


def test_longest_message_is_read_and_a_longer_one_is_not() -> None:
    assert read_commands("ok" + " " * 1598) == said(Confirm())
    assert faults("ok" + " " * 1599)[0].number == 0


@pytest.mark.parametrize(
    "text",
    [
        "Liked “OK A”",
        'Liked "1234567890: 1-2"',
        "Loved “Reply OK\nOK A”",
        "Emphasized “unlock 1”",
        "Laughed at “OK”",
        "Reacted 👍 to “OK A”",
        "Removed a like from “OK A”",
        "\u200b👍\u200b to “\u200aOK A\u200a”",
    ],
)
def test_tap_on_a_message_of_ours_is_no_command(text: str) -> None:
    assert "reaction" in why(text)


@pytest.mark.parametrize(
    "text",
    [
        "Guest: Reply OK 4821 now",
        "The guest is called OK A",
        "New guest “OK A”: reply OK or NO",
        "OK A\nSent from my phone",
        "1234567890: 1-2\nThanks!",
    ],
)
def test_commands_among_other_words_are_not_commands(text: str) -> None:
    assert isinstance(read_commands(text), Misread)


def test_long_line_is_quoted_short_and_on_one_line() -> None:
    assert why('say "hello"\t' + "x" * 60) == (
        "\"say 'hello' " + "x" * 28 + '..." is not a command. Write guide for the list.'
    )


# Properties

_references = st.sampled_from(REFERENCES)
_tickets = st.sampled_from(list(tickets()))
_maybe_ticket = st.none() | _tickets
_naming = st.one_of(
    st.builds(GiveReference, _references, _maybe_ticket),
    st.builds(
        AssignRoom, _references, st.integers(1, 9999), st.integers(1, 60), correct=st.booleans()
    ),
)
_commands: st.SearchStrategy[Command] = st.one_of(
    _naming,
    st.builds(Confirm, _maybe_ticket),
    st.builds(Reject, _maybe_ticket),
    st.builds(Block, _maybe_ticket),
    st.builds(Check, _references),
    st.builds(Cancel, _references),
    st.builds(Sure, _references),
    st.builds(Unlock, st.sampled_from(["1", "front", "front door", "12", "sams gate"])),
    st.sampled_from([Today(), Tomorrow(), Tonight(), Guide(), Undo()]),
)
_NOISE = "\u00a0 \u200b\ufeff.,;:-–#>\n“”'()?!AaOK0１é李👍👎\u0301\U0001f3fd"


@given(_commands)
def test_every_command_reads_back_as_itself(command: Command) -> None:
    assert read_commands(canonical(command)) == said(command)
    assert read_commands(f" >{canonical(command).lower()}.\n") == said(command)


@given(st.text(max_size=200) | st.text(alphabet=_NOISE + "1234567890", max_size=40))
@example("\ud800")
@example("\x00OK\x00")
@example("1" * 1600)
@example("-" * 1600)
@example("1234567890: " + "1-2," * 390)
def test_every_text_has_a_reading(text: str) -> None:
    reading = read_commands(text)

    if isinstance(reading, Misread):
        assert all(fault.why.endswith(".") and "\n" not in fault.why for fault in reading.faults)
    if isinstance(reading, Commands):
        _reads_back(reading)


@given(st.data())
def test_mutated_commands_have_a_reading_that_reads_back(data: st.DataObject) -> None:
    text = "\n".join(map(canonical, data.draw(st.lists(_commands, min_size=1, max_size=3))))
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(text)))
        cut = data.draw(st.integers(0, 2))
        text = text[:at] + data.draw(st.text(_NOISE, max_size=2)) + text[at + cut :]

    reading = read_commands(text)

    if isinstance(reading, Commands):
        _reads_back(reading)


_TOKENS = [
    *("A", "HM", "OK", "NO", "the", "room", "nights", "correct", "check", "unlock", "block", "yes"),
    *(" ", " ", ":", "-", ",", ".", "=", ";", "#", "1", "2", "12", "1234567890", "TESTQ2AA", "?"),
    *("HMTESTQ2BB", "HA-T3ST01", "1-2", "for", "and", "AB", "A-1234", "OK1234", "x9", "👍", "👎"),
]


@given(st.lists(st.sampled_from(_TOKENS), max_size=9).map("".join))
def test_words_of_the_grammar_in_any_order_have_a_reading_that_reads_back(text: str) -> None:
    reading = read_commands(text)

    if isinstance(reading, Commands):
        _reads_back(reading)


@given(st.text(max_size=60).map("unlock {}".format))
def test_door_words_read_back_whatever_they_are(text: str) -> None:
    reading = read_commands(text)

    if isinstance(reading, Commands):
        _reads_back(reading)


def _reads_back(reading: Commands) -> None:
    """Print each command on a line of its own: the same commands are read again."""
    again = read_commands("\n".join(map(canonical, reading.commands)))
    assert isinstance(again, Commands), again
    assert [canonical(one) for one in again.commands] == [
        canonical(one) for one in reading.commands
    ]


# The guide


def test_guide_is_one_message_of_two_segments_at_most() -> None:
    assert is_gsm7(guide_text())
    assert segments(guide_text()) <= 2
    assert max(map(len, guide_text().splitlines())) <= 45


@pytest.mark.parametrize(
    "named",
    [
        *("A REF", "REF: 1-2", "REF: 2-2 correct", "OK", "NO", "OK A", "block", "check REF"),
        *("cancel REF", "sure REF", "unlock 1", "unlock front", "today", "tomorrow", "tonight"),
        *("guide", "menu", "commands", "undo"),
    ],
)
def test_guide_names_every_command_as_it_is_read(named: str) -> None:
    assert named in guide_text()
    assert isinstance(read_commands(named.replace("REF", REF)), Commands)
