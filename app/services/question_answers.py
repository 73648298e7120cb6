"""OK and NO to a question: what it proposes is so, or is not."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from app.domain.enrichment import Ask
from app.models import Guest, Match, Notice, Question, Reservation
from app.services.guests import stays_of_reference
from app.services.history import record
from app.services.notices import dismiss
from app.services.settling import CannotSettle, Gift, Settlement


def confirm(settlement: Settlement, question: Question) -> list[Guest]:
    """Take OK for an answer: what the question proposes is so. Raises CannotSettle."""
    stays = stays_of_question(settlement.session, question)
    if question.reference is None or not stays:
        raise CannotSettle(
            f"{question.ticket} needs to know which is whose: send lines such as "
            "1234567890: 1-2 (reference: room-nights)."
        )
    if question.ask == Ask.CLAIM and len(stays) > 1:
        raise CannotSettle(
            f"Several rooms are open then. Which is theirs? Send {question.reference}: "
            f"{stays[0].room.number}-{len(stays[0].nights)} (room-nights)."
        )
    if question.ask == Ask.MOVED:
        left = [
            stay
            for stay in stays_of_reference(
                settlement.session, settlement.house.id, question.reference
            )
            if stay.arrival != question.arrival
        ]
        settlement.release(left)
    return settlement.give([Gift(stay, question.reference) for stay in stays])


def refuse(settlement: Settlement, question: Question) -> None:
    """Take NO for an answer: what the question proposes is not so."""
    if question.reference is None:
        raise CannotSettle(
            f"{question.ticket} proposes nothing that could be refused. Send lines such as "
            "1234567890: 1-2 (reference: room-nights)."
        )
    stays = stays_of_question(settlement.session, question)
    notices = settlement.session.scalars(
        select(Notice).join(Match, Match.notice_id == Notice.id).filter_by(question_id=question.id)
    ).all()
    settlement.recording.watch(stays, [question.reference])
    if question.ask == Ask.CLAIM:
        for notice in notices:
            dismiss(
                settlement.session,
                settlement.house,
                notice,
                actor=settlement.actor,
                now=settlement.now,
            )
        return
    matches = settlement.session.scalars(
        select(Match).where(Match.question_id == question.id, Match.reservation_id.is_not(None))
    )
    for match in matches:
        match.refused = question.reference
    for stay in stays:
        record(
            settlement.session,
            stay,
            "reference-refused",
            actor=settlement.actor,
            at=settlement.now,
            property_id=settlement.house.id,
            before={"reference": question.reference},
        )


def stays_of_question(session: Session, question: Question) -> Sequence[Reservation]:
    """Return the reservations that a question is about, by room."""
    return session.scalars(
        select(Reservation)
        .join(Match, Match.reservation_id == Reservation.id)
        .where(Match.question_id == question.id)
        .options(joinedload(Reservation.room), joinedload(Reservation.guest))
        .order_by(Reservation.room_id)
    ).all()
