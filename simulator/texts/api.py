"""Twilio's REST API for messages."""

import re
from collections.abc import Callable
from typing import Any

from flask import Blueprint, Response, jsonify, request

from simulator import faults
from simulator.texts.listing import BadQuery, chosen, page
from simulator.texts.phones import is_opted_out
from simulator.texts.rows import as_json, find, keep_outbound
from simulator.texts.travel import set_out
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
    "+15005550008": (21611, "The queue of the 'From' number is full."),
}
BASE = "/2010-04-01/Accounts/<sid>"


@twilio.post(f"{BASE}/Messages.json")
def create(sid: str) -> Response:
    return _played(sid, "Messages.json", _create)


@twilio.get(f"{BASE}/Messages.json")
def listed(sid: str) -> Response:
    return _played(sid, "Messages.json", _list)


@twilio.get(f"{BASE}/Messages/<message>.json")
def fetched(sid: str, message: str) -> Response:
    return _played(sid, "Messages", lambda world: _fetch(world, message))


def _played(sid: str, path: str, work: Callable[[World], Response]) -> Response:
    """Do one call with the faults that were told."""
    world = the_world()
    fault = faults.fault_for(world, "twilio", path, None, None)
    if (early := faults.before(fault)) is not None:
        return early
    if (refused := _refused(world, sid)) is not None:
        return refused
    if fault is not None and fault["kind"] == "errcode":
        return _error(int(fault["errcode"]), "as told", int(fault.get("status", 400)))
    return faults.after(fault, work(world))


def _create(world: World) -> Response:
    form, ours = request.form, world.house.twilio["from"]
    to, sender, service = (form.get(name, "") for name in ("To", "From", "MessagingServiceSid"))
    for code, message in filter(None, (SENDERS_REFUSED.get(sender), REFUSED.get(to))):
        return _error(code, message)
    if not sender and not re.fullmatch("MG[0-9a-f]{32}", service):
        return _error(21603, "A 'From' phone number is required.")
    if sender and sender != ours:
        return _error(21606, f"The 'From' number {sender} is not an SMS-capable number of yours.")
    if not re.fullmatch(r"\+[1-9]\d{6,14}", to):
        return _error(21211, "The 'To' number is not a valid phone number.")
    body = form.get("Body", "")
    if not body or len(body) > 1600:
        return _error(21602 if not body else 21617, "The message body is empty or too long.")
    with world.guard:
        if is_opted_out(world, to):
            return _error(21610, "Attempt to send to unsubscribed recipient")
        first = {"service": service, "status": "accepted"} if not sender else {}
        text = keep_outbound(world, to, body, callback=form.get("StatusCallback", ""), **first)
        shown = as_json(world, text)
    set_out(world, text)
    return _shown(shown, 201)


def _list(world: World) -> Response:
    asked = request.args.to_dict()
    address = f"/2010-04-01/Accounts/{world.house.twilio['account_sid']}/Messages.json"
    with world.guard:
        try:
            found = page(chosen(reversed(world.data["texts"]), asked), asked, address)
        except BadQuery as fault:
            return _error(20001, str(fault))
        rows = [as_json(world, text) for text in found["messages"]]
    return _shown({**found, "messages": rows}, 200)


def _fetch(world: World, sid: str) -> Response:
    with world.guard:
        text = find(world, sid)
        if text is None:
            return _error(20404, f"The requested resource {request.path} was not found", 404)
        return _shown(as_json(world, text), 200)


def _refused(world: World, sid: str) -> Response | None:
    account, given = world.house.twilio, request.authorization
    if given is None or (given.username, given.password) != (
        account["account_sid"],
        account["auth_token"],
    ):
        return _error(20003, "Authenticate", 401)
    return None if sid == account["account_sid"] else _error(20404, "Not found", 404)


def _error(code: int, message: str, status: int = 400) -> Response:
    return _shown({"code": code, "message": message, "more_info": "", "status": status}, status)


def _shown(body: dict[str, Any], status: int) -> Response:
    answer = jsonify(body)
    answer.status_code = status
    return answer
