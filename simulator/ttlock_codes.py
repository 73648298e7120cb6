"""What TTLock's calls about codes do to the cloud's own list, and to the locks.

The two part where a code goes by Bluetooth: added so, it is listed and never opens; deleted so, it
is gone from the list, still opens, and its digits cannot be added again.
"""

import re
from itertools import pairwise
from typing import Any

from simulator.ttlock_radio import DONE, Answer, Refusal, by_way, lock_of, page
from simulator.world import World

Row = dict[str, Any]


def add(world: World, form: dict[str, str]) -> Answer:
    lock, digits = lock_of(world, form), form.get("keyboardPwd", "")
    period = form.get("keyboardPwdType", "3") == "3"
    _check_digits(digits)
    if period and not ("startDate" in form and "endDate" in form):
        raise Refusal(-3, "invalid parameter startDate")

    def effect(lock_hears: bool) -> Answer:
        listed = world.by_lock.codes(form["lockId"])
        taken = {row["keyboardPwd"] for row in listed.values()}
        if lock_hears:
            taken |= {code["digits"] for code in lock["memory"].values()}
        if digits in taken:
            raise Refusal(-3007, "the same passcode already exists")
        custom = {ref for ref, row in listed.items() if row["isCustom"]}
        if len(custom | lock["memory"].keys()) >= lock["capacity"]:
            raise Refusal(-3009, "no space for another passcode")
        ref = world.next_id()
        start, end = (int(form.get(name) or 0) for name in ("startDate", "endDate"))
        row = {
            "keyboardPwdId": ref, "lockId": int(form["lockId"]), "keyboardPwd": digits,
            "keyboardPwdName": form.get("keyboardPwdName", ""), "isCustom": 1,
            "keyboardPwdType": "3" if period else "2", "startDate": start, "endDate": end,
            "sendDate": int(world.now().timestamp() * 1000), "senderUsername": "owner",
        }  # fmt: skip
        world.by_lock.keep_code(row)
        if lock_hears:
            _remember(lock, row)
        world.changed()
        return {"keyboardPwdId": ref}

    return by_way(world, lock, form.get("addType"), effect)


def change(world: World, form: dict[str, str]) -> Answer:
    lock, ref = lock_of(world, form), form.get("keyboardPwdId", "")
    row = _row(world, form, ref)

    def effect(lock_hears: bool) -> Answer:
        if world.by_lock.codes(form["lockId"]).get(ref) is not row:  # deleted meanwhile
            raise Refusal(-2009, "the passcode does not exist")
        if ref in lock["unused_codes"]:
            raise Refusal(-3008, "a passcode that was never used cannot be changed")
        if "startDate" not in form:  # reported as a success, and nothing changes
            return DONE
        if "newKeyboardPwd" in form:
            _check_digits(form["newKeyboardPwd"])
            others = [one for one in world.by_lock.codes(form["lockId"]).values() if one != row]
            if any(one["keyboardPwd"] == form["newKeyboardPwd"] for one in others):
                raise Refusal(-3007, "the same passcode already exists")
            row["keyboardPwd"] = form["newKeyboardPwd"]
        row.update(startDate=int(form["startDate"]), endDate=int(form.get("endDate") or 0))
        if lock_hears:
            _remember(lock, row)
        world.changed()
        return DONE

    return by_way(world, lock, form.get("changeType"), effect)


def delete(world: World, form: dict[str, str]) -> Answer:
    ref = form.get("keyboardPwdId", "")
    lock, way = lock_of(world, form), form.get("deleteType")
    return by_way(world, lock, way, lambda hears: _deleted(world, form["lockId"], ref, hears))


def delete_by_digits(world: World, form: dict[str, str]) -> Answer:
    lock, way = lock_of(world, form), form.get("deleteType")
    with world.guard:
        rows = world.by_lock.codes(form["lockId"]).items()
        digits = form.get("keyboardPwd")
        ref = next((ref for ref, row in rows if row["keyboardPwd"] == digits), "")
    return by_way(world, lock, way, lambda hears: _deleted(world, form["lockId"], ref, hears))


def listed(world: World, form: dict[str, str]) -> Answer:
    lock_of(world, form)
    with world.guard:
        rows = list(world.by_lock.codes(form["lockId"]).values())
        if text := form.get("searchStr"):
            rows = [c for c in rows if text in c["keyboardPwdName"] or text == c["keyboardPwd"]]
        answer = page(rows, form, 200)
        return {**answer, "list": [dict(row) for row in answer["list"]]}


def _deleted(world: World, lock_id: str, ref: str, lock_hears: bool) -> Answer:
    """Delete; what is not there is deleted as well."""
    lock, row = world.data["locks"][lock_id], world.by_lock.codes(lock_id).get(ref)
    if row is not None:
        world.by_lock.forget_code(ref)
        if not row["isCustom"]:
            lock["spent_windows"].append([row["startDate"], row["endDate"]])
    if lock_hears:
        lock["memory"].pop(ref, None)
        unused = lock["unused_codes"].get(ref)
        if unused is not None and lock["cancels_unused"]:
            lock["withdrawn"].append(unused["digits"])
            del lock["unused_codes"][ref]
    world.changed()
    return DONE


def _row(world: World, form: dict[str, str], ref: str) -> Row:
    row = world.by_lock.codes(form["lockId"]).get(ref)
    if row is None:
        raise Refusal(-2009, "the passcode does not exist")
    return row


def _remember(lock: dict[str, Any], row: Row) -> None:
    period = row["keyboardPwdType"] == "3"
    lock["memory"][str(row["keyboardPwdId"])] = {
        "digits": row["keyboardPwd"], "name": row["keyboardPwdName"],
        "start": row["startDate"] if period else None, "end": row["endDate"] if period else None,
    }  # fmt: skip


def _check_digits(digits: str) -> None:
    if not re.fullmatch(r"[0-9]{4,9}", digits):
        raise Refusal(-3006, "invalid passcode, length should be 4 to 9")
    steps = {int(b) - int(a) for a, b in pairwise(digits)}
    if steps in ({0}, {1}, {-1}):
        raise Refusal(-2032, "the passcode is too simple")
