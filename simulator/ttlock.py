"""TTLock's cloud API v3, as its documentation and its public clients tell of it."""

import hashlib
import re
import time
from collections.abc import Callable
from itertools import pairwise
from typing import Any

from flask import Blueprint, Response, current_app, jsonify, request

from simulator import faults
from simulator.locks import is_open, open_remotely
from simulator.world import World

ttlock = Blueprint("ttlock", __name__, url_prefix="/ttlock")

CLOCK_MINUTES = 5
MOST_CODES = 250
LIFE_SECONDS = 90 * 24 * 3600
BLUETOOTH, GATEWAY = "1", "2"
Answer = dict[str, Any]


class Refusal(Exception):
    """An errcode: HTTP 200 all the same."""

    def __init__(self, errcode: int, errmsg: str) -> None:
        super().__init__(errmsg)
        self.answer = {"errcode": errcode, "errmsg": errmsg, "description": errmsg}


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
    return jsonify(monthRequestCount=len(world.data["calls"]))


def _played(path: str, work: Callable[[World, dict[str, str]], Answer]) -> Response:
    """Do one call with the faults that were told, and note it."""
    world, form = the_world(), request.values.to_dict()
    lock_id = form.get("lockId")
    lock = world.data["locks"].get(lock_id or "", {})
    began = time.time()
    fault = faults.fault_for(world, "ttlock", path, lock_id, lock.get("gateway"))
    early = faults.before(fault)
    if early is not None:
        _note(world, path, lock_id, began, str((fault or {}).get("kind")))
        return early
    try:
        if fault is not None and fault["kind"] == "errcode":
            raise Refusal(int(fault["errcode"]), "as told")
        answer = work(world, form)
    except Refusal as refusal:
        answer = refusal.answer
    _note(world, path, lock_id, began, str(answer.get("errcode", 0)))
    return faults.after(fault, jsonify(answer))


def _note(world: World, path: str, lock_id: str | None, began: float, outcome: str) -> None:
    with world.guard:
        gateway = world.data["locks"].get(lock_id or "", {}).get("gateway")
        world.data["calls"].append(
            {
                "service": "ttlock", "path": path, "lock_id": lock_id, "gateway": gateway,
                "began": began, "ended": time.time(), "outcome": outcome,
            }
        )  # fmt: skip
        del world.data["calls"][:-5000]


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
    if abs(sent - world.now().timestamp()) > CLOCK_MINUTES * 60 and (
        abs(sent - time.time()) > CLOCK_MINUTES * 60
    ):
        raise Refusal(80000, "date must be current time, within five minutes")
    known = world.data["tokens"].get(form.get("accessToken", ""))
    if known is None:
        raise Refusal(10003, "token does not exist")
    if known["ends"] < world.now().timestamp():
        raise Refusal(10004, "invalid token")
    return form


def _lock(world: World, form: dict[str, str]) -> dict[str, Any]:
    lock = world.data["locks"].get(form.get("lockId", ""))
    if lock is None:
        raise Refusal(-1003, "lock does not exist")
    found: dict[str, Any] = lock
    return found


def _by_gateway(world: World, lock: dict[str, Any], effect: Callable[[], Answer]) -> Answer:
    """Send a command by radio: it takes time, and a gateway does one at a time."""
    gateway_id = lock["gateway"]
    if gateway_id is None:
        raise Refusal(-2012, "the lock is not connected to any gateway")
    with world.guard:
        gateway = world.data["gateways"][gateway_id]
        if not gateway["online"]:
            raise Refusal(-3002, "the gateway is offline")
        if gateway_id in world.busy:
            raise Refusal(-3003, "the gateway is busy")
        world.busy.add(gateway_id)
    try:
        time.sleep(gateway["delay_seconds"])
        with world.guard:
            if not gateway["online"]:
                raise Refusal(-3002, "the gateway is offline")
            return effect()
    finally:
        with world.guard:
            world.busy.discard(gateway_id)


def _add(world: World, form: dict[str, str]) -> Answer:
    lock, digits = _lock(world, form), form.get("keyboardPwd", "")
    period = form.get("keyboardPwdType", "3") == "3"
    if not re.fullmatch(r"\d{4,9}", digits):
        raise Refusal(-3006, "invalid passcode, length should be 4 to 9")
    if _is_simple(digits):
        raise Refusal(-2032, "the passcode is too simple")
    if period and not ("startDate" in form and "endDate" in form):
        raise Refusal(-3, "invalid parameter startDate")

    def effect() -> Answer:
        mine = [c for c in world.data["codes"].values() if c["lockId"] == int(form["lockId"])]
        if any(code["keyboardPwd"] == digits for code in mine):
            raise Refusal(-3007, "the same passcode already exists")
        if len(mine) >= MOST_CODES:
            raise Refusal(-3009, "no space for another passcode")
        ref = world.next_id()
        start, end = (int(form.get(name) or 0) for name in ("startDate", "endDate"))
        row = {
            "keyboardPwdId": ref, "lockId": int(form["lockId"]), "keyboardPwd": digits,
            "keyboardPwdName": form.get("keyboardPwdName", ""), "isCustom": 1,
            "keyboardPwdType": "3" if period else "2", "startDate": start, "endDate": end,
            "sendDate": int(world.now().timestamp() * 1000), "senderUsername": "owner",
        }  # fmt: skip
        world.data["codes"][str(ref)] = row
        if by_gateway:
            _remember(lock, row)
        world.changed()
        return {"keyboardPwdId": ref}

    by_gateway = form.get("addType", BLUETOOTH) == GATEWAY
    return _by_gateway(world, lock, effect) if by_gateway else effect()


def _remember(lock: dict[str, Any], row: dict[str, Any]) -> None:
    period = row["keyboardPwdType"] == "3"
    lock["memory"][str(row["keyboardPwdId"])] = {
        "digits": row["keyboardPwd"], "name": row["keyboardPwdName"],
        "start": row["startDate"] if period else None, "end": row["endDate"] if period else None,
    }  # fmt: skip


def _change(world: World, form: dict[str, str]) -> Answer:
    lock, row = _lock(world, form), world.data["codes"].get(form.get("keyboardPwdId", ""))
    if row is None:
        raise Refusal(-2009, "the passcode does not exist")

    def effect() -> Answer:
        if "startDate" not in form:  # reported as a success, and nothing changes
            return {"errcode": 0, "errmsg": "none error message"}
        row.update(startDate=int(form["startDate"]), endDate=int(form.get("endDate") or 0))
        if "newKeyboardPwd" in form:
            row["keyboardPwd"] = form["newKeyboardPwd"]
        if by_gateway:
            _remember(lock, row)
        world.changed()
        return {"errcode": 0, "errmsg": "none error message"}

    by_gateway = form.get("changeType", BLUETOOTH) == GATEWAY
    return _by_gateway(world, lock, effect) if by_gateway else effect()


def _delete(world: World, form: dict[str, str]) -> Answer:
    lock, ref = _lock(world, form), form.get("keyboardPwdId", "")

    def effect() -> Answer:
        world.data["codes"].pop(ref, None)
        if by_gateway:
            lock["memory"].pop(ref, None)
        world.changed()
        return {"errcode": 0, "errmsg": "none error message"}

    by_gateway = form.get("deleteType", BLUETOOTH) == GATEWAY
    return _by_gateway(world, lock, effect) if by_gateway else effect()


def _codes(world: World, form: dict[str, str]) -> Answer:
    _lock(world, form)
    rows = [c for c in world.data["codes"].values() if c["lockId"] == int(form["lockId"])]
    if text := form.get("searchStr"):
        rows = [c for c in rows if text in c["keyboardPwdName"] or text == c["keyboardPwd"]]
    return _page(rows, form, 200)


def _unlock(world: World, form: dict[str, str]) -> Answer:
    def effect() -> Answer:
        open_remotely(world, form["lockId"])
        return {"errcode": 0, "errmsg": "none error message"}

    return _by_gateway(world, _lock(world, form), effect)


def _locks(world: World, form: dict[str, str]) -> Answer:
    rows = [
        {
            "lockId": int(lock_id), "lockName": f"S1_{lock_id}", "lockAlias": lock["name"],
            "electricQuantity": lock["battery"], "hasGateway": int(lock["gateway"] is not None),
            "lockData": "secret", "featureValue": "3F0421C4F5F3", "date": 1528878944000,
        }
        for lock_id, lock in world.data["locks"].items()
    ]  # fmt: skip
    return _page(rows, form, 1000)


def _gateways(world: World, form: dict[str, str]) -> Answer:
    rows = [
        {
            "gatewayId": int(gateway_id), "gatewayName": gateway["name"], "gatewayVersion": 2,
            "isOnline": int(gateway["online"]), "lockNum": 1,
        }
        for gateway_id, gateway in world.data["gateways"].items()
    ]  # fmt: skip
    return _page(rows, form, 200)


def _locks_of_gateway(world: World, form: dict[str, str]) -> Answer:
    rows = [
        {"lockId": int(lock_id), "lockAlias": lock["name"], "rssi": -62}
        for lock_id, lock in world.data["locks"].items()
        if lock["gateway"] == form.get("gatewayId")
    ]
    return {"list": rows}


def _gateways_of_lock(world: World, form: dict[str, str]) -> Answer:
    gateway = _lock(world, form)["gateway"]
    return {"list": [{"gatewayId": int(gateway), "rssi": -62}] if gateway else []}


def _open_state(world: World, form: dict[str, str]) -> Answer:
    lock = _lock(world, form)
    return _by_gateway(world, lock, lambda: {"state": int(is_open(world, lock))})


def _battery(world: World, form: dict[str, str]) -> Answer:
    lock = _lock(world, form)
    return _by_gateway(world, lock, lambda: {"electricQuantity": lock["battery"]})


def _date(world: World, form: dict[str, str]) -> Answer:
    lock = _lock(world, form)
    shown = world.now().timestamp() + lock["clock_offset_seconds"]
    return _by_gateway(world, lock, lambda: {"date": int(shown * 1000)})


def _records(world: World, form: dict[str, str]) -> Answer:
    lock_id = int(form.get("lockId") or 0)
    rows = [one for one in reversed(world.data["records"]) if one["lockId"] == lock_id]
    return _page(rows, form, 200)


def _page(rows: list[dict[str, Any]], form: dict[str, str], most: int) -> Answer:
    number, size = int(form.get("pageNo") or 1), min(int(form.get("pageSize") or 20), most)
    pages = max(1, -(-len(rows) // size))
    shown = rows[(number - 1) * size : number * size]
    return {"list": shown, "pageNo": number, "pageSize": size, "pages": pages, "total": len(rows)}


def _is_simple(digits: str) -> bool:
    steps = {int(b) - int(a) for a, b in pairwise(digits)}
    return steps in ({0}, {1}, {-1})


def _hash(text: str) -> str:
    return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()


HANDLERS: dict[str, Callable[[World, dict[str, str]], Answer]] = {
    "lock/list": _locks,
    "lock/listKeyboardPwd": _codes,
    "keyboardPwd/add": _add,
    "keyboardPwd/change": _change,
    "keyboardPwd/delete": _delete,
    "lock/unlock": _unlock,
    "lock/queryOpenState": _open_state,
    "lock/queryElectricQuantity": _battery,
    "lock/queryDate": _date,
    "gateway/list": _gateways,
    "gateway/listLock": _locks_of_gateway,
    "gateway/listByLock": _gateways_of_lock,
    "lockRecord/list": _records,
}
