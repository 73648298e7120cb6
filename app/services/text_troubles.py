"""What keeps all texts from going out: shown to hosts until the texts go again."""

from datetime import datetime

from sqlalchemy import delete
from sqlalchemy.orm import Session

from app.db import insert_into
from app.models import OutboxEntry, TextStep, TextTrouble
from app.services.lane_rests import take_up_again
from app.services.messages import TEXTS_OUT


def note_trouble(session: Session, step: TextStep, fault: str, now: datetime) -> None:
    """Have hosts told that a person must mend this before any text goes out."""
    session.execute(
        insert_into(session, TextTrouble)
        .values(step=step, since=now, fault=fault)
        .on_conflict_do_update(index_elements=["step"], set_={"fault": fault})
    )


def note_mended(session: Session, step: TextStep, now: datetime) -> None:
    """Forget the trouble, as a text went; take up those that wait because of it."""
    mended = delete(TextTrouble).where(TextTrouble.step == step).returning(TextTrouble.step)
    if session.scalar(mended) is not None:
        take_up_again(session, OutboxEntry.lane == TEXTS_OUT, now)
