"""What Twilio tells us."""

import logging
from datetime import UTC, datetime

from flask import Blueprint, Response, abort, current_app, request

from app.db import transaction
from app.ports.sms.signature import is_signed_by_twilio
from app.services.deliveries import record_delivery
from app.web.security import csrf
from config import Settings

logger = logging.getLogger(__name__)

sms = Blueprint("sms", __name__, url_prefix="/sms")
csrf.exempt(sms)


@sms.before_request
def only_twilio() -> None:
    """Refuse what does not bear Twilio's signature over our public address."""
    settings: Settings = current_app.extensions["settings"]
    if settings.twilio is None:
        abort(404)
    query = request.query_string.decode("ascii", "replace")
    url = settings.public_url + request.path + (f"?{query}" if query else "")
    signature = request.headers.get("X-Twilio-Signature")
    if not is_signed_by_twilio(url, request.form, signature, [settings.twilio.auth_token]):
        logger.warning("text webhook without a valid signature", extra={"path": request.path})
        abort(403)


@sms.post("/status")
def status() -> Response:
    """Take note of what became of a text; reports come late, twice and out of order."""
    with transaction() as session:
        record_delivery(
            session,
            request.form.get("MessageSid", ""),
            request.form.get("MessageStatus", ""),
            request.form.get("ErrorCode"),
            now=datetime.now(UTC),
        )
    return Response(status=204)
