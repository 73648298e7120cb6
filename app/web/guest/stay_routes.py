"""The stay page: all rooms and doors, live, and the Unlock buttons."""

from datetime import datetime

from flask import (
    Response,
    abort,
    flash,
    g,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from flask_babel import gettext as _
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as AnyResponse

from app.db import reading, transaction
from app.models import Guest
from app.services.guests import guest_by_link
from app.services.unlocks import MayNotOpenError, request_by_guest
from app.web.guest.blueprint import guest, now, seals
from app.web.guest.pages import Pace
from app.web.guest.stay_view import StayView
from app.web.htmx import STOP_POLLING, wants_partial


@guest.get("/stay/<token>")
def stay(token: str) -> AnyResponse:
    """Show the stay; for htmx its panel alone, and 204 when that says what it said before."""
    with reading() as session:
        view = _view(session, token, now())
        panel = view.panel()
        if not wants_partial():
            page = view.page()
            is_seen = view.guest.page_seen_at is not None
            show = render_template(
                "guest/stay/show.html", page=page, house=page.house, is_seen=is_seen
            )
            return make_response(show)
        if request.args.get("seen") == panel.seen:
            return Response(status=204)
        status = STOP_POLLING if panel.pace == Pace.STOPPED else 200
        return make_response(render_template("guest/stay/changed.html", panel=panel), status)


@guest.post("/stay/<token>/doors/<int:door_id>/unlock")
def unlock(token: str, door_id: int) -> AnyResponse:
    """Take a tap: the door opens by a worker, the answer comes at once."""
    at = now()
    try:
        with transaction() as session:
            known = _guest(session, token)
            request_by_guest(session, known, door_id, at)
    except MayNotOpenError:
        if not wants_partial():
            flash(_("This door does not open for you now."), "bad")
            return redirect(url_for(".stay", token=token), 303)
        abort(404)
    if not wants_partial():
        return redirect(url_for(".stay", token=token), 303)
    return _unlock_partial(token, door_id, at)


@guest.get("/stay/<token>/doors/<int:door_id>/unlock")
def unlock_status(token: str, door_id: int) -> AnyResponse:
    """Tell how far the unlock is."""
    if not wants_partial():
        return redirect(url_for(".stay", token=token))
    return _unlock_partial(token, door_id, now())


def _unlock_partial(token: str, door_id: int, at: datetime) -> Response:
    with reading() as session:
        view = _view(session, token, at)
        found = view.door(door_id)
        if found is None:
            abort(404)
        shown = view.unlock(found[0])
        page = render_template("guest/stay/_unlock.html", unlock=shown, token=token)
        return make_response(page)


def _view(session: Session, token: str, at: datetime) -> StayView:
    return StayView(session, _guest(session, token), token, seals=seals(), now=at)


def _guest(session: Session, token: str) -> Guest:
    known = guest_by_link(session, token)
    if known is None:
        abort(404)
    g.language = known.language
    return known
