"""A host has seen to a guest's door: the asking is closed."""

from flask import abort, redirect, url_for
from sqlalchemy import select
from sqlalchemy.orm import joinedload
from werkzeug.wrappers import Response as AnyResponse

from app.db import transaction
from app.models import DoorHelp, Role
from app.services.door_help import HelpEnd, close_help
from app.services.history import by_host
from app.services.lanes import hold_property
from app.web.admin.blueprint import admin, now
from app.web.admin.sessions import current, needs
from app.web.admin.today_routes import attention
from app.web.htmx import wants_partial


@admin.post("/door-helps/<int:help_id>/closing")
@needs(Role.STAFF)
def close_door_help(help_id: int) -> AnyResponse:
    """Close it; for htmx answer with what still needs somebody."""
    with transaction() as session:
        hold_property(session, current().property_id)
        found = select(DoorHelp).where(DoorHelp.id == help_id)
        asked = session.scalar(found.options(joinedload(DoorHelp.door)))
        if asked is None or asked.property_id != current().property_id:
            abort(404)
        close_help(session, asked, HelpEnd.HOST, now(), by_host(current().id))
    if wants_partial():
        answer: AnyResponse = attention()
        return answer
    return redirect(url_for(".today"), 303)
