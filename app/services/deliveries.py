"""What became of a text after it was handed over."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from app.db import insert_into
from app.models import EarlyReport, Message, MessageState, TextStep
from app.ports.sms import DeliveryFault
from app.services.history import record
from app.services.messages import AGAIN, may_wait, send_again, send_the_other_way
from app.services.opt_outs import note_refusal
from app.services.text_troubles import note_mended, note_trouble

_ENDS = {
    "delivered": MessageState.DELIVERED,
    "read": MessageState.DELIVERED,
    "undelivered": MessageState.FAILED,
    "failed": MessageState.FAILED,
}
KEPT = timedelta(days=1)
_FINAL = (MessageState.DELIVERED, MessageState.FAILED)


def record_delivery(
    session: Session, sid: str, status: str, fault: DeliveryFault, *, now: datetime
) -> None:
    """Store a status report of the text service; never a step backwards.

    `fault` counts where the text did not arrive. A report can overtake the answer that tells us the
    text's sid: one on an unknown text is kept for a day.
    """
    state = _ENDS.get(status)
    if state is None:
        return
    message = session.scalar(select(Message).where(Message.provider_ref == sid).with_for_update())
    if message is None:
        _keep_early_report(session, sid, status, fault, now)
    if message is None or message.state in _FINAL:
        return
    message.state = state
    if state == MessageState.FAILED:
        _follow_failure(session, message, fault, now)
    else:
        note_mended(session, TextStep.DELIVERY, now)
    record(
        session,
        message,
        f"message-{state}",
        actor="twilio",
        at=now,
        property_id=message.property_id,
        why=message.fault,
    )


def _keep_early_report(
    session: Session, sid: str, status: str, fault: DeliveryFault, now: datetime
) -> None:
    report = {"sid": sid, "status": status, "error_code": fault.code, "came_at": now}
    session.execute(insert_into(session, EarlyReport).values(**report).on_conflict_do_nothing())


def take_early_report(session: Session, sid: str) -> EarlyReport | None:
    """Return what was reported of a text before it was recorded; it is not kept any longer."""
    early = session.get(EarlyReport, sid)
    if early is not None:
        session.delete(early)
    return early


def sids_reported_early(session: Session) -> Sequence[str]:
    """Return the texts that are recorded by now, and their reports still kept."""
    return session.scalars(
        select(EarlyReport.sid).join(Message, Message.provider_ref == EarlyReport.sid)
    ).all()


def forget_early_reports(session: Session, now: datetime) -> None:
    """Drop the reports of texts that are none of ours."""
    session.execute(delete(EarlyReport).where(EarlyReport.came_at < now - KEPT))


def _follow_failure(
    session: Session, message: Message, fault: DeliveryFault, now: datetime
) -> None:
    """Try once more, a while later, where that may help; else go by mail.

    What a person has to mend first is tried less and less often while the text is of use.
    """
    message.fault = fault.sentence
    if fault.is_opt_out:
        note_refusal(session, message, now)
    tries: int = message.facts.get(AGAIN, 0)
    pause = (fault.retry_after or timedelta()) * 2**tries
    once_more = fault.retry_after is not None and not tries
    if fault.of_account:
        note_trouble(session, TextStep.DELIVERY, fault.sentence, now)
        once_more = may_wait(session, message, now + pause)
    if once_more:
        send_again(session, message, now, pause)
    else:
        send_the_other_way(session, message, now)
