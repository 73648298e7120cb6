"""The page of one reservation, and what a host does there beside putting its facts right."""

from flask import Response, abort, flash, make_response, redirect, render_template, url_for
from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload
from werkzeug.wrappers import Response as AnyResponse

from app.db import reading, transaction
from app.domain.errors import DomainError
from app.models import AccessCode, Door, Reservation, Role, Room
from app.services import corrections, reservations
from app.services.code_retries import retry_code
from app.services.history import by_host, record
from app.services.reservations import CannotChange
from app.web.admin.blueprint import admin, now, seals, the_host, the_house
from app.web.admin.pages import WhoAnswer
from app.web.admin.reservation_forms import (
    ContactForm,
    DatesForm,
    Forms,
    NameForm,
    ReferenceForm,
    RoomForm,
    TimesForm,
)
from app.web.admin.reservation_proposals import nights_to_correct
from app.web.admin.reservation_view import code_row, reservation_page
from app.web.admin.sessions import current, needs
from app.web.htmx import wants_partial


@admin.get("/reservations/<int:reservation_id>")
@needs(Role.VIEWER)
def reservation(reservation_id: int) -> AnyResponse:
    """Show all there is to know of one reservation."""
    return show_reservation(reservation_id)


@admin.post("/reservations/<int:reservation_id>/times")
@needs(Role.STAFF)
def times(reservation_id: int) -> AnyResponse:
    """Let the guest come earlier or leave later."""
    form = TimesForm()
    if not form.validate():
        return show_reservation(reservation_id, forms=Forms(times=form), status=422)
    try:
        with transaction() as session:
            reservations.set_times(
                session,
                the_host(session),
                reservation_id,
                form.early_check_in.data,
                form.late_check_out.data,
                seals=seals(),
                now=now(),
            )
    except DomainError as fault:
        forms = Forms(times=form)
        return show_reservation(reservation_id, forms=forms, problem=fault.message, status=422)
    flash(_("The times are changed; the codes follow."), "good")
    return back_to(reservation_id)


@admin.post("/reservations/<int:reservation_id>/cancellation")
@needs(Role.STAFF)
def cancellation(reservation_id: int) -> AnyResponse:
    """End the reservation: its codes are revoked and the guest is told."""
    try:
        with transaction() as session:
            host = the_host(session)
            corrections.cancel(session, host, reservation_id, seals=seals(), now=now())
    except DomainError as fault:
        return show_reservation(reservation_id, problem=fault.message, status=422)
    flash(_("The reservation is cancelled; its codes are being taken off the locks."), "good")
    return back_to(reservation_id)


@admin.post("/reservations/<int:reservation_id>/block")
@needs(Role.STAFF)
def block(reservation_id: int) -> AnyResponse:
    """Take the host's word that nobody stays then."""
    try:
        with transaction() as session:
            host = the_host(session)
            corrections.close_nights(session, host, reservation_id, seals=seals(), now=now())
    except DomainError as fault:
        return show_reservation(reservation_id, problem=fault.message, status=422)
    flash(_("These nights are closed; nobody is expected."), "good")
    return back_to(reservation_id)


@admin.post("/reservations/<int:reservation_id>/link")
@needs(Role.STAFF)
def send_link(reservation_id: int) -> AnyResponse:
    """Send the stay page's link once more."""
    try:
        with transaction() as session:
            reservations.send_link(session, the_host(session), reservation_id, now=now())
    except CannotChange as fault:
        return show_reservation(reservation_id, problem=fault.message, status=422)
    flash(_("The link is on its way."), "good")
    return back_to(reservation_id)


@admin.post("/codes/<int:code_id>/reveal")
@needs(Role.STAFF)
def reveal_code(code_id: int) -> AnyResponse:
    """Show a code's digits to the host, and write down that they were shown."""
    at = now()
    with transaction() as session:
        house = the_house(session)
        code = code_of(session, code_id)
        actor = by_host(current().id)
        record(session, code, "code-shown", actor=actor, at=at, property_id=house.id)
        row = code_row(house, code, current(), at, seals=seals(), show=True)
        page = render_template("admin/reservations/_code_row.html", row=row)
    if wants_partial():
        return make_response(page)
    # Without htmx the digits go onto a page of their own, not into a cookie.
    return make_response(render_template("admin/reservations/code.html", row=row))


@admin.post("/codes/<int:code_id>/retry", endpoint="retry_code")
@needs(Role.STAFF)
def retry_code_(code_id: int) -> AnyResponse:
    """Try once more, now, to put a code on its lock."""
    at = now()
    with transaction() as session:
        code = _any_code(session, code_id)
        retry_code(session, code, now=at, actor=by_host(current().id))
    flash(_("We are trying again now."), "good")
    return redirect(url_for(".today"), 303)


def code_of(session: Session, code_id: int) -> AccessCode:
    """Return a guest's code of the signed-in host's property, or 404."""
    found = _any_code(session, code_id)
    if found.guest_id is None:
        abort(404)
    return found


def _any_code(session: Session, code_id: int) -> AccessCode:
    """Return a code of the property, whoever's it is, or 404."""
    found = session.scalar(
        select(AccessCode)
        .join(Door, Door.id == AccessCode.door_id)
        .where(AccessCode.id == code_id, Door.property_id == current().property_id)
        .options(joinedload(AccessCode.door))
    )
    if found is None:
        abort(404)
    return found


def back_to(reservation_id: int) -> AnyResponse:
    """Send the browser to the reservation's page."""
    return redirect(url_for(".reservation", reservation_id=reservation_id), 303)


def show_reservation(
    reservation_id: int,
    *,
    answer: WhoAnswer | None = None,
    forms: Forms | None = None,
    problem: str | None = None,
    status: int = 200,
) -> Response:
    """Render the page; after a press that did not work, with what was typed and what to do."""
    with reading() as session:
        house, host = the_house(session), the_host(session)
        try:
            stay = reservations.reservation_of(session, host, reservation_id)
        except CannotChange:
            abort(404)
        page = reservation_page(session, house, stay, current(), now(), seals=seals())
        forms = _filled(session, stay, forms or Forms(), answer)
        shown = render_template(
            "admin/reservations/show.html", page=page, forms=forms, problem=problem
        )
    return make_response(shown, status)


def _filled(session: Session, stay: Reservation, forms: Forms, answer: WhoAnswer | None) -> Forms:
    """Fill the forms that were not sent with what counts now."""
    nights = nights_to_correct(session, stay)
    if forms.times is None:
        forms.times = TimesForm(formdata=None)
        forms.times.early_check_in.data = stay.early_check_in
        forms.times.late_check_out.data = stay.late_check_out
    if forms.dates is None:
        forms.dates = DatesForm(formdata=None)
        forms.dates.arrival.data, forms.dates.departure.data = nights.arrival, nights.departure
    if forms.reference is None:
        forms.reference = _reference_form(stay, answer)
    if forms.name is None:
        forms.name = NameForm(formdata=None)
        forms.name.full_name.data = (stay.guest.full_name if stay.guest else None) or stay.name
    if forms.room is None:
        forms.room = RoomForm(formdata=None)
    if forms.contact is None:
        forms.contact = ContactForm(formdata=None)
        forms.contact.phone.data = stay.guest.phone if stay.guest else None
        forms.contact.email.data = stay.guest.email if stay.guest else None
    rooms = session.scalars(
        select(Room)
        .where(Room.property_id == stay.property_id, Room.id != stay.room_id)
        .order_by(Room.number)
    )
    forms.room.room.choices = [
        (room.id, _("Room %(number)s", number=room.number) + f" · {room.name}") for room in rooms
    ]
    return forms


def _reference_form(stay: Reservation, answer: WhoAnswer | None) -> ReferenceForm:
    """Fill the form; after a row's small form, with what was typed there and what was wrong."""
    form = ReferenceForm(formdata=None)
    form.arrival.data, form.departure.data = stay.arrival, stay.departure
    if answer is None:
        form.full_name.data = stay.name
        form.reference.data = stay.reference
        return form
    form.reference.data, form.full_name.data = answer.reference, answer.full_name
    if answer.reference_problem:
        form.reference.errors = [answer.reference_problem]
    return form
