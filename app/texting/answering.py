"""OK, NO and block: the answers to what a host was asked."""

from collections.abc import Sequence
from datetime import date, datetime
from functools import partial

from app.domain.commands import Answer, Block, Confirm, Reject
from app.domain.enrichment import Ask
from app.models import Question
from app.services.question_answers import confirm, refuse, stays_of_question
from app.services.settling import CannotSettle, Settlement
from app.texting.phrases import local_day, rooms, rooms_with_dates
from app.texting.questions_asked import QuestionsAsked

PROPOSING = (Ask.SEVERAL_ROOMS, Ask.LONE, Ask.CLAIM, Ask.MOVED)
"""Questions that OK and NO can answer."""


class Answering:
    """The answers of one text, applied whole or not at all. Each raises CannotSettle."""

    def __init__(self, settlement: Settlement, said_at: datetime) -> None:
        self.settlement = settlement
        self.today: date = local_day(settlement.house, settlement.now)
        self.asked = QuestionsAsked(settlement.session, settlement.house, said_at, self.today)

    def apply(self, answers: Sequence[Answer]) -> list[str]:
        """Carry the answers out; return a sentence of what was done for each."""
        questions = [self._question(one) for one in answers]
        if len({question.id for question in questions}) < len(questions):
            raise CannotSettle("Answer each question once.")
        return [
            self._carry_out(one, question) for one, question in zip(answers, questions, strict=True)
        ]

    def _question(self, answer: Answer) -> Question:
        """Return the question an answer is to: by its ticket, or the only one it can be to."""
        if answer.ticket is not None:
            return self.asked.with_ticket(answer.ticket)
        word = {Confirm: "OK", Reject: "NO", Block: "block"}[type(answer)]
        return self.asked.only(partial(_can_be_to, answer), word)

    def _carry_out(self, answer: Answer, question: Question) -> str:
        match answer:
            case Confirm():
                return self._confirm(question)
            case Reject():
                return self._refuse(question)
            case Block():
                return self._block(question)

    def _confirm(self, question: Question) -> str:
        stays = stays_of_question(self.settlement.session, question)
        confirm(self.settlement, question)
        return (
            f"{question.reference}: {rooms_with_dates(stays, self.today)}. "
            "The codes are being put on the doors."
        )

    def _refuse(self, question: Question) -> str:
        stays = stays_of_question(self.settlement.session, question)
        refuse(self.settlement, question)
        if question.ask == Ask.CLAIM:
            return f"{question.reference} is refused; no code was made."
        example = f"{question.reference}: {stays[0].room.number}-{len(stays[0].nights)}"
        return (
            f"Not given: {question.reference} for {rooms(stays)}. Which is whose? Send a line for "
            f"each room, such as {example} (room-nights)."
        )

    def _block(self, question: Question) -> str:
        stays = stays_of_question(self.settlement.session, question)
        if not stays:
            raise CannotSettle(f"{question.ticket} is about a booking, not about closed nights.")
        self.settlement.block(stays)
        return f"{rooms_with_dates(stays, self.today)}: closed, nobody is expected.".capitalize()


def _can_be_to(answer: Answer, question: Question) -> bool:
    if isinstance(answer, Block):
        return question.ask != Ask.UNPLACED
    return question.ask in PROPOSING
