"""Web pages and webhooks: thin views over services."""

from typing import Any

from flask import Flask
from werkzeug.routing import IntegerConverter, Map

from app.web.admin.routes import admin
from app.web.errors import register_errors
from app.web.guest.routes import guest
from app.web.health.routes import health
from app.web.hooks.routes import hooks
from app.web.htmx import register_htmx
from app.web.language import register_language
from app.web.security import register_security
from app.web.sms.routes import sms
from config import Settings


class RowNumber(IntegerConverter):
    """A number in an address that can be a row's; a greater one is no page of ours."""

    def __init__(self, map: Map, *args: Any, **options: Any) -> None:
        super().__init__(map, *args, **{"max": 2**31 - 1, **options})


def register_web(app: Flask, settings: Settings) -> None:
    """Add the blueprints and what surrounds every page."""
    app.url_map.converters["int"] = RowNumber
    register_language(app)
    register_security(app, settings)
    register_htmx(app, settings)
    register_errors(app)
    for blueprint in (guest, admin, sms, hooks, health):
        app.register_blueprint(blueprint)
