"""The host's blueprint: everything under /admin is closed unless its view opens it."""

from typing import Any

from flask import Blueprint, current_app, g
from sqlalchemy.orm import Session

from app.clock import now as now
from app.models import Host, Property
from app.seals import Seals
from app.web.admin.sessions import current, guard

admin = Blueprint("admin", __name__, url_prefix="/admin")
admin.before_request(guard)


@admin.context_processor
def frame() -> dict[str, Any]:
    return {"frame": current().frame} if "host" in g else {}


def seals() -> Seals:
    found: Seals = current_app.extensions["seals"]
    return found


def the_host(session: Session) -> Host:
    """Return the signed-in host in this session."""
    return session.get_one(Host, current().id)


def the_house(session: Session) -> Property:
    """Return the signed-in host's property in this session."""
    return session.get_one(Property, current().property_id)
