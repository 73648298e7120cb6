"""Filling the days of the page of bookings to place."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

from flask_babel import format_date, ngettext
from flask_babel import gettext as _

from app import wording
from app.domain.enrichment import Ask
from app.domain.nights import Nights
from app.models import Notice, Reservation, Room, Status
from app.services.matches import is_moved
from app.services.open_days import OpenDay, OpenDays, Seeking, Wanting
from app.services.open_groups import Group, groups_of
from app.web.admin.match_bonds import booking_bond, lines, no, room_bond, waits, yes
from app.web.admin.match_pages import (
    BookingEnd,
    DayPanel,
    Lodging,
    Parting,
    QuestionLine,
    RoomEnd,
    SettledLine,
)
from app.web.admin.match_reasons import Case, reason, search
from app.web.admin.match_words import Words

MOST_NIGHTS_TO_PART = 60


class Days:
    """Fills days; `house_rooms` are those that a booking without a room can be put into."""

    def __init__(
        self, words: Words, known: OpenDays, house_rooms: Sequence[Room], *, may_act: bool
    ) -> None:
        self.words, self.known, self.may_act = words, known, may_act
        self.house_rooms = tuple((room.id, f"{room.number} {room.name}") for room in house_rooms)

    def panel(self, day: OpenDay) -> DayPanel:
        """Fill one open day."""
        groups = groups_of(day, self.known, self.words.now)
        return replace(
            self._heading(day.arrival),
            rooms=tuple(self._room(group, one) for group in groups for one in group.rooms),
            bookings=tuple(self._booking(group, one) for group in groups for one in group.bookings),
            lines=lines(groups),
            questions=tuple(self._question(group) for group in groups),
            may_act=self.may_act,
        )

    def done(self, arrival: date, settled: Sequence[SettledLine]) -> DayPanel:
        """Fill a day on which nothing is open any more."""
        return replace(self._heading(arrival), settled=tuple(settled))

    def _heading(self, arrival: date) -> DayPanel:
        today = self.words.today
        year = "" if arrival.year == today.year else " y"
        return DayPanel(
            iso=arrival.isoformat(),
            day_text=format_date(arrival, f"EEEE d MMMM{year}"),
            short_text=wording.weekday(arrival, today),
            when_text=_when(arrival, today),
        )

    def _room(self, group: Group, room: Seeking) -> RoomEnd:
        stay, _match = room
        channel = wording.channel_name(stay.channel) or _("A calendar")
        return RoomEnd(
            reservation_id=stay.id,
            room_number=stay.room.number,
            room_name=stay.room.name,
            dates_text=wording.span(stay.nights, self.words.today),
            nights=len(stay.nights),
            shown_text=_(
                "%(channel)s, since %(when)s",
                channel=channel,
                when=wording.recently(stay.appeared_at, self.words.house.zone, self.words.now),
            ),
            bond_text=room_bond(group, room),
            guest_waits=waits(stay),
            parting=self._parting(stay) if self.may_act else None,
        )

    def _parting(self, stay: Reservation) -> Parting | None:
        if len(stay.nights) < 2 or stay.status != Status.OPEN or stay.guest_id is not None:
            return None
        days = list(stay.nights)[1:][:MOST_NIGHTS_TO_PART]
        return Parting(
            wording.weekday(stay.arrival, self.words.today),
            tuple((one.isoformat(), self._leaves(stay, one)) for one in days),
        )

    def _leaves(self, stay: Reservation, day: date) -> str:
        first, second = (day - stay.arrival).days, (stay.departure - day).days
        return str(
            ngettext(
                "%(day)s: %(num)d night, then %(second)d",
                "%(day)s: %(num)d nights, then %(second)d",
                first,
                day=wording.weekday(day, self.words.today),
                second=second,
            )
        )

    def _booking(self, group: Group, booking: Wanting) -> BookingEnd:
        notice, _match = booking
        told = self.known.told.get(notice.reference) or [notice]
        names = [one.name for one in (notice, *told) if one.name]
        return BookingEnd(
            notice_id=notice.id,
            reference=notice.reference,
            sources=tuple(self.words.source(one) for one in told),
            bond_text=booking_bond(group, booking),
            name=names[0] if names else None,
            dates_text=_dates(notice, self.words.today),
            is_moved=is_moved(notice, self.known.bearers),
            lodging=self._lodging(notice) if self.may_act and not group.rooms else None,
        )

    def _lodging(self, notice: Notice) -> Lodging | None:
        if notice.arrival is None or is_moved(notice, self.known.bearers):
            return None
        next_day = notice.arrival + timedelta(days=1)
        leaves = notice.departure or next_day
        return Lodging(self.house_rooms, next_day.isoformat(), leaves.isoformat())

    def _question(self, group: Group) -> QuestionLine:
        left = [
            stay
            for notice in group.notices
            if is_moved(notice, self.known.bearers)
            for stay in self.known.bearers[notice.reference]
        ]
        case = Case(self.words, group.stays, group.notices, left)
        question = group.question
        if question is None:
            return QuestionLine(search(case), self._search_state(group))
        may_say = self.may_act and (group.proposed is not None or question.ask == Ask.CLAIM)
        return QuestionLine(
            reason=reason(question.ask, case),
            asking=self.words.asked(question, self.known.asked.get(question.id, ())),
            question_id=question.id,
            ticket=question.ticket,
            yes=yes(group) if may_say else None,
            no=no(question.ask) if may_say else None,
            is_urgent=any(waits(stay) for stay in group.stays),
        )

    def _search_state(self, group: Group) -> str:
        if group.is_due:
            return str(_("It is being looked at."))
        if group.ask_at is None:
            return str(_("Nobody is asked unless a room shows."))
        when = self.words.moment(group.ask_at)
        if group.rooms and group.bookings:
            return str(_("If they cannot be read, we ask %(when)s.", when=when))
        if group.rooms:
            return str(_("Looking for a mail; we ask %(when)s.", when=when))
        return str(_("Looking for its room; we ask %(when)s.", when=when))


def _dates(notice: Notice, today: date) -> str | None:
    if notice.arrival is None or notice.departure is None:
        return None
    return wording.span(Nights(notice.arrival, notice.departure), today)


def _when(arrival: date, today: date) -> str:
    days = (arrival - today).days
    if days == 0:
        return str(_("today"))
    if days == 1:
        return str(_("tomorrow"))
    if days < 0:
        return str(ngettext("arrived %(num)d day ago", "arrived %(num)d days ago", -days))
    return str(ngettext("in %(num)d day", "in %(num)d days", days))
