"""Rooms, sources and the state of asking, as the page of bookings to place says them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from babel.lists import format_list
from flask_babel import get_locale
from flask_babel import gettext as _

from app import wording
from app.domain.nights import Nights
from app.models import Medium, MessageState, Notice, Origin, Property, Question, Reservation
from app.services.open_days import Asked

WENT = (MessageState.SENT, MessageState.DELIVERED)


@dataclass(frozen=True)
class Words:
    """Says things of one property, at one moment."""

    house: Property
    now: datetime

    @property
    def today(self) -> date:
        return self.now.astimezone(self.house.zone).date()

    def moment(self, instant: datetime) -> str:
        return wording.moment(instant, self.house.zone, self.now)

    def span(self, nights: Nights) -> str:
        return wording.span(nights, self.today)

    def weekday(self, day: date) -> str:
        return wording.weekday(day, self.today)

    def rooms_with_dates(self, stays: Sequence[Reservation]) -> str:
        """Say "rooms 1 and 2, 19-21 Dec", and each room's own dates where they differ."""
        spans = {stay.nights for stay in stays}
        if len(spans) == 1:
            return f"{rooms(stays)}, {self.span(spans.pop())}"
        return "; ".join(f"{rooms([stay])}, {self.span(stay.nights)}" for stay in stays)

    def source(self, notice: Notice) -> str:
        """Say where a booking is known from: "Booking.com mail, today 14:03"."""
        when = self.moment(notice.said_at)
        channel = wording.channel_name(notice.channel)
        if notice.origin == Origin.GUEST:
            name = notice.name or _("somebody")
            return str(_("Guest’s claim by %(name)s, %(when)s", name=name, when=when))
        if notice.origin == Origin.EXPORT:
            if channel is None:
                return str(_("An export, %(when)s", when=when))
            return str(_("%(channel)s export, %(when)s", channel=channel, when=when))
        if channel is None:
            return str(_("A mail, %(when)s", when=when))
        return str(_("%(channel)s mail, %(when)s", channel=channel, when=when))

    def asked(self, question: Question, texts: Sequence[Asked]) -> str:
        """Say who was asked how and when, and that the answer is awaited."""
        first = [one for one in texts if not one.is_reminder]
        went = [one for one in first if one.state in WENT]
        coming = [one for one in first if one.state == MessageState.WAITING]
        failed = [one for one in first if one.state == MessageState.FAILED]
        again = [one for one in texts if one.is_reminder and one.state in WENT]
        said = [self._went(went, medium, question) for medium in Medium]
        if coming:
            names = listed(_names(coming))
            facts = {"names": names, "ticket": question.ticket}
            said.append(_("The text to %(names)s is on its way, ticket %(ticket)s.", **facts))
        if failed:
            said.append(_("The text to %(names)s did not arrive.", names=listed(_names(failed))))
        if again:
            said.append(_("Asked again %(when)s.", when=self.moment(again[-1].at)))
        told = [str(words) for words in said if words]
        if not told:
            return str(_("Nobody was texted; it waits for an answer here."))
        if went or coming:
            told.append(str(_("Waiting for an answer.")))
        return " ".join(told)

    def _went(self, went: Sequence[Asked], medium: Medium, question: Question) -> str:
        sent = [one for one in went if one.medium == medium]
        if not sent:
            return ""
        facts = {
            "names": listed(_names(sent)),
            "when": self.moment(sent[0].at),
            "ticket": question.ticket,
        }
        if medium == Medium.SMS:
            return str(_("Asked %(names)s by text %(when)s, ticket %(ticket)s.", **facts))
        return str(_("Asked %(names)s by mail %(when)s, ticket %(ticket)s.", **facts))


def rooms(stays: Sequence[Reservation]) -> str:
    """Say "room 1", "rooms 1 and 2"; each has its room loaded."""
    numbers = [str(number) for number in sorted({stay.room.number for stay in stays})]
    if len(numbers) == 1:
        return str(_("room %(number)s", number=numbers[0]))
    return str(_("rooms %(numbers)s", numbers=listed(numbers)))


def listed(words: Sequence[str]) -> str:
    """Say "1, 2 and 3" as the reader's language does."""
    locale = get_locale()
    return str(format_list(list(words), locale="en_GB" if locale.language == "en" else locale))


def started(sentence: str) -> str:
    """Begin a sentence with a capital."""
    return sentence[:1].upper() + sentence[1:]


def _names(texts: Sequence[Asked]) -> list[str]:
    return list(dict.fromkeys(one.host_name for one in texts))
