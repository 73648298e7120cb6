"""Joins the admin blueprint's routes, which live in one file per page."""

from app.web.admin import (
    door_routes,
    feed_routes,
    reservation_routes,
    session_routes,
    settings_routes,
    today_routes,
)
from app.web.admin.blueprint import admin

__all__ = [
    "admin",
    "door_routes",
    "feed_routes",
    "reservation_routes",
    "session_routes",
    "settings_routes",
    "today_routes",
]
