"""The messages page: what was said to whom, and whether it arrived."""

from dataclasses import dataclass
from datetime import datetime

from flask import Response, make_response, render_template
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app import wording
from app.db import reading
from app.models import Medium, Message, MessageState, Property, Role
from app.services.correspondence import Correspondence, correspondence
from app.web.admin.blueprint import admin, now, the_house
from app.web.admin.sessions import needs

TEMPLATES = {
    "stay_link": _l("The link to their page"),
    "check_in_link": _l("The link, to check in with"),
    "dates_changed": _l("New dates"),
    "rooms_changed": _l("Other rooms"),
    "rooms_confirmed": _l("Rooms confirmed"),
    "stay_cancelled": _l("Cancelled"),
    "questions": _l("Whose booking is it?"),
    "arrival_warning": _l("An arrival that needs a host"),
}


@dataclass(frozen=True)
class MessageLine:
    """One message, out or in."""

    at_text: str
    who: str
    address: str
    """The end of the number, or the mail address."""
    is_mail: bool
    is_inbound: bool
    says: str
    state: MessageState
    fault: str | None


@admin.get("/messages")
@needs(Role.VIEWER)
def messages() -> Response:
    """List the latest messages, newest first."""
    at = now()
    with reading() as session:
        house = the_house(session)
        found = correspondence(session, house)
        lines = [_line(one, found, house, at) for one in found.messages]
        return make_response(render_template("admin/messages/index.html", messages=lines))


def _line(one: Message, found: Correspondence, house: Property, at: datetime) -> MessageLine:
    is_mail = one.medium == Medium.EMAIL
    return MessageLine(
        at_text=wording.recently(one.sent_at or one.created_at, house.zone, at),
        who=_who(one, found),
        address=one.address if is_mail else f"…{one.address[-4:]}",
        is_mail=is_mail,
        is_inbound=one.state == MessageState.RECEIVED,
        says=one.body or str(TEMPLATES.get(one.template or "", one.template or "")),
        state=one.state,
        fault=one.fault if one.state == MessageState.FAILED else None,
    )


def _who(one: Message, found: Correspondence) -> str:
    if one.host_id is not None:
        host = found.hosts.get(one.host_id)
        return host.name if host is not None else str(_("a host"))
    guest = found.guests.get(one.guest_id or 0)
    return (guest.full_name or guest.reference) if guest is not None else str(_("a guest"))
