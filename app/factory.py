"""create_app: the one place where blueprints, database, queue and ports are joined."""

import logging

from flask import Flask
from flask_migrate import Migrate
from werkzeug.middleware.proxy_fix import ProxyFix

from app.cli import register_commands
from app.db import db, init_db
from app.jobs.doorbell import Doorbell
from app.logs import init_logs
from app.seals import Seals
from app.web import register_web
from app.wiring import build_ports
from config import Settings

logger = logging.getLogger(__name__)

FORM_BYTES = 256 * 1024


def create_app(settings: Settings) -> Flask:
    """Build the app; connects to nothing yet."""
    app = Flask("app", root_path=_root(), template_folder="templates", static_folder="static")
    app.config.update(
        SECRET_KEY=settings.secret_key,
        MAX_CONTENT_LENGTH=FORM_BYTES,
        SESSION_COOKIE_NAME="__Host-latchkey" if settings.is_https else "latchkey",
        SESSION_COOKIE_SECURE=settings.is_https,
        SESSION_COOKIE_SAMESITE="Lax",
        WTF_CSRF_TIME_LIMIT=None,
        WTF_CSRF_SSL_STRICT=False,
    )
    init_logs(app)
    if len(settings.secret_key) < 32:
        logger.warning("SECRET_KEY is short; use 32 random characters or more in production")
    app.extensions["settings"] = settings
    app.extensions["seals"] = Seals(settings.codes_keys, settings.secret_key)
    app.extensions["doorbell"] = Doorbell(settings.redis_url)
    init_db(app, settings.database_url)
    Migrate(app, db, directory="migrations")
    app.extensions["ports"] = build_ports(settings, app)
    register_web(app, settings)
    register_commands(app)
    if settings.trusted_proxies:
        count = settings.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=count, x_proto=count)  # type: ignore[method-assign]
    return app


def _root() -> str:
    from pathlib import Path

    return str(Path(__file__).parent.parent)
