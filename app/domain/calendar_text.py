"""A calendar's bytes into events with local dates, forgiving what real feeds get wrong."""

import hashlib
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from icalendar import Calendar

from app.domain.errors import DomainError
from app.domain.nights import Nights
from app.domain.readings import FeedEvent, Skipped

MOST_EVENTS = 5_000
MOST_LINES = 100_000
"""Of those that are read: an event has six or seven."""
LONGEST_LINE = 20_000
"""Bytes, unfolded."""

_FOLD = re.compile(rb"(?:\r?\n)+[ \t]")
_BOUNDARY = re.compile(rb"^(BEGIN|END)[ \t]*:[ \t]*(VCALENDAR|VEVENT)[ \t]*$", re.I | re.M)
_READ = re.compile(
    rb"(?:BEGIN|END|UID|DTSTART|DTEND|DURATION|SUMMARY|DESCRIPTION|STATUS|RRULE|RDATE)[ \t]*[:;]",
    re.IGNORECASE,
)
_ALWAYS_NEW = re.compile(rb"(?:DTSTAMP|ORGANIZER|LAST-MODIFIED)[ \t]*[:;]", re.IGNORECASE)
"""Properties that differ from fetch to fetch, or came one day to every event, and say nothing."""
_MARKER = re.compile(r"check[- ]?(?:in|out)\b", re.IGNORECASE)


class UnreadableFeed(DomainError):
    """What came is no whole calendar; it must change nothing."""

    code = "unreadable-feed"


@dataclass(frozen=True)
class ParsedFeed:
    """The events that could be read, and those that could not with the reason."""

    events: tuple[FeedEvent, ...]
    skipped: tuple[Skipped, ...] = ()


def parse(raw: bytes, zone: ZoneInfo) -> ParsedFeed:
    """Read a whole calendar; times become dates in `zone`, the property's.

    Raises UnreadableFeed for anything that is not a complete calendar: a login page, half a file.
    """
    lines = _lines(raw)
    _check_whole(lines)
    try:
        calendars = Calendar.from_ical(_readable(lines), multiple=True)
    except (ValueError, IndexError, KeyError) as fault:
        raise UnreadableFeed("The answer is not a calendar that can be read.") from fault
    if not calendars:
        raise UnreadableFeed("The answer is not a calendar that can be read.")
    events: list[FeedEvent] = []
    skipped: list[Skipped] = []
    for calendar in calendars:
        for event in calendar.subcomponents:
            one = _event(event, zone) if event.name == "VEVENT" else None
            if isinstance(one, FeedEvent):
                events.append(one)
            elif one is not None:
                skipped.append(one)
    return ParsedFeed(tuple(events), tuple(skipped))


def fingerprint(raw: bytes) -> str:
    """Hash what a calendar says, so that the same said again costs no parse.

    Line ends, folding, the order of events, and properties that are new with every fetch (DTSTAMP,
    ORGANIZER) make no difference.
    """
    telling = (line for line in _lines(raw) if not _ALWAYS_NEW.match(line))
    return hashlib.sha256(b"\n\n".join(sorted(_blocks(telling)))).hexdigest()


def _blocks(lines: Iterable[bytes]) -> Iterator[bytes]:
    """Split into events, each one block, and one block of all the rest."""
    outside: list[bytes] = []
    event: list[bytes] | None = None
    for line in lines:
        if line.upper() == b"BEGIN:VEVENT":
            event = []
        elif line.upper() == b"END:VEVENT" and event is not None:
            yield b"\n".join(event)
            event = None
        else:
            (outside if event is None else event).append(line)
    yield b"\n".join([b"", *outside, *(event or ())])


def _lines(raw: bytes) -> list[bytes]:
    """Unfold, in bytes: a fold may stand in the middle of a letter."""
    text = _FOLD.sub(b"", raw.lstrip(b"\xef\xbb\xbf \t\r\n")).replace(b"\r\n", b"\n")
    return [line for line in text.split(b"\n") if line]


def _check_whole(lines: list[bytes]) -> None:
    if not lines:
        raise UnreadableFeed("The answer is empty.")
    if lines[0].lstrip().startswith(b"<"):
        raise UnreadableFeed("The address answers with a web page, not with a calendar.")
    bounds = [tuple(map(bytes.upper, m.groups())) for line in lines if (m := _BOUNDARY.match(line))]
    if lines[0].strip().upper() != b"BEGIN:VCALENDAR":
        raise UnreadableFeed("This is not a calendar.")
    if bounds[-1] != (b"END", b"VCALENDAR") or any(
        bounds.count((b"BEGIN", name)) != bounds.count((b"END", name))
        for name in (b"VCALENDAR", b"VEVENT")
    ):
        raise UnreadableFeed("The calendar breaks off before its end.")
    if bounds.count((b"BEGIN", b"VEVENT")) > MOST_EVENTS:
        raise UnreadableFeed(f"The calendar has more than {MOST_EVENTS} entries.")
    if max(map(len, lines)) > LONGEST_LINE:
        raise UnreadableFeed("The calendar has lines too long to be one.")


def _readable(lines: list[bytes]) -> str:
    """Return the text that icalendar is given: the lines that are read, and no more.

    Time zones are known by their names. A feed's own definition of one is not taken: icalendar
    would keep it for all feeds, and its rules can be made to recur for ever.
    """
    kept: list[bytes] = []
    in_zone = False
    for line in lines:
        if line[:15].upper() == b"BEGIN:VTIMEZONE":
            in_zone = True
        if not in_zone and _READ.match(line):
            kept.append(line)
        if line[:13].upper() == b"END:VTIMEZONE":
            in_zone = False
    if len(kept) > MOST_LINES:
        raise UnreadableFeed("The calendar has more lines than a room's calendar can have.")
    return b"\n".join(kept).replace(b"\0", b"").decode("utf-8", "replace")


def _event(event: Any, zone: ZoneInfo) -> FeedEvent | Skipped:
    summary = _text(event, "SUMMARY")
    if "RRULE" in event or "RDATE" in event:
        return Skipped(summary, "It repeats; a stay does not.")
    try:
        start, end = _times(event)
        arrival, departure = _local_date(start, zone), _local_date(end, zone)
    except (KeyError, ValueError, AttributeError, TypeError, OverflowError):
        return Skipped(summary, "It has no day of arrival that can be read.")
    if departure < arrival:
        return Skipped(summary, "It ends before it begins.")
    if departure == arrival:
        return Skipped(summary, _why_no_night(summary, start))
    return FeedEvent(
        uid=_text(event, "UID") or None,
        nights=Nights(arrival, departure),
        summary=summary,
        description=_text(event, "DESCRIPTION"),
        status=_text(event, "STATUS").upper() or None,
    )


def _times(event: Any) -> tuple[date | datetime, date | datetime]:
    """Return start and end; the end from DURATION, or as the standard has it (RFC 5545, 3.6.1)."""
    start = event["DTSTART"].dt
    if "DTEND" in event:
        return start, event["DTEND"].dt
    if "DURATION" in event:
        return start, start + event["DURATION"].dt
    return start, start if isinstance(start, datetime) else start + timedelta(days=1)


def _local_date(moment: date | datetime, zone: ZoneInfo) -> date:
    if not isinstance(moment, datetime):
        return moment
    if moment.tzinfo is None:  # floating: the wall clock of wherever it is
        return moment.date()
    return moment.astimezone(zone).date()


def _why_no_night(summary: str, start: date | datetime) -> str:
    if isinstance(start, datetime) and _MARKER.match(summary):  # Smoobu adds two to each stay
        return "It only marks the hour of arrival or departure."
    return "It has no night."


def _text(event: Any, name: str) -> str:
    value = event.get(name, "")
    if isinstance(value, list):  # twice in one event
        value = value[0]
    return str(value).strip()
