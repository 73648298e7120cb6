"""A host's word on whose a reservation is, given on its page: a first one, or another one."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.nights import Nights
from app.models import Guest, Host, Notice, Origin, Reservation, Sighting, Status
from app.seals import Seals
from app.services.acting import Act
from app.services.guests import stays_of_reference
from app.services.host_words import host_word
from app.services.placing import displace
from app.services.reservation_acts import acting_on
from app.services.reservations import CannotChange
from app.services.settling import Gift
from app.services.splitting import split
from app.services.testimony import follow_changes


class IsSomebody(CannotChange):
    """The reference is of a guest who has checked in: a slip, or one more room of theirs."""

    code = "is-somebody"


def name_booking(
    session: Session,
    host: Host,
    reservation_id: int,
    reference: str,
    *,
    name: str | None = None,
    nights: Nights | None = None,
    sure: bool = False,
    seals: Seals,
    now: datetime,
) -> Reservation:
    """Give a reservation its booking reference, and the guest of it this room.

    `nights`: those of them that are the booking's, where a calendar shows more as one. `sure`: the
    host has been told that the guest of the reference has checked in, and means them. Returns the
    reservation, which is a new one where nights were parted. Raises CannotChange, IsSomebody.
    """
    with acting_on(session, host, reservation_id, seals=seals, now=now) as (act, stay):
        if stay.status in (Status.CANCELLED, Status.BLOCK):
            raise CannotChange("This stay is cancelled or blocked; it is nobody’s.")
        if stay.reference == reference and not stay.is_unconfirmed and name in (None, stay.name):
            return stay
        if not sure:
            _refuse_if_somebody_else_is_in(session, stay, reference)
        if nights is not None and stay.status == Status.OPEN:
            stay = split(act.settlement, stay, nights)
        act.settlement.recording.watch([stay], {reference, stay.reference or reference})
        if stay.reference not in (None, reference) and not stay.is_unconfirmed:
            _take_from_other(act, stay, reference, name)
        if name:
            host_word(session, stay, now).name = name
        act.settlement.give([Gift(stay, reference)])
        act.change_set.what = f"Room {stay.room.number} is booking {reference}."
        return stay


def _refuse_if_somebody_else_is_in(session: Session, stay: Reservation, reference: str) -> None:
    guest = _guest(session, stay.property_id, reference)
    if guest is not None and guest.checked_in_at is not None and guest.id != stay.guest_id:
        who = guest.full_name or "a guest"
        raise IsSomebody(f"{reference} is the booking of {who}, who has checked in already.")


def _take_from_other(act: Act, stay: Reservation, reference: str, name: str | None) -> None:
    """Take a reservation from the booking it was thought to be.

    Whoever is in the room, alone under a reference that proves wrong, stays in it: they get the
    right one, and keep their codes.
    """
    settlement = act.settlement
    session, house, old = settlement.session, settlement.house, stay.reference or ""
    guest = stay.guest
    is_in = guest is not None and guest.checked_in_at is not None
    is_alone = len(stays_of_reference(session, house.id, old)) == 1
    if is_in and is_alone and _guest(session, house.id, reference) is not None:
        raise CannotChange(
            f"Somebody has checked in here as {old}, and {reference} is another guest’s. "
            "Cancel one of the two, or move it, first."
        )
    kept = name or (stay.name if _was_named_by_host_alone(session, stay, old) else None)
    since = stay.confirmed_at
    displace(session, [stay])
    session.flush()
    if guest is not None and is_in and is_alone:
        guest.reference = reference
        stay.guest, stay.confirmed_at = guest, since
    elif guest is not None:
        lost = {guest: True}
        follow_changes(
            session, house, lost, seals=settlement.seals, now=settlement.now,
            actor=settlement.actor,
        )  # fmt: skip
    if kept:
        host_word(session, stay, settlement.now).name = kept
    session.flush()


def _guest(session: Session, property_id: int, reference: str) -> Guest | None:
    return session.scalar(select(Guest).filter_by(property_id=property_id, reference=reference))


def _was_named_by_host_alone(session: Session, stay: Reservation, reference: str) -> bool:
    """Tell whether no mail or export knows the old reference: then it was a slip, the name not."""
    known = session.scalar(
        select(Notice.id).filter_by(property_id=stay.property_id, reference=reference).limit(1)
    )
    named = session.scalar(
        select(Sighting.id)
        .where(
            Sighting.reservation_id == stay.id,
            Sighting.origin != Origin.HOST,
            Sighting.name.is_not(None),
        )
        .limit(1)
    )
    return known is None and named is None
