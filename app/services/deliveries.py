"""What became of a text after it was handed over."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.models import Message, MessageState
from app.services.history import record
from app.services.messages import AGAIN, send_again, send_the_other_way

_ENDS = {
    "delivered": MessageState.DELIVERED,
    "read": MessageState.DELIVERED,
    "undelivered": MessageState.FAILED,
    "failed": MessageState.FAILED,
}
_FINAL = (MessageState.DELIVERED, MessageState.FAILED)


@dataclass(frozen=True)
class DeliveryFault:
    """Why a text did not arrive, in words for the host, and whether one more try is worth it."""

    sentence: str
    retry_after: timedelta | None = None


def record_delivery(
    session: Session, sid: str, status: str, fault: DeliveryFault, *, now: datetime
) -> None:
    """Store a status report of the text service; never a step backwards, unknown texts ignored.

    `fault` counts where the text did not arrive.
    """
    state = _ENDS.get(status)
    message = session.scalar(select(Message).where(Message.provider_ref == sid).with_for_update())
    if message is None or state is None or message.state in _FINAL:
        return
    message.state = state
    if state == MessageState.FAILED:
        _follow_failure(session, message, fault, now)
    record(
        session,
        message,
        f"message-{state}",
        actor="twilio",
        at=now,
        property_id=message.property_id,
        why=message.fault,
    )


def _follow_failure(
    session: Session, message: Message, fault: DeliveryFault, now: datetime
) -> None:
    """Try once more, a while later, where that may help; else go by mail."""
    message.fault = fault.sentence
    if fault.retry_after is not None and not message.facts.get(AGAIN):
        send_again(session, message, now, fault.retry_after)
    else:
        send_the_other_way(session, message, now)
