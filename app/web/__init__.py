"""Web pages and webhooks: thin views over services."""

from flask import Flask

from app.web.admin.routes import admin
from app.web.errors import register_errors
from app.web.guest.routes import guest
from app.web.health.routes import health
from app.web.htmx import register_htmx
from app.web.language import register_language
from app.web.security import register_security
from app.web.sms.routes import sms
from config import Settings


def register_web(app: Flask, settings: Settings) -> None:
    """Add the blueprints and what surrounds every page."""
    register_language(app)
    register_security(app, settings)
    register_htmx(app, settings)
    register_errors(app)
    for blueprint in (guest, admin, sms, health):
        app.register_blueprint(blueprint)
