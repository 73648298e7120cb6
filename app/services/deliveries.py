"""What became of a text after it was handed over."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.models import Message, MessageState
from app.services.history import record

_ENDS = {
    "delivered": MessageState.DELIVERED,
    "read": MessageState.DELIVERED,
    "undelivered": MessageState.FAILED,
    "failed": MessageState.FAILED,
}
_FINAL = (MessageState.DELIVERED, MessageState.FAILED)


def record_delivery(
    session: Session, sid: str, status: str, error_code: str | None, *, now: datetime
) -> None:
    """Store a status report of the text service; never a step backwards, unknown texts ignored."""
    state = _ENDS.get(status)
    message = session.scalar(select(Message).where(Message.provider_ref == sid).with_for_update())
    if message is None or state is None or message.state in _FINAL:
        return
    message.state = state
    if state == MessageState.FAILED:
        message.fault = f"The phone company did not deliver it (Twilio {error_code or 'unknown'})."
    record(
        session,
        message,
        f"message-{state}",
        actor="twilio",
        at=now,
        property_id=message.property_id,
        why=message.fault,
    )
