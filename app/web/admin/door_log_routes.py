"""The page of one door: how its lock is, and who opened it when."""

import re

from flask import Response, make_response, render_template, request

from app.db import reading
from app.models import Role
from app.web.admin.blueprint import admin, now, the_house
from app.web.admin.door_log_view import door_page
from app.web.admin.door_routes import one_row, the_door
from app.web.admin.sessions import current, needs

PAGE_NUMBER = re.compile(r"[1-9][0-9]{0,4}")


@admin.get("/doors/<int:door_id>")
@needs(Role.CLEANER)
def door(door_id: int) -> Response:
    """Show one door, with a page of its log; the newest lines first."""
    at = now()
    with reading() as session:
        house = the_house(session)
        one = the_door(session, door_id)
        row = one_row(session, house, one, at)
        page = door_page(session, house, one, row, current(), at, page=_page())
        return make_response(render_template("admin/doors/show.html", page=page))


def _page() -> int:
    asked = request.args.get("page", "")
    return int(asked) if PAGE_NUMBER.fullmatch(asked) else 1
