"""One text from a host: read, carried out whole or not at all, and answered."""

from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.command_guide import guide_text
from app.domain.command_text import read_commands
from app.domain.commands import (
    AssignRoom,
    Block,
    Cancel,
    Carrier,
    Check,
    Command,
    Commands,
    Confirm,
    Empty,
    GiveReference,
    Guide,
    Misread,
    Reject,
    Sure,
    Today,
    Tomorrow,
    Tonight,
    Undo,
    Unlock,
)
from app.domain.errors import DomainError
from app.models import Host, Message, Property, Reservation
from app.seals import Seals
from app.services.acting import BY_TEXT, Act, act, latest_act, take_back
from app.services.guests import stays_of_reference
from app.services.inbound import is_carriers_own, said_at
from app.services.settling import CannotSettle, Gift
from app.services.undoing import CannotUndo
from app.texting.answering import Answering
from app.texting.assigning import Assigning
from app.texting.looking import check, of_day
from app.texting.open_nights import NeedsTicket
from app.texting.phrases import local_day, rooms, rooms_with_dates
from app.texting.tickets import list_with_tickets
from app.texting.tonight_words import tonight_text
from app.texting.unlocking import unlock

SURE_LASTS = timedelta(minutes=10)
NOTHING_DONE = "Nothing was changed."


@dataclass(frozen=True)
class Reply:
    """What a host is answered. `codes` are access codes to be told with it.

    `text` None: nothing now; the carrier answers, or a door does.
    """

    text: str | None
    codes: tuple[int, ...] = ()


class Conversation:
    """One text of one host, with the property held."""

    def __init__(
        self,
        session: Session,
        house: Property,
        host: Host,
        message: Message,
        *,
        seals: Seals,
        now: datetime,
    ) -> None:
        self.session, self.house, self.host, self.message = session, house, host, message
        self.seals, self.now = seals, now
        self.today = local_day(house, now)

    def answer(self) -> Reply:
        """Carry the text out and say what was done; what is wrong with it changes nothing."""
        if is_carriers_own(self.message):
            return Reply(None)
        reading = read_commands(self.message.body or "")
        match reading:
            case Carrier():
                return Reply(None)
            case Empty():
                return Reply("We can read words only. Send guide for what you can say.")
            case Misread(faults):
                lines = [fault.why for fault in faults]
                return Reply("\n".join([*lines, NOTHING_DONE]))
            case Commands(commands):
                return self._carry_out(commands)

    def _carry_out(self, commands: Sequence[Command]) -> Reply:
        try:
            with self.session.begin_nested():
                return self._dispatch(commands)
        except NeedsTicket as fault:
            listed_back = list_with_tickets(self.session, self.house, fault, self.now)
            return Reply(f"{listed_back}\n{NOTHING_DONE}")
        except DomainError as fault:
            return Reply(f"{fault.message}\n{NOTHING_DONE}")

    def _dispatch(self, commands: Sequence[Command]) -> Reply:
        first = commands[0]
        match first:
            case AssignRoom() | GiveReference():
                return self._assign(commands)
            case Confirm() | Reject() | Block():
                return self._answer_questions(commands)
            case Check(reference):
                found = check(self.session, self.house, self.host, reference, self.now)
                return Reply(found.text, found.codes)
            case Cancel(reference):
                return self._ask_if_sure(reference)
            case Sure(reference):
                return self._cancel(reference)
            case Unlock(door_words):
                unlock(self.session, self.host, self.message, door_words, self.now)
                return Reply(None)
            case Today():
                return Reply(of_day(self.session, self.house, self.now, ahead=0))
            case Tomorrow():
                return Reply(of_day(self.session, self.house, self.now, ahead=1))
            case Tonight():
                return Reply(tonight_text(self.session, self.house, self.now))
            case Guide():
                return Reply(guide_text())
            case Undo():
                return self._undo()

    def _assign(self, commands: Sequence[Command]) -> Reply:
        naming = [one for one in commands if isinstance(one, AssignRoom | GiveReference)]
        with self._act() as done:
            done.change_set.what = self._given(
                Assigning(done.settlement, said_at(self.message)).apply(naming)
            )
        return _undoable(done)

    def _given(self, gifts: Sequence[Gift]) -> str:
        by_reference: dict[str, list[Reservation]] = {}
        for gift in gifts:
            by_reference.setdefault(gift.reference, []).append(gift.stay)
        lines = [
            f"{reference}: {rooms_with_dates(stays, self.today)}."
            for reference, stays in by_reference.items()
        ]
        return "\n".join([*lines, "The codes are being put on the doors."])

    def _answer_questions(self, commands: Sequence[Command]) -> Reply:
        answers = [one for one in commands if isinstance(one, Confirm | Reject | Block)]
        with self._act() as done:
            answering = Answering(done.settlement, said_at(self.message))
            done.change_set.what = "\n".join(answering.apply(answers))
        return _undoable(done)

    def _ask_if_sure(self, reference: str) -> Reply:
        stays = self._bookings(reference)
        self.message.facts = {**self.message.facts, "cancel": reference}
        return Reply(
            f"Cancel {reference}, {rooms_with_dates(stays, self.today)}? Its codes stop and the "
            f"guest is told. Send sure {reference} within 10 minutes."
        )

    def _cancel(self, reference: str) -> Reply:
        asked = self._asked_to_cancel(reference)
        if asked is None:
            raise CannotSettle(f"To cancel a booking send cancel {reference} first.")
        stays = self._bookings(reference)
        with self._act() as done:
            done.settlement.cancel(stays)
            done.change_set.what = (
                f"{reference} is cancelled: {rooms(stays)}. The codes are being taken off, the "
                "guest is told. The channel is not told: cancel there, too."
            )
        asked.facts = {name: fact for name, fact in asked.facts.items() if name != "cancel"}
        return _undoable(done)

    def _asked_to_cancel(self, reference: str) -> Message | None:
        lately = self.session.scalars(
            select(Message).where(
                Message.host_id == self.host.id,
                Message.reply_to_id.is_(None),
                Message.body.is_not(None),
                Message.created_at > self.now - SURE_LASTS,
                Message.id < self.message.id,
            )
        )
        return next((one for one in lately if one.facts.get("cancel") == reference), None)

    def _bookings(self, reference: str) -> list[Reservation]:
        stays = [
            stay
            for stay in stays_of_reference(self.session, self.house.id, reference)
            if stay.departure >= self.today
        ]
        if not stays:
            raise CannotSettle(f"There is no booking {reference} to cancel.")
        return stays

    def _undo(self) -> Reply:
        latest = latest_act(self.session, self.host, self.now)
        if latest is None:
            raise CannotUndo("There is nothing of the last 10 minutes to take back.")
        take_back(self.session, self.host, latest.id, seals=self.seals, now=self.now)
        return Reply(f"Taken back: {latest.what.splitlines()[0]}")

    def _act(self) -> AbstractContextManager[Act]:
        return act(self.session, self.host, seals=self.seals, now=self.now, medium=BY_TEXT)


def _undoable(done: Act) -> Reply:
    return Reply(f"{done.change_set.what} undo takes it back.")
