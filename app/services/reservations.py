"""What a host does to one reservation beside check-in: its times, and the link once more."""

from collections.abc import Sequence
from datetime import datetime, time, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from app.domain.errors import DomainError
from app.domain.windows import HouseTimes, access_window
from app.models import Guest, HistoryEntry, Host, Message, Reservation, Sighting, Status
from app.seals import Seals
from app.services.codes import settle_codes
from app.services.guests import dates_told
from app.services.history import by_host, record
from app.services.lanes import hold_property
from app.services.messages import link_for, tell

LINK_RESTS = timedelta(minutes=1)
LINK_AGAIN = "link-sent-again"


class CannotChange(DomainError):
    """The reservation is not, or no longer, what this can be done to."""

    code = "cannot-change"


def reservation_of(session: Session, host: Host, reservation_id: int) -> Reservation:
    """Return a reservation of the host's property, with room and guest. Raises CannotChange."""
    found = session.scalar(
        select(Reservation)
        .where(Reservation.id == reservation_id, Reservation.property_id == host.property_id)
        .options(joinedload(Reservation.room), joinedload(Reservation.guest))
        .execution_options(populate_existing=True)
    )
    if found is None:
        raise CannotChange("This reservation is not here any more.")
    return found


def set_times(
    session: Session,
    host: Host,
    reservation_id: int,
    early_check_in: time | None,
    late_check_out: time | None,
    *,
    seals: Seals,
    now: datetime,
) -> Reservation:
    """Let a guest come earlier or leave later; None means the house's times. Moves the codes.

    Raises EmptyWindow when the stay would end before it begins.
    """
    house = hold_property(session, host.property_id)
    stay = reservation_of(session, host, reservation_id)
    times = HouseTimes(early_check_in or house.check_in, late_check_out or house.check_out)
    access_window(stay.nights, times, house.zone)
    before = {"check_in": stay.early_check_in, "check_out": stay.late_check_out}
    stay.early_check_in, stay.late_check_out = early_check_in, late_check_out
    after = {"check_in": early_check_in, "check_out": late_check_out}
    if before == after:
        return stay
    actor = by_host(host.id)
    record(
        session,
        stay,
        "times-changed",
        actor=actor,
        at=now,
        property_id=house.id,
        before=before,
        after=after,
    )
    if stay.guest is not None:
        settle_codes(session, house, [stay.guest], seals=seals, now=now, actor=actor)
    return stay


def send_link(session: Session, host: Host, reservation_id: int, *, now: datetime) -> Message:
    """Send the stay page's link once more, once a minute at most. Raises CannotChange."""
    hold_property(session, host.property_id)
    stay = reservation_of(session, host, reservation_id)
    if stay.guest is None:
        raise CannotChange("Nobody has checked in to this reservation yet.")
    stays = _stays_of(session, stay.guest) or [stay]
    if _was_sent_again(session, stays, now - LINK_RESTS):
        raise CannotChange("The link went out less than a minute ago. Give it a moment.")
    message = tell(session, stay.guest, link_for(stay.guest), now, dates_told(stays))
    if message is None:
        raise CannotChange("Neither a phone number nor a mail address of the guest is known.")
    record(
        session,
        stay,
        LINK_AGAIN,
        actor=by_host(host.id),
        at=now,
        property_id=host.property_id,
    )
    return message


def _was_sent_again(session: Session, stays: Sequence[Reservation], since: datetime) -> bool:
    """Tell whether a host has ordered the link of these stays' guest since then."""
    again = session.scalar(
        select(HistoryEntry.id)
        .where(
            HistoryEntry.subject == Reservation.__tablename__,
            HistoryEntry.subject_id.in_([stay.id for stay in stays]),
            HistoryEntry.what == LINK_AGAIN,
            HistoryEntry.at > since,
        )
        .limit(1)
    )
    return again is not None


def _stays_of(session: Session, guest: Guest) -> Sequence[Reservation]:
    return session.scalars(
        select(Reservation).where(
            Reservation.guest_id == guest.id, Reservation.status != Status.CANCELLED
        )
    ).all()


def sightings_of(session: Session, reservation_id: int) -> Sequence[Sighting]:
    """Return what each source last said, oldest first."""
    return session.scalars(
        select(Sighting)
        .where(Sighting.reservation_id == reservation_id)
        .order_by(Sighting.first_seen_at, Sighting.id)
    ).all()
