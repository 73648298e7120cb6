"""Heeding reports on texts that came before the text was recorded."""

from datetime import datetime

from sqlalchemy.orm import Session

from app.db import transaction
from app.jobs.runtime import now
from app.ports.sms.twilio_errors import delivery_fault
from app.services.deliveries import (
    record_delivery,
    sids_reported_early,
    take_early_report,
)


def heed_early_report(session: Session, sid: str, at: datetime) -> None:
    """Take note of what was reported of a text that has just been recorded."""
    early = take_early_report(session, sid)
    if early is not None:
        record_delivery(session, sid, early.status, delivery_fault(early.error_code), now=at)


def heed_early_reports() -> None:
    """Take note of reports that came in the moment in which their text was recorded."""
    with transaction() as session:
        for sid in sids_reported_early(session):
            heed_early_report(session, sid, now())
