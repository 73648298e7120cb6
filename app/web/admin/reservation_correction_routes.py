"""Putting a reservation right on its page: facts, room, questions; and taking that back.

Each press is a whole act of the host, and can be taken back for ten minutes.
"""

from collections.abc import Callable

from flask import flash, request
from flask_babel import gettext as _
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as AnyResponse
from wtforms import Field

from app.db import transaction
from app.domain.errors import DomainError
from app.domain.references import normalised
from app.models import Host, Reservation, Role
from app.services import answers, corrections
from app.services.acting import take_back
from app.services.moving import move
from app.services.naming import IsSomebody, name_booking
from app.services.reservations import reservation_of
from app.services.undoing import CannotUndo
from app.web.admin.blueprint import admin, now, seals, the_host
from app.web.admin.reservation_forms import DatesForm, Forms, NameForm, ReferenceForm, RoomForm
from app.web.admin.reservation_routes import back_to, show_reservation
from app.web.admin.sessions import needs

Doing = Callable[[Session, Host], Reservation]


@admin.post("/reservations/<int:reservation_id>/dates")
@needs(Role.STAFF)
def correct_dates(reservation_id: int) -> AnyResponse:
    """Take the host's word on arrival and departure."""
    form = DatesForm()
    if not form.validate():
        return show_reservation(reservation_id, forms=Forms(dates=form), status=422)
    return _done(
        reservation_id,
        Forms(dates=form),
        lambda session, host: corrections.correct_dates(
            session,
            host,
            reservation_id,
            form.nights,
            together=form.together.data,
            seals=seals(),
            now=now(),
        ),
        form.arrival,
    )


@admin.post("/reservations/<int:reservation_id>/reference")
@needs(Role.STAFF)
def correct_reference(reservation_id: int) -> AnyResponse:
    """Take the host's word on which booking it is."""
    form = ReferenceForm()
    if not form.validate():
        return show_reservation(reservation_id, forms=Forms(reference=form), status=422)
    return _done(
        reservation_id,
        Forms(reference=form),
        lambda session, host: name_booking(
            session,
            host,
            reservation_id,
            normalised(form.reference.data or "") or "",
            name=form.full_name.data or None,
            nights=form.nights,
            sure=form.sure.data == "yes",
            seals=seals(),
            now=now(),
        ),
        form.reference,
    )


@admin.post("/reservations/<int:reservation_id>/name")
@needs(Role.STAFF)
def correct_name(reservation_id: int) -> AnyResponse:
    """Take the host's word on who it is."""
    form = NameForm()
    if not form.validate():
        return show_reservation(reservation_id, forms=Forms(name=form), status=422)
    name = form.full_name.data or ""
    return _done(
        reservation_id,
        Forms(name=form),
        lambda session, host: corrections.correct_name(
            session, host, reservation_id, name, seals=seals(), now=now()
        ),
        form.full_name,
    )


@admin.post("/reservations/<int:reservation_id>/room", endpoint="move_room")
@needs(Role.STAFF)
def move_room_(reservation_id: int) -> AnyResponse:
    """Move the booking to another room."""
    form = RoomForm()
    if not form.validate() or form.room.data is None:
        form.room.errors = [_("Choose a room.")]
        return show_reservation(reservation_id, forms=Forms(room=form), status=422)
    return _done(
        reservation_id,
        Forms(room=form),
        lambda session, host: move(
            session, host, reservation_id, form.room.data, seals=seals(), now=now()
        ),
        form.room,
    )


@admin.post("/reservations/<int:reservation_id>/answer")
@needs(Role.STAFF)
def answer_question(reservation_id: int) -> AnyResponse:
    """Take OK or NO to what is proposed for this reservation."""
    said = request.form.get("answer")
    if said not in ("ok", "no"):
        return show_reservation(reservation_id, problem=_("Answer OK or No."), status=422)
    question_id = request.form.get("question", type=int) or 0
    return _done(
        reservation_id,
        Forms(),
        lambda session, host: answers.answer(
            session,
            host,
            reservation_id,
            question_id,
            is_so=said == "ok",
            seals=seals(),
            now=now(),
        ),
    )


@admin.post("/reservations/<int:reservation_id>/seen", endpoint="see_modified")
@needs(Role.STAFF)
def see_modified_(reservation_id: int) -> AnyResponse:
    """Take it that the host has looked at what the channel changed."""
    return _done(
        reservation_id,
        Forms(),
        lambda session, host: corrections.see_modified(
            session, host, reservation_id, seals=seals(), now=now()
        ),
    )


@admin.post("/reservations/<int:reservation_id>/undo")
@needs(Role.STAFF)
def undo_change(reservation_id: int) -> AnyResponse:
    """Take back what was done last."""
    change_id = request.form.get("change", type=int) or 0

    def take_it_back(session: Session, host: Host) -> Reservation:
        stay = reservation_of(session, host, reservation_id)
        if take_back(session, host, change_id, seals=seals(), now=now()) is None:
            raise CannotUndo(_("There is nothing of the last 10 minutes to take back."))
        return stay

    answer = _done(reservation_id, Forms(), take_it_back)
    if answer.status_code == 303:
        flash(_("Taken back."), "good")
    return answer


def _done(
    reservation_id: int, forms: Forms, doing: Doing, field: Field | None = None
) -> AnyResponse:
    """Do it whole or not at all; go to the reservation that it left, or say why it cannot be.

    `field`: what is said under, when the form comes back.
    """
    try:
        with transaction() as session:
            shown_id = doing(session, the_host(session)).id
    except DomainError as fault:
        forms.asks_if_sure = isinstance(fault, IsSomebody)
        if field is not None:
            field.errors = [fault.message]
        problem = fault.message if field is None else None
        return show_reservation(reservation_id, forms=forms, problem=problem, status=422)
    return back_to(shown_id)
