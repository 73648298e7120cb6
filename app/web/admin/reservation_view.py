"""Filling the page of one reservation."""

from collections.abc import Sequence
from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from app import wording
from app.models import (
    AccessCode,
    Medium,
    Message,
    MessageState,
    Origin,
    Property,
    Reservation,
    Role,
    Sighting,
    Status,
)
from app.seals import Seals
from app.services.messages import Event
from app.services.reservations import sightings_of
from app.web.admin.history_view import timeline
from app.web.admin.pages import (
    CodeRow,
    CodeState,
    Fact,
    ReservationPage,
    RowAction,
    Sibling,
    SightingLine,
    Standing,
)
from app.web.admin.rows import code_state, row_action
from app.web.admin.sessions import SignedIn
from app.web.guest.pages import Code

ORIGINS = {Origin.HOST: "a host", Origin.MAIL: "mail", Origin.EXPORT: "an export"}


def code_row(
    house: Property,
    code: AccessCode,
    host: SignedIn,
    now: datetime,
    *,
    seals: Seals,
    show: bool = False,
) -> CodeRow:
    """Fill one code's line; the digits only when they were asked for."""
    digits = seals.unseal(code.sealed_digits)
    zone = house.zone
    start = wording.recently(code.valid_from, zone, now)
    end = wording.recently(code.valid_until, zone, now)
    return CodeRow(
        id=code.id,
        door_name=code.door.name,
        state=code_state(code),
        window_text=f"{start} \N{EN DASH} {end}",
        masked="•" * len(digits),
        code=Code(digits) if show else None,
        fault=code.fault,
        may_reveal=host.may(Role.STAFF) and code_state(code) != CodeState.GONE,
    )


def reservation_page(
    session: Session,
    house: Property,
    stay: Reservation,
    host: SignedIn,
    now: datetime,
    *,
    seals: Seals,
) -> ReservationPage:
    """Fill the page; `stay` has its room and guest."""
    today = now.astimezone(house.zone).date()
    codes = _codes(session, stay)
    action = row_action(stay, host, today, now)
    guest = stay.guest
    is_live = stay.status in (Status.OPEN, Status.CONFIRMED, Status.DISPUTED)
    may = host.may(Role.STAFF) and is_live and stay.departure >= today
    checked_in_at = guest.checked_in_at if guest is not None else None
    return ReservationPage(
        id=stay.id,
        room_number=stay.room.number,
        room_name=stay.room.name,
        dates_text=wording.span(stay.nights, today),
        nights=len(stay.nights),
        standing=Standing(stay.status),
        guest_name=(guest.full_name if guest is not None else None) or stay.name,
        reference=stay.reference,
        channel=wording.channel_name(stay.channel),
        question=_(stay.question) if stay.question else None,
        checked_in_text=(
            wording.moment(checked_in_at, house.zone, now) if checked_in_at is not None else None
        ),
        facts=_facts(stay),
        sightings=tuple(_sighting(one, house, now) for one in sightings_of(session, stay.id)),
        siblings=_siblings(session, stay, today),
        codes=tuple(code_row(house, code, host, now, seals=seals) for code in codes),
        link_sent_text=_link_sent(session, stay, house, now),
        history=timeline(session, house, stay, [code.id for code in codes], now),
        may_check_in=action in (RowAction.CHECK_IN, RowAction.ASK_AND_CHECK_IN),
        may_undo=action == RowAction.UNDO,
        may_identify=may and stay.reference is None,
        may_set_times=may and stay.status != Status.OPEN,
        may_cancel=may,
        may_send_link=may and guest is not None and bool(guest.phone or guest.email),
        cancels=_cancels(stay),
    )


def _codes(session: Session, stay: Reservation) -> Sequence[AccessCode]:
    if stay.guest_id is None:
        return ()
    codes = session.scalars(
        select(AccessCode)
        .where(AccessCode.guest_id == stay.guest_id)
        .options(joinedload(AccessCode.door))
        .order_by(AccessCode.id)
    ).all()
    return [code for code in codes if code.door.room_id in (None, stay.room_id)]


def _facts(stay: Reservation) -> tuple[Fact, ...]:
    guest = stay.guest
    facts = [
        (_("Name"), (guest.full_name if guest else None) or stay.name),
        (_("Phone"), wording.phone_text(guest.phone) if guest else None),
        (_("Phone ends in"), stay.phone_ending),
        (_("Mail"), guest.email if guest else None),
        (_("People"), str(guest.party_size) if guest and guest.party_size else None),
        (
            _("Comes about"),
            wording.clock(guest.expected_arrival) if guest and guest.expected_arrival else None,
        ),
        (_("Car"), guest.car_registration if guest else None),
    ]
    return tuple(Fact(label, value) for label, value in facts if value)


def _sighting(one: Sighting, house: Property, now: datetime) -> SightingLine:
    today = now.astimezone(house.zone).date()
    says = [wording.span(one.nights, today)]
    if one.reference:
        says.append(_("reference %(reference)s", reference=one.reference))
    if one.phone_ending:
        says.append(_("phone ends in %(ending)s", ending=one.phone_ending))
    source = _("The calendar") if one.origin == Origin.FEED else ORIGINS.get(one.origin, "")
    seen = one.withdrawn_at or one.last_seen_at
    return SightingLine(
        source=source,
        says=", ".join(says),
        seen_text=wording.recently(seen, house.zone, now),
        is_withdrawn=not one.is_asserted,
    )


def _siblings(session: Session, stay: Reservation, today: object) -> tuple[Sibling, ...]:
    if stay.reference is None:
        return ()
    rows = session.scalars(
        select(Reservation)
        .where(
            Reservation.property_id == stay.property_id,
            Reservation.reference == stay.reference,
            Reservation.id != stay.id,
            Reservation.status != Status.CANCELLED,
        )
        .options(joinedload(Reservation.room))
        .order_by(Reservation.arrival, Reservation.room_id)
    )
    return tuple(
        Sibling(
            row.id,
            row.room.number,
            row.room.name,
            wording.span(row.nights, today),  # type: ignore[arg-type]
        )
        for row in rows
    )


def _link_sent(session: Session, stay: Reservation, house: Property, now: datetime) -> str | None:
    if stay.guest_id is None:
        return None
    sent = session.scalar(
        select(Message)
        .where(
            Message.guest_id == stay.guest_id,
            Message.template == Event.STAY_LINK,
            Message.state.in_((MessageState.SENT, MessageState.DELIVERED)),
        )
        .order_by(Message.id.desc())
        .limit(1)
    )
    if sent is None or sent.sent_at is None:
        return None
    when = wording.moment(sent.sent_at, house.zone, now)
    if sent.medium == Medium.SMS:
        return str(_("%(when)s by text to …%(ending)s", when=when, ending=sent.address[-4:]))
    return str(_("%(when)s by mail", when=when))


def _cancels(stay: Reservation) -> tuple[str, ...]:
    if stay.guest is None:
        return (_("The nights are free again here. The channel is not told."),)
    return (
        _("The codes of this room are taken off its lock at once."),
        _("The guest is told by message."),
        _("The channel is not told: cancel there, too."),
    )
