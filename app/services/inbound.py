"""Texts that come in: stored once, by the text service's own id, and ordered to be read."""

import logging
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.domain.command_text import OPT_IN, OPT_OUT
from app.domain.sms_text import shortened
from app.models import Effect, Host, Medium, Message, MessageState
from app.services.history import by_host
from app.services.host_messages import ANSWERING
from app.services.messages import order_message
from app.services.opt_outs import resume_texts, stop_texts
from app.services.outbox import order

CARRIERS_OWN = ("STOP", "START", "HELP")

MOST_SEGMENTS = 6
"""Of an answer; the text service takes ten, and codes may be told with it."""

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class InboundText:
    """One text as it came. `sender` in E.164; `sent_at` aware UTC, where it is known."""

    sid: str
    sender: str = field(repr=False)
    body: str = field(repr=False)
    opt_out: str | None = None
    """What the text service made of it, and has answered: STOP, START or HELP."""
    sent_at: datetime | None = None


def take_text(session: Session, text: InboundText, *, now: datetime) -> Message | None:
    """Store a host's text and order it to be read; None when there is nothing to do.

    Texts of numbers that are no host's leave a line in the log and nothing else. The same text
    again, by its id, changes nothing.
    """
    if _is_known(session, text):
        return None
    host = session.scalar(select(Host).where(Host.phone == text.sender))
    if host is None or host.role not in ANSWERING:
        logger.info("text from a number that may not command", extra={"sid": text.sid})
        return None
    facts = {"sent_at": text.sent_at.isoformat()} if text.sent_at is not None else {}
    if text.opt_out in CARRIERS_OWN:
        facts["opt_out"] = text.opt_out
    message = Message(
        property_id=host.property_id,
        host_id=host.id,
        medium=Medium.SMS,
        address=text.sender,
        facts=facts,
        body=text.body,
        provider_ref=text.sid,
        state=MessageState.RECEIVED,
        created_at=now,
    )
    try:
        with session.begin_nested():
            session.add(message)
            session.flush()
    except IntegrityError:
        if not _is_known(session, text):
            raise
        return None  # it came twice at the same moment
    _follow_opt_out(session, host, text, now)
    order(
        session,
        Effect.READ_TEXT,
        message.id,
        key=f"read-text:{message.id}",
        now=now,
        lane=f"texts:{host.property_id}",
    )
    return message


def _is_known(session: Session, text: InboundText) -> bool:
    known = select(Message.id).where(Message.provider_ref == text.sid)
    return session.scalar(known) is not None


def said_at(message: Message) -> datetime:
    """Return when a text was sent; when it reached us, where the text service does not say."""
    sent_at = message.facts.get("sent_at")
    return datetime.fromisoformat(sent_at) if sent_at else message.created_at


def is_carriers_own(message: Message) -> bool:
    """Tell whether the text service took a text for a word of its own, whichever it is there."""
    return "opt_out" in message.facts


def _follow_opt_out(session: Session, host: Host, text: InboundText, now: datetime) -> None:
    said = text.body.strip().rstrip(".").upper()
    word = text.opt_out if text.opt_out in CARRIERS_OWN else said
    if word in OPT_OUT:
        stop_texts(session, host, actor=by_host(host.id), now=now)
    elif word in OPT_IN:
        resume_texts(session, host, actor=by_host(host.id), now=now)


def reply(
    session: Session,
    message: Message,
    body: str,
    *,
    now: datetime,
    codes: tuple[int, ...] = (),
) -> Message:
    """Order the one answer to a text; `codes` are told with it and stored nowhere.

    An answer that is too long for a text is cut, so that it is sent at all.
    """
    answer = Message(
        property_id=message.property_id,
        host_id=message.host_id,
        medium=Medium.SMS,
        address=message.address,
        facts={"codes": list(codes)} if codes else {},
        body=shortened(body, most_segments=MOST_SEGMENTS),
        reply_to_id=message.id,
        state=MessageState.WAITING,
        created_at=now,
    )
    order_message(session, answer, now)
    return answer
