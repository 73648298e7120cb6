"""What TTLock's calls about locks and gateways tell and do."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from simulator.locks import is_open, lock_remotely, open_remotely
from simulator.ttlock_notices import mac
from simulator.ttlock_radio import DONE, Answer, Refusal, by_gateway, has_feature, lock_of, page
from simulator.world import World

LOCK_COMMAND, UNLOCK_BY_GATEWAY, NO_CLOCK_CHIP = 8, 10, 20
"""Bits of the featureValue."""


def unlock(world: World, form: dict[str, str]) -> Answer:
    lock = lock_of(world, form)
    if not (lock["remote_unlock"] and has_feature(lock, UNLOCK_BY_GATEWAY)):
        raise Refusal(-4043, "the function is not supported for this lock")
    return by_gateway(world, lock, _done(lambda: open_remotely(world, form["lockId"])))


def lock_it(world: World, form: dict[str, str]) -> Answer:
    lock = lock_of(world, form)
    if not has_feature(lock, LOCK_COMMAND):
        raise Refusal(-4043, "the function is not supported for this lock")
    return by_gateway(world, lock, _done(lambda: lock_remotely(world, form["lockId"])))


def all_locks(world: World, form: dict[str, str]) -> Answer:
    with world.guard:
        rows = [_told(lock_id, lock) for lock_id, lock in world.data["locks"].items()]
    return page(rows, form, 1000)


def detail(world: World, form: dict[str, str]) -> Answer:
    lock = lock_of(world, form)
    return {
        **_told(form["lockId"], lock),
        "noKeyPwd": "secret", "adminPwd": "secret", "lockKey": "secret", "aesKeyStr": "secret",
        "timezoneRawOffset": _raw_offset(world, lock),
        "modelNum": "SN203", "hardwareRevision": "1.6", "firmwareRevision": "4.1.18",
        "autoLockTime": 5, "lockSound": 1, "passageMode": 2,
    }  # fmt: skip


def open_state(world: World, form: dict[str, str]) -> Answer:
    lock = lock_of(world, form)
    return by_gateway(world, lock, lambda: {"state": int(is_open(world, lock))})


def battery(world: World, form: dict[str, str]) -> Answer:
    lock = lock_of(world, form)
    return by_gateway(world, lock, lambda: {"electricQuantity": lock["battery"]})


def date(world: World, form: dict[str, str]) -> Answer:
    lock = _with_a_clock(world, form)
    return by_gateway(world, lock, lambda: _date(world, lock))


def set_date(world: World, form: dict[str, str]) -> Answer:
    """Set the lock's clock by the cloud's, which is the world's."""
    lock = _with_a_clock(world, form)

    def effect() -> Answer:
        lock["clock_offset_seconds"] = 0.0
        world.changed()
        return _date(world, lock)

    return by_gateway(world, lock, effect)


def gateways(world: World, form: dict[str, str]) -> Answer:
    with world.guard:
        homes = [lock["gateway"] for lock in world.data["locks"].values()]
        rows = [
            {
                "gatewayId": int(gateway_id), "gatewayMac": mac(gateway_id),
                "gatewayName": gateway["name"], "gatewayVersion": 2, "networkName": "house",
                "isOnline": int(gateway["online"]), "lockNum": homes.count(gateway_id),
            }
            for gateway_id, gateway in world.data["gateways"].items()
        ]  # fmt: skip
    return page(rows, form, 200)


def locks_of_gateway(world: World, form: dict[str, str]) -> Answer:
    rows = [
        {"lockId": int(lock_id), "lockAlias": lock["name"], "rssi": -62}
        for lock_id, lock in world.data["locks"].items()
        if lock["gateway"] == form.get("gatewayId")
    ]
    return {"list": rows}


def gateways_of_lock(world: World, form: dict[str, str]) -> Answer:
    gateway = lock_of(world, form)["gateway"]
    return {"list": [{"gatewayId": int(gateway), "rssi": -62}] if gateway else []}


def records(world: World, form: dict[str, str]) -> Answer:
    """Return what was heard of a lock, the latest by its own clock first, as it is asked for."""
    lock_of(world, form)
    first, last = int(form.get("startDate") or 0), int(form.get("endDate") or 0)
    with world.guard:
        rows = [
            row
            for row in world.by_lock.records(form["lockId"])
            if first <= row["lockDate"] and (not last or row["lockDate"] <= last)
        ]
    rows.sort(key=lambda row: int(row["lockDate"]))
    rows.reverse()
    return page(rows, form, 200)


def _told(lock_id: str, lock: dict[str, Any]) -> Answer:
    return {
        "lockId": int(lock_id), "lockName": f"S1_{lock_id}", "lockAlias": lock["name"],
        "lockMac": mac(lock_id), "electricQuantity": lock["battery"],
        "hasGateway": int(lock["gateway"] is not None), "lockData": "secret",
        "featureValue": lock["feature_value"], "date": 1528878944000,
    }  # fmt: skip


def _raw_offset(world: World, lock: dict[str, Any]) -> int:
    ahead = world.now().astimezone(world.zone).utcoffset() or timedelta()
    return int((ahead.total_seconds() + lock["hours_off"] * 3600) * 1000)


def _with_a_clock(world: World, form: dict[str, str]) -> dict[str, Any]:
    lock = lock_of(world, form)
    if has_feature(lock, NO_CLOCK_CHIP):
        raise Refusal(-4043, "the function is not supported for this lock")
    return lock


def _date(world: World, lock: dict[str, Any]) -> Answer:
    return {"date": int((world.now().timestamp() + lock["clock_offset_seconds"]) * 1000)}


def _done(effect: Callable[[], None]) -> Callable[[], Answer]:
    def work() -> Answer:
        effect()
        return DONE

    return work
