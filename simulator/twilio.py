"""Twilio's REST API for messages, and the phones the texts arrive on."""

import base64
import datetime
import hashlib
import hmac
import re
import secrets
import threading
import time
import urllib.parse
import urllib.request
from email.utils import format_datetime, parsedate_to_datetime
from typing import Any

from flask import Blueprint, Response, jsonify, request

from simulator import faults
from simulator.ttlock import the_world
from simulator.world import World

twilio = Blueprint("twilio", __name__, url_prefix="/twilio")

REFUSED = {  # the vendor's magic numbers for tests
    "+15005550001": (21211, "The 'To' number is not a valid phone number."),
    "+15005550002": (21612, "The 'To' number cannot be reached from this 'From' number."),
    "+15005550003": (21408, "Permission to send to this region has not been enabled."),
    "+15005550004": (21610, "The recipient has unsubscribed."),
    "+15005550009": (21614, "The 'To' number is not a mobile number."),
}
SENDERS_REFUSED = {
    "+15005550001": (21212, "The 'From' number is not valid."),
    "+15005550007": (21606, "The 'From' number is not owned by the account."),
    "+15005550008": (21611, "The queue of the 'From' number is full."),
}
BASE = "/2010-04-01/Accounts/<sid>"


@twilio.post(f"{BASE}/Messages.json")
def create(sid: str) -> Response:
    world, form = the_world(), request.form
    fault = faults.fault_for(world, "twilio", "Messages.json", None, None)
    if (early := faults.before(fault)) is not None:
        return early
    if (refused := _refused(world, sid)) is not None:
        return refused
    if fault is not None and fault["kind"] == "errcode":
        return _error(int(fault["errcode"]), "as told")
    to, sender = form.get("To", ""), form.get("From") or form.get("MessagingServiceSid", "")
    for code, message in filter(None, (SENDERS_REFUSED.get(sender), REFUSED.get(to))):
        return _error(code, message)
    if not re.fullmatch(r"\+[1-9]\d{6,14}", to):
        return _error(21211, "The 'To' number is not a valid phone number.")
    body = form.get("Body", "")
    if not body or len(body) > 1600:
        return _error(21602 if not body else 21617, "The message body is empty or too long.")
    with world.guard:
        text = {
            "sid": f"SM{secrets.token_hex(16)}", "to": to, "from": sender, "body": body,
            "status": "queued", "created": world.now().timestamp(),
        }  # fmt: skip
        world.data["texts"].append(text)
        world.changed()
    if callback := form.get("StatusCallback"):
        threading.Thread(target=_report, args=(world, text, callback), daemon=True).start()
    return faults.after(fault, _shown(world, text, 201))


@twilio.get(f"{BASE}/Messages.json")
def listed(sid: str) -> Response:
    world, wanted = the_world(), request.args
    if (refused := _refused(world, sid)) is not None:
        return refused
    texts = [t for t in reversed(world.data["texts"]) if wanted.get("To") in (None, t["to"])]
    if after := wanted.get("DateSent>"):
        since = parsedate_to_datetime(after).timestamp() if "," in after else _iso(after)
        texts = [text for text in texts if text["created"] >= since]
    rows = [_as_json(world, text) for text in texts]
    return jsonify(messages=rows, page=0, page_size=50, next_page_uri=None, uri="", start=0,
                   first_page_uri="", previous_page_uri=None, end=len(rows))  # fmt: skip


def _iso(text: str) -> float:
    moment = datetime.datetime.fromisoformat(text.replace("Z", "+00:00"))
    return moment.replace(tzinfo=moment.tzinfo or datetime.UTC).timestamp()


def _refused(world: World, sid: str) -> Response | None:
    account, given = world.house.twilio, request.authorization
    if given is None or (given.username, given.password) != (
        account["account_sid"],
        account["auth_token"],
    ):
        return _error(20003, "Authenticate", 401)
    return None if sid == account["account_sid"] else _error(20404, "Not found", 404)


def _error(code: int, message: str, status: int = 400) -> Response:
    answer = jsonify(code=code, message=message, more_info="", status=status)
    answer.status_code = status
    return answer


def _shown(world: World, text: dict[str, Any], status: int) -> Response:
    answer = jsonify(_as_json(world, text))
    answer.status_code = status
    return answer


def _as_json(world: World, text: dict[str, Any]) -> dict[str, Any]:
    created = format_datetime(datetime.datetime.fromtimestamp(text["created"], datetime.UTC))
    return {
        "sid": text["sid"], "account_sid": world.house.twilio["account_sid"], "to": text["to"],
        "from": text["from"], "body": text["body"], "status": text["status"],
        "direction": "outbound-api", "num_segments": "1", "num_media": "0", "price": None,
        "error_code": None, "error_message": None, "date_created": created,
        "date_sent": created, "date_updated": created, "uri": "", "api_version": "2010-04-01",
        "messaging_service_sid": None, "price_unit": "USD", "subresource_uris": {},
    }  # fmt: skip


def _report(world: World, text: dict[str, Any], url: str) -> None:
    """Post signed status callbacks as the text travels."""
    for status in ("sent", "delivered"):
        time.sleep(0.3)
        with world.guard:
            text["status"] = status
            world.changed()
        form = {
            "MessageSid": text["sid"], "MessageStatus": status, "To": text["to"],
            "From": text["from"], "AccountSid": world.house.twilio["account_sid"],
        }  # fmt: skip
        post_signed(world, url, form)


def post_signed(world: World, url: str, form: dict[str, str]) -> None:
    """Post a form as Twilio does; an app that does not answer loses it."""
    text = url + "".join(f"{name}{form[name]}" for name in sorted(form))
    key = world.house.twilio["auth_token"].encode()
    signature = base64.b64encode(hmac.digest(key, text.encode(), hashlib.sha1)).decode()
    ask = urllib.request.Request(  # noqa: S310
        url, urllib.parse.urlencode(form).encode(), {"X-Twilio-Signature": signature}
    )
    try:
        with urllib.request.urlopen(ask, timeout=15):  # noqa: S310
            return
    except OSError:
        return
