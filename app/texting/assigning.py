"""Lines that say whose a room is: finding the reservations they mean, or what stands in the way."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta

from app.domain.commands import AssignRoom, GiveReference, Naming
from app.domain.enrichment import Ask
from app.domain.nights import Nights
from app.models import Match, Reservation, Status
from app.services.guests import stays_of_reference
from app.services.question_answers import stays_of_question
from app.services.settling import CannotSettle, Gift, Settlement
from app.services.splitting import split
from app.texting.correcting import Correcting
from app.texting.open_nights import NeedsTicket, OpenNights
from app.texting.phrases import day, rooms
from app.texting.questions_asked import QuestionsAsked


class Assigning:
    """The naming lines of one text, applied whole or not at all."""

    def __init__(self, settlement: Settlement, said_at: datetime) -> None:
        self.settlement = settlement
        self.session, self.house = settlement.session, settlement.house
        self.nights = OpenNights(settlement, said_at)
        self.asked = QuestionsAsked(self.session, self.house, said_at, self.nights.today)

    def apply(self, commands: Sequence[Naming]) -> list[Gift]:
        """Give every line's room its booking; return what was given. Raises CannotSettle."""
        lines = [one for one in commands if isinstance(one, AssignRoom)]
        self.nights.check_rooms(lines)
        arrivals = self.nights.arrivals_told({one.reference for one in commands})
        gifts = [
            gift
            for one in commands
            if isinstance(one, GiveReference)
            for gift in self._by_reference(one, arrivals)
        ]
        gifts += Correcting(self.nights).apply([one for one in lines if one.correct])
        gifts += self._assigned([one for one in lines if not one.correct], arrivals)
        self._refuse_twice(gifts)
        self.nights.refuse_newer([gift.stay for gift in gifts])
        self.settlement.give(gifts)
        return gifts

    def _by_reference(self, one: GiveReference, arrivals: Mapping[str, date]) -> list[Gift]:
        """Answer for `1234567890` and `A 1234567890`."""
        if one.ticket is not None:
            stays = self._stays_of_ticket(one)
        else:
            stays = self._only_open(one, arrivals)
        return [Gift(stay, one.reference) for stay in stays]

    def _stays_of_ticket(self, one: GiveReference) -> Sequence[Reservation]:
        question = self.asked.with_ticket(one.ticket or "")
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
        fitting, since = self.nights.pairs, self.nights.settled_since
        told = arrivals.get(one.reference)
        if told is not None:
            fitting = [pair for pair in fitting if pair[0].arrival == told]
            since = [stay for stay in since if stay.arrival == told]
        if theirs := _borne(since, one.reference):
            return theirs
        if told is not None and not fitting:
            raise CannotSettle(
                f"{one.reference} arrives {day(told, self.nights.today)}, and no room is open "
                f"from then. To give a room anyway: {one.reference}: 1-2 (room-nights)."
            )
        proposed = [stay for stay, _ in fitting if stay.reference == one.reference]
        if proposed and len(proposed) == len(fitting):
            return proposed
        if not fitting:
            raise CannotSettle(
                f"Nothing waits for a reference. To give a room anyway: {one.reference}: 1-2 "
                "(room-nights)."
            )
        if len(fitting) > 1 or since:
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
        here = [(stay, match) for stay, match in self.nights.pairs if self.nights.is_in(stay, one)]
        fitting = [pair for pair in here if len(pair[0].nights) == one.nights]
        told = arrivals.get(one.reference)
        since = self._settled_since(one, told)
        if theirs := _borne(since, one.reference):
            return theirs
        if told is not None:
            fitting = [pair for pair in fitting if pair[0].arrival == told] or fitting
        if fitting and since:
            raise NeedsTicket([stay for stay, _ in fitting], one.reference)
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
        raise CannotSettle(
            f"Line {one.line}: {self.nights.why_not(one, [stay for stay, _ in here])}"
        )

    def _settled_since(self, one: AssignRoom, told: date | None) -> list[Reservation]:
        """Return what the line fitted, too, when it was sent."""
        return [
            stay
            for stay in self.nights.settled_since
            if self.nights.is_in(stay, one)
            and len(stay.nights) == one.nights
            and told in (None, stay.arrival)
        ]

    def _own(self, one: AssignRoom) -> Reservation | None:
        """Return the reservation that is theirs already, as the line says."""
        own = stays_of_reference(self.session, self.house.id, one.reference)
        return next(
            (
                stay
                for stay in own
                if self.nights.is_in(stay, one) and len(stay.nights) == one.nights
            ),
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
        if len(holding) != 1:
            return None
        self.nights.refuse_newer([holding[0][0]])
        return split(self.settlement, *holding[0])

    def _refuse_twice(self, gifts: Sequence[Gift]) -> None:
        given: dict[int, str] = {}
        for gift in gifts:
            if given.setdefault(gift.stay.id, gift.reference) != gift.reference:
                raise CannotSettle(
                    f"Room {gift.stay.room.number} is given both to {given[gift.stay.id]} and to "
                    f"{gift.reference}. Send each room once."
                )


def _borne(stays: Sequence[Reservation], reference: str) -> list[Reservation]:
    """Return those that have been given this reference already."""
    return [
        stay for stay in stays if stay.reference == reference and stay.status == Status.CONFIRMED
    ]


def _example(stays: Sequence[Reservation]) -> str:
    return f"{stays[0].room.number}-{len(stays[0].nights)}" if stays else "1-2"
