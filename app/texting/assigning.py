"""Lines that say whose a room is: finding the reservations they mean, or what stands in the way."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from app.domain.commands import AssignRoom, GiveReference, Naming
from app.domain.enrichment import Ask
from app.domain.nights import Nights
from app.domain.notices import NoticeKind
from app.models import Match, Notice, Property, Question, Reservation, Room, Status
from app.services.guests import stays_of_reference
from app.services.matches import open_ends
from app.services.settling import CannotSettle, Gift, Settlement, stays_of_question
from app.services.splitting import split
from app.texting.phrases import dates, listed, local_day, rooms


class NeedsTicket(CannotSettle):
    """Several open reservations fit; `stays` are to be listed with a ticket each."""

    code = "needs-ticket"

    def __init__(self, stays: Sequence[Reservation], reference: str) -> None:
        super().__init__(f"Which one is {reference}?")
        self.stays, self.reference = stays, reference


class Assigning:
    """The naming lines of one text, applied whole or not at all."""

    def __init__(self, settlement: Settlement) -> None:
        self.settlement = settlement
        self.session: Session = settlement.session
        self.house: Property = settlement.house
        self.today = local_day(self.house, settlement.now)
        ends = open_ends(self.session, self.house, now=settlement.now)
        self.open = [(stay, match) for stay, match in ends.seekers]
        self.rooms = {
            room.number: room
            for room in self.session.scalars(select(Room).filter_by(property_id=self.house.id))
        }

    def apply(self, commands: Sequence[Naming]) -> list[Gift]:
        """Give every line's room its booking; return what was given. Raises CannotSettle."""
        lines = [one for one in commands if isinstance(one, AssignRoom)]
        self._check_rooms(lines)
        arrivals = self._arrivals_told({one.reference for one in commands})
        gifts = [
            gift
            for one in commands
            if isinstance(one, GiveReference)
            for gift in self._by_reference(one, arrivals)
        ]
        gifts += self._corrected([one for one in lines if one.correct])
        gifts += self._assigned([one for one in lines if not one.correct], arrivals)
        self._refuse_twice(gifts)
        self.settlement.give(gifts)
        return gifts

    def _check_rooms(self, lines: Sequence[AssignRoom]) -> None:
        for one in lines:
            if one.room_number not in self.rooms:
                known = listed([str(number) for number in sorted(self.rooms)])
                raise CannotSettle(
                    f"Line {one.line}: there is no room {one.room_number}. There are {known}."
                )

    def _arrivals_told(self, references: set[str]) -> Mapping[str, date]:
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

    def _by_reference(self, one: GiveReference, arrivals: Mapping[str, date]) -> list[Gift]:
        """Answer for `1234567890` and `A 1234567890`."""
        if one.ticket is not None:
            stays = self._stays_of_ticket(one)
        else:
            stays = self._only_open(one, arrivals)
        return [Gift(stay, one.reference) for stay in stays]

    def _stays_of_ticket(self, one: GiveReference) -> Sequence[Reservation]:
        question = question_of(self.session, self.house, one.ticket or "")
        stays = stays_of_question(self.session, question)
        proposed = question.ask == Ask.SEVERAL_ROOMS and question.reference == one.reference
        if len(stays) == 1 or (stays and proposed):
            return stays
        raise CannotSettle(
            f"{question.ticket} is about {rooms(stays) if stays else 'no room yet'}. Send a line "
            f"for each room: {one.reference}: {_example(stays)} (room-nights)."
        )

    def _only_open(self, one: GiveReference, arrivals: Mapping[str, date]) -> Sequence[Reservation]:
        """Return what waits for a reference, if that is only one thing."""
        fitting = self.open
        if one.reference in arrivals:
            told = arrivals[one.reference]
            fitting = [pair for pair in self.open if pair[0].arrival == told] or self.open
        proposed = [stay for stay, _ in fitting if stay.reference == one.reference]
        if proposed and len(proposed) == len(fitting):
            return proposed
        if not fitting:
            raise CannotSettle(
                f"Nothing waits for a reference. To give a room anyway: {one.reference}: 1-2 "
                "(room-nights)."
            )
        if len(fitting) > 1:
            raise NeedsTicket([stay for stay, _ in fitting], one.reference)
        return [fitting[0][0]]

    def _assigned(self, lines: Sequence[AssignRoom], arrivals: Mapping[str, date]) -> list[Gift]:
        """Find the open nights that each plain line means."""
        fitting = {one: self._fitting(one, arrivals) for one in lines}
        certain = {one: stays[0] for one, stays in fitting.items() if len(stays) == 1}
        gifts = []
        for one, stays in fitting.items():
            if len(stays) > 1:
                days = {
                    stay.arrival
                    for other, stay in certain.items()
                    if other.reference == one.reference
                }
                stays = [stay for stay in stays if stay.arrival in days] or stays
            if len(stays) > 1:
                raise NeedsTicket(stays, one.reference)
            gifts += [Gift(stay, one.reference) for stay in stays]
        return gifts

    def _fitting(self, one: AssignRoom, arrivals: Mapping[str, date]) -> Sequence[Reservation]:
        here = [(stay, match) for stay, match in self.open if self._is_in(stay, one)]
        fitting = [pair for pair in here if len(pair[0].nights) == one.nights]
        told = arrivals.get(one.reference)
        if told is not None:
            fitting = [pair for pair in fitting if pair[0].arrival == told] or fitting
        asked = [pair for pair in fitting if pair[1].question is not None]
        if len(fitting) > 1 and len(asked) == 1:
            fitting = asked
        if fitting:
            return [stay for stay, _ in fitting]
        own = self._own(one)
        if own is not None:
            return [own]
        if (part := self._part(one, here, told)) is not None:
            return [part]
        raise CannotSettle(f"Line {one.line}: {self._why_not(one, [stay for stay, _ in here])}")

    def _own(self, one: AssignRoom) -> Reservation | None:
        """Return the reservation that is theirs already, as the line says."""
        own = stays_of_reference(self.session, self.house.id, one.reference)
        return next(
            (stay for stay in own if self._is_in(stay, one) and len(stay.nights) == one.nights),
            None,
        )

    def _part(
        self, one: AssignRoom, here: Sequence[tuple[Reservation, Match]], told: date | None
    ) -> Reservation | None:
        """Part closed nights that hold the booking and more: channels join neighbours.

        Where in them it lies must be known: by a mail, or because the nights were asked about.
        """
        holding: list[tuple[Reservation, Nights]] = []
        for stay, match in here:
            arrival = told or (stay.arrival if match.question is not None else None)
            if arrival is None or stay.status != Status.OPEN:
                continue
            wanted = Nights(arrival, arrival + timedelta(days=one.nights))
            if stay.nights.covers(wanted):
                holding.append((stay, wanted))
        return split(self.settlement, *holding[0]) if len(holding) == 1 else None

    def _why_not(self, one: AssignRoom, here: Sequence[Reservation]) -> str:
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

    def _corrected(self, lines: Sequence[AssignRoom]) -> list[Gift]:
        """Move bookings to the rooms that their lines say, all of them at once."""
        by_reference: dict[str, list[AssignRoom]] = {}
        for one in lines:
            by_reference.setdefault(one.reference, []).append(one)
        kept: list[Gift] = []
        leaving: list[Reservation] = []
        to_find: list[tuple[AssignRoom, date | None, str | None]] = []
        for reference, own_lines in by_reference.items():
            now_theirs = list(stays_of_reference(self.session, self.house.id, reference))
            if len(now_theirs) > 1 and len(own_lines) < len(now_theirs):
                raise CannotSettle(
                    f"{reference} has {rooms(now_theirs)}. Send a line for each room that it "
                    "should have."
                )
            staying = self._matched(own_lines, now_theirs)
            kept += [Gift(stay, reference) for stay in staying.values()]
            leaving += [stay for stay in now_theirs if stay not in staying.values()]
            arrival = now_theirs[0].arrival if now_theirs else None
            channel = now_theirs[0].channel if now_theirs else None
            to_find += [(one, arrival, channel) for one in own_lines if one not in staying]
        if leaving:
            self.settlement.release(leaving)
        return kept + [self._found(one, arrival, channel) for one, arrival, channel in to_find]

    def _matched(
        self, lines: Sequence[AssignRoom], theirs: Sequence[Reservation]
    ) -> dict[AssignRoom, Reservation]:
        return {
            one: stay
            for one in lines
            for stay in theirs
            if self._is_in(stay, one) and len(stay.nights) == one.nights
        }

    def _found(self, one: AssignRoom, arrival: date | None, channel: str | None) -> Gift:
        """Return the nights a booking moves to: closed ones without an owner, or free ones."""
        nights_from = arrival or self.today
        wanted = Nights(nights_from, nights_from + timedelta(days=one.nights))
        overlapping = [
            stay
            for stay in self.session.scalars(
                select(Reservation)
                .where(
                    Reservation.room_id == self.rooms[one.room_number].id,
                    Reservation.departure > self.today,
                    Reservation.status != Status.CANCELLED,
                )
                .options(joinedload(Reservation.room), joinedload(Reservation.guest))
                .order_by(Reservation.arrival)
            )
            if (stay.nights.overlaps(wanted) if arrival else len(stay.nights) == one.nights)
        ]
        exact = [
            stay
            for stay in overlapping
            if len(stay.nights) == one.nights
            and stay.arrival == (arrival or stay.arrival)
            and (stay.reference is None or stay.is_unconfirmed or stay.reference == one.reference)
        ]
        if len(exact) > 1:
            raise NeedsTicket(exact, one.reference)
        if exact:
            return Gift(exact[0], one.reference)
        if overlapping or arrival is None:
            open_here = [stay for stay in overlapping if stay.reference is None]
            raise CannotSettle(f"Line {one.line}: {self._why_not(one, open_here)}")
        return Gift(
            self.settlement.add_stay(self.rooms[one.room_number], wanted, channel), one.reference
        )

    def _refuse_twice(self, gifts: Sequence[Gift]) -> None:
        given: dict[int, str] = {}
        for gift in gifts:
            if given.setdefault(gift.stay.id, gift.reference) != gift.reference:
                raise CannotSettle(
                    f"Room {gift.stay.room.number} is given both to {given[gift.stay.id]} and to "
                    f"{gift.reference}. Send each room once."
                )

    def _is_in(self, stay: Reservation, one: AssignRoom) -> bool:
        return stay.room_id == self.rooms[one.room_number].id


def question_of(session: Session, house: Property, ticket: str) -> Question:
    """Return the open question with this ticket. Raises CannotSettle."""
    questions = {
        one.ticket: one
        for one in session.scalars(
            select(Question).where(Question.property_id == house.id, Question.closed_at.is_(None))
        )
    }
    if ticket in questions:
        return questions[ticket]
    if questions:
        raise CannotSettle(
            f"There is no open question {ticket}. Open: {listed(sorted(questions))}."
        )
    raise CannotSettle(f"There is no open question {ticket}; none is open.")


def _example(stays: Sequence[Reservation]) -> str:
    return f"{stays[0].room.number}-{len(stays[0].nights)}" if stays else "1-2"
