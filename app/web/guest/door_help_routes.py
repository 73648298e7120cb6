"""My door does not open: what the lock says, what to do, and whom to call."""

from datetime import datetime

from flask import Response, abort, flash, g, make_response, request, url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as AnyResponse

from app.db import reading, transaction
from app.models import DoorHelp, Guest
from app.services.door_help import (
    AskedTooOftenError,
    HelpEnd,
    NotTheirDoorError,
    ask_for_help,
    close_help,
    open_help,
    tell_hosts,
)
from app.services.guests import guest_by_link
from app.services.history import by_guest
from app.services.lanes import hold_property
from app.web.guest.blueprint import guest, now, seals
from app.web.guest.door_help_view import door_help_view
from app.web.guest.pages import Pace
from app.web.htmx import STOP_POLLING, go_to, page_or_partial, wants_partial


@guest.get("/stay/<token>/doors/<int:door_id>/help")
def door_help(token: str, door_id: int) -> AnyResponse:
    """Show what is known of the door; for htmx the panel alone, 204 when it says the same."""
    return _shown(token, door_id, now(), is_poll="seen" in request.args)


@guest.post("/stay/<token>/doors/<int:door_id>/help")
def ask_for_door_help(token: str, door_id: int) -> AnyResponse:
    """Have the lock looked at."""
    at = now()
    try:
        with transaction() as session:
            ask_for_help(session, _guest(session, token), door_id, at)
    except NotTheirDoorError:
        abort(404)
    except AskedTooOftenError:
        flash(_("We have looked many times now. Please phone your host."), "bad")
        return go_to(url_for(".door_help", token=token, door_id=door_id))
    return _after_post(token, door_id, at)


@guest.post("/stay/<token>/doors/<int:door_id>/help/host")
def call_host(token: str, door_id: int) -> AnyResponse:
    """Text the hosts the whole story, now."""
    at = now()
    with transaction() as session:
        known, asked = _asked(session, token, door_id)
        if asked is not None:
            tell_hosts(session, asked, at, actor=by_guest(known.id))
    return _after_post(token, door_id, at)


@guest.post("/stay/<token>/doors/<int:door_id>/help/closing")
def door_is_open(token: str, door_id: int) -> AnyResponse:
    """Take the guest's word that it is open."""
    with transaction() as session:
        known, asked = _asked(session, token, door_id)
        if asked is not None:
            close_help(session, asked, HelpEnd.GUEST, now(), by_guest(known.id))
    flash(_("Good. Come in, and sleep well."), "good")
    return go_to(url_for(".stay", token=token))


def _after_post(token: str, door_id: int, at: datetime) -> AnyResponse:
    if wants_partial():
        return _shown(token, door_id, at)
    return go_to(url_for(".door_help", token=token, door_id=door_id))


def _shown(token: str, door_id: int, at: datetime, *, is_poll: bool = False) -> Response:
    with reading() as session:
        known = _guest(session, token)
        view = door_help_view(session, known, door_id, token, seals=seals(), now=at)
        if view is None:
            abort(404)
        panel = view.panel()
        if is_poll and wants_partial() and request.args["seen"] == panel.seen:
            return make_response("", 204)
        return page_or_partial(
            "guest/door_help/show.html",
            "guest/door_help/_help_panel.html",
            partial_status=STOP_POLLING if is_poll and panel.pace == Pace.STOPPED else 200,
            panel=panel,
            house=panel.house,
        )


def _asked(session: Session, token: str, door_id: int) -> tuple[Guest, DoorHelp | None]:
    """Return the guest, and their open asking at the door, with the property held."""
    known = _guest(session, token)
    hold_property(session, known.property_id)
    return known, open_help(session, known, door_id)


def _guest(session: Session, token: str) -> Guest:
    known = guest_by_link(session, token)
    if known is None:
        abort(404)
    g.language = known.language
    return known
