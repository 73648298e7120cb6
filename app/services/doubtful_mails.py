"""Mails that may tell of a booking and were not believed, until a host has seen the warning.

There is one mailbox for all properties, so that each of them is shown these.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from app.models import Host, MailOutcome, SeenMail
from app.services.history import by_host, record

UNDO_LASTS = timedelta(minutes=10)
MOST = 50


def doubtful_mails(session: Session, now: datetime) -> Sequence[SeenMail]:
    """Return those nobody has seen, and those just seen, that this may be taken back."""
    return session.scalars(
        select(SeenMail)
        .where(
            SeenMail.outcome == MailOutcome.DOUBTFUL,
            or_(SeenMail.dismissed_at.is_(None), SeenMail.dismissed_at > now - UNDO_LASTS),
        )
        .order_by(SeenMail.received_at.desc(), SeenMail.id.desc())
        .limit(MOST)
    ).all()


def see_mail(session: Session, host: Host, mail_id: int, *, seen: bool, now: datetime) -> bool:
    """Take down that a host has seen a warning, or not after all; False where there is none."""
    mail = session.get(SeenMail, mail_id)
    if mail is None or mail.outcome != MailOutcome.DOUBTFUL:
        return False
    if seen == (mail.dismissed_at is not None):
        return True
    mail.dismissed_at = now if seen else None
    record(
        session,
        mail,
        "mail-seen" if seen else "mail-unseen",
        actor=by_host(host.id),
        at=now,
        property_id=host.property_id,
    )
    return True
