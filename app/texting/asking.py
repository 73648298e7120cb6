"""The words of questions to hosts; each says what to answer."""

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.enrichment import Ask
from app.domain.sms_text import fitted
from app.models import Match, Notice, Origin, Property, Question, Reservation
from app.services.question_answers import stays_of_question
from app.texting.phrases import day, listed, local_day, rooms_with_dates
from app.wording import channel_name

MOST_SEGMENTS = 6


def questions_text(
    session: Session,
    house: Property,
    question_ids: Sequence[int],
    now: datetime,
    url: str,
    *,
    reminder: bool = False,
) -> str | None:
    """Say those of these questions that are still open; None when none is."""
    questions = session.scalars(
        select(Question)
        .where(Question.id.in_(question_ids), Question.closed_at.is_(None))
        .order_by(Question.arrival, Question.id)
    ).all()
    if not questions:
        return None
    today = local_day(house, now)
    lines = [question_line(session, question, today) for question in questions]
    if reminder:
        lines[0] = f"The guest has checked in and waits. {lines[0]}"
    return fitted(lines, most_segments=MOST_SEGMENTS, more=lambda count: f"And {count} more: {url}")


def question_line(session: Session, question: Question, today: date) -> str:
    """Say one question, with its ticket in front."""
    stays = stays_of_question(session, question)
    notices = session.scalars(
        select(Notice)
        .join(Match, Match.notice_id == Notice.id)
        .where(Match.question_id == question.id)
        .order_by(Notice.said_at, Notice.id)
    ).all()
    words = _WORDS[question.ask](question, stays, notices, today)
    return f"{question.ticket}: {words}"


def _several_rooms(
    question: Question, stays: Sequence[Reservation], notices: Sequence[Notice], today: date
) -> str:
    if len(stays) == 1:
        return (
            f"{question.reference} arrives {day(question.arrival, today)} and has a room. "
            f"{_capital(rooms_with_dates(stays, today))}, is closed from then, too: theirs as "
            f"well? Answer OK {question.ticket} or NO {question.ticket}"
        )
    return (
        f"{question.reference} arrives {day(question.arrival, today)} and "
        f"{len(stays)} rooms are closed from then: {rooms_with_dates(stays, today)}. "
        f"All of them theirs? Answer OK {question.ticket}, or NO {question.ticket}, "
        f"or lines such as {_example(question.reference, stays)}"
    )


def _lone(
    question: Question, stays: Sequence[Reservation], notices: Sequence[Notice], today: date
) -> str:
    return (
        f"Is {rooms_with_dates(stays, today)} booking {question.reference}? Another calendar "
        f"cannot be read, so we are not sure. Answer OK {question.ticket} or NO {question.ticket}"
    )


def _collision(
    question: Question, stays: Sequence[Reservation], notices: Sequence[Notice], today: date
) -> str:
    names = listed([_booking(notice) for notice in notices])
    example = _example(notices[0].reference if notices else "1234567890", stays)
    if len(notices) == 1:
        return (
            f"{names} arrives {day(question.arrival, today)}. Open then: "
            f"{rooms_with_dates(stays, today)}. Which is theirs? Send a line for each room, "
            f"such as {example}"
        )
    return (
        f"{names} arrive {day(question.arrival, today)}. Open then: "
        f"{rooms_with_dates(stays, today)}. Which is whose? Send a line for each room, "
        f"such as {example}"
    )


def _missing(
    question: Question, stays: Sequence[Reservation], notices: Sequence[Notice], today: date
) -> str:
    channel = channel_name(stays[0].channel) or "The calendar"
    where = rooms_with_dates(stays, today)
    return (
        f"{_capital(where)}: {channel} has not told us who this is, and no mail has "
        f"come. Answer {question.ticket} and the reference ({question.ticket} 1234567890), "
        f"or block {question.ticket}"
    )


def _claim(
    question: Question, stays: Sequence[Reservation], notices: Sequence[Notice], today: date
) -> str:
    name = notices[0].name if notices else None
    who = f"{name or 'A guest'} says that {question.reference} is their booking for"
    if len(stays) > 1:
        return (
            f"{who} {day(question.arrival, today)}. Open then: {rooms_with_dates(stays, today)}. "
            f"Which is theirs? Send {_example(question.reference, stays)}, or NO {question.ticket}"
        )
    return (
        f"{who} {rooms_with_dates(stays, today)}. Answer OK {question.ticket} "
        f"or NO {question.ticket}"
    )


def _moved(
    question: Question, stays: Sequence[Reservation], notices: Sequence[Notice], today: date
) -> str:
    return (
        f"{question.reference} was changed and now arrives {day(question.arrival, today)}. Is it "
        f"{rooms_with_dates(stays, today)}? Answer OK {question.ticket} or NO {question.ticket}"
    )


def _unplaced(
    question: Question, stays: Sequence[Reservation], notices: Sequence[Notice], today: date
) -> str:
    names = listed([_booking(notice) for notice in notices])
    reference = notices[0].reference if notices else "1234567890"
    return (
        f"{names} arrives {day(question.arrival, today)}, and no room is closed from that day. "
        f"Which room is it? Send {reference}: 1-2 (room-nights)"
    )


_WORDS = {
    Ask.SEVERAL_ROOMS: _several_rooms,
    Ask.LONE: _lone,
    Ask.COLLISION: _collision,
    Ask.MISSING: _missing,
    Ask.CLAIM: _claim,
    Ask.MOVED: _moved,
    Ask.UNPLACED: _unplaced,
}


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]


def _booking(notice: Notice) -> str:
    if notice.origin == Origin.GUEST:
        return f"{notice.reference} (so says {notice.name or 'a guest'})"
    return f"{notice.reference} ({notice.name})" if notice.name else notice.reference


def _example(reference: str | None, stays: Sequence[Reservation]) -> str:
    if not stays:
        return f"{reference}: 1-2 (room-nights)"
    return f"{reference}: {stays[0].room.number}-{len(stays[0].nights)} (room-nights)"
