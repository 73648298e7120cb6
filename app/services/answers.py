"""OK and NO, given on the page of a reservation to the question that it waits in."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from app.domain.enrichment import Ask
from app.models import Host, Match, Question, Reservation
from app.seals import Seals
from app.services.question_answers import confirm, refuse
from app.services.reservation_acts import acting_on
from app.services.reservations import CannotChange
from app.services.settling import Gift


def open_question_of(session: Session, stay: Reservation) -> Question | None:
    """Return what hosts are asked about this reservation; None when nothing."""
    match = session.scalar(
        select(Match).filter_by(reservation_id=stay.id).options(joinedload(Match.question))
    )
    if match is None or match.question is None or match.question.closed_at is not None:
        return None
    return match.question


def answer(
    session: Session,
    host: Host,
    reservation_id: int,
    question_id: int,
    *,
    is_so: bool,
    seals: Seals,
    now: datetime,
) -> Reservation:
    """Take OK (`is_so`) or NO to what the reservation's question proposes.

    A claim is confirmed for this room alone. Raises CannotChange, CannotSettle.
    """
    with acting_on(session, host, reservation_id, seals=seals, now=now) as (act, stay):
        settlement = act.settlement
        question = open_question_of(session, stay)
        if question is None or question.id != question_id:
            raise CannotChange("What is known has changed since you were asked. Please look again.")
        reference = question.reference
        if not is_so:
            refuse(settlement, question)
            act.change_set.what = f"Not given: {reference}."
        elif question.ask == Ask.CLAIM and reference is not None:
            settlement.give([Gift(stay, reference)])
            act.change_set.what = f"Confirmed: {reference}."
        else:
            confirm(settlement, question)
            act.change_set.what = f"Confirmed: {reference}."
        return stay
