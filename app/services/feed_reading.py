"""One reading of one feed: from the channel policy's steps to sightings and reservations.

The number of statements does not grow with the number of events.
"""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta

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

NOTHING_NEW = "Nothing new."

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
        steps = overdue(known, PolicyRoom(self.today), self.now)
        if not steps:
            return NOTHING_NEW
        self._apply(steps, ())
        return self._in_words(None, 0)

    def read(self, parsed: ParsedFeed) -> str:
        """Take new content."""
        known = self._known()
        held = self._held()
        made = plan(
            policy_for(self.feed.channel),
            parsed.events,
            known,
            PolicyRoom(self.today, tuple(held)),
            self.now,
            accept_loss=self.feed.loss_accepted,
        )
        self.feed.hold = next((step.reason for step in made.steps if isinstance(step, Hold)), None)
        self.feed.loss_accepted = False
        self._apply(made.steps, held)
        return self._in_words(made.warning, len(parsed.skipped))

    def _known(self) -> list[KnownSighting]:
        """Return what the feed asserts. Columns, not rows: most of it will be as it was."""
        rows = self.session.execute(
            select(
                Sighting.id,
                Sighting.own_id,
                Sighting.arrival,
                Sighting.departure,
                Sighting.kind,
                Sighting.reference,
                Sighting.name,
                Sighting.phone_ending,
                Sighting.missing_since,
                or_(Reservation.reference.is_not(None), Reservation.guest_id.is_not(None)),
            )
            .join(Reservation, Reservation.id == Sighting.reservation_id)
            .where(
                Sighting.feed_id == self.feed.id,
                Sighting.withdrawn_at.is_(None),
                Sighting.departure >= self.today - REMEMBERED,
                or_(Sighting.departure >= self.today, Sighting.kind != Kind.BLOCK),
            )
        )
        return [
            KnownSighting(row_id, own_id, Nights(arrival, departure), *said)
            for row_id, own_id, arrival, departure, *said in rows
        ]

    def _held(self) -> list[Nights]:
        """Return the nights of stays that only sources other than this feed assert."""
        said = select(Sighting.id).where(
            Sighting.reservation_id == Reservation.id, Sighting.withdrawn_at.is_(None)
        )
        rows = self.session.execute(
            select(Reservation.arrival, Reservation.departure).where(
                Reservation.room_id == self.feed.room_id,
                Reservation.departure >= self.today,
                Reservation.status.in_((Status.CONFIRMED, Status.DISPUTED)),
                said.where(Sighting.kind == Kind.STAY).exists(),
                ~said.where(Sighting.feed_id == self.feed.id).exists(),
            )
        )
        return [Nights(first, last) for first, last in rows]

    def _apply(
        self,
        steps: Sequence[Step],
        held: Sequence[Nights],
    ) -> None:
        sightings = self._sightings_of(steps)
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
            live = self._live_reservations()
            stored = store_readings(
                self.session, self.house, self.feed, adds, live, held, now=self.now
            )
            self.touched.update({stay.id: stay for stay in stored.touched})
            self.tally.update(stored.tally)
        if self.touched:
            self._settle()

    def _live_reservations(self) -> Sequence[Reservation]:
        """Return the room's reservations that are not over and not called off."""
        return self.session.scalars(
            select(Reservation).where(
                Reservation.room_id == self.feed.room_id,
                Reservation.departure >= self.today,
                Reservation.status != Status.CANCELLED,
            )
        ).all()

    def _sightings_of(self, steps: Sequence[Step]) -> dict[int, Sighting]:
        """Load the sightings that the steps change."""
        ids = [step.sighting_id for step in steps if not isinstance(step, Add | Hold)]
        rows = self.session.scalars(select(Sighting).where(Sighting.id.in_(ids))).all()
        stays = [row.reservation_id for row in rows]
        # Loaded together, so that none is asked for on its own.
        self.session.scalars(select(Reservation).where(Reservation.id.in_(stays))).all()
        return {row.id: row for row in rows}

    def _settle(self) -> None:
        actor = by_feed(self.feed.id)
        rooms = [self.feed.room_id]
        stays = self.touched.values()
        restand(self.session, self.house, rooms, stays, seals=self.seals, now=self.now, actor=actor)
        absorb_explained(
            self.session,
            self.house,
            self.feed.room_id,
            since=self.today,
            now=self.now,
            actor=actor,
        )

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
        sentence = ", ".join(said) + "." if said else NOTHING_NEW
        if skipped:
            sentence += f" {skipped} entries could not be read."
        if warning:
            sentence += f" {warning}"
        return sentence[0].upper() + sentence[1:]
