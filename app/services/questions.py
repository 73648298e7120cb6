"""Questions to hosts: tickets, and the texts that ask them."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from itertools import chain

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.domain.command_references import tickets
from app.models import Message, Property, Question
from app.services.host_messages import answering_hosts, takes_texts, way_to, write_to

KEPT_AFTER = timedelta(hours=48)
"""How long a closed question keeps its ticket."""


def open_questions(session: Session, house: Property) -> Sequence[Question]:
    """Return what hosts are being asked, in the order of their tickets."""
    found = session.scalars(
        select(Question).where(Question.property_id == house.id, Question.closed_at.is_(None))
    ).all()
    return sorted(found, key=lambda one: (len(one.ticket), one.ticket))


class Tickets:
    """The letters that questions are answered with: the first ones that no open question has.

    Nor one closed lately, while there are others: an answer to that may still be on its way.
    """

    def __init__(self, session: Session, house: Property, now: datetime) -> None:
        self._session, self._house, self._now = session, house, now
        self._free: Iterator[str] | None = None

    def take(self) -> str:
        """Return the next free ticket."""
        if self._free is None:
            self._free = self._in_order()
        return next(self._free)

    def _in_order(self) -> Iterator[str]:
        taken = {one.ticket for one in open_questions(self._session, self._house)}
        rows = self._session.execute(
            select(Question.ticket, func.max(Question.closed_at).label("at"))
            .where(
                Question.property_id == self._house.id,
                Question.closed_at > self._now - KEPT_AFTER,
            )
            .group_by(Question.ticket)
        )
        lately = {row.ticket: row.at for row in rows if row.ticket not in taken}
        free = (one for one in tickets() if one not in taken and one not in lately)
        return chain(free, sorted(lately, key=lambda one: lately[one]))


def close_question(question: Question, how: str, now: datetime) -> None:
    """Close a question; its ticket is free for another some days later."""
    if question.closed_at is None:
        question.closed_at, question.closed_how = now, how


def ask_hosts(
    session: Session,
    house: Property,
    questions: Sequence[Question],
    *,
    now: datetime,
    reminder: bool = False,
) -> list[Message]:
    """Order one text to every host who may answer, telling all of these questions."""
    if not questions:
        return []
    facts = {"questions": [one.id for one in questions], "reminder": reminder}
    texted = [way_to(host) for host in answering_hosts(session, house.id) if takes_texts(host)]
    return write_to(session, texted, "questions", facts, now)
