"""Telling hosts that a guest stands waiting for their answer."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.models import Match, Property, Question, Reservation
from app.services.questions import ask_hosts


def remind_hosts(
    session: Session, house: Property, stays: Sequence[Reservation], *, now: datetime
) -> list[Question]:
    """Ask once more, at once, what these rooms wait for; each question only once.

    The caller holds the property. Returns what hosts were reminded of.
    """
    waiting = [stay.id for stay in stays if stay.is_unconfirmed]
    if not waiting:
        return []
    asked_in = select(Match.question_id).where(Match.reservation_id.in_(waiting))
    questions = session.scalars(
        select(Question)
        .where(
            Question.id.in_(asked_in),
            Question.closed_at.is_(None),
            Question.reminded_at.is_(None),
        )
        .order_by(Question.id)
    ).all()
    for question in questions:
        question.reminded_at = now
    ask_hosts(session, house, questions, now=now, reminder=True)
    return list(questions)
