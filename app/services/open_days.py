"""The open ends of a property as they stand, by day of arrival: what the puzzle page shows.

Reading only, and in a fixed number of statements: bringing them in step is `tend_matches`' part.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session, joinedload

from app.domain.notices import NoticeKind
from app.models import (
    Feed,
    Host,
    Match,
    MatchState,
    Medium,
    Message,
    MessageState,
    Notice,
    Property,
    Question,
    Reservation,
    Room,
    Status,
)

OPEN = (MatchState.SEARCHING, MatchState.WAITING)
MOST_DAYS = 30
"""On one page; a calendar read for the first time can open hundreds."""

Seeking = tuple[Reservation, Match]
Wanting = tuple[Notice, Match]


@dataclass(frozen=True)
class OpenDay:
    """What is open for one day of arrival. Rooms in their order, bookings as they were told of."""

    arrival: date
    rooms: Sequence[Seeking]
    """Each reservation with its room and guest."""
    bookings: Sequence[Wanting]

    @property
    def questions(self) -> list[Question]:
        """What is being asked about this day, in the order of asking."""
        found = {
            match.question.id: match.question
            for _, match in (*self.rooms, *self.bookings)
            if match.question is not None and match.question.closed_at is None
        }
        return [found[number] for number in sorted(found)]


@dataclass(frozen=True)
class Asked:
    """One text, or mail, that put a question to a host."""

    host_name: str
    medium: Medium
    state: MessageState
    at: datetime
    fault: str | None
    is_reminder: bool


@dataclass(frozen=True)
class OpenDays:
    """The days, and what is known besides of the bookings on them."""

    days: Sequence[OpenDay]
    tally: Mapping[date, tuple[int, int]]
    """Rooms and bookings that are open, for every day there is, shown or not."""
    told: Mapping[str, Sequence[Notice]] = field(default_factory=dict)
    """All that was said of each booking, by reference; first said first."""
    bearers: Mapping[str, Sequence[Reservation]] = field(default_factory=dict)
    """The certain reservations of each booking, with their rooms: one that moved has left them."""
    asked: Mapping[int, Sequence[Asked]] = field(default_factory=dict)
    """By question."""
    fed_channels: frozenset[str] = frozenset()


def open_days(
    session: Session, house: Property, *, since: date | None = None, also: Collection[date] = ()
) -> OpenDays:
    """Return the first open days, from `since` on, and those of `also` that are open."""
    tally = {
        arrival: (rooms, bookings)
        for arrival, rooms, bookings in session.execute(
            select(Match.arrival, func.count(Match.reservation_id), func.count(Match.notice_id))
            .where(Match.property_id == house.id, Match.state.in_(OPEN))
            .group_by(Match.arrival)
            .order_by(Match.arrival)
        )
    }
    shown = [day for day in tally if since is None or day >= since][:MOST_DAYS]
    days = _days(session, house, {*shown, *(tally.keys() & set(also))})
    bookings = [notice for day in days for notice, _ in day.bookings]
    references = {notice.reference for notice in bookings}
    return OpenDays(
        days,
        tally,
        _told(session, house, references),
        _bearers(session, house, references),
        _asked(session, house, [question for day in days for question in day.questions]),
        frozenset(
            session.scalars(
                select(Feed.channel)
                .join(Room, Room.id == Feed.room_id)
                .where(Room.property_id == house.id, Feed.retired_at.is_(None))
                .distinct()
            )
        ),
    )


def count_open(session: Session, house: Property) -> int:
    """Count the questions that wait for a host's answer."""
    wanted = select(func.count(Question.id)).where(
        Question.property_id == house.id, Question.closed_at.is_(None)
    )
    return session.scalar(wanted) or 0


def _days(session: Session, house: Property, wanted: Collection[date]) -> list[OpenDay]:
    rows = session.execute(
        select(Match, Reservation, Notice)
        .outerjoin(Reservation, Reservation.id == Match.reservation_id)
        .outerjoin(Room, Room.id == Reservation.room_id)
        .outerjoin(Notice, Notice.id == Match.notice_id)
        .where(Match.property_id == house.id, Match.state.in_(OPEN), Match.arrival.in_(set(wanted)))
        .options(
            joinedload(Match.question),
            joinedload(Reservation.room),
            joinedload(Reservation.guest),
        )
        .order_by(Match.arrival, Room.number, Reservation.id, Notice.said_at, Notice.id)
    )
    rooms: dict[date, list[Seeking]] = defaultdict(list)
    bookings: dict[date, list[Wanting]] = defaultdict(list)
    for match, stay, notice in rows:
        if stay is not None:
            rooms[match.arrival].append((stay, match))
        if notice is not None:
            bookings[match.arrival].append((notice, match))
    arrivals = sorted(rooms.keys() | bookings.keys())
    return [OpenDay(arrival, rooms[arrival], bookings[arrival]) for arrival in arrivals]


def _told(
    session: Session, house: Property, references: Collection[str]
) -> dict[str, list[Notice]]:
    found: dict[str, list[Notice]] = defaultdict(list)
    for notice in session.scalars(
        select(Notice)
        .where(
            Notice.property_id == house.id,
            Notice.reference.in_(references),
            Notice.kind != NoticeKind.CANCELLED,
            Notice.dismissed_at.is_(None),
        )
        .order_by(Notice.said_at, Notice.id)
    ):
        found[notice.reference].append(notice)
    return found


def _bearers(
    session: Session, house: Property, references: Collection[str]
) -> dict[str, list[Reservation]]:
    found: dict[str, list[Reservation]] = defaultdict(list)
    for stay in session.scalars(
        select(Reservation)
        .where(
            Reservation.property_id == house.id,
            Reservation.reference.in_(references),
            Reservation.status != Status.CANCELLED,
            Reservation.unconfirmed_at.is_(None),
        )
        .options(joinedload(Reservation.room))
        .order_by(Reservation.arrival, Reservation.room_id)
    ):
        found[stay.reference or ""].append(stay)
    return found


def _asked(
    session: Session, house: Property, questions: Iterable[Question]
) -> dict[int, list[Asked]]:
    listed = list(questions)
    wanted = {one.id for one in listed}
    instants = {one.asked_at for one in listed} | {
        one.reminded_at for one in listed if one.reminded_at is not None
    }
    # Texts bear the instant of their question; the mails that stand in for them come later.
    texted = Message.created_at.in_(instants)
    mailed = Message.medium == Medium.EMAIL
    if instants:
        mailed &= Message.created_at >= min(instants)
    rows = session.execute(
        select(Message, Host.name)
        .join(Host, Host.id == Message.host_id)
        .where(
            Host.property_id == house.id,
            Message.template == "questions",
            or_(texted, mailed),
        )
        .order_by(Message.id)
    )
    found: dict[int, list[Asked]] = defaultdict(list)
    for message, name in rows:
        one = Asked(
            name,
            message.medium,
            message.state,
            message.sent_at or message.created_at,
            message.fault,
            bool(message.facts.get("reminder")),
        )
        for number in wanted.intersection(message.facts.get("questions", ())):
            found[number].append(one)
    return found
