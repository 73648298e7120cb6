"""Check-in by a host for a guest, and its undo."""

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.references import walk_in_reference
from app.models import Host, Reservation, Status
from app.seals import Seals
from app.services.check_in import NotCheckedIn
from app.services.codes import settle_codes
from app.services.guests import guest_of, link_all, stays_of_reference
from app.services.history import by_host, record
from app.services.host_words import assert_by_host
from app.services.lanes import hold_property
from app.services.reservations import reservation_of

UNDO_LASTS = timedelta(minutes=1)


def check_in_by_host(
    session: Session,
    host: Host,
    reservation_id: int,
    *,
    seals: Seals,
    now: datetime,
    reference: str | None = None,
    name: str | None = None,
) -> Reservation:
    """Check in the guest of one reservation; the guest of its reference if there is one already.

    A reservation without a reference takes the one given, or a fresh one for a walk-in. Raises
    NotCheckedIn with what stands in the way, or CannotChange.
    """
    house = hold_property(session, host.property_id)
    stay = reservation_of(session, host, reservation_id)
    actor = by_host(host.id)
    if stay.is_unconfirmed:
        raise NotCheckedIn(f"{stay.reference} is only proposed for this room: say OK to it first.")
    if not stay.is_stay or stay.reference is None:
        if stay.status not in (Status.OPEN, Status.CONFIRMED, Status.DISPUTED):
            raise NotCheckedIn("This stay is cancelled or blocked; there is no one to check in.")
        reference = reference or stay.reference or walk_in_reference()
        assert_by_host(
            session, house, stay, host, now=now, reference=reference, name=name, seals=seals
        )
    if not stay.holds or stay.reference is None:
        raise NotCheckedIn(stay.question or "It is not settled yet whose stay this is.")
    guest = guest_of(session, house, stay.reference, seals=seals, now=now, actor=actor)
    is_new = guest.checked_in_at is None
    if is_new:
        guest.checked_in_at = now
        record(session, guest, "checked-in", actor=actor, at=now, property_id=house.id)
    linked = stays_of_reference(session, house.id, stay.reference) if is_new else [stay]
    if guest.full_name is None:
        guest.full_name = name or stay.name
    fresh = link_all(session, guest, linked, now=now, actor=actor)
    for one in linked if is_new else fresh:
        one.checked_in_by_host_at = now
    settle_codes(session, house, [guest], seals=seals, now=now, actor=actor)
    return stay


def undo_check_in(
    session: Session, host: Host, reservation_id: int, *, seals: Seals, now: datetime
) -> Reservation:
    """Take a host's check-in back within a minute: nothing leaves a lock before that is over.

    Rooms that a host had said to be theirs before stay theirs, and keep their codes.
    """
    house = hold_property(session, host.property_id)
    stay = reservation_of(session, host, reservation_id)
    done_at = stay.checked_in_by_host_at
    if stay.guest is None or done_at is None or now >= done_at + UNDO_LASTS:
        raise NotCheckedIn("The minute for taking this back is over. Cancel the stay instead.")
    guest, actor = stay.guest, by_host(host.id)
    together = session.scalars(
        select(Reservation).where(
            Reservation.guest_id == guest.id, Reservation.checked_in_by_host_at == done_at
        )
    ).all()
    for linked in together:
        linked.checked_in_by_host_at = None
        if guest.vouched_at is None:
            linked.guest = None
        record(session, linked, "check-in-undone", actor=actor, at=now, property_id=house.id)
    session.flush()
    if guest.checked_in_at == done_at:
        guest.checked_in_at = None
    settle_codes(
        session, house, [guest], seals=seals, now=now, actor=actor, remove_at=done_at + UNDO_LASTS
    )
    return stay
