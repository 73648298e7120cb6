"""Filling the page of one reservation."""

from collections.abc import Sequence
from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from app import wording
from app.domain.standing import CANCELLED_THERE, DATES_DIFFER, WITHDRAWN
from app.models import (
    AccessCode,
    Medium,
    Message,
    MessageState,
    Property,
    Reservation,
    Role,
    Status,
)
from app.seals import Seals
from app.services.messages import LINKS
from app.services.reservation_acts import last_act_on
from app.services.testimony import DOUBLE_BOOKED
from app.services.undoing import UNDO_LASTS
from app.web.admin.blueprint import the_host
from app.web.admin.door_log_view import lines_of_codes
from app.web.admin.history_view import timeline
from app.web.admin.match_words import Words
from app.web.admin.pages import CodeState, Fact, RowAction, Standing
from app.web.admin.reservation_facts import Facts
from app.web.admin.reservation_pages import CodeRow, ReservationPage, Sibling, UndoOffer
from app.web.admin.reservation_proposals import modified, proposal
from app.web.admin.reservation_sources import sources_of
from app.web.admin.rows import code_state, row_action
from app.web.admin.sessions import SignedIn
from app.web.guest.pages import Code

LIVE = (Status.OPEN, Status.CONFIRMED, Status.DISPUTED)


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
    digits = seals.unseal(code.sealed_digits) if code.sealed_digits is not None else None
    zone = house.zone
    start = wording.recently(code.valid_from, zone, now)
    end = wording.recently(code.valid_until, zone, now)
    return CodeRow(
        id=code.id,
        door_name=code.door.name,
        state=code_state(code),
        window_text=f"{start} \N{EN DASH} {end}",
        masked="•" * (len(digits) if digits else house.code_length),
        code=Code(digits) if show and digits else None,
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
    words = Words(house, now)
    today = words.today
    codes = _codes(session, stay)
    action = row_action(stay, host, today, now)
    guest = stay.guest
    may = host.may(Role.STAFF) and stay.status in LIVE and stay.departure >= today
    facts = Facts(sources_of(session, words, stay), may)
    known = facts.known()
    siblings = _siblings(session, stay)
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
        is_unconfirmed=stay.is_unconfirmed,
        channel=wording.channel_name(stay.channel),
        question=_(stay.question) if stay.question else None,
        choices=facts.choices() if stay.question == DATES_DIFFER else (),
        arrival=stay.arrival.isoformat(),
        departure=stay.departure.isoformat(),
        rivals=_rivals(session, stay, words) if stay.question == DOUBLE_BOOKED else (),
        proposal=proposal(session, words, stay),
        modified=modified(session, words, stay),
        undo=_undo(session, house, stay, host, now),
        checked_in_text=(
            wording.moment(checked_in_at, house.zone, now) if checked_in_at is not None else None
        ),
        known=known,
        facts=_facts(stay),
        siblings=tuple(
            Sibling(row.id, row.room.number, row.room.name, wording.span(row.nights, today))
            for row in siblings
        ),
        codes=tuple(code_row(house, code, host, now, seals=seals) for code in codes),
        log=lines_of_codes(session, house, [code.id for code in codes], now),
        no_codes_because=_no_codes_because(stay),
        link_sent_text=_link_sent(session, stay, house, now),
        history=timeline(session, house, stay, [code.id for code in codes], now),
        may_check_in=action in (RowAction.CHECK_IN, RowAction.ASK_AND_CHECK_IN),
        may_undo=action == RowAction.UNDO,
        may_identify=may and stay.reference is None,
        may_close=may and stay.status == Status.OPEN and not stay.is_unconfirmed,
        may_keep=may and stay.question in (WITHDRAWN, CANCELLED_THERE),
        may_correct_dates=known[0].may_correct,
        may_settle=may,
        may_set_times=may and stay.is_stay,
        may_move=may and stay.is_stay and stay.reference is not None and not stay.is_unconfirmed,
        may_cancel=may,
        may_send_link=may and guest is not None and bool(guest.phone or guest.email),
        may_add_contact=may and stay.holds and not stay.is_unconfirmed,
        phone_text=wording.phone_text(guest.phone) if guest is not None else None,
        email=guest.email if guest is not None else None,
        together=tuple(
            row.room.number for row in siblings if row.is_stay and row.nights == stay.nights
        ),
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


def _no_codes_because(stay: Reservation) -> str | None:
    if stay.is_unconfirmed:
        return str(_("No codes: it is not certain yet whose room this is."))
    if stay.status == Status.DISPUTED and stay.confirmed_at is None:
        return str(_("No codes before the question above is settled."))
    return None


def _facts(stay: Reservation) -> tuple[Fact, ...]:
    """Return what only the guest tells."""
    guest = stay.guest
    if guest is None:
        return ()
    facts = [
        (_("People"), str(guest.party_size) if guest.party_size else None),
        (_("Comes about"), wording.clock(guest.expected_arrival) if guest.expected_arrival else ""),
        (_("Car"), guest.car_registration),
    ]
    return tuple(Fact(label, value) for label, value in facts if value)


def _siblings(session: Session, stay: Reservation) -> Sequence[Reservation]:
    if stay.reference is None:
        return ()
    return session.scalars(
        select(Reservation)
        .where(
            Reservation.property_id == stay.property_id,
            Reservation.reference == stay.reference,
            Reservation.id != stay.id,
            Reservation.status != Status.CANCELLED,
        )
        .options(joinedload(Reservation.room))
        .order_by(Reservation.arrival, Reservation.room_id)
    ).all()


def _rivals(session: Session, stay: Reservation, words: Words) -> tuple[Sibling, ...]:
    rows = session.scalars(
        select(Reservation)
        .where(
            Reservation.room_id == stay.room_id,
            Reservation.id != stay.id,
            Reservation.status.in_((Status.CONFIRMED, Status.DISPUTED)),
            Reservation.arrival < stay.departure,
            Reservation.departure > stay.arrival,
        )
        .options(joinedload(Reservation.room))
        .order_by(Reservation.arrival)
    )
    return tuple(
        Sibling(
            row.id,
            row.room.number,
            row.room.name,
            words.span(row.nights),
            row.name or row.reference,
        )
        for row in rows
    )


def _undo(
    session: Session, house: Property, stay: Reservation, host: SignedIn, now: datetime
) -> UndoOffer | None:
    if not host.may(Role.STAFF):
        return None
    last = last_act_on(session, the_host(session), stay, now)
    if last is None:
        return None
    until = wording.recently(last.made_at + UNDO_LASTS, house.zone, now)
    return UndoOffer(last.id, _(last.what), until)


def _link_sent(session: Session, stay: Reservation, house: Property, now: datetime) -> str | None:
    if stay.guest_id is None:
        return None
    sent = session.scalar(
        select(Message)
        .where(
            Message.guest_id == stay.guest_id,
            Message.template.in_(LINKS),
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
