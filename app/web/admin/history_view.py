"""The timeline in words."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import or_, select, tuple_
from sqlalchemy.orm import Session

from app import wording
from app.models import Feed, HistoryEntry, Host, Message, Property, Reservation
from app.web.admin.pages import Change, HistoryLine

MOST = 200

WHAT = {
    "reservation-open": _l("Nights closed; whose is not known"),
    "reservation-confirmed": _l("Confirmed"),
    "reservation-disputed": _l("In dispute"),
    "reservation-cancelled": _l("Cancelled"),
    "reservation-block": _l("Closed by the house"),
    "reservation-explained": _l("Found to be part of another booking"),
    "guest-made": _l("Guest entered"),
    "guest-linked": _l("Room given to the guest"),
    "checked-in": _l("Checked in"),
    "check-in-undone": _l("Check-in taken back"),
    "times-changed": _l("Times changed"),
    "link-sent-again": _l("Link ordered again"),
    "code-wanted": _l("Code ordered"),
    "code-active": _l("Code confirmed by the lock"),
    "code-moved": _l("Code’s times changed"),
    "code-changed": _l("New times confirmed by the lock"),
    "code-unwanted": _l("Code given up"),
    "code-kept": _l("Code kept after all"),
    "code-failed": _l("Code could not be put on the lock"),
    "code-gone": _l("Code gone from the lock"),
    "code-shown": _l("Code shown to a host"),
    "code-retried": _l("Code tried again"),
    "message-sent": _l("Message sent"),
    "message-delivered": _l("Message delivered"),
    "message-failed": _l("Message not delivered"),
}
LABELS = {
    "status": _l("Status"),
    "arrival": _l("Arrival"),
    "departure": _l("Departure"),
    "reference": _l("Reference"),
    "from": _l("From"),
    "until": _l("Until"),
    "check_in": _l("Check-in from"),
    "check_out": _l("Check-out by"),
    "door": _l("Door"),
    "medium": _l("By"),
}


def timeline(
    session: Session, house: Property, stay: Reservation, code_ids: Sequence[int], now: datetime
) -> tuple[HistoryLine, ...]:
    """Return what happened to a reservation, its guest, codes and messages; newest first."""
    subjects: list[tuple[str, int]] = [("reservation", stay.id)]
    subjects += [("access_code", code_id) for code_id in code_ids]
    if stay.guest_id is not None:
        subjects.append(("guest", stay.guest_id))
        sent = session.scalars(select(Message.id).where(Message.guest_id == stay.guest_id))
        subjects += [("message", message_id) for message_id in sent]
    entries = session.scalars(
        select(HistoryEntry)
        .where(
            or_(
                tuple_(HistoryEntry.subject, HistoryEntry.subject_id).in_(subjects),
            )
        )
        .order_by(HistoryEntry.id.desc())
        .limit(MOST)
    ).all()
    who = _actors(session, {entry.actor for entry in entries})
    return tuple(_line(entry, who, house, now) for entry in entries)


def _line(
    entry: HistoryEntry, who: Mapping[str, str], house: Property, now: datetime
) -> HistoryLine:
    before, after = entry.before or {}, entry.after or {}
    changes = tuple(
        Change(
            str(LABELS[name]),
            _value(before.get(name), house, now),
            _value(after.get(name), house, now),
        )
        for name in LABELS
        if name in before or name in after
    )
    return HistoryLine(
        at=entry.at.isoformat(),
        at_text=wording.moment(entry.at, house.zone, now),
        who=who.get(entry.actor, "Latchkey"),
        what=str(WHAT.get(entry.what, entry.what.replace("-", " "))),
        why=_(entry.why) if entry.why else None,
        changes=changes,
    )


def _value(value: Any, house: Property, now: datetime) -> str | None:
    """Say a stored value as people do; dates and instants are kept as ISO text."""
    if value is None:
        return None
    text = str(value)
    try:
        if "T" in text:
            return wording.moment(datetime.fromisoformat(text), house.zone, now)
        if len(text) == len("2026-12-12"):
            return wording.weekday(date.fromisoformat(text), now.date())
    except ValueError:
        return text
    return text[:5] if text.count(":") == 2 else text


def _actors(session: Session, actors: set[str]) -> dict[str, str]:
    """Return names for `host:3` and the like."""
    ids: dict[str, list[int]] = {"host": [], "feed": []}
    names = {"guest": _("the guest"), "lock": _("the lock")}
    for actor in actors:
        kind, _colon, number = actor.partition(":")
        if kind in ids and number:
            ids[kind].append(int(number))
        elif kind == "guest":
            names[actor] = _("the guest")
    for host in session.scalars(select(Host).where(Host.id.in_(ids["host"]))):
        names[f"host:{host.id}"] = host.name
    for feed in session.scalars(select(Feed).where(Feed.id.in_(ids["feed"]))):
        channel = wording.channel_name(feed.channel) or feed.channel
        names[f"feed:{feed.id}"] = _("%(channel)s calendar", channel=channel)
    return names
