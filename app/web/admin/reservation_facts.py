"""The facts of one reservation: what counts now, who says so, and what it was before."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from flask_babel import gettext as _

from app import wording
from app.domain.nights import Nights
from app.domain.readings import Kind
from app.models import Origin, Reservation, Status
from app.web.admin.reservation_pages import DateChoice, FactName, KnownFact, SourceWord, Stance
from app.web.admin.reservation_sources import Sources

REPLACED_SHOWN = 3


@dataclass(frozen=True)
class Facts:
    """Builds the facts of one reservation; `stay` has its room and guest."""

    sources: Sources
    may_correct: bool

    @property
    def stay(self) -> Reservation:
        return self.sources.stay

    def known(self) -> tuple[KnownFact, ...]:
        """Return every fact, in the order they are shown."""
        facts = (self._dates(), self._reference(), self._name(), self._phone())
        return tuple(fact for fact in facts if fact.name != FactName.PHONE or fact.value)

    def choices(self) -> tuple[DateChoice, ...]:
        """Return the dates that sources differ about, each with whose word they are."""
        by_nights: dict[Nights, list[str]] = {}
        for one in self.sources.sightings:
            word = self.sources.dates(one)
            if one.kind == Kind.STAY and word.stance in (Stance.SAYS, Stance.DIFFERS):
                by_nights.setdefault(one.nights, []).append(word.source)
        return tuple(
            DateChoice(
                nights.arrival.isoformat(),
                nights.departure.isoformat(),
                self.sources.words.span(nights),
                tuple(dict.fromkeys(sources)),
            )
            for nights, sources in sorted(by_nights.items())
        )

    def _dates(self) -> KnownFact:
        sources = self.sources
        words = [sources.dates(one) for one in sources.sightings]
        return KnownFact(
            FactName.DATES,
            sources.words.span(self.stay.nights),
            tuple(words),
            tuple(self._old_dates()),
            may_correct=self.may_correct and self.stay.is_stay and not self.stay.is_unconfirmed,
        )

    def _reference(self) -> KnownFact:
        sources, stay = self.sources, self.stay
        words = [
            sources.word(one, one.reference, differs=one.reference != stay.reference)
            for one in sources.sightings
            if one.reference
        ]
        return KnownFact(
            FactName.REFERENCE,
            stay.reference,
            (*words, *sources.proposed()),
            tuple(self._old_references()),
            may_correct=self.may_correct
            and stay.reference is not None
            and (stay.status == Status.CONFIRMED or stay.is_unconfirmed),
            is_proposed=stay.is_unconfirmed,
        )

    def _name(self) -> KnownFact:
        sources, stay = self.sources, self.stay
        value = (stay.guest.full_name if stay.guest else None) or stay.name
        words = [
            sources.word(one, one.name, differs=one.name.casefold() != (value or "").casefold())
            for one in sources.sightings
            if one.name
        ]
        is_hosts = any(one.origin == Origin.HOST and one.name == value for one in sources.sightings)
        own = self._own_word(stay.guest.full_name if stay.guest and not is_hosts else None)
        return KnownFact(
            FactName.NAME,
            value,
            (*words, *own),
            may_correct=self.may_correct
            and stay.status == Status.CONFIRMED
            and stay.reference is not None
            and not stay.is_unconfirmed,
        )

    def _phone(self) -> KnownFact:
        sources, stay = self.sources, self.stay
        number = stay.guest.phone if stay.guest else None
        ending = number[-4:] if number else stay.phone_ending
        words = [
            sources.word(one, f"…{one.phone_ending}", differs=one.phone_ending != ending)
            for one in sources.sightings
            if one.phone_ending
        ]
        value = wording.phone_text(number) or (f"…{ending}" if ending else None)
        own = self._own_word(f"…{ending}" if number else None)
        return KnownFact(FactName.PHONE, value, (*words, *own))

    def _own_word(self, says: str | None) -> list[SourceWord]:
        """Return what the guest said at check-in, where a guest did it themselves."""
        guest = self.stay.guest
        if says is None or guest is None or guest.agreed_to_rules_at is None:
            return []
        when = self.sources.words.moment(guest.agreed_to_rules_at)
        return [SourceWord(_("The guest, at check-in"), says, when)]

    def _old_dates(self) -> Iterator[str]:
        """Walk back through the history from what counts now."""
        current, told = self.stay.nights, 0
        for entry in self.sources.entries:
            before = entry.before or {}
            old = Nights(
                _day(before.get("arrival")) or current.arrival,
                _day(before.get("departure")) or current.departure,
            )
            if old == current:
                continue
            yield self._was(self.sources.words.span(old), entry.at)
            current, told = old, told + 1
            if told == REPLACED_SHOWN:
                return

    def _old_references(self) -> Iterator[str]:
        told: set[str | None] = {self.stay.reference}
        for entry in self.sources.entries:
            old = (entry.before or {}).get("reference")
            if old is None or old in told:
                continue
            told.add(old)
            when = self.sources.words.moment(entry.at)
            if entry.what == "reference-withdrawn":
                yield _("%(what)s was proposed until %(when)s", what=old, when=when)
            elif entry.what == "reference-refused":
                yield _("%(what)s was refused %(when)s", what=old, when=when)
            else:
                yield self._was(old, entry.at)
            if len(told) > REPLACED_SHOWN:
                return

    def _was(self, what: str, until: datetime) -> str:
        when = self.sources.words.moment(until)
        return str(_("was %(what)s until %(when)s", what=what, when=when))


def _day(text: object) -> date | None:
    return date.fromisoformat(text) if isinstance(text, str) else None
