"""What each call of TTLock's API does to the locks and to the cloud's own list of codes."""

import re
import time
from collections.abc import Callable
from itertools import pairwise
from typing import Any

from simulator.locks import is_open, open_remotely
from simulator.world import World

MOST_CODES = 250
BLUETOOTH, GATEWAY = "1", "2"
Answer = dict[str, Any]


class Refusal(Exception):
    """An errcode: HTTP 200 all the same."""

    def __init__(self, errcode: int, errmsg: str) -> None:
        super().__init__(errmsg)
        self.answer = {"errcode": errcode, "errmsg": errmsg, "description": errmsg}


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
    with world.guard:
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
