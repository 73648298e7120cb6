"""Joins the guest blueprint's routes."""

from app.web.guest import check_in_routes, stay_routes
from app.web.guest.blueprint import guest

__all__ = ["check_in_routes", "guest", "stay_routes"]
