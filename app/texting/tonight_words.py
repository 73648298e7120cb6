"""Whether the arrivals of today and tomorrow will work, as a text message says it."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from app.domain.sms_text import fitted
from app.domain.tonight_words import Check, Item, Outlook, Readiness, Why
from app.models import Property
from app.services.tonight import Arrival, Tonight, tonight
from app.texting.phrases import day, local_day

TONIGHT_SEGMENTS = 3
WARNING_SEGMENTS = 4


def tonight_text(session: Session, house: Property, now: datetime) -> str:
    """Tell how the arrivals look, and of each that will not work the first thing that is wrong."""
    found = tonight(session, house, now)
    red = found.looking(Outlook.NO_GO)
    lines = [_overall(found), *(f"{_who(one, house, now)}: {_first(one.readiness)}" for one in red)]
    return fitted(
        lines, most_segments=TONIGHT_SEGMENTS, more=lambda n: f"And {n} more, on the dashboard."
    )


def warning_text(
    session: Session, house: Property, reservation_ids: Sequence[int], now: datetime, url: str
) -> str | None:
    """Say what is wrong with those of these arrivals that still will not work; None when none."""
    red = [
        one
        for one in tonight(session, house, now).looking(Outlook.NO_GO)
        if one.stay.id in reservation_ids and now < one.facts.window.valid_from
    ]
    if not red:
        return None
    head = "This arrival" if len(red) == 1 else f"These {len(red)} arrivals"
    lines = [f"{head} will not work as things are:", *(_warned(one, house, now) for one in red)]
    return fitted(
        lines, most_segments=WARNING_SEGMENTS, more=lambda count: f"And {count} more: {url}"
    )


def _overall(found: Tonight) -> str:
    total = len(found.arrivals)
    if not total:
        return "Nobody arrives today or tomorrow."
    red, waiting = (len(found.looking(one)) for one in (Outlook.NO_GO, Outlook.WAITING))
    if red:
        return f"{red} of {total} arrivals of today and tomorrow will not work as things are:"
    if waiting:
        return (
            f"Arrivals of today and tomorrow: {total - waiting} ready, {waiting} waiting for the "
            "guest or a code. Nothing is wrong."
        )
    if total == 1:
        return "The one arrival of today and tomorrow will work."
    return f"All {total} arrivals of today and tomorrow will work."


def _warned(arrival: Arrival, house: Property, now: datetime) -> str:
    red = arrival.readiness.red
    by = min(item.by for item in red)
    until = f"by {by.astimezone(house.zone):%H:%M}" if by > now else "at once"
    wrong = "; ".join(map(_item, red))
    return f"Room {_who(arrival, house, now)}: {wrong}. Put right {until}."


def _who(arrival: Arrival, house: Property, now: datetime) -> str:
    """Say "2 Bob Stone, today 15:00"."""
    stay = arrival.stay
    name = (stay.guest.full_name if stay.guest is not None else None) or stay.name
    begins = arrival.facts.window.valid_from.astimezone(house.zone)
    when = f"{day(begins.date(), local_day(house, now))} {begins:%H:%M}"
    return f"{stay.room.number} {name or stay.reference or 'not known'}, {when}"


def _first(readiness: Readiness) -> str:
    red = readiness.red
    more = f" (and {len(red) - 1} more)" if len(red) > 1 else ""
    return f"{_item(red[0])}{more}"


_WORDS = {
    Why.NOBODY_KNOWN: "we do not know who it is",
    Why.UNCONFIRMED: "waits for your OK",
    Why.IN_DISPUTE: "in dispute",
    Why.NO_CONTACT: "no phone or mail known",
    Why.OFFLINE: "gateway offline",
    Why.UNDELIVERED: "the link did not arrive",
    Why.NOT_SENT: "the link was not sent",
    Why.FAILED: "the code failed",
    Why.MISSING: "there is no code",
    Why.OTHER_ZONE: "lock set to another time zone",
}


def _item(item: Item) -> str:
    if item.why == Why.LOW:
        words = f"battery {item.percent} %"
    elif item.why == Why.ON_ITS_WAY:
        late = item.check == Check.CODE
        words = "code not on its lock" if late else "the link is not out yet"
    else:
        words = _WORDS.get(item.why, item.why)
    return f"{item.door}: {words}" if item.door else words
