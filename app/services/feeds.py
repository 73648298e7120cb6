"""Reading a feed into sightings, and sightings into reservations."""

import zlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, or_, select
from sqlalchemy.orm import Session, joinedload

from app.domain.calendar_text import ParsedFeed
from app.domain.channels import policy_for
from app.domain.feeds import FeedPlan, overdue, plan
from app.domain.nights import Nights, subtracted
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
from app.models import Feed, FeedSnapshot, Origin, Property, Reservation, Room, Sighting, Status
from app.ports.calendars import Validators
from app.seals import Seals
from app.services.history import by_feed, record
from app.services.lanes import hold_property
from app.services.testimony import restand

EVERY = timedelta(minutes=10)
SNAPSHOTS_KEPT = timedelta(days=30)


@dataclass(frozen=True)
class Answer:
    """A good answer of a feed's server; `parsed` is None when the content is what it was."""

    fingerprint: str | None
    validators: Validators
    body: bytes | None
    parsed: ParsedFeed | None


def take_answer(
    session: Session, feed_id: int, answer: Answer, *, seals: Seals, now: datetime
) -> str:
    """Write down what a good answer changes; return it in words for the host."""
    property_id = session.scalars(
        select(Room.property_id).join(Feed, Feed.room_id == Room.id).where(Feed.id == feed_id)
    ).one()
    house = hold_property(session, property_id)
    feed = session.scalars(
        select(Feed).where(Feed.id == feed_id).options(joinedload(Feed.room))
    ).one()
    reader = _Reader(session, house, feed, seals, now)
    if answer.parsed is None:
        outcome = reader.repeat()
    else:
        outcome = reader.read(answer.parsed)
        feed.fingerprint = answer.fingerprint
        body = zlib.compress(answer.body or b"")
        session.add(FeedSnapshot(feed_id=feed.id, fetched_at=now, body=body))
    feed.etag, feed.last_modified = answer.validators.etag, answer.validators.last_modified
    feed.fetched_at = feed.read_at = now
    feed.failing_since = feed.fault = None
    feed.outcome = outcome
    return outcome


def take_fault(session: Session, feed_id: int, reason: str, now: datetime) -> str:
    """Write down that a fetch failed; nothing else changes."""
    feed = session.get_one(Feed, feed_id)
    feed.fetched_at, feed.fault = now, reason
    feed.failing_since = feed.failing_since or now
    return f"{reason} Nothing was changed."


def accept_loss(
    session: Session, house: Property, feed: Feed, *, actor: str, now: datetime
) -> None:
    """Take the host's word that what vanished from the feed is really gone: read it again, now."""
    feed.loss_accepted = True
    # Forgotten, so that the same bytes are read anew.
    feed.fingerprint = feed.etag = feed.last_modified = None
    feed.next_fetch_at = now
    record(session, feed, "loss-accepted", actor=actor, at=now, property_id=house.id)


def forget_snapshots(session: Session, now: datetime) -> None:
    session.execute(delete(FeedSnapshot).where(FeedSnapshot.fetched_at < now - SNAPSHOTS_KEPT))


class _Reader:
    """One reading of one feed, in one transaction."""

    def __init__(
        self, session: Session, house: Property, feed: Feed, seals: Seals, now: datetime
    ) -> None:
        self.session, self.house, self.feed = session, house, feed
        self.seals, self.now = seals, now
        self.today = now.astimezone(house.zone).date()
        self.source = f"feed:{feed.id}"
        self.actor = by_feed(feed.id)
        self.touched: dict[int, Reservation] = {}
        self.tally: Counter[str] = Counter()

    def repeat(self) -> str:
        """Take the same content once more: it confirms what was missing before."""
        known = self._known()
        steps = overdue(list(known), self._room(()), self.now) if known else ()
        if not steps:
            return "Nothing new."
        self._apply(steps, known)
        return self._in_words(None, 0)

    def read(self, parsed: ParsedFeed) -> str:
        """Take new content."""
        known = self._known()
        reservations = self._reservations()
        held = self._held(reservations)
        plan_ = self._plan(parsed, known, held)
        self.feed.hold = next((s.reason for s in plan_.steps if isinstance(s, Hold)), None)
        self.feed.loss_accepted = False
        self._apply(plan_.steps, known, reservations, held)
        return self._in_words(plan_.warning, len(parsed.skipped))

    def _plan(
        self,
        parsed: ParsedFeed,
        known: dict[KnownSighting, Sighting],
        held: Sequence[Nights],
    ) -> FeedPlan:
        return plan(
            policy_for(self.feed.channel),
            parsed.events,
            list(known),
            self._room(held),
            self.now,
            accept_loss=self.feed.loss_accepted,
        )

    def _room(self, held: Sequence[Nights]) -> PolicyRoom:
        return PolicyRoom(self.today, tuple(held))

    def _known(self) -> dict[KnownSighting, Sighting]:
        rows = self.session.execute(
            select(Sighting, Reservation)
            .join(Reservation, Reservation.id == Sighting.reservation_id)
            .where(
                Sighting.feed_id == self.feed.id,
                Sighting.withdrawn_at.is_(None),
                Sighting.departure >= self.today,
            )
        ).tuples()
        return {
            KnownSighting(
                id=sighting.id,
                own_id=sighting.own_id,
                nights=sighting.nights,
                kind=sighting.kind,
                reference=sighting.reference,
                name=sighting.name,
                phone_ending=sighting.phone_ending,
                missing_since=sighting.missing_since,
                settled=bool(stay.reference or stay.guest_id),
            ): sighting
            for sighting, stay in rows
        }

    def _reservations(self) -> Sequence[Reservation]:
        """Return the room's reservations that are not over and not called off."""
        return self.session.scalars(
            select(Reservation).where(
                Reservation.room_id == self.feed.room_id,
                Reservation.departure >= self.today,
                Reservation.status != Status.CANCELLED,
            )
        ).all()

    def _held(self, reservations: Sequence[Reservation]) -> list[Nights]:
        """Return the nights of stays that sources other than this feed assert."""
        others = set(
            self.session.scalars(
                select(Sighting.reservation_id)
                .where(
                    Sighting.reservation_id.in_([stay.id for stay in reservations]),
                    Sighting.withdrawn_at.is_(None),
                    Sighting.kind == Kind.STAY,
                    or_(Sighting.feed_id.is_(None), Sighting.feed_id != self.feed.id),
                )
                .distinct()
            )
        )
        return [stay.nights for stay in reservations if stay.is_stay and stay.id in others]

    def _apply(
        self,
        steps: Sequence[Step],
        known: dict[KnownSighting, Sighting],
        reservations: Sequence[Reservation] = (),
        held: Sequence[Nights] = (),
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
            self._add(adds, reservations, held)
        if self.touched:
            restand(
                self.session,
                self.house,
                [self.feed.room_id],
                self.touched.values(),
                seals=self.seals,
                now=self.now,
                actor=self.actor,
            )
            self._absorb_explained()

    def _touch(self, sighting: Sighting, how: str) -> None:
        stay = self.session.get_one(Reservation, sighting.reservation_id)
        self.touched[stay.id] = stay
        if sighting.kind != Kind.BLOCK:
            self.tally[how] += 1

    def _change(self, sighting: Sighting, reading: Reading) -> None:
        sighting.own_id, sighting.kind = reading.own_id, reading.kind
        sighting.arrival, sighting.departure = reading.nights.arrival, reading.nights.departure
        sighting.reference = reading.reference or sighting.reference
        sighting.name = reading.name or sighting.name
        sighting.phone_ending = reading.phone_ending or sighting.phone_ending
        sighting.missing_since, sighting.last_seen_at = None, self.now
        self._touch(sighting, "changed")

    def _add(
        self, adds: Sequence[Reading], reservations: Sequence[Reservation], held: Sequence[Nights]
    ) -> None:
        earlier = self._withdrawn(adds)
        fresh: list[tuple[Reading, str, Reservation]] = []
        for reading in adds:
            own_id = reading.own_id
            if (old := earlier.get(own_id)) is not None:
                sighting, stay = old
                if reading.reference is not None or not (stay.reference or stay.guest_id):
                    sighting.withdrawn_at = None
                    self._change(sighting, reading)
                    continue
                own_id = f"{own_id}~{self.now:%Y%m%d%H%M%S}"
            home = _further_sighting_of(reading, reservations, held)
            if home is None:
                home = self._new_reservation(reading)
                self.tally["new" if reading.kind != Kind.BLOCK else "blocks"] += 1
            fresh.append((reading, own_id, home))
        self.session.flush()
        for reading, own_id, stay in fresh:
            self.session.add(self._new_sighting(reading, own_id, stay))
            self.touched[stay.id] = stay
        self.session.flush()

    def _withdrawn(self, adds: Sequence[Reading]) -> dict[str, tuple[Sighting, Reservation]]:
        rows = self.session.execute(
            select(Sighting, Reservation)
            .join(Reservation, Reservation.id == Sighting.reservation_id)
            .where(
                Sighting.source == self.source,
                Sighting.own_id.in_([reading.own_id for reading in adds]),
            )
        ).tuples()
        return {sighting.own_id: (sighting, stay) for sighting, stay in rows}

    def _new_reservation(self, reading: Reading) -> Reservation:
        stay = Reservation(
            property_id=self.house.id,
            room_id=self.feed.room_id,
            arrival=reading.nights.arrival,
            departure=reading.nights.departure,
            status=Status.OPEN,
            channel=self.feed.channel,
            appeared_at=self.now,
        )
        self.session.add(stay)
        return stay

    def _new_sighting(self, reading: Reading, own_id: str, stay: Reservation) -> Sighting:
        return Sighting(
            reservation_id=stay.id,
            origin=Origin.FEED,
            source=self.source,
            own_id=own_id,
            feed_id=self.feed.id,
            kind=reading.kind,
            arrival=reading.nights.arrival,
            departure=reading.nights.departure,
            reference=reading.reference,
            name=reading.name,
            phone_ending=reading.phone_ending,
            first_seen_at=self.now,
            last_seen_at=self.now,
            withdrawn_at=self.now if reading.kind == Kind.CANCELLED else None,
        )

    def _absorb_explained(self) -> None:
        """Close questions that certain stays have answered: closed nights that are all theirs."""
        rows = self._reservations()
        certain = [row for row in rows if row.status == Status.CONFIRMED]
        for row in rows:
            theirs = [one for one in certain if one.nights.overlaps(row.nights)]
            if row.status != Status.OPEN or not theirs or row.guest_id is not None:
                continue
            if subtracted([row.nights], [one.nights for one in theirs]):
                continue
            for sighting in self.session.scalars(
                select(Sighting).where(Sighting.reservation_id == row.id)
            ):
                sighting.reservation_id = theirs[0].id
            row.status = Status.CANCELLED
            record(
                self.session,
                row,
                "reservation-explained",
                actor=self.actor,
                at=self.now,
                property_id=self.house.id,
                after={"by": [one.id for one in theirs]},
                why="Another source says whose these nights are.",
            )

    def _in_words(self, warning: str | None, skipped: int) -> str:
        said = [f"{self.tally[how]} {how}" for how in ("new", "changed", "gone") if self.tally[how]]
        sentence = (", ".join(said) or "nothing new") + "."
        if skipped:
            sentence += f" {skipped} entries could not be read."
        if warning:
            sentence += f" {warning}"
        return sentence[0].upper() + sentence[1:]


def _further_sighting_of(
    reading: Reading, reservations: Sequence[Reservation], held: Sequence[Nights]
) -> Reservation | None:
    """Return the reservation, known from elsewhere, that this reading only confirms.

    The same nights are the same stay unless both say, differently, whose it is. Closed nights that
    other sources' stays hold wholly are an echo of these.
    """
    for stay in reservations:
        if stay.nights != reading.nights or reading.kind == Kind.CANCELLED:
            continue
        same_nature = (stay.status == Status.BLOCK) == (reading.kind == Kind.BLOCK)
        strangers = bool(
            stay.reference and reading.reference and stay.reference != reading.reference
        )
        if same_nature and not strangers:
            return stay
    if reading.kind in (Kind.CLOSED, Kind.BLOCK) and not subtracted([reading.nights], held):
        return next(
            (s for s in reservations if s.is_stay and s.nights.overlaps(reading.nights)), None
        )
    return None
