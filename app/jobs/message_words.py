"""The finished words of a message, made when it is sent."""

from dataclasses import dataclass, field
from datetime import datetime

from flask import current_app, render_template
from flask_babel import force_locale
from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from app.domain.sms_text import to_gsm7
from app.jobs.runtime import the_seals
from app.models import AccessCode, Guest, Host, Medium, Message, Property, Role
from app.services.arrival_warnings import WARNING
from app.services.host_alarms import DOOR_HELP
from app.texting.asking import questions_text
from app.texting.door_help import alarm
from app.texting.tonight_words import warning_text
from app.wording import message_facts
from config import Settings

QUESTIONS = "questions"


@dataclass(frozen=True)
class Words:
    """What a message says; texts have no subject."""

    body: str = field(repr=False)
    subject: str = ""


def words_for_guest(session: Session, message: Message) -> Words:
    """Render one of templates/messages/ in the guest's language."""
    seals = the_seals()
    guest = session.scalars(
        select(Guest).where(Guest.id == message.guest_id).options(joinedload(Guest.house))
    ).one()
    link = f"{_public_url()}/stay/{seals.link_token(guest.link_seed)}"
    with force_locale(guest.language):
        facts = message_facts(guest, link, message.facts)
        stem = f"messages/{message.template}"
        if message.medium == Medium.SMS:
            return Words(render_template(f"{stem}.sms.txt", **facts).strip())
        return Words(
            render_template(f"{stem}.body.txt", **facts).strip(),
            " ".join(render_template(f"{stem}.subject.txt", **facts).split()),
        )


def words_for_host(session: Session, message: Message, at: datetime) -> Words | None:
    """Say what a host is asked or answered; None when it need not be said any more."""
    if message.template == WARNING:
        return _warning(session, message, at)
    if message.template == DOOR_HELP:
        return _door_help(session, message, at)
    if message.template != QUESTIONS:
        return Words("\n".join([to_gsm7(message.body or ""), *_codes(session, message)]))
    house = session.get_one(Property, message.property_id)
    asked = questions_text(
        session,
        house,
        message.facts["questions"],
        at,
        f"{_public_url()}/admin/matches",
        reminder=bool(message.facts.get("reminder")),
    )
    if asked is None:
        return None
    if message.medium == Medium.SMS:
        return Words(asked)
    return Words(
        f"{asked}\n\nThese answers are for text messages. Here you can settle it by click:\n"
        f"{_public_url()}/admin/matches",
        f"{house.name}: whose booking is it?",
    )


def _warning(session: Session, message: Message, at: datetime) -> Words | None:
    house = session.get_one(Property, message.property_id)
    url = f"{_public_url()}/admin/tonight"
    warned = warning_text(session, house, message.facts["reservations"], at, url)
    if warned is None or message.medium == Medium.SMS:
        return Words(warned) if warned is not None else None
    subject = f"{house.name}: an arrival needs you"
    return Words(f"{warned}\n\nWhat puts it right, each with its button:\n{url}", subject)


def _door_help(session: Session, message: Message, at: datetime) -> Words | None:
    url = f"{_public_url()}/admin/"
    told = alarm(session, message.facts["help"], at)
    if told is None or message.medium == Medium.SMS:
        return Words(told.text(url)) if told is not None else None
    house = session.get_one(Property, message.property_id)
    return Words(told.body(url), f"{house.name}: {told.lines[0]}")


def _codes(session: Session, message: Message) -> list[str]:
    """Return the codes told with an answer, a line each: to an owner only, and kept nowhere."""
    ids = message.facts.get("codes") or []
    host = session.get_one(Host, message.host_id)
    if not ids or host.role != Role.OWNER:
        return []
    seals = the_seals()
    codes = session.scalars(
        select(AccessCode)
        .where(AccessCode.id.in_(ids))
        .options(joinedload(AccessCode.door))
        .order_by(AccessCode.door_id)
    )
    by_digits: dict[str, list[str]] = {}
    for code in codes:
        by_digits.setdefault(seals.unseal(code.sealed_digits), []).append(code.door.name)
    return [f"{digits}: {', '.join(doors)}" for digits, doors in by_digits.items()]


def _public_url() -> str:
    settings: Settings = current_app.extensions["settings"]
    return settings.public_url
