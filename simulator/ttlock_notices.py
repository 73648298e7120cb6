"""TTLock's posts to the one callback URL of an application: forms, unsigned.

What the vendor's pages tell (cloud/lockRecord/notify, cloud/gateway/gatewayNotify): the answer
must be `success`, and a gateway's absence is told about half an hour late. How often a post is
repeated they do not tell; here it is a few times.
"""

import json
import threading
import time
from typing import Any
from urllib.parse import urlencode

from simulator.posting import post
from simulator.world import World

RECORDS, GATEWAY = 1, 2
"""notifyType."""
MOST_TRIES = 4
PATIENCE = 5.0
LOOK_SECONDS = 0.1
TOLD = (
    "lockId", "recordType", "recordTypeFromLock", "success", "username", "keyboardPwd",
    "lockDate", "serverDate",
)  # fmt: skip
"""What a notice tells of a record: not its id."""

_posting = threading.Lock()


def tell_of_records(world: World, lock_id: str, rows: list[dict[str, Any]]) -> None:
    """Put new lines of a lock's log on their way; `guard` is held."""
    told = world.data["ttlock"]
    if not told["callback_url"]:
        return
    lock = world.data["locks"][lock_id]
    shown = [{**{key: row[key] for key in TOLD}, "lockMac": mac(lock_id)} for row in rows]
    form = {
        "notifyType": RECORDS, "lockId": lock_id, "lockMac": mac(lock_id),
        "records": json.dumps([{**row, "electricQuantity": lock["battery"]} for row in shown]),
    }  # fmt: skip
    _set_out(world, told["record_notice_seconds"], form=form)


def tell_of_gateway(world: World, gateway_id: str) -> None:
    """Put it on its way that a gateway is there, or is not, if it then still is so."""
    told, gateway = world.data["ttlock"], world.data["gateways"][gateway_id]
    if not told["callback_url"]:
        gateway["told_online"] = gateway["online"]
        return
    late = 0 if gateway["online"] else told["gateway_notice_seconds"]
    _set_out(world, late, gateway_id=gateway_id)


def deliver_due(world: World) -> None:
    """Post what is due, each once; `guard` must not be held, as the app may call back."""
    with _posting:
        with world.guard:
            now = world.now().timestamp()
            due = [one for one in world.data["notices"] if one["due"] <= now]
        for notice in due:
            _deliver(world, notice)


def start(world: World) -> None:
    """Deliver from now on, in a thread of its own."""

    def go_round() -> None:
        while True:
            time.sleep(LOOK_SECONDS)
            deliver_due(world)

    threading.Thread(target=go_round, daemon=True).start()


def mac(number: str) -> str:
    """Return the address of a lock or gateway."""
    return ":".join(f"{int(number):012X}"[at : at + 2] for at in range(0, 12, 2))


def _set_out(world: World, late_seconds: float, **what: Any) -> None:
    due = world.now().timestamp() + late_seconds
    world.data["notices"].append({"id": world.next_id(), "due": due, "tries": 0, **what})
    world.changed()


def _deliver(world: World, notice: dict[str, Any]) -> None:
    with world.guard:
        told_in = world.data
        url, form = world.data["ttlock"]["callback_url"], _form(world, notice)
    is_taken = not url or form is None
    if not is_taken:
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        body = urlencode({"admin": world.house.account["username"], **(form or {})})
        answer = post(url, body.encode(), headers, PATIENCE)
        is_taken = answer.is_good and answer.body == "success"
    with world.guard:
        notice["tries"] += 1
        notice["due"] = world.now().timestamp() + world.data["ttlock"]["retry_seconds"]
        if is_taken and form is not None and "gateway_id" in notice:
            gateway = told_in["gateways"][notice["gateway_id"]]
            gateway["told_online"] = form["isOnline"] == 1
        if (is_taken or notice["tries"] >= MOST_TRIES) and notice in told_in["notices"]:
            told_in["notices"].remove(notice)
        world.changed()


def _form(world: World, notice: dict[str, Any]) -> dict[str, Any] | None:
    """Return what to post; None when there is nothing to tell any more."""
    if "form" in notice:
        form: dict[str, Any] = notice["form"]
        return form
    gateway_id = notice["gateway_id"]
    gateway = world.data["gateways"][gateway_id]
    if gateway["online"] == gateway["told_online"]:
        return None
    return {
        "notifyType": GATEWAY, "gatewayId": gateway_id, "gatewayName": gateway["name"],
        "gatewayMac": mac(gateway_id), "gatewayVersion": 2, "networkName": "house",
        "isOnline": int(gateway["online"]),
    }  # fmt: skip
