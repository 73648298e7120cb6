"""Asking back: what could be meant, a ticket each, so that the next text can say which."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from app.domain.enrichment import Ask
from app.models import Match, MatchState, Property, Question, Reservation
from app.services.questions import Tickets
from app.texting.asking import question_line
from app.texting.open_nights import NeedsTicket
from app.texting.phrases import local_day


def list_with_tickets(session: Session, house: Property, fault: NeedsTicket, now: datetime) -> str:
    """Return what fits, each as the question it is, or is from now on."""
    today = local_day(house, now)
    questions = _questions_about(session, house, fault.stays, now)
    lines = [question_line(session, question, today) for question in questions]
    ticket = questions[0].ticket if questions else "A"
    hint = f"Send the letter and the reference, such as {ticket} {fault.reference}."
    return "\n".join([fault.message, *lines, hint])


def _questions_about(
    session: Session, house: Property, stays: Sequence[Reservation], now: datetime
) -> list[Question]:
    matches = session.scalars(
        select(Match)
        .where(Match.reservation_id.in_({stay.id for stay in stays}))
        .options(joinedload(Match.question))
        .order_by(Match.arrival, Match.id)
    ).all()
    tickets = Tickets(session, house, now)
    asked: dict[str, Question] = {}
    for match in matches:
        question = match.question
        if question is None or question.closed_at is not None:
            question = Question(
                property_id=house.id,
                ticket=tickets.take(),
                ask=Ask.MISSING,
                arrival=match.arrival,
                asked_at=now,
            )
            session.add(question)
            match.state, match.question, match.look_at = MatchState.WAITING, question, None
        asked[question.ticket] = question
    session.flush()
    return list(asked.values())
