"""The phones: what was texted, and a field to text from each."""

import threading
from typing import Any

from flask import Blueprint, abort, request
from werkzeug.wrappers import Response

from simulator.page.parts import View, answer, only_from_here
from simulator.page.words import clock_time, linked
from simulator.texts.inbound import hand_over, text_in
from simulator.texts.phones import NotAPhone, is_opted_out, names
from simulator.texts.rows import Text
from simulator.ttlock import the_world
from simulator.world import World

phones = Blueprint("phones_page", __name__)
phones.before_request(only_from_here)

PATIENCE = 2.0
"""How many seconds a press waits for the app's answer, which may come later, too."""
KEPT = "Twilio keeps it, and Latchkey fetches it later."
WEBHOOKS = {
    "sending": "On its way to Latchkey…",
    "taken": "",
    "silent": f"Latchkey did not answer; {KEPT}",
    "refused": f"Latchkey could not take it ({{status}}); {KEPT}",
    "unreadable": "Latchkey’s answer cannot be read; Twilio sends nothing back.",
    "nowhere": f"Twilio knows no address of Latchkey’s for texts; {KEPT}",
}
STATUSES = {
    "undelivered": "Did not arrive ({error})",
    "failed": "Was not sent ({error})",
    "delivered": "",
}


@phones.post("/phones/<digits>/texts")
def text(digits: str) -> Response:
    """Text from a phone."""
    world, number = the_world(), f"+{digits}"
    body = request.form.get("body", "").replace("\r\n", "\n").strip("\n")
    with world.guard:
        if number not in names(world):
            abort(404)
    problem = "" if body.strip() else "Write something first."
    try:
        if not problem:
            _send(world, number, body)
    except NotAPhone as fault:
        problem = str(fault)
    world.said[number] = {"problem": problem, "typed": body if problem else ""}
    return answer("phones", phones_view(world), anchor=f"phone-{digits}", at=digits)


def phones_view(world: World) -> View:
    with world.guard:
        found = [_phone(world, number, name) for number, name in names(world).items()]
        hosts = {phone["number"] for phone in world.house.phones}
        texts = [text for text in world.data["texts"] if text["to"] in hosts]
        last = texts[-1] if texts else None
        news = f"{names(world)[last['to']]}’s phone: {last['body']}" if last else ""
        return {"phones": found, "news": news}


def _send(world: World, number: str, body: str) -> None:
    kept = text_in(world, number, body)
    handing = threading.Thread(target=hand_over, args=(world, kept), daemon=True)
    handing.start()
    handing.join(PATIENCE)


def _phone(world: World, number: str, name: str) -> dict[str, Any]:
    texts = [one for one in world.data["texts"] if number in (one["from"], one["to"])]
    return {
        "number": number,
        "digits": number.removeprefix("+"),
        "name": name,
        "bubbles": [_bubble(world, one) for one in texts],
        "sent": sum(one["direction"] == "inbound" for one in texts),
        "is_opted_out": is_opted_out(world, number),
        "said": world.said.get(number, {}),
    }


def _bubble(world: World, text: Text) -> dict[str, Any]:
    """Show a text as on the phone: what its owner wrote is theirs, with what became of it."""
    is_theirs = text["direction"] == "inbound"
    if is_theirs:
        note = WEBHOOKS[text["webhook"]].format(status=text.get("webhook_status"))
        is_bad = text["webhook"] not in ("sending", "taken")
    else:
        note = STATUSES.get(text["status"], "On its way…").format(error=text["error_code"])
        is_bad = text["error_code"] is not None
    return {
        "is_theirs": is_theirs,
        "who": "" if is_theirs else text["by"].capitalize(),
        "html": linked(text["body"]),
        "time": clock_time(world, text["created"]),
        "note": note,
        "is_bad": is_bad,
    }
