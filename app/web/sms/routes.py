"""What Twilio tells us."""

import logging
import re

from flask import Blueprint, Response, abort, current_app, request
from twilio.twiml.messaging_response import MessagingResponse
from werkzeug.datastructures import MultiDict

from app.clock import now
from app.db import transaction
from app.ports.sms.signature import is_signed_by_twilio
from app.ports.sms.twilio_errors import delivery_fault
from app.services.deliveries import record_delivery
from app.services.inbound import InboundText, take_text
from app.web.security import csrf
from config import Settings

logger = logging.getLogger(__name__)

SID = re.compile(r"[A-Z]{2}[0-9A-Za-z]{4,62}")
NUMBER = re.compile(r"\+[1-9]\d{6,14}")
NO_REPLY = str(MessagingResponse())
MOST = 2000
"""Characters kept of a text; Twilio takes 1,600."""

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


@sms.post("/inbound")
def inbound() -> Response:
    """Store a text from a host; it is read, and answered, by a worker.

    Whoever may not command gets no reply. What cannot be stored is not lost: texts that we have not
    seen are fetched every few minutes.
    """
    text = _text_of(request.form)
    if text is not None:
        with transaction() as session:
            take_text(session, text, now=now())
    return Response(NO_REPLY, mimetype="text/xml")


def _text_of(form: MultiDict[str, str]) -> InboundText | None:
    """Return the text, where its fields have the shapes of one sent to us."""
    settings: Settings = current_app.extensions["settings"]
    twilio = settings.twilio
    sid, sender = form.get("MessageSid", ""), form.get("From", "")
    if twilio is None or form.get("AccountSid", twilio.account_sid) != twilio.account_sid:
        logger.warning("text of another account")
        return None
    if twilio.sender.startswith("+") and form.get("To", twilio.sender) != twilio.sender:
        logger.warning("text to another number")
        return None
    if not SID.fullmatch(sid) or not NUMBER.fullmatch(sender):
        logger.warning("text that is none of a phone", extra={"sid": sid[:40]})
        return None
    return InboundText(sid, sender, form.get("Body", "")[:MOST], form.get("OptOutType"))


@sms.post("/status")
def status() -> Response:
    """Take note of what became of a text; reports come late, twice and out of order."""
    sid, state = request.form.get("MessageSid", ""), request.form.get("MessageStatus", "")
    if not SID.fullmatch(sid):
        logger.warning("report on no text")
        return Response(status=204)
    fault = delivery_fault(request.form.get("ErrorCode"))
    with transaction() as session:
        record_delivery(session, sid, state, fault, now=now())
    return Response(status=204)
