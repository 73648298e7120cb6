"""Feeds, events and what is known of them, made up for tests; a feed's bookkeeping in memory."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

from app.domain.channels import policy_for
from app.domain.feeds import FeedPlan, overdue, plan
from app.domain.nights import Nights
from app.domain.readings import (
    Add,
    Change,
    FeedEvent,
    Kind,
    KnownSighting,
    Missing,
    Reading,
    Room,
    Seen,
    Withdraw,
)

TODAY = date(2026, 11, 23)
NOW = datetime(2026, 11, 23, 9, 5, tzinfo=UTC)
TEN_MINUTES = timedelta(minutes=10)


def span(start: int, end: int) -> Nights:
    """Return the nights from the `start`-th day after today until the `end`-th."""
    return Nights(TODAY + timedelta(days=start), TODAY + timedelta(days=end))


def event(
    start: int,
    end: int,
    summary: str = "CLOSED - Not available",
    *,
    uid: str | None = None,
    description: str = "",
    status: str | None = None,
) -> FeedEvent:
    return FeedEvent(uid, span(start, end), summary, description, status)


def sighting(
    id: int,
    start: int,
    end: int,
    kind: Kind = Kind.CLOSED,
    *,
    own_id: str | None = None,
    settled: bool = False,
    missing_since: datetime | None = None,
    reference: str | None = None,
    name: str | None = None,
) -> KnownSighting:
    return KnownSighting(
        id=id,
        own_id=own_id or f"nights:{span(start, end).arrival}",
        nights=span(start, end),
        kind=kind,
        reference=reference,
        name=name,
        missing_since=missing_since,
        settled=settled,
    )


class Memory:
    """What one feed has said so far: the service's bookkeeping without a database."""

    def __init__(self, channel: str, *known: KnownSighting) -> None:
        self.policy = policy_for(channel)
        self.known = {one.id: one for one in known}
        self.withdrawn: list[KnownSighting] = []
        self.last_id = max(self.known, default=0)
        self.held: tuple[Nights, ...] = ()

    def fetch(
        self,
        events: Sequence[FeedEvent],
        now: datetime = NOW,
        *,
        today: date | None = None,
        accept_loss: bool = False,
    ) -> FeedPlan:
        room = Room(today or now.date(), self.held)
        known = [one for one in self.known.values() if one.nights.departure >= room.today]
        made = plan(self.policy, events, known, room, now, accept_loss=accept_loss)
        self._take(made.steps, now)
        return made

    def fetch_same_again(self, now: datetime) -> None:
        self._take(overdue(list(self.known.values()), Room(now.date()), now), now)

    def _take(self, steps: Sequence[object], now: datetime) -> None:
        changed: set[int] = set()
        for step in steps:
            match step:
                case Add(reading):
                    self.last_id += 1
                    self._store(self.last_id, reading, settled=False)
                case Change(sighting_id, reading):
                    assert sighting_id not in changed, "one sighting, one change"
                    changed.add(sighting_id)
                    self._store(sighting_id, reading, settled=self.known[sighting_id].settled)
                case Seen(sighting_id):
                    self.known[sighting_id] = replace(self.known[sighting_id], missing_since=None)
                case Missing(sighting_id):
                    self.known[sighting_id] = replace(self.known[sighting_id], missing_since=now)
                case Withdraw(sighting_id, reason):
                    assert reason.endswith(".")
                    self.withdrawn.append(self.known.pop(sighting_id))
        ids = [one.own_id for one in self.known.values()]
        assert len(ids) == len(set(ids)), "own ids are unique within a feed"

    def _store(self, sighting_id: int, one: Reading, *, settled: bool) -> None:
        self.known[sighting_id] = KnownSighting(
            sighting_id,
            one.own_id,
            one.nights,
            one.kind,
            one.reference,
            one.name,
            one.phone_ending,
            settled=settled,
        )

    def nights(self, *kinds: Kind) -> list[Nights]:
        return sorted(o.nights for o in self.known.values() if not kinds or o.kind in kinds)


def morning(day: date) -> datetime:
    return datetime.combine(day, time(9, 5), UTC)
