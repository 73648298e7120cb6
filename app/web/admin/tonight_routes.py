"""Whether today's and tomorrow's arrivals will work: the board, all evidence, and the buttons."""

from flask import (
    Response,
    abort,
    current_app,
    flash,
    make_response,
    redirect,
    render_template,
    request,
)
from flask import url_for as url
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from app.db import reading, transaction
from app.models import Reservation, Role
from app.services.code_retries import retry_code
from app.services.door_syncs import order_syncs, sync_soon
from app.services.history import by_host
from app.services.lock_notices import may_refresh_doors
from app.services.reservations import CannotChange, send_link
from app.services.tonight import tonight as gather
from app.web.admin.blueprint import admin, now, the_host, the_house
from app.web.admin.door_routes import the_door
from app.web.admin.reservation_routes import code_of
from app.web.admin.sessions import current, needs
from app.web.admin.tonight_view import tonight_board, tonight_page
from app.web.htmx import page_or_partial, wants_partial

EVIDENCE = "readiness"
"""The id of the part of the evidence page that changes; a press there is answered with it."""


@admin.get("/tonight")
@needs(Role.VIEWER)
def tonight() -> Response:
    """Show every condition of every arrival."""
    return _evidence()


@admin.get("/tonight/board", endpoint="tonight_board")
@needs(Role.CLEANER)
def board_part() -> AnyResponse:
    """Show the board alone, which asks for itself."""
    if not wants_partial():
        return redirect(url(".today"))
    return _board()


@admin.post("/tonight/codes/<int:code_id>", endpoint="tonight_code")
@needs(Role.STAFF)
def retry(code_id: int) -> AnyResponse:
    """Order a code that is not on its lock once more."""
    at = now()
    with transaction() as session:
        code = code_of(session, code_id)
        retry_code(session, code, now=at, actor=by_host(current().id))
    return _answer(note=_("We are trying again now."))


@admin.post("/tonight/<int:reservation_id>/link", endpoint="tonight_link")
@needs(Role.STAFF)
def link(reservation_id: int) -> AnyResponse:
    """Send the guest the link to their page."""
    try:
        with transaction() as session:
            stay = session.get(Reservation, reservation_id)
            if stay is None or stay.property_id != current().property_id:
                abort(404)
            send_link(session, the_host(session), reservation_id, now=now())
    except CannotChange as fault:
        return _answer(problem=fault.message)
    return _answer(note=_("The link is on its way."))


@admin.post("/tonight/doors", endpoint="tonight_doors")
@needs(Role.STAFF)
def doors() -> AnyResponse:
    """Have the lock services asked how batteries and gateways are, without waiting for it."""
    with transaction() as session:
        is_time = may_refresh_doors(session, now())
    if not is_time:
        return _answer(note=_("Asked less than a minute ago; what was answered is shown here."))
    current_app.extensions["doorbell"].ask_for_doors()
    return _answer(note=_("Asked. What the locks say shows here in a few seconds."))


@admin.post("/tonight/doors/<int:door_id>/zone", endpoint="tonight_zone")
@needs(Role.STAFF)
def zone(door_id: int) -> AnyResponse:
    """Have a lock that was set to another time zone looked at, without waiting for it."""
    at = now()
    with transaction() as session:
        sync_soon(session, [the_door(session, door_id).id], at)
        order_syncs(session, at)
    return _answer(note=_("Asked. What the lock service says shows here in a few seconds."))


def _answer(*, note: str | None = None, problem: str | None = None) -> AnyResponse:
    """Answer a press: what it changed in place for htmx, else the page it came from."""
    on_evidence = EVIDENCE in (request.headers.get("HX-Target"), request.form.get("back"))
    if wants_partial():
        show = _evidence if on_evidence else _board
        return show(note=note, problem=problem)
    flash(note or problem or "", "good" if note else "bad")
    return redirect(url(".tonight" if on_evidence else ".today"), 303)


def _board(*, note: str | None = None, problem: str | None = None) -> Response:
    at = now()
    with reading() as session:
        house = the_house(session)
        found = gather(session, house, at)
        board = tonight_board(house, found, current(), at, note=note, problem=problem)
        page = render_template("admin/today/_tonight.html", board=board)
    return make_response(page, 422 if problem else 200)


def _evidence(*, note: str | None = None, problem: str | None = None) -> Response:
    at = now()
    with reading() as session:
        house = the_house(session)
        found = gather(session, house, at)
        readiness = tonight_page(house, found, current(), at, note=note, problem=problem)
        return page_or_partial(
            "admin/tonight/show.html",
            "admin/tonight/_readiness.html",
            partial_status=422 if problem else 200,
            readiness=readiness,
        )
