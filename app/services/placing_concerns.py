"""What of finding out whose bookings are needs a person, in a fixed number of statements."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from app.models import (
    Host,
    Mailbox,
    MailOutcome,
    Match,
    Notice,
    Property,
    Question,
    Reservation,
    Room,
    SeenMail,
    TextTrouble,
)
from app.services.host_messages import ANSWERING
from app.services.modifications import Modified, modified_bookings

MAILBOX_SILENT = timedelta(hours=1)
MOST_QUESTIONS = 8
"""Shown one by one; there is a page for them all."""


@dataclass
class OpenQuestion:
    """One question with what it is about; reservations have their rooms and guests."""

    question: Question
    stays: list[Reservation] = field(default_factory=list)
    notices: list[Notice] = field(default_factory=list)


@dataclass(frozen=True)
class PlacingConcerns:
    """Rows that need a person."""

    questions: Sequence[OpenQuestion]
    """The soonest ones."""
    further: int
    """How many more there are."""
    modified: Sequence[Modified]
    doubtful: Sequence[SeenMail]
    mailboxes_failing: Sequence[Mailbox]
    text_troubles: Sequence[TextTrouble]
    hosts: Mapping[int, Host]

    @property
    def hosts_silent(self) -> list[Host]:
        """Whose phones have opted out of being texted."""
        return [
            host
            for host in self.hosts.values()
            if host.texts_stopped_at is not None and host.phone and host.role in ANSWERING
        ]


def placing_concerns(session: Session, house: Property, now: datetime) -> PlacingConcerns:
    """Gather what needs a person at this property."""
    is_open = (Question.property_id == house.id) & Question.closed_at.is_(None)
    soonest = (
        select(Question.id, func.count().over().label("total"))
        .where(is_open)
        .order_by(Question.arrival, Question.id)
        .limit(MOST_QUESTIONS)
    ).subquery()
    found: dict[int, OpenQuestion] = {}
    rows = session.execute(
        select(Question, Reservation, Notice, soonest.c.total)
        .join(soonest, soonest.c.id == Question.id)
        .join(Match, Match.question_id == Question.id)
        .outerjoin(Reservation, Reservation.id == Match.reservation_id)
        .outerjoin(Room, Room.id == Reservation.room_id)
        .outerjoin(Notice, Notice.id == Match.notice_id)
        .options(joinedload(Reservation.room), joinedload(Reservation.guest))
        .order_by(Question.arrival, Question.id, Room.number, Notice.said_at)
    )
    total = 0
    for question, stay, notice, count in rows:
        total = count
        one = found.setdefault(question.id, OpenQuestion(question))
        if stay is not None:
            one.stays.append(stay)
        if notice is not None:
            one.notices.append(notice)
    doubtful = (SeenMail.outcome == MailOutcome.DOUBTFUL) & SeenMail.dismissed_at.is_(None)
    return PlacingConcerns(
        questions=list(found.values()),
        further=max(total - len(found), 0),
        modified=modified_bookings(session, house, now.astimezone(house.zone).date()),
        doubtful=session.scalars(
            select(SeenMail)
            .where(doubtful)
            .order_by(SeenMail.received_at.desc(), SeenMail.id)
            .limit(MOST_QUESTIONS)
        ).all(),
        mailboxes_failing=session.scalars(
            select(Mailbox)
            .where(Mailbox.failing_since < now - MAILBOX_SILENT)
            .order_by(Mailbox.failing_since)
        ).all(),
        text_troubles=session.scalars(select(TextTrouble).order_by(TextTrouble.since)).all(),
        hosts={
            host.id: host
            for host in session.scalars(
                select(Host).where(Host.property_id == house.id).order_by(Host.id)
            )
        },
    )
