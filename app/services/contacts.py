"""How a guest can be reached, by a host's word; and the link that goes there."""

from datetime import datetime

from sqlalchemy.orm import Session

from app.models import Guest, Host, Medium
from app.seals import Seals
from app.services.guests import dates_told, guest_of, link_all, stays_of_reference
from app.services.history import by_host, record
from app.services.lanes import hold_property
from app.services.messages import link_for, tell
from app.services.reservations import CannotChange, reservation_of


def add_contact(
    session: Session,
    host: Host,
    reservation_id: int,
    *,
    phone: str | None,
    email: str | None,
    seals: Seals,
    now: datetime,
) -> Guest:
    """Write down how the guest of a reservation can be reached, and send the link there.

    `phone` is E.164. None leaves what is known. The guest is made where there is none yet; they are
    not checked in by that, and no code is made. Raises CannotChange.
    """
    house = hold_property(session, host.property_id)
    stay = reservation_of(session, host, reservation_id)
    if not stay.holds or stay.is_unconfirmed or stay.reference is None:
        raise CannotChange("Say first whose stay this is; then how they can be reached.")
    if not phone and not email:
        raise CannotChange("Enter a phone number or a mail address.")
    actor = by_host(host.id)
    stays = stays_of_reference(session, house.id, stay.reference)
    guest = stay.guest or guest_of(
        session, house, stay.reference, seals=seals, now=now, actor=actor
    )
    link_all(session, guest, stays, now=now, actor=actor)
    guest.full_name = guest.full_name or stay.name
    if (phone or guest.phone, email or guest.email) == (guest.phone, guest.email):
        raise CannotChange("That is what we know already. The link can be sent again above.")
    has_new_mail_only = not phone or phone == guest.phone
    guest.phone, guest.email = phone or guest.phone, email or guest.email
    record(session, guest, "contact-added", actor=actor, at=now, property_id=house.id)
    medium = Medium.EMAIL if has_new_mail_only else Medium.SMS
    tell(session, guest, link_for(guest), now, dates_told(stays), medium)
    return guest
