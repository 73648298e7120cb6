"""TTLock's cloud API v3, as its documentation and its public clients tell of it."""

import hashlib
import re
import time
from collections.abc import Callable
from typing import Any

from flask import Blueprint, Response, current_app, jsonify, request

from simulator import faults
from simulator.ttlock_calls import HANDLERS
from simulator.ttlock_quota import count_request, requests_this_month
from simulator.ttlock_radio import Answer, Refusal
from simulator.world import World

ttlock = Blueprint("ttlock", __name__, url_prefix="/ttlock")

CLOCK_MINUTES = 5
LIFE_SECONDS = 90 * 24 * 3600


def the_world() -> World:
    world: World = current_app.extensions["world"]
    return world


@ttlock.route("/oauth2/token", methods=["POST"])
def token() -> Response:
    return _played("oauth2/token", _token)


@ttlock.route("/v3/<path:path>", methods=["GET", "POST"])
def call(path: str) -> Response:
    if request.is_json:
        return Response("<html>Bad Request</html>", 400, mimetype="text/html")
    handler = HANDLERS.get(path)
    if handler is None:
        return Response("<html>Not Found</html>", 404, mimetype="text/html")
    return _played(path, lambda world, form: handler(world, _authorised(world, form)))


@ttlock.route("/app/getMonthRequestCount", methods=["POST"])
def count() -> Response:
    world = the_world()
    with world.guard:
        return jsonify(monthRequestCount=requests_this_month(world))


def _played(path: str, work: Callable[[World, dict[str, str]], Answer]) -> Response:
    """Do one call with the faults that were told, and note it."""
    world, form = the_world(), request.values.to_dict()
    lock_id = form.get("lockId")
    lock = world.data["locks"].get(lock_id or "", {})
    began, calls = time.time(), world.data["calls"]  # those of this world, should it be reset
    fault = faults.fault_for(world, "ttlock", path, lock_id, lock.get("gateway"))
    early = faults.before(fault)
    if early is not None:
        _note(world, calls, path, lock_id, began, str((fault or {}).get("kind")))
        return early
    kind = fault["kind"] if fault else None
    try:
        count_request(world)
        if fault is not None and kind == "errcode":
            raise _as_told(fault)
        if kind == "busy":
            raise Refusal(-3003, "the gateway is busy")
        answer = work(world, form)
        if fault is not None and kind == "errcode_after":
            raise _as_told(fault)
    except Refusal as refusal:
        answer = refusal.answer
    _note(world, calls, path, lock_id, began, str(answer.get("errcode", 0)))
    return faults.after(fault, jsonify(answer))


def _as_told(fault: dict[str, Any]) -> Refusal:
    return Refusal(int(fault["errcode"]), "as told")


def _note(
    world: World, calls: list[Answer], path: str, lock_id: str | None, began: float, outcome: str
) -> None:
    with world.guard:
        gateway = world.data["locks"].get(lock_id or "", {}).get("gateway")
        calls.append(
            {
                "service": "ttlock", "path": path, "lock_id": lock_id, "gateway": gateway,
                "began": began, "ended": time.time(), "outcome": outcome,
                "at": world.now().timestamp(),
            }
        )  # fmt: skip
        del calls[:-5000]


def _token(world: World, form: dict[str, str]) -> Answer:
    account = world.house.account
    client = form.get("clientId") or form.get("client_id")
    secret = form.get("clientSecret") or form.get("client_secret")
    if client != account["client_id"]:
        raise Refusal(10000, "client_id does not exist")
    if secret != account["client_secret"]:
        raise Refusal(10001, "invalid client")
    with world.guard:
        if form.get("grant_type") == "refresh_token":
            known = {one["refresh"] for one in world.data["tokens"].values()}
            if form.get("refresh_token") not in known:
                raise Refusal(10011, "invalid refresh_token")
        else:
            _check_password(form, account)
        number = world.next_id()
        access, refresh = (_hash(f"{kind}{number}{time.time()}") for kind in "ar")
        ends = world.now().timestamp() + LIFE_SECONDS
        world.data["tokens"][access] = {"refresh": refresh, "ends": ends}
        world.changed()
    return {
        "access_token": access, "uid": 1001, "refresh_token": refresh, "expires_in": LIFE_SECONDS
    }  # fmt: skip


def _check_password(form: dict[str, str], account: dict[str, str]) -> None:
    password = form.get("password", "")
    if not re.fullmatch(r"[0-9a-f]{32}", password):
        raise Refusal(30005, "password must be md5 encrypted")
    if form.get("username") != account["username"] or password != _hash(account["password"]):
        raise Refusal(10007, "invalid account or invalid password")


def _authorised(world: World, form: dict[str, str]) -> dict[str, str]:
    try:
        sent = int(form.get("date", "0")) / 1000
    except ValueError:
        raise Refusal(-3, "invalid parameter date") from None
    clocks = [world.now().timestamp()]
    if not world.data["ttlock"]["strict_date"]:
        # The app keeps the real time while a person moves the house's clock.
        clocks.append(time.time())
    if all(abs(sent - clock) > CLOCK_MINUTES * 60 for clock in clocks):
        raise Refusal(80000, "date must be current time, within five minutes")
    known = world.data["tokens"].get(form.get("accessToken", ""))
    if known is None:
        raise Refusal(10003, "token does not exist")
    if known["ends"] < world.now().timestamp():
        raise Refusal(10004, "invalid token")
    return form


def _hash(text: str) -> str:
    return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()
