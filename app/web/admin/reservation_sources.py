"""Who said what of one reservation, and when: its sources by name, and each one's word."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from app import wording
from app.domain.readings import Kind
from app.models import Feed, HistoryEntry, Host, Message, Notice, Origin, Reservation, Sighting
from app.services.placing import PLACED
from app.services.reservations import sightings_of
from app.web.admin.match_words import Words
from app.web.admin.reservation_pages import SourceWord, Stance

MOST = 200


@dataclass(frozen=True)
class Sources:
    """The sightings of one reservation with all that names their sources; five statements."""

    words: Words
    stay: Reservation
    sightings: Sequence[Sighting]
    feeds: dict[int, Feed]
    notices: dict[int, Notice]
    """What was placed on the reservation, by the sighting that tells it here."""
    proposing: Sequence[Notice]
    """What tells of the booking that a host has yet to say OK to."""
    entries: Sequence[HistoryEntry]
    """What happened to the reservation itself, newest first."""
    hosts: dict[str, str]
    """Names by actor: `host:3`."""
    texted_at: frozenset[datetime]
    """When texts of hosts were carried out."""

    def dates(self, one: Sighting) -> SourceWord:
        """Say which dates a source gives; a mail may tell of the day of arrival alone."""
        notice = self.notices.get(one.id)
        says = self.words.span(one.nights)
        differs = one.kind == Kind.STAY and one.nights != self.stay.nights
        if one.kind == Kind.CANCELLED:
            says = _("cancelled")
        elif notice is not None and notice.departure is None:
            arrival = notice.arrival or one.arrival
            differs = arrival != self.stay.arrival
            says = _("arrives %(day)s", day=self.words.weekday(arrival))
        elif one.kind == Kind.CLOSED:
            says = _("%(dates)s closed", dates=says)
        elif one.kind == Kind.TENTATIVE:
            says = _("%(dates)s, not certain", dates=says)
        elif one.kind == Kind.BLOCK:
            says = _("%(dates)s, nobody stays", dates=says)
        return self.word(one, says, differs=differs)

    def proposed(self) -> list[SourceWord]:
        """Say who tells of the booking that is only proposed for this reservation."""
        return [
            SourceWord(
                self._placed(notice.origin, notice.channel, notice.said_at),
                str(notice.reference),
                self.words.moment(notice.said_at),
            )
            for notice in self.proposing
        ]

    def word(self, one: Sighting, says: str, *, differs: bool) -> SourceWord:
        """Say it with its source and time."""
        stance = Stance.DIFFERS if differs else Stance.SAYS
        if one.kind == Kind.CANCELLED:
            stance = Stance.CANCELLED
        elif not one.is_asserted:
            stance = Stance.WITHDRAWN
        when = one.withdrawn_at or one.last_seen_at
        return SourceWord(self.name(one), says, self.words.moment(when), stance)

    def name(self, one: Sighting) -> str:
        """Name the source of a sighting."""
        if one.origin == Origin.HOST:
            return self._host(one)
        if one.origin == Origin.FEED:
            return self._calendar(one)
        notice = self.notices.get(one.id)
        told_by = notice.channel if notice else one.source.partition(":")[2]
        return self._placed(one.origin, told_by, notice.said_at if notice else one.last_seen_at)

    def _placed(self, origin: Origin, told_by: str | None, said_at: datetime) -> str:
        """Name a mail, an export or a claim."""
        channel = wording.channel_name(told_by)
        if origin == Origin.GUEST:
            return str(_("The guest’s claim"))
        if origin == Origin.MAIL:
            return str(_("%(channel)s mail", channel=channel) if channel else _("A mail"))
        day = self.words.weekday(said_at.astimezone(self.words.house.zone).date())
        if channel is None:
            return str(_("Export of %(day)s", day=day))
        return str(_("%(channel)s export of %(day)s", channel=channel, day=day))

    def _calendar(self, one: Sighting) -> str:
        feed = self.feeds.get(one.feed_id or 0)
        number = feed.room.number if feed is not None else self.stay.room.number
        channel = wording.channel_name(feed.channel) if feed is not None else None
        if channel is None:
            return str(_("Calendar, room %(number)s", number=number))
        return str(_("%(channel)s calendar, room %(number)s", channel=channel, number=number))

    def _host(self, one: Sighting) -> str:
        """Name the host by what they did when they said it; at the latest by what came next."""
        at = one.withdrawn_at or one.last_seen_at
        then = [entry for entry in self.entries if entry.actor in self.hosts and entry.at <= at]
        if not then:
            return str(_("A host"))
        name = self.hosts[then[0].actor]
        return str(_("%(name)s, by text", name=name)) if at in self.texted_at else name


def sources_of(session: Session, words: Words, stay: Reservation) -> Sources:
    """Load them."""
    sightings = sightings_of(session, stay.id)
    feeds = session.scalars(
        select(Feed)
        .where(Feed.id.in_({one.feed_id for one in sightings if one.feed_id}))
        .options(joinedload(Feed.room))
    )
    numbers = {one.id: _notice_id(one) for one in sightings if one.origin in PLACED}
    notices = {
        notice.id: notice
        for notice in session.scalars(select(Notice).where(Notice.id.in_(set(numbers.values()))))
    }
    entries = session.scalars(
        select(HistoryEntry)
        .filter_by(subject=Reservation.__tablename__, subject_id=stay.id)
        .order_by(HistoryEntry.id.desc())
        .limit(MOST)
    ).all()
    hosts = {
        f"host:{host.id}": host.name
        for host in session.scalars(select(Host).filter_by(property_id=stay.property_id))
    }
    said_at = {one.withdrawn_at or one.last_seen_at for one in sightings}
    texted_at = session.scalars(
        select(Message.created_at).where(
            Message.property_id == stay.property_id,
            Message.reply_to_id.is_not(None),
            Message.created_at.in_(said_at),
        )
    )
    return Sources(
        words,
        stay,
        sightings,
        {feed.id: feed for feed in feeds},
        {key: notices[number] for key, number in numbers.items() if number in notices},
        _proposing(session, stay),
        entries,
        hosts,
        frozenset(texted_at),
    )


def _proposing(session: Session, stay: Reservation) -> Sequence[Notice]:
    if not stay.is_unconfirmed:
        return ()
    own = select(Notice).filter_by(property_id=stay.property_id, reference=stay.reference)
    return session.scalars(own.order_by(Notice.said_at)).all()


def _notice_id(one: Sighting) -> int:
    """Return the notice whose word this is; 0 for none (`placing.own_id`)."""
    number = one.own_id.partition(":")[0]
    return int(number) if number.isdecimal() else 0
