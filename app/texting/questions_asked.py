"""The questions that a text can answer: those asked before it was sent."""

from collections.abc import Callable, Sequence
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.models import Property, Question
from app.services.questions import open_questions
from app.services.settling import CannotSettle
from app.texting.asking import question_line
from app.texting.phrases import listed


class QuestionsAsked:
    """The questions of a property as they concern one text, sent at `said_at`.

    A text may be read hours after it was sent. What was asked meanwhile the host cannot have meant,
    be it by the same letter or by a bare OK.
    """

    def __init__(self, session: Session, house: Property, said_at: datetime, today: date) -> None:
        self._session, self._house = session, house
        self._said_at, self._today = said_at, today

    def with_ticket(self, ticket: str) -> Question:
        """Return the open question with this ticket. Raises CannotSettle."""
        questions = {one.ticket: one for one in open_questions(self._session, self._house)}
        if ticket in questions:
            return self._asked_before(questions[ticket])
        if questions:
            raise CannotSettle(
                f"There is no open question {ticket}. Open: {listed(sorted(questions))}."
            )
        raise CannotSettle(f"There is no open question {ticket}; none is open.")

    def only(self, fits: Callable[[Question], bool], word: str) -> Question:
        """Return the one question that `word` can be to. Raises CannotSettle."""
        fitting = [one for one in open_questions(self._session, self._house) if fits(one)]
        if not fitting:
            raise CannotSettle(f"Nothing is open that {word} could answer. Send today for a list.")
        if len(fitting) > 1:
            raise CannotSettle(f"Which one?\n{self._lines(fitting)}")
        question = self._asked_before(fitting[0])
        if any(map(fits, self._settled_since())):
            raise CannotSettle(
                f"More was open when you sent {word}, and is settled by now. Is it to this?\n"
                f"{self._lines(fitting)}"
            )
        return question

    def _asked_before(self, question: Question) -> Question:
        if question.asked_at > self._said_at:
            raise CannotSettle(
                "Your text was sent before this was asked, so it was not taken for the answer:\n"
                f"{self._lines([question])}"
            )
        return question

    def _settled_since(self) -> Sequence[Question]:
        return self._session.scalars(
            select(Question).where(
                Question.property_id == self._house.id,
                Question.asked_at <= self._said_at,
                Question.closed_at > self._said_at,
            )
        ).all()

    def _lines(self, questions: Sequence[Question]) -> str:
        return "\n".join(question_line(self._session, one, self._today) for one in questions)
