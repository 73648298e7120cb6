"""Joins the admin blueprint's routes, which live in one file per page."""

from app.web.admin import (
    contact_routes,
    door_help_routes,
    door_log_routes,
    door_routes,
    export_routes,
    feed_routes,
    match_act_routes,
    match_routes,
    message_routes,
    reservation_correction_routes,
    reservation_routes,
    session_routes,
    settings_routes,
    staff_routes,
    today_routes,
    tonight_routes,
)
from app.web.admin.blueprint import admin

__all__ = [
    "admin",
    "contact_routes",
    "door_help_routes",
    "door_log_routes",
    "door_routes",
    "export_routes",
    "feed_routes",
    "match_act_routes",
    "match_routes",
    "message_routes",
    "reservation_correction_routes",
    "reservation_routes",
    "session_routes",
    "settings_routes",
    "staff_routes",
    "today_routes",
    "tonight_routes",
]
