"""The guest's blueprint; its routes are in `check_in_routes` and `stay_routes`."""

from flask import Blueprint, current_app, url_for

from app.clock import now as now
from app.models import Guest
from app.seals import Seals
from app.web.language import take_choice

guest = Blueprint("guest", __name__)
guest.before_request(take_choice)


def seals() -> Seals:
    found: Seals = current_app.extensions["seals"]
    return found


def stay_url(known: Guest) -> str:
    """Return the address of the guest's stay page; whoever has it is the guest."""
    return url_for("guest.stay", token=seals().link_token(known.link_seed))
