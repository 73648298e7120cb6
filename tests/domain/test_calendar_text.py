"""Calendars as they really come: every fault is forgiven or named, and none cancels anything."""

import random
import re
from collections.abc import Callable
from contextlib import suppress
from datetime import date
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.calendar_text import MOST_EVENTS, UnreadableFeed, fingerprint, parse
from app.domain.nights import Nights
from app.domain.readings import FeedEvent, Skipped

SAMPLES = Path(__file__).parent.parent / "samples" / "ical"
WHOLE = [path for path in sorted(SAMPLES.glob("*.ics")) if "login" not in path.name]
LONDON = ZoneInfo("Europe/London")


def calendar(*events: str, end: str = "\r\n") -> bytes:
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Example//Test//EN"]
    for event in events:
        lines += ["BEGIN:VEVENT", *event.strip().splitlines(), "END:VEVENT"]
    return end.join([*lines, "END:VCALENDAR", ""]).encode()


def read(event: str, zone: ZoneInfo = LONDON) -> FeedEvent:
    parsed = parse(calendar(event), zone)
    assert not parsed.skipped
    (one,) = parsed.events
    return one


def skipped(event: str) -> Skipped:
    parsed = parse(calendar(event), LONDON)
    assert not parsed.events
    (one,) = parsed.skipped
    return one


def nights(first: str, last: str) -> Nights:
    return Nights(date.fromisoformat(first), date.fromisoformat(last))


STAY = "DTSTART;VALUE=DATE:20261201\nDTEND;VALUE=DATE:20261205\nUID:a@x\nSUMMARY:Reserved"
DECEMBER = nights("2026-12-01", "2026-12-05")


# What is forgiven


def test_plain_event_is_read_as_it_is() -> None:
    assert read(STAY) == FeedEvent("a@x", DECEMBER, "Reserved", "", None)


@pytest.mark.parametrize(
    "change",
    [
        lambda raw: b"\xef\xbb\xbf" + raw,
        lambda raw: b"\r\n \r\n" + raw,
        lambda raw: raw.replace(b"\r\n", b"\n"),
        lambda raw: raw.replace(b"\r\n", b"\r\n\r\n"),
        lambda raw: raw.replace(b"BEGIN:VEVENT\r\n", b"\nBEGIN:VEVENT\n"),
        lambda raw: raw.replace(b"VERSION:2.0", b"PRODID:x\r\nVERSION:2.0\r\nversion:2.0"),
        lambda raw: raw.replace(b"DTSTART", b"dtstart").replace(b"SUMMARY", b"Summary"),
        lambda raw: raw.replace(b"BEGIN:V", b"begin:v").replace(b"END:V", b"end:v"),
        lambda raw: raw.replace(b"UID:", b"a line that is none\r\nUID:"),
        lambda raw: raw.replace(b"VERSION", b"a line that is none\r\nVERSION"),
        lambda raw: raw.replace(b"SUMMARY:Res", b"SUMMARY:Res\r\n\ter\r\n ").replace(b"er", b"", 0),
        lambda raw: raw.rstrip(),
        lambda raw: raw + b"\r\n\r\n \r\n",
        lambda raw: raw.replace(b"SUMMARY", b"SUMMARY;LANGUAGE=en"),
        lambda raw: raw + raw.replace(b"VEVENT", b"VTODO"),
    ],
)  # fmt: skip
def test_clumsy_writing_changes_no_dates(change: Callable[[bytes], bytes]) -> None:
    (one,) = parse(change(calendar(STAY)), LONDON).events
    assert (one.uid, one.nights) == ("a@x", DECEMBER)
    assert one.summary.startswith("Res")


def test_fold_inside_a_letter_keeps_the_letter() -> None:
    raw = calendar(STAY.replace("Reserved", "Séverin"))
    folded = raw.replace("é".encode(), b"\xc3\r\n \xa9")
    assert parse(folded, LONDON).events[0].summary == "Séverin"


def test_bytes_that_are_no_letters_cost_no_stay() -> None:
    raw = calendar(STAY).replace(b"Reserved", b"S\xe9verin\0")
    (one,) = parse(raw, LONDON).events
    assert one.nights == DECEMBER
    assert "\0" not in one.summary


def test_alarm_keeps_its_words_to_itself() -> None:
    alarm = "\nBEGIN:VALARM\nDESCRIPTION:no\nDURATION:PT15M\nSTATUS:NO\nEND:VALARM"
    assert read(STAY + "\nDESCRIPTION:yes" + alarm).description == "yes"


def test_event_without_uid_has_none() -> None:
    assert read(STAY.replace("UID:a@x\n", "")).uid is None


def test_summary_given_twice_is_the_first() -> None:
    assert read(STAY + "\nSUMMARY:again").summary == "Reserved"


# Dates


@pytest.mark.parametrize(
    ("times", "expected"),
    [
        ("DTSTART;VALUE=DATE:20270105\nDURATION:P3D", ("2027-01-05", "2027-01-08")),
        ("DTSTART;VALUE=DATE:20270105\nDURATION:P1W", ("2027-01-05", "2027-01-12")),
        ("DTSTART;VALUE=DATE:20270110", ("2027-01-10", "2027-01-11")),
        ("DTSTART:20270110\nDTEND:20270112", ("2027-01-10", "2027-01-12")),
        ("DTSTART:20270110T150000\nDTEND:20270112T110000", ("2027-01-10", "2027-01-12")),
        ("DTSTART:20270110T150000\nDTEND;VALUE=DATE:20270112", ("2027-01-10", "2027-01-12")),
        ("DTSTART:20270110T150000Z\nDURATION:P2DT20H", ("2027-01-10", "2027-01-13")),
        ("DTSTART:20270629T233000Z\nDTEND:20270703T093000Z", ("2027-06-30", "2027-07-03")),
        ("DTSTART:20270110T233000Z\nDTEND:20270112T093000Z", ("2027-01-10", "2027-01-12")),
        (
            'DTSTART;TZID="Europe/Lisbon":20270326T160000\nDTEND;TZID=Europe/Lisbon:20270330T110000',
            ("2027-03-26", "2027-03-30"),
        ),
        (
            "DTSTART;TZID=America/New_York:20270110T200000\nDTEND:20270113T110000Z",
            ("2027-01-11", "2027-01-13"),
        ),
        (
            "DTSTART;TZID=Tokyo Standard Time:20270110T030000\nDTEND:20270113T110000Z",
            ("2027-01-09", "2027-01-13"),
        ),
        (
            "DTSTART;TZID=No/Such:20270110T150000\nDTEND;TZID=No/Such:20270112T110000",
            ("2027-01-10", "2027-01-12"),
        ),
    ],
)
def test_times_become_local_dates(times: str, expected: tuple[str, str]) -> None:
    assert read(times).nights == nights(*expected)


def test_floating_time_is_the_propertys_wherever_that_is() -> None:
    event = "DTSTART:20270110T233000\nDTEND:20270112T003000"
    for zone in ("Pacific/Auckland", "Europe/London", "America/Los_Angeles"):
        assert read(event, ZoneInfo(zone)).nights == nights("2027-01-10", "2027-01-12")


@pytest.mark.parametrize(
    ("event", "reason"),
    [
        ("DTSTART;VALUE=DATE:20270120\nDTEND;VALUE=DATE:20270120", "It has no night."),
        ("DTSTART:20270120T100000Z\nDTEND:20270120T180000Z", "It has no night."),
        ("DTSTART:20270120T100000Z", "It has no night."),
        ("DTSTART;VALUE=DATE:20270120\nDURATION:PT5H", "It has no night."),
        ("DTSTART;VALUE=DATE:20270124\nDTEND;VALUE=DATE:20270122", "It ends before it begins."),
        ("DTSTART;VALUE=DATE:20270124\nDURATION:-P2D", "It ends before it begins."),
        ("SUMMARY:Reserved", "It has no day of arrival that can be read."),
        ("DTSTART:soon\nDTEND:later", "It has no day of arrival that can be read."),
        ("DTSTART;VALUE=DATE:20270230", "It has no day of arrival that can be read."),
        ("DTSTART;VALUE=DATE:99991231", "It has no day of arrival that can be read."),
        ("DTSTART:20270101\nDTSTART:20270102", "It has no day of arrival that can be read."),
        (STAY + "\nRRULE:FREQ=SECONDLY", "It repeats; a stay does not."),
        (STAY + "\nRDATE;VALUE=DATE:20270105", "It repeats; a stay does not."),
        (
            "SUMMARY:Check-in Tobias\nDTSTART:20261210T160000Z\nDTEND:20261210T170000Z",
            "It only marks the hour of arrival or departure.",
        ),
    ],
)
def test_what_is_no_stay_is_skipped_with_its_reason(event: str, reason: str) -> None:
    assert skipped(event).reason == reason


def test_one_bad_event_spoils_no_other() -> None:
    parsed = parse(calendar("DTSTART:soon", STAY, "SUMMARY:x"), LONDON)
    assert (len(parsed.events), len(parsed.skipped)) == (1, 2)


def test_feeds_own_time_zone_does_not_reach_other_feeds() -> None:
    zone = (
        b"BEGIN:VTIMEZONE\r\nTZID:Mine\r\nBEGIN:STANDARD\r\nDTSTART:16010101T000000\r\n"
        b"TZOFFSETFROM:+0000\r\nTZOFFSETTO:+1400\r\nRRULE:FREQ=MINUTELY\r\nEND:STANDARD\r\n"
        b"END:VTIMEZONE\r\n"
    )
    event = "DTSTART;TZID=Mine:20270110T030000\nDTEND;TZID=Mine:20270112T030000"
    whole = calendar(event)
    expected = nights("2027-01-10", "2027-01-12")
    for raw in (whole.replace(b"BEGIN:VEVENT", zone + b"BEGIN:VEVENT"), whole):
        assert parse(raw, LONDON).events[0].nights == expected


# What is no calendar


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"\r\n \r\n",
        b"<!doctype html><html><body>Please log in</body></html>",
        b"\n  <html>BEGIN:VCALENDAR\nEND:VCALENDAR</html>",
        b'{"error": "BEGIN:VCALENDAR"}',
        b"BEGIN:VCALENDAR",
        b"BEGIN:VCALENDAR\nBEGIN:VEVENT\nEND:VCALENDAR",
        b"BEGIN:VCALENDAR\nEND:VEVENT\nEND:VCALENDAR",
        b"BEGIN:VCALENDAR\nEND:VCALENDAR\nBEGIN:VCALENDAR",
        b"BEGIN:VCALENDAR\nBEGIN:VTIMEZONE\nEND:VCALENDAR",
        b"BEGIN:VEVENT\nEND:VEVENT",
        b"END:VCALENDAR",
        b"\x1f\x8b\x08\x00",
    ],
)
def test_what_is_no_whole_calendar_is_refused_in_words(raw: bytes) -> None:
    with pytest.raises(UnreadableFeed) as caught:
        parse(raw, LONDON)
    assert caught.value.message.endswith(".")
    assert caught.value.code == "unreadable-feed"


@pytest.mark.parametrize("path", WHOLE, ids=lambda path: path.stem)
def test_calendar_cut_anywhere_is_refused(path: Path) -> None:
    whole = path.read_bytes().rstrip()
    for cut in {*range(0, len(whole), 37), len(whole) - 1}:
        with pytest.raises(UnreadableFeed):
            parse(whole[:cut], LONDON)


@pytest.mark.parametrize(
    "raw",
    [
        calendar(*["SUMMARY:x"] * (MOST_EVENTS + 1)),
        calendar("SUMMARY:" + "x" * 30_000),
        calendar("SUMMARY:" + "x" * 30_000).replace(b"x" * 50, b"x" * 50 + b"\r\n "),
        calendar("\n".join(["BEGIN:VALARM", "END:VALARM"] * 60_000)),
    ],
    ids=["events", "line", "folded line", "lines"],
)
def test_bomb_is_refused_before_it_is_parsed(raw: bytes) -> None:
    with pytest.raises(UnreadableFeed):
        parse(raw, LONDON)


@given(st.binary(max_size=200))
def test_no_bytes_break_the_reader(raw: bytes) -> None:
    fingerprint(raw)
    for whole in (raw, b"BEGIN:VCALENDAR\n" + raw + b"\nEND:VCALENDAR"):
        with suppress(UnreadableFeed):
            parse(whole, LONDON)


# Fingerprints


def _shuffled(raw: bytes, order: random.Random) -> bytes:
    parts = re.split(rb"(?=BEGIN:VEVENT)|(?<=END:VEVENT)\r?\n", raw)
    events = [part for part in parts if part.startswith(b"BEGIN:VEVENT")]
    order.shuffle(events)
    head, *_, tail = [part for part in parts if part and part not in events] or [b"", b""]
    return head + b"\r\n".join([*events, tail])


@given(st.sampled_from([p for p in WHOLE if "pms" not in p.name]), st.randoms())
def test_same_said_in_another_way_has_the_same_print(path: Path, order: random.Random) -> None:
    raw = path.read_bytes()
    again = _shuffled(raw, order) if raw.count(b"BEGIN:VEVENT") else raw
    again = re.sub(rb"DTSTAMP:\d{8}", b"DTSTAMP:20991231", again)
    again = re.sub(rb"ORGANIZER:.*", b"ORGANIZER;X=1:mailto:other@example.com", again)
    again = re.sub(rb"\r?\n[ \t]", b"", again).replace(b"\r\n", b"\n")
    if order.random() < 0.5:
        again = again.replace(b"SUMMARY:", b"SUMM\r\n ARY:").replace(b"\n", b"\r\n")
        again = again.replace(b"\r\r\n", b"\r\n")
    assert fingerprint(again) == fingerprint(raw)


@pytest.mark.parametrize("path", WHOLE, ids=lambda path: path.stem)
def test_any_other_letter_changes_the_print(path: Path) -> None:
    raw = path.read_bytes().removeprefix(b"\xef\xbb\xbf")
    unfolded = re.sub(rb"\r?\n[ \t]", b"", raw)
    said = [
        match.start() + n
        for match in re.finditer(rb"^(?!DTSTAMP|ORGANIZER)[^\r\n]+", unfolded, re.M | re.I)
        for n in range(0, len(match.group()), 5)
    ]
    for place in said:
        other = b"~" if unfolded[place : place + 1] != b"~" else b"#"
        changed = unfolded[:place] + other + unfolded[place + 1 :]
        assert fingerprint(changed) != fingerprint(raw)


def test_event_more_or_less_changes_the_print() -> None:
    assert len({fingerprint(calendar(*[STAY] * n)) for n in range(3)}) == 3


def test_lines_of_one_event_are_not_those_of_another() -> None:
    one, other = "UID:a\nSUMMARY:x", "UID:b\nSUMMARY:y"
    swapped = calendar(one.replace(":x", ":y"), other.replace(":y", ":x"))
    assert fingerprint(swapped) != fingerprint(calendar(one, other))
