"""One reading of one feed: from the channel policy's steps to sightings and reservations.

The number of statements does not grow with the number of events.
"""

from collections import Counter
from collections.abc import Sequence
from datetime import date, datetime, timedelta

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from app.domain.calendar_text import ParsedFeed
from app.domain.channels import policy_for
from app.domain.feeds import overdue, plan
from app.domain.nights import Nights
from app.domain.readings import (
    Add,
    Change,
    Hold,
    Kind,
    KnownSighting,
    Missing,
    Reading,
    Seen,
    Step,
    Withdraw,
)
from app.domain.readings import Room as PolicyRoom
from app.models import Feed, Property, Reservation, Sighting, Status
from app.seals import Seals
from app.services.history import by_feed
from app.services.new_sightings import absorb_explained, store_readings
from app.services.testimony import restand

REMEMBERED = timedelta(days=30)
"""Sites go on listing stays that are over; so long we still know them."""


class FeedReading:
    """Reads one feed in the caller's transaction, with the property held."""

    def __init__(
        self, session: Session, house: Property, feed: Feed, *, seals: Seals, now: datetime
    ) -> None:
        self.session, self.house, self.feed = session, house, feed
        self.seals, self.now = seals, now
        self.today = now.astimezone(house.zone).date()
        self.touched: dict[int, Reservation] = {}
        self.tally: Counter[str] = Counter()

    def repeat(self) -> str:
        """Take the same content once more: it confirms what was missing before."""
        known = self._known()
        steps = overdue(list(known), PolicyRoom(self.today), self.now) if known else ()
        if not steps:
            return "Nothing new."
        self._apply(steps, known, (), ())
        return self._in_words(None, 0)

    def read(self, parsed: ParsedFeed) -> str:
        """Take new content."""
        known = self._known()
        reservations = _live_reservations(self.session, self.feed.room_id, self.today)
        held = self._held(reservations)
        made = plan(
            policy_for(self.feed.channel),
            parsed.events,
            list(known),
            PolicyRoom(self.today, tuple(held)),
            self.now,
            accept_loss=self.feed.loss_accepted,
        )
        self.feed.hold = next((step.reason for step in made.steps if isinstance(step, Hold)), None)
        self.feed.loss_accepted = False
        self._apply(made.steps, known, reservations, held)
        return self._in_words(made.warning, len(parsed.skipped))

    def _known(self) -> dict[KnownSighting, Sighting]:
        rows = self.session.execute(
            select(Sighting, Reservation)
            .join(Reservation, Reservation.id == Sighting.reservation_id)
            .where(
                Sighting.feed_id == self.feed.id,
                Sighting.withdrawn_at.is_(None),
                Sighting.departure >= self.today - REMEMBERED,
                or_(Sighting.departure >= self.today, Sighting.kind != Kind.BLOCK),
            )
        )
        return {_as_known(sighting, stay): sighting for sighting, stay in rows}

    def _held(self, reservations: Sequence[Reservation]) -> list[Nights]:
        """Return the nights of stays that only sources other than this feed assert."""
        said = self.session.execute(
            select(Sighting.reservation_id, Sighting.feed_id, Sighting.kind).where(
                Sighting.reservation_id.in_([stay.id for stay in reservations]),
                Sighting.withdrawn_at.is_(None),
            )
        ).all()
        others = {one.reservation_id for one in said if one.kind == Kind.STAY}
        ours = {one.reservation_id for one in said if one.feed_id == self.feed.id}
        return [stay.nights for stay in reservations if stay.is_stay and stay.id in others - ours]

    def _apply(
        self,
        steps: Sequence[Step],
        known: dict[KnownSighting, Sighting],
        reservations: Sequence[Reservation],
        held: Sequence[Nights],
    ) -> None:
        sightings = {row.id: row for row in known.values()}
        adds: list[Reading] = []
        for step in steps:
            match step:
                case Add(reading):
                    adds.append(reading)
                case Change(sighting_id, reading):
                    self._change(sightings[sighting_id], reading)
                case Seen(sighting_id):
                    sightings[sighting_id].missing_since = None
                case Missing(sighting_id):
                    sightings[sighting_id].missing_since = self.now
                case Withdraw(sighting_id, _):
                    sightings[sighting_id].withdrawn_at = self.now
                    self._touch(sightings[sighting_id], "gone")
        if adds:
            stored = store_readings(
                self.session, self.house, self.feed, adds, reservations, held, now=self.now
            )
            self.touched.update({stay.id: stay for stay in stored.touched})
            self.tally.update(stored.tally)
        if self.touched:
            self._settle()

    def _settle(self) -> None:
        actor = by_feed(self.feed.id)
        rooms = [self.feed.room_id]
        stays = self.touched.values()
        restand(self.session, self.house, rooms, stays, seals=self.seals, now=self.now, actor=actor)
        rows = _live_reservations(self.session, self.feed.room_id, self.today)
        absorb_explained(self.session, self.house, rows, now=self.now, actor=actor)

    def _change(self, sighting: Sighting, reading: Reading) -> None:
        sighting.take(reading, self.now)
        self._touch(sighting, "changed")

    def _touch(self, sighting: Sighting, how: str) -> None:
        stay = self.session.get_one(Reservation, sighting.reservation_id)
        self.touched[stay.id] = stay
        if sighting.kind != Kind.BLOCK:
            self.tally[how] += 1

    def _in_words(self, warning: str | None, skipped: int) -> str:
        said = [f"{self.tally[how]} {how}" for how in ("new", "changed", "gone") if self.tally[how]]
        sentence = (", ".join(said) or "nothing new") + "."
        if skipped:
            sentence += f" {skipped} entries could not be read."
        if warning:
            sentence += f" {warning}"
        return sentence[0].upper() + sentence[1:]


def _live_reservations(session: Session, room_id: int, today: date) -> Sequence[Reservation]:
    """Return the room's reservations that are not over and not called off."""
    return session.scalars(
        select(Reservation).where(
            Reservation.room_id == room_id,
            Reservation.departure >= today,
            Reservation.status != Status.CANCELLED,
        )
    ).all()


def _as_known(sighting: Sighting, stay: Reservation) -> KnownSighting:
    return KnownSighting(
        id=sighting.id,
        own_id=sighting.own_id,
        nights=sighting.nights,
        kind=sighting.kind,
        reference=sighting.reference,
        name=sighting.name,
        phone_ending=sighting.phone_ending,
        missing_since=sighting.missing_since,
        settled=bool(stay.reference or stay.guest_id),
    )
