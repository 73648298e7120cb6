"""What the host should look at: gathered in a fixed number of statements."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Select, or_, select
from sqlalchemy.orm import Session, joinedload

from app.domain.tonight import LOW_BATTERY
from app.models import (
    AccessCode,
    CodeState,
    Door,
    Feed,
    Match,
    Message,
    MessageState,
    Property,
    Purpose,
    Question,
    Reservation,
    Room,
    StaffCode,
    Status,
)
from app.services.door_help import helps_now
from app.services.door_stories import Story
from app.services.late_codes import not_open
from app.services.lock_zones import is_elsewhere, right_minutes
from app.services.placing_concerns import PlacingConcerns, placing_concerns
from app.services.suspicion import Suspicion, suspicious_doors

LATE_CODE = timedelta(minutes=2)
BEFORE_ARRIVAL = timedelta(hours=2)
FEED_SILENT = timedelta(hours=1)
MESSAGES_SHOWN = timedelta(days=2)
MOST = 20
"""Of each kind; more would hide the rest."""


@dataclass(frozen=True)
class Concerns:
    """Rows that need a person, by what is wrong with them."""

    codes_missing: Sequence[AccessCode]
    """Failed, or not confirmed two hours before they are needed."""
    codes_lingering: Sequence[AccessCode]
    """Given up, and not confirmed gone by the lock."""
    disputed: Sequence[Reservation]
    unknown_arrivals: Sequence[Reservation]
    """Arriving today or tomorrow, nobody knows who, and hosts are not asked yet."""
    feeds_failing: Sequence[Feed]
    feeds_held: Sequence[Feed]
    messages_failed: Sequence[Message]
    doors_weak: Sequence[Door]
    doors_offline: Sequence[Door]
    doors_elsewhere: Sequence[Door]
    """Their locks are set to another time zone: codes open and end hours off."""
    doors_tried: Sequence[Suspicion]
    """Where somebody typed code after code that is nobody's."""
    placing: PlacingConcerns
    """Of finding out whose bookings are."""
    staff_labels: Mapping[int, str]
    """Whose the staff codes among them are, by their ids."""
    helps: Sequence[Story] = ()
    """Guests who stand before a door that does not open."""


def concerns(session: Session, house: Property, now: datetime) -> Concerns:
    """Gather what needs a person at this property."""
    today, right = now.astimezone(house.zone).date(), right_minutes(house, now)
    missing = (
        (AccessCode.state == CodeState.FAILED)
        | (
            (AccessCode.state == CodeState.WANTED)
            & (AccessCode.created_at < now - LATE_CODE)
            & (AccessCode.valid_from < now + BEFORE_ARRIVAL)
        )
        | _with_old_dates(now)
    )
    feeds = session.scalars(
        select(Feed)
        .join(Room)
        .where(
            Room.property_id == house.id,
            Feed.retired_at.is_(None),
            or_(Feed.failing_since < now - FEED_SILENT, Feed.hold.is_not(None)),
        )
        .options(joinedload(Feed.room))
        .order_by(Feed.failing_since, Feed.id)
        .limit(2 * MOST)
    ).all()
    doors = session.scalars(
        select(Door)
        .where(
            Door.property_id == house.id,
            or_(
                Door.battery_percent < LOW_BATTERY,
                Door.gateway_online.is_(False),
                Door.utc_offset_minutes.not_in(right),
            ),
        )
        .order_by(Door.id)
        .limit(2 * MOST)
    ).all()
    stays = session.scalars(
        select(Reservation)
        .where(
            Reservation.property_id == house.id,
            Reservation.departure >= today,
            or_(
                Reservation.status == Status.DISPUTED,
                (Reservation.status == Status.OPEN)
                & Reservation.arrival.between(today, today + timedelta(days=1))
                & Reservation.id.not_in(_asked_about(house)),
            ),
        )
        .options(joinedload(Reservation.room))
        .order_by(Reservation.arrival, Reservation.room_id)
        .limit(2 * MOST)
    ).all()
    codes_missing = _codes(session, house, missing & (AccessCode.purpose != Purpose.SPARE))
    codes_lingering = _codes(
        session, house, (AccessCode.state == CodeState.UNWANTED) & AccessCode.fault.is_not(None)
    )
    return Concerns(
        codes_missing=codes_missing,
        codes_lingering=codes_lingering,
        staff_labels=_staff_labels(session, codes_missing),
        disputed=[stay for stay in stays if stay.status == Status.DISPUTED],
        unknown_arrivals=[stay for stay in stays if stay.status == Status.OPEN],
        feeds_failing=[feed for feed in feeds if feed.failing_since is not None],
        feeds_held=[feed for feed in feeds if feed.hold is not None],
        messages_failed=session.scalars(
            select(Message)
            .where(
                Message.property_id == house.id,
                Message.state == MessageState.FAILED,
                Message.created_at > now - MESSAGES_SHOWN,
            )
            .order_by(Message.id)
            .limit(MOST)
        ).all(),
        doors_weak=[
            door
            for door in doors
            if door.battery_percent is not None and door.battery_percent < LOW_BATTERY
        ],
        doors_offline=[door for door in doors if door.gateway_online is False],
        doors_elsewhere=[door for door in doors if is_elsewhere(door, right)],
        doors_tried=suspicious_doors(session, house, now),
        placing=placing_concerns(session, house, now),
        helps=helps_now(session, house, now),
    )


def _asked_about(house: Property) -> Select[int | None]:
    """Choose the reservations that an open question is about."""
    return (
        select(Match.reservation_id)
        .join(Question, Question.id == Match.question_id)
        .where(
            Match.property_id == house.id,
            Match.reservation_id.is_not(None),
            Question.closed_at.is_(None),
        )
    )


def _with_old_dates(now: datetime) -> ColumnElement[bool]:
    """Choose codes that do not open though they should, or soon will not: the lock has old dates.

    Staff codes are given their hours one after the other, so for them only the first holds.
    """
    not_now = (AccessCode.valid_from < now - LATE_CODE) & not_open(now - LATE_CODE)
    not_for_long = (
        (AccessCode.purpose == Purpose.GUEST)
        & (AccessCode.state == CodeState.ACTIVE)
        & (AccessCode.held_until < AccessCode.valid_until)
        & (AccessCode.held_until < now + BEFORE_ARRIVAL)
        & AccessCode.fault.is_not(None)
    )
    return (not_now | not_for_long) & (AccessCode.valid_until > now)


def _staff_labels(session: Session, codes: Sequence[AccessCode]) -> dict[int, str]:
    ids = {code.staff_code_id for code in codes if code.staff_code_id is not None}
    if not ids:
        return {}
    rows = session.execute(select(StaffCode.id, StaffCode.label).where(StaffCode.id.in_(ids)))
    return {row.id: row.label for row in rows}


def _codes(session: Session, house: Property, wanted: ColumnElement[bool]) -> Sequence[AccessCode]:
    return session.scalars(
        select(AccessCode)
        .join(Door, Door.id == AccessCode.door_id)
        .where(Door.property_id == house.id, wanted)
        .options(joinedload(AccessCode.door), joinedload(AccessCode.guest))
        .order_by(AccessCode.valid_from, AccessCode.id)
        .limit(MOST)
    ).all()
