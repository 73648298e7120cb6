"""The phones: what is typed on them, what becomes of texts to them, and where Twilio posts."""

from flask import Blueprint, Response, jsonify

from simulator.control.asking import Unclear, asked
from simulator.texts.inbound import hand_over, text_in
from simulator.texts.phones import tell
from simulator.texts.webhooks import PATIENCE
from simulator.ttlock import the_world

phones = Blueprint("control_phones", __name__, url_prefix="/control")

MOST_TIMES = 50


@phones.post("/texts")
def text() -> Response:
    """Text our number: `from`, `body`; `sid`, `times` the same post, `sign`, form `fields`.

    The answer has the webhook's last `status` (null: no answer) and `body`, and all `answers`.
    """
    world, told = the_world(), asked("from", "body")
    times, sign = told.get("times", 1), told.get("sign", True)
    if type(times) is not int or not 1 <= times <= MOST_TIMES:
        raise Unclear(f"times is a number from 1 to {MOST_TIMES}.")
    if sign not in (True, False, "wrong"):
        raise Unclear('sign is true, false or "wrong".')
    kept = text_in(world, str(told["from"]), str(told["body"]), str(told.get("sid") or ""))
    fields = {name: str(value) for name, value in (told.get("fields") or {}).items()}
    answers = [hand_over(world, kept, sign=sign, fields=fields) for _ in range(times)]
    shown = [{"status": one.status, "body": one.body} for one in answers]
    return jsonify(sid=kept["sid"], **shown[-1], answers=shown)


@phones.post("/phones/<number>")
def phone(number: str) -> Response:
    """Say what becomes of texts to a phone: `outcome`, `error_code`, `opted_out`."""
    return jsonify(tell(the_world(), number, asked()))


@phones.post("/webhook")
def webhook() -> Response:
    """Say where texts typed on phones are posted (`url`), and for how long Twilio waits."""
    world, told = the_world(), asked("url")
    seconds = told.get("seconds", PATIENCE)
    if not isinstance(seconds, int | float) or not 0 < seconds <= PATIENCE:
        raise Unclear(f"seconds is a number, {PATIENCE:.0f} at most.")
    with world.guard:
        world.data["webhook"] = str(told["url"] or "")
        world.data["webhook_seconds"] = seconds
        world.changed()
    return jsonify(url=world.data["webhook"])
