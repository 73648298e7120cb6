"""Reading what hosts text, and fetching the texts that did not reach us."""

import logging
from datetime import datetime, timedelta

from flask import current_app
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.db import transaction
from app.jobs.runtime import guarded, now, the_seals
from app.models import Beat, Host, Message
from app.ports.errors import PortError
from app.ports.sms import ReceivedText
from app.services.host_messages import ANSWERING
from app.services.inbound import InboundText, reply, take_text
from app.services.lanes import hold_property
from app.services.outbox import Taken
from app.texting.conversation import Conversation
from app.wiring import Ports

logger = logging.getLogger(__name__)

TRIES = 3
CAUGHT_UP = "texts-caught-up"
AT_MOST_BACK = timedelta(days=1)
OVERLAP = timedelta(minutes=15)
"""Looked at again each time: the text service lists a text a little after it came."""

WENT_WRONG = (
    "Something went wrong here with this text, and nothing was changed. Please use the dashboard."
)


class ReadText:
    """Read one text of a host and answer it. All of it is one transaction: `load` does it."""

    def load(self, session: Session, taken: Taken, at: datetime) -> str:
        message = session.get_one(Message, taken.subject_id)
        if session.scalar(select(Message.id).where(Message.reply_to_id == message.id)):
            return "already answered"
        house = hold_property(session, message.property_id)
        host = session.get_one(Host, message.host_id)
        if host.role not in ANSWERING or host.phone != message.address:
            return "no longer a host who may command by text"
        if taken.attempts > TRIES:
            reply(session, message, WENT_WRONG, now=at)
            return "given up"
        seals = the_seals()
        said = Conversation(session, house, host, message, seals=seals, now=at).answer()
        if said.text is None:
            return "nothing to answer now"
        reply(session, message, said.text, now=at, codes=said.codes)
        return "answered"

    def call(self, plan: None, ports: Ports) -> None:
        """Never called: a text is read within the database."""

    def record(self, session: Session, plan: None, result: None, at: datetime) -> None:
        """Never called."""

    def fail(self, session: Session, plan: None, fault: PortError, at: datetime) -> bool:
        """Never called."""
        return True


@guarded
def catch_up(_ids: list[int]) -> None:
    """Fetch texts that were sent to us while nobody answered the webhook (an RQ job)."""
    ports: Ports = current_app.extensions["ports"]
    if ports.sms is None:
        return
    began = now()
    with transaction() as session:
        beat = session.get(Beat, CAUGHT_UP)
        if beat is None:
            # Texts from before we were there were not meant for us.
            session.add(Beat(name=CAUGHT_UP, at=began))
            return
        since = max(beat.at - OVERLAP, began - AT_MOST_BACK)
    try:
        texts = ports.sms.received(since)
    except PortError as fault:
        logger.info("texts not fetched", extra={"fault": fault.reason})
        return
    taken = [_take(text, since) for text in sorted(texts, key=lambda one: one.sent_at or since)]
    if all(taken):  # else they are looked at again, for a day
        with transaction() as session:
            session.merge(Beat(name=CAUGHT_UP, at=began))


@guarded
def _take(text: ReceivedText, since: datetime) -> bool:
    """Store one text; whatever is wrong with it, the others are stored all the same.

    One that does not say when it was sent may be as old as any: it answers nothing asked since.
    """
    sent_at = text.sent_at or since
    with transaction() as session:
        take_text(
            session, InboundText(text.sid, text.sender, text.body, sent_at=sent_at), now=now()
        )
    return True
