"""Handing messages to the text service and the mail server."""

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from flask import current_app
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.jobs.deliveries import heed_early_report
from app.jobs.message_words import Words, words_for_guest, words_for_host
from app.models import Medium, Message, MessageState, TextStep
from app.ports.errors import PortError
from app.ports.mail import Letter
from app.ports.sms import AccountFault, OptedOut, Text
from app.services.history import record
from app.services.host_alarms import URGENT
from app.services.messages import may_wait, send_the_other_way
from app.services.opt_outs import note_refusal
from app.services.outbox import Taken
from app.services.text_troubles import note_mended, note_trouble
from app.wiring import Ports
from config import Settings


@dataclass(frozen=True)
class MessagePlan:
    """The finished text. `since` is when it was first ordered, to look for an earlier try.

    `others` are the sids of other texts to that number, among which it is not to be found.
    """

    message_id: int
    medium: Medium
    text: Text | None = field(repr=False)
    letter: Letter | None = field(repr=False)
    since: datetime
    look_first: bool
    others: frozenset[str] = frozenset()


class SendMessage:
    """Send one message, once: after an unclear try, look whether it went out."""

    def load(self, session: Session, taken: Taken, at: datetime) -> MessagePlan | str:
        message = session.scalars(
            select(Message).where(Message.id == taken.subject_id).with_for_update()
        ).one()
        if message.state != MessageState.WAITING:
            return "already sent"
        words = (
            words_for_guest(session, message)
            if message.guest_id is not None
            else words_for_host(session, message, at)
        )
        if words is None:
            message.state = MessageState.DROPPED
            return "no longer so"
        plan = _plan(message, words, look_first=taken.attempts > 1)
        return replace(plan, others=_others(session, plan)) if plan.look_first else plan

    def call(self, plan: MessagePlan, ports: Ports) -> str | None:
        if plan.text is not None:
            if ports.sms is None:
                raise PortError("Text messages are not set up.", permanent=True)
            sent = None
            if plan.look_first:
                sent = ports.sms.find(plan.text, plan.since, plan.others)
            if sent is None:
                sent = ports.sms.send(plan.text)
            return sent.sid
        if ports.mail is None or plan.letter is None:
            raise PortError("Mail is not set up.", permanent=True)
        ports.mail.send(plan.letter)
        return plan.letter.message_id

    def record(self, session: Session, plan: MessagePlan, result: str | None, at: datetime) -> None:
        message = session.get_one(Message, plan.message_id)
        message.state, message.sent_at, message.fault = MessageState.SENT, at, None
        message.provider_ref = result
        _note(session, message, "message-sent", at)
        if plan.text is not None and result is not None:
            session.flush()
            note_mended(session, TextStep.SENDING, at)
            heed_early_report(session, result, at)

    def fail(self, session: Session, plan: MessagePlan, fault: PortError, at: datetime) -> bool:
        message = session.get_one(Message, plan.message_id)
        message.fault = fault.reason
        if isinstance(fault, AccountFault):
            note_trouble(session, TextStep.SENDING, fault.reason, at)
            if message.template in URGENT:
                send_the_other_way(session, message, at)
            if may_wait(session, message, at):
                return False
        elif not fault.permanent:
            return False
        if isinstance(fault, OptedOut):
            note_refusal(session, message, at)
        if message.host_id is not None and current_app.extensions["ports"].sms is None:
            # What is switched off is no fault: the question waits on the page, alarms go by mail.
            message.state = MessageState.DROPPED
            if message.template in URGENT:
                send_the_other_way(session, message, at)
            return True
        message.state = MessageState.FAILED
        _note(session, message, "message-failed", at, fault.reason)
        send_the_other_way(session, message, at)
        return True


def _plan(message: Message, words: Words, *, look_first: bool) -> MessagePlan:
    settings: Settings = current_app.extensions["settings"]
    text = letter = None
    if message.medium == Medium.SMS:
        text = Text(message.address, words.body, f"{settings.public_url}/sms/status")
    else:
        host = urlsplit(settings.public_url).hostname
        letter = Letter(
            message.address,
            words.subject,
            words.body + "\n",
            f"<message-{message.id}-{int(message.created_at.timestamp())}@{host}>",
        )
    since = message.created_at - timedelta(minutes=1)
    return MessagePlan(message.id, message.medium, text, letter, since, look_first)


def _others(session: Session, plan: MessagePlan) -> frozenset[str]:
    """Return the sids of the other texts that went to the same number since then, or just before.

    Two texts may say the same: what was handed over for the one is not the other.
    """
    if plan.text is None:
        return frozenset()
    sids = session.scalars(
        select(Message.provider_ref).where(
            Message.address == plan.text.to,
            Message.sent_at > plan.since - timedelta(hours=1),
            Message.provider_ref.is_not(None),
        )
    )
    return frozenset(sid for sid in sids if sid is not None)


def _note(
    session: Session, message: Message, what: str, at: datetime, why: str | None = None
) -> None:
    after = {"medium": message.medium, "text": message.template}
    house = message.property_id
    record(session, message, what, actor="clock", at=at, property_id=house, after=after, why=why)
