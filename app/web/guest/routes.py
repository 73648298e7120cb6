"""Joins the guest blueprint's routes."""

from app.web.guest import check_in_routes, claim_routes, door_help_routes, seen_routes, stay_routes
from app.web.guest.blueprint import guest

__all__ = [
    "check_in_routes",
    "claim_routes",
    "door_help_routes",
    "guest",
    "seen_routes",
    "stay_routes",
]
