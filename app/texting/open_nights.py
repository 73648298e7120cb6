"""What a property's open nights are, to those who give them away by text."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from app.domain.commands import AssignRoom
from app.domain.notices import NoticeKind
from app.models import Match, Notice, Property, Reservation, Room, Status
from app.services.matches import open_ends
from app.services.settling import CannotSettle, Settlement
from app.texting.asking import question_line
from app.texting.phrases import dates, listed, local_day, rooms_with_dates


class NeedsTicket(CannotSettle):
    """Several open reservations fit; `stays` are to be listed with a ticket each."""

    code = "needs-ticket"

    def __init__(self, stays: Sequence[Reservation], reference: str) -> None:
        super().__init__(f"Which one is {reference}?")
        self.stays, self.reference = stays, reference


class OpenNights:
    """The rooms of a property, and its reservations whose booking is not certain.

    `said_at` is when the text was sent that gives them away.
    """

    def __init__(self, settlement: Settlement, said_at: datetime) -> None:
        self.settlement = settlement
        self.session: Session = settlement.session
        self.house: Property = settlement.house
        self.today = local_day(self.house, settlement.now)
        ends = open_ends(self.session, self.house, now=settlement.now)
        self.pairs = list(ends.seekers)
        """Each with its match."""
        self.settled_since = self.session.scalars(
            select(Reservation)
            .join(Match, Match.reservation_id == Reservation.id)
            .where(
                Match.property_id == self.house.id,
                Match.opened_at <= said_at,
                Match.settled_at > said_at,
            )
            .options(joinedload(Reservation.room), joinedload(Reservation.guest))
            .order_by(Reservation.arrival, Reservation.room_id)
        ).all()
        """What was open when the text was sent, and is not any more."""
        self._newer = {stay.id: match for stay, match in self.pairs if match.opened_at > said_at}
        self.rooms = {
            room.number: room
            for room in self.session.scalars(select(Room).filter_by(property_id=self.house.id))
        }

    def refuse_newer(self, stays: Sequence[Reservation]) -> None:
        """Raise CannotSettle where the host cannot have meant one: it opened after they wrote."""
        newer = [stay for stay in stays if stay.id in self._newer]
        if not newer:
            return
        said = (
            f"Your text was sent before {rooms_with_dates(newer, self.today)}, was open, so it was "
            "not taken to mean that."
        )
        asked = {
            match.question.id: match.question
            for stay in newer
            if (match := self._newer[stay.id]).question is not None
            and match.question.closed_at is None
        }
        lines = [question_line(self.session, one, self.today) for one in asked.values()]
        raise CannotSettle("\n".join([said, *(lines or ["If it does, send it again."])]))

    def check_rooms(self, lines: Sequence[AssignRoom]) -> None:
        """Raise CannotSettle where a line names a room that there is not."""
        for one in lines:
            if one.room_number not in self.rooms:
                known = listed([str(number) for number in sorted(self.rooms)])
                raise CannotSettle(
                    f"Line {one.line}: there is no room {one.room_number}. There are {known}."
                )

    def arrivals_told(self, references: set[str]) -> Mapping[str, date]:
        """Return the days that mails and exports give for these bookings."""
        notices = self.session.scalars(
            select(Notice).where(
                Notice.property_id == self.house.id,
                Notice.reference.in_(references),
                Notice.kind != NoticeKind.CANCELLED,
                Notice.arrival.is_not(None),
            )
        )
        return {one.reference: one.arrival for one in notices if one.arrival is not None}

    def is_in(self, stay: Reservation, one: AssignRoom) -> bool:
        return stay.room_id == self.rooms[one.room_number].id

    def why_not(self, one: AssignRoom, here: Sequence[Reservation]) -> str:
        """Say why a line cannot be: `here` are the room's open nights."""
        if here:
            spans = listed([f"{dates(s.nights, self.today)} ({len(s.nights)})" for s in here])
            return (
                f"room {one.room_number} is not closed for {one.nights} "
                f"{'night' if one.nights == 1 else 'nights'}. Open there (nights): {spans}."
            )
        taken = self.session.scalars(
            select(Reservation)
            .where(
                Reservation.room_id == self.rooms[one.room_number].id,
                Reservation.departure > self.today,
                Reservation.status.in_((Status.CONFIRMED, Status.DISPUTED)),
                Reservation.reference.is_not(None),
            )
            .order_by(Reservation.arrival)
            .limit(3)
        ).all()
        if taken:
            whose = listed([f"{s.reference} ({dates(s.nights, self.today)})" for s in taken])
            return (
                f"room {one.room_number} has no open nights; it is {whose}. To move a booking "
                f"there, add correct: {one.reference}: {one.room_number}-{one.nights} correct."
            )
        return f"room {one.room_number} has no closed nights that wait for a booking."
