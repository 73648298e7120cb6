"""Lines with `correct`: a booking moved to the rooms it should have had."""

from collections.abc import Sequence
from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from app.domain.commands import AssignRoom
from app.domain.nights import Nights
from app.models import Reservation, Status
from app.services.guests import stays_of_reference
from app.services.settling import CannotSettle, Gift
from app.texting.open_nights import NeedsTicket, OpenNights
from app.texting.phrases import rooms


class Correcting:
    """The correcting lines of one text, all of them at once: two bookings may change rooms."""

    def __init__(self, nights: OpenNights) -> None:
        self.nights = nights
        self.settlement = nights.settlement
        self.session, self.house = nights.session, nights.house

    def apply(self, lines: Sequence[AssignRoom]) -> list[Gift]:
        """Take the bookings out of the rooms that are not theirs; return what to give them."""
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
            if self.nights.is_in(stay, one) and len(stay.nights) == one.nights
        }

    def _found(self, one: AssignRoom, arrival: date | None, channel: str | None) -> Gift:
        """Return the nights a booking moves to: closed ones without an owner, or free ones."""
        nights_from = arrival or self.nights.today
        wanted = Nights(nights_from, nights_from + timedelta(days=one.nights))
        overlapping = [
            stay
            for stay in self.session.scalars(
                select(Reservation)
                .where(
                    Reservation.room_id == self.nights.rooms[one.room_number].id,
                    Reservation.departure > self.nights.today,
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
            raise CannotSettle(f"Line {one.line}: {self.nights.why_not(one, open_here)}")
        return Gift(
            self.settlement.add_stay(self.nights.rooms[one.room_number], wanted, channel),
            one.reference,
        )
