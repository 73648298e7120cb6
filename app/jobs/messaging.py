"""Handing messages to the text service and the mail server."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from flask import current_app, render_template
from flask_babel import force_locale
from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from app.models import Guest, Medium, Message, MessageState
from app.ports.errors import PortError
from app.ports.mail import Letter
from app.ports.sms import Text
from app.seals import Seals
from app.services.history import record
from app.services.messages import Event, tell
from app.services.outbox import Taken
from app.wiring import Ports
from app.wording import message_facts
from config import Settings


@dataclass(frozen=True)
class MessagePlan:
    """The finished text. `since` is when it was first ordered, to look for an earlier try."""

    message_id: int
    medium: Medium
    text: Text | None = field(repr=False)
    letter: Letter | None = field(repr=False)
    since: datetime
    look_first: bool


class SendMessage:
    """Send one message, once: after an unclear try, look whether it went out."""

    def load(self, session: Session, taken: Taken, at: datetime) -> MessagePlan | str:
        message = session.scalars(
            select(Message).where(Message.id == taken.subject_id).with_for_update()
        ).one()
        if message.state != MessageState.WAITING or message.guest_id is None:
            return "already sent"
        guest = session.scalars(
            select(Guest).where(Guest.id == message.guest_id).options(joinedload(Guest.house))
        ).one()
        return _plan(message, guest, look_first=taken.attempts > 1)

    def call(self, plan: MessagePlan, ports: Ports) -> str | None:
        if plan.text is not None:
            if ports.sms is None:
                raise PortError("Text messages are not set up.", permanent=True)
            sent = ports.sms.find(plan.text, plan.since) if plan.look_first else None
            return (sent or ports.sms.send(plan.text)).sid
        if ports.mail is None or plan.letter is None:
            raise PortError("Mail is not set up.", permanent=True)
        ports.mail.send(plan.letter)
        return plan.letter.message_id

    def record(self, session: Session, plan: MessagePlan, result: str | None, at: datetime) -> None:
        message = session.get_one(Message, plan.message_id)
        message.state, message.sent_at, message.fault = MessageState.SENT, at, None
        message.provider_ref = result
        _note(session, message, "message-sent", at)

    def fail(self, session: Session, plan: MessagePlan, fault: PortError, at: datetime) -> bool:
        message = session.get_one(Message, plan.message_id)
        message.fault = fault.reason
        if not fault.permanent:
            return False
        message.state = MessageState.FAILED
        _note(session, message, "message-failed", at, fault.reason)
        _by_the_other_way(session, message, at)
        return True


def _by_the_other_way(session: Session, message: Message, at: datetime) -> None:
    """Send as a mail, where an address is known, what cannot arrive as a text."""
    if message.medium != Medium.SMS or message.guest_id is None or message.template is None:
        return
    guest = session.get_one(Guest, message.guest_id)
    if guest.email:
        tell(session, guest, Event(message.template), at, message.facts, Medium.EMAIL)


def _plan(message: Message, guest: Guest, *, look_first: bool) -> MessagePlan:
    seals: Seals = current_app.extensions["seals"]
    settings: Settings = current_app.extensions["settings"]
    link = f"{settings.public_url}/stay/{seals.link_token(guest.link_seed)}"
    text = letter = None
    with force_locale(guest.language):
        facts = message_facts(guest, link, message.facts)
        stem = f"messages/{message.template}"
        if message.medium == Medium.SMS:
            body = render_template(f"{stem}.sms.txt", **facts).strip()
            text = Text(message.address, body, f"{settings.public_url}/sms/status")
        else:
            host = urlsplit(settings.public_url).hostname
            letter = Letter(
                message.address,
                " ".join(render_template(f"{stem}.subject.txt", **facts).split()),
                render_template(f"{stem}.body.txt", **facts).strip() + "\n",
                f"<message-{message.id}-{int(message.created_at.timestamp())}@{host}>",
            )
    since = message.created_at - timedelta(minutes=1)
    return MessagePlan(message.id, message.medium, text, letter, since, look_first)


def _note(
    session: Session, message: Message, what: str, at: datetime, why: str | None = None
) -> None:
    after = {"medium": message.medium, "text": message.template}
    house = message.property_id
    record(session, message, what, actor="clock", at=at, property_id=house, after=after, why=why)
