"""How TTLock's cloud answers: refusals, pages, and commands that go to a lock by its gateway."""

import time
from collections.abc import Callable
from typing import Any

from simulator.world import World

BLUETOOTH, GATEWAY = "1", "2"
"""`addType`, `changeType` and `deleteType`. By the first, which is the default, a phone is to tell
the lock; without one only the cloud's list changes."""

Answer = dict[str, Any]
DONE: Answer = {"errcode": 0, "errmsg": "none error message"}


class Refusal(Exception):
    """An errcode: HTTP 200 all the same."""

    def __init__(self, errcode: int, errmsg: str) -> None:
        super().__init__(errmsg)
        self.answer = {"errcode": errcode, "errmsg": errmsg, "description": errmsg}


def lock_of(world: World, form: dict[str, str]) -> dict[str, Any]:
    lock = world.data["locks"].get(form.get("lockId", ""))
    if lock is None:
        raise Refusal(-1003, "lock does not exist")
    found: dict[str, Any] = lock
    return found


def has_feature(lock: dict[str, Any], bit: int) -> bool:
    return bool(int(lock["feature_value"], 16) >> bit & 1)


def by_gateway(world: World, lock: dict[str, Any], effect: Callable[[], Answer]) -> Answer:
    """Send a command by radio: it takes time, and a gateway does one at a time."""
    gateway_id = lock["gateway"]
    if gateway_id is None:
        raise Refusal(-2012, "the lock is not connected to any gateway")
    with world.guard:
        sent_in = world.data
        gateway = world.data["gateways"][gateway_id]
        if not gateway["online"]:
            raise Refusal(-3002, "the gateway is offline")
        if gateway_id in world.busy:
            raise Refusal(-3003, "the gateway is busy")
        world.busy.add(gateway_id)
    try:
        if gateway["delay_seconds"]:
            time.sleep(gateway["delay_seconds"])
        with world.guard:
            if world.data is not sent_in or not gateway["online"]:
                raise Refusal(-3002, "the gateway is offline")
            if lock["battery"] <= 0:
                raise Refusal(-2012, "the lock is not connected to any gateway")
            return effect()
    finally:
        with world.guard:
            if world.data is sent_in:
                world.busy.discard(gateway_id)


def by_way(
    world: World, lock: dict[str, Any], way: str | None, effect: Callable[[bool], Answer]
) -> Answer:
    """Do it by gateway, or in the cloud alone; the effect is told whether the lock hears of it."""
    if (way or BLUETOOTH) == GATEWAY:
        return by_gateway(world, lock, lambda: effect(True))
    with world.guard:
        return effect(False)


def page(rows: list[dict[str, Any]], form: dict[str, str], most: int) -> Answer:
    number, size = int(form.get("pageNo") or 1), min(int(form.get("pageSize") or 20), most)
    pages = max(1, -(-len(rows) // size))
    shown = rows[(number - 1) * size : number * size]
    return {"list": shown, "pageNo": number, "pageSize": size, "pages": pages, "total": len(rows)}
