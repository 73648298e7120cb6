"""The timeline in words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select, tuple_
from sqlalchemy.orm import Session

from app import wording
from app.models import (
    Feed,
    Guest,
    HistoryEntry,
    Host,
    Match,
    Message,
    Notice,
    Property,
    Reservation,
)
from app.web.admin.history_pages import Change, HistoryLine
from app.web.admin.history_words import ACTORS, CHANGED, LABELS, MESSAGES, VALUES, WHAT

MOST = 200


@dataclass(frozen=True)
class _Telling:
    """What is needed to say an entry: names of actors, and what messages were about."""

    house: Property
    now: datetime
    who: Mapping[str, str]
    messages: Mapping[int, str | None]


def timeline(
    session: Session, house: Property, stay: Reservation, code_ids: Sequence[int], now: datetime
) -> tuple[HistoryLine, ...]:
    """Return what happened to a reservation, its guest, codes, mails and messages; newest first."""
    messages = _messages(session, stay)
    subjects: list[tuple[str, int]] = [("reservation", stay.id)]
    subjects += [("access_code", code_id) for code_id in code_ids]
    subjects += [("message", message_id) for message_id in messages]
    subjects += [("notice", notice_id) for notice_id in _notices(session, stay)]
    if stay.guest_id is not None:
        subjects.append(("guest", stay.guest_id))
    entries = session.scalars(
        select(HistoryEntry)
        .where(tuple_(HistoryEntry.subject, HistoryEntry.subject_id).in_(subjects))
        .order_by(HistoryEntry.id.desc())
        .limit(MOST)
    ).all()
    who = _actors(session, {entry.actor for entry in entries})
    telling = _Telling(house, now, who, messages)
    return tuple(_line(entry, telling) for entry in entries if not _is_said(entry, entries))


def _is_said(entry: HistoryEntry, entries: Sequence[HistoryEntry]) -> bool:
    """Tell whether an entry without facts of its own is said better by one of the same act."""
    return (
        entry.what.startswith("reservation-")
        and not (entry.before or entry.after or entry.why)
        and any(
            one is not entry and (one.at, one.actor) == (entry.at, entry.actor) for one in entries
        )
    )


def _messages(session: Session, stay: Reservation) -> dict[int, str | None]:
    """Return the messages about this stay, each with its template: the guest's, and questions."""
    found: dict[int, str | None] = {}
    if stay.guest_id is not None:
        own = select(Message).where(Message.guest_id == stay.guest_id)
        found = {message.id: message.template for message in session.scalars(own)}
    question_id = session.scalar(select(Match.question_id).filter_by(reservation_id=stay.id))
    if question_id is not None:
        asked = session.scalars(
            select(Message)
            .where(
                Message.property_id == stay.property_id,
                Message.template == "questions",
                Message.created_at >= stay.appeared_at,
            )
            .order_by(Message.id.desc())
            .limit(MOST)
        )
        found |= {
            message.id: message.template
            for message in asked
            if question_id in message.facts.get("questions", ())
        }
    return found


def _notices(session: Session, stay: Reservation) -> Sequence[int]:
    if stay.reference is None:
        return ()
    own = select(Notice.id).filter_by(property_id=stay.property_id, reference=stay.reference)
    return session.scalars(own).all()


def _line(entry: HistoryEntry, telling: _Telling) -> HistoryLine:
    before, after = entry.before or {}, entry.after or {}
    changes = tuple(
        Change(
            str(LABELS[name]),
            _value(name, before.get(name), telling),
            _value(name, after.get(name), telling),
        )
        for name in LABELS
        if name in before or name in after
    )
    return HistoryLine(
        at=entry.at.isoformat(),
        at_text=wording.moment(entry.at, telling.house.zone, telling.now),
        who=telling.who.get(entry.actor, "Latchkey"),
        what=_what(entry, telling),
        why=_(entry.why) if entry.why else None,
        changes=changes,
    )


def _what(entry: HistoryEntry, telling: _Telling) -> str:
    """Say what happened; an unchanged status is not told as if it had become so."""
    said = str(WHAT.get(entry.what, entry.what.replace("-", " ")))
    if entry.subject == "message":
        about = MESSAGES.get(telling.messages.get(entry.subject_id) or "")
        return f"{said}: {about}" if about else said
    after = entry.after or {}
    if entry.what.startswith("reservation-") and entry.before is not None and "status" not in after:
        changed = next((words for name, words in CHANGED.items() if name in after), None)
        return str(changed or _("A name or a phone number told"))
    return said


def _value(name: str, value: Any, telling: _Telling) -> str | None:
    """Say a stored value as people do; dates and instants are kept as ISO text."""
    if value is None:
        return None
    if (name, value) in VALUES:
        return str(VALUES[name, value])
    text = str(value)
    if name in ("reference", "room", "door"):
        return text
    try:
        if "T" in text:
            return wording.moment(datetime.fromisoformat(text), telling.house.zone, telling.now)
        if len(text) == len("2026-12-12"):
            return wording.weekday(date.fromisoformat(text), telling.now.date())
    except ValueError:
        return text
    return text[:5] if text.count(":") == 2 else text


def _actors(session: Session, actors: set[str]) -> dict[str, str]:
    """Return names for `host:3` and the like."""
    ids: dict[str, list[int]] = {"host": [], "feed": []}
    names = {actor: str(words) for actor, words in ACTORS.items()}
    for actor in actors:
        kind, _colon, number = actor.partition(":")
        if kind in ids and number:
            ids[kind].append(int(number))
        elif kind in (Guest.__tablename__, "export"):
            names[actor] = str(ACTORS[kind])
    for host in session.scalars(select(Host).where(Host.id.in_(ids["host"]))):
        names[f"host:{host.id}"] = host.name
    for feed in session.scalars(select(Feed).where(Feed.id.in_(ids["feed"]))):
        channel = wording.channel_name(feed.channel) or feed.channel
        names[f"feed:{feed.id}"] = _("%(channel)s calendar", channel=channel)
    return names
