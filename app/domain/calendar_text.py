"""A calendar's bytes into events with local dates, forgiving what real feeds get wrong."""

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from icalendar import Calendar

from app.domain.errors import DomainError
from app.domain.nights import Nights
from app.domain.readings import FeedEvent, Skipped

MOST_EVENTS = 5_000
LONGEST_LINE = 20_000

_BEGIN = b"BEGIN:VCALENDAR"
_END = re.compile(rb"END:VCALENDAR\s*\Z", re.IGNORECASE)
_FOLD = re.compile(rb"\r?\n[ \t]")
_ALWAYS_NEW = (b"DTSTAMP", b"ORGANIZER", b"LAST-MODIFIED")
"""Properties that differ from fetch to fetch, or came one day to every event, and say nothing."""


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
    text = _checked(raw)
    try:
        calendar = Calendar.from_ical(text)
    except (ValueError, IndexError, KeyError) as fault:
        raise UnreadableFeed("The answer is not a calendar that can be read.") from fault
    events: list[FeedEvent] = []
    skipped: list[Skipped] = []
    for event in calendar.walk("VEVENT"):
        one = _read(event, zone)
        if isinstance(one, FeedEvent):
            events.append(one)
        else:
            skipped.append(one)
    return ParsedFeed(tuple(events), tuple(skipped))


def fingerprint(raw: bytes) -> str:
    """Hash what a calendar says, so that the same said again costs no parse.

    Line ends, folding, the order of events, and properties that are new with every fetch (DTSTAMP,
    ORGANIZER) make no difference.
    """
    lines = _FOLD.sub(b"", raw.lstrip(b"\xef\xbb\xbf \r\n\t")).replace(b"\r\n", b"\n").split(b"\n")
    telling = (line for line in lines if line and not line.upper().startswith(_ALWAYS_NEW))
    blocks = sorted(_blocks(telling))
    return hashlib.sha256(b"\n\n".join(blocks)).hexdigest()


def _blocks(lines: Iterator[bytes]) -> Iterator[bytes]:
    """Split into events, each one block with its lines sorted, and one block of all the rest."""
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


def _checked(raw: bytes) -> bytes:
    text = raw.removeprefix(b"\xef\xbb\xbf").lstrip()
    if text[: len(_BEGIN)].upper() != _BEGIN:
        if text[:1] == b"<":
            raise UnreadableFeed("The address answers with a web page, not with a calendar.")
        raise UnreadableFeed("The answer is empty." if not text else "This is not a calendar.")
    if not _END.search(text[-200:]):
        raise UnreadableFeed("The calendar breaks off before its end.")
    if text.upper().count(b"BEGIN:VEVENT") > MOST_EVENTS:
        raise UnreadableFeed(f"The calendar has more than {MOST_EVENTS} entries.")
    if max(map(len, text.split(b"\n"))) > LONGEST_LINE:
        raise UnreadableFeed("The calendar has lines too long to be one.")
    return text


def _read(event: Any, zone: ZoneInfo) -> FeedEvent | Skipped:
    summary = _text(event, "SUMMARY")
    if "RRULE" in event or "RDATE" in event:
        return Skipped(summary, "It repeats; a stay does not.")
    try:
        start, end = _times(event)
    except (ValueError, AttributeError, TypeError):
        start = end = None
    if start is None:
        return Skipped(summary, "It has no day of arrival that can be read.")
    if end is None:
        end = start + timedelta(days=1)
    arrival, departure = _local_date(start, zone), _local_date(end, zone)
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


def _times(event: Any) -> tuple[Any, Any]:
    """Return start and end as the event has them; the end from DURATION where it has none."""
    start = event["DTSTART"].dt if "DTSTART" in event else None
    if start is None:
        return None, None
    if "DTEND" in event:
        return start, event["DTEND"].dt
    if "DURATION" in event:
        return start, start + event["DURATION"].dt
    return start, None


def _local_date(moment: date | datetime, zone: ZoneInfo) -> date:
    if not isinstance(moment, datetime):
        return moment
    if moment.tzinfo is None:  # floating: the wall clock of wherever it is
        return moment.date()
    return moment.astimezone(zone).date()


def _why_no_night(summary: str, start: date | datetime) -> str:
    if isinstance(start, datetime) and re.match(r"check-?(in|out)\b", summary, re.IGNORECASE):
        return "It only marks the hour of arrival or departure."
    return "It has no night."


def _text(event: Any, name: str) -> str:
    value = event.get(name)
    if isinstance(value, list):
        value = value[0]
    return " ".join(str(value).split("\x00")).strip() if value is not None else ""
