"""Error pages: what happened, and what to do."""

import logging
import secrets

from flask import Flask, Response, make_response, render_template, request
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import OperationalError
from werkzeug.exceptions import HTTPException, InternalServerError

logger = logging.getLogger(__name__)

PAGES = {400, 403, 404, 405, 413, 422, 429, 500, 503}


def register_errors(app: Flask) -> None:
    """Give every kind of failure a page of its own."""

    @app.errorhandler(HTTPException)
    def failed(fault: HTTPException) -> Response:
        code = fault.code or 500
        return _page(code if code in PAGES else 404 if code < 500 else 500, code)

    @app.errorhandler(CSRFError)
    def expired(_fault: CSRFError) -> Response:
        # The form had been open for long, or cookies are off; what was typed is a "back" away.
        return _page(400, 400)

    @app.errorhandler(InternalServerError)
    def broken(fault: InternalServerError) -> Response:
        name = secrets.token_hex(4)
        cause = fault.original_exception
        logger.error(
            "page failed", extra={"error_id": name, "endpoint": request.endpoint}, exc_info=cause
        )
        if isinstance(cause, OperationalError):
            return _page(503, 503)
        return _page(500, 500, error_id=name)


def _page(page: int, status: int, **context: str) -> Response:
    return make_response(render_template(f"errors/{page}.html", **context), status)
