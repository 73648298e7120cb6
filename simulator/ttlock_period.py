"""TTLock's offline codes (`keyboardPwd/get`): the cloud works them out, and so does the lock.

No gateway takes part. Whole hours only, one code for each pair of them, and the first use within a
day of its begin: a code that was not used by then never opens.
"""

import hashlib
from datetime import timedelta

from simulator.ttlock_radio import Answer, Refusal, has_feature, lock_of
from simulator.world import World

PERIOD = "3"
HOUR_MS = 3_600_000
FIRST_USE_MS = 24 * HOUR_MS
LONGEST_MS = timedelta(days=366) // timedelta(milliseconds=1)
NO_CLOCK_CHIP = 20
PASSCODES, MANAGED = 0, 7


def make(world: World, form: dict[str, str]) -> Answer:
    """Return the code of a lock for whole hours; other types than periods are not played."""
    lock = lock_of(world, form)
    if not (has_feature(lock, PASSCODES) and has_feature(lock, MANAGED)):
        raise Refusal(-4043, "the function is not supported for this lock")
    if has_feature(lock, NO_CLOCK_CHIP):
        raise Refusal(-4043, "the function is not supported for this lock")
    if not lock["has_code_data"]:
        raise Refusal(-1007, "no password data of this lock")
    start, end = _hours(form)
    with world.guard:
        rows = world.by_lock.codes(form["lockId"])
        for row in rows.values():
            if not row["isCustom"] and (row["startDate"], row["endDate"]) == (start, end):
                return {"keyboardPwdId": row["keyboardPwdId"], "keyboardPwd": row["keyboardPwd"]}
        if [start, end] in lock["spent_windows"]:
            raise Refusal(-1026, "the passcode of this period was deleted and cannot be got again")
        taken = {row["keyboardPwd"] for row in rows.values()}
        digits, ref = _digits(form["lockId"], start, end, taken), world.next_id()
        name = form.get("keyboardPwdName", "")
        world.by_lock.keep_code(
            {
                "keyboardPwdId": ref, "lockId": int(form["lockId"]), "keyboardPwd": digits,
                "keyboardPwdName": name, "isCustom": 0, "keyboardPwdType": PERIOD,
                "startDate": start, "endDate": end, "senderUsername": "owner",
                "sendDate": int(world.now().timestamp() * 1000),
            }
        )  # fmt: skip
        lock["unused_codes"][str(ref)] = {
            "digits": digits, "name": name, "start": start, "end": end
        }  # fmt: skip
        world.changed()
        return {"keyboardPwd": digits, "keyboardPwdId": ref}


def _hours(form: dict[str, str]) -> tuple[int, int]:
    if form.get("keyboardPwdType") != PERIOD:
        raise Refusal(-3, "invalid parameter keyboardPwdType")
    try:
        start, end = (int(form[name]) // HOUR_MS * HOUR_MS for name in ("startDate", "endDate"))
    except (KeyError, ValueError):
        raise Refusal(-3, "invalid parameter startDate") from None
    if not 0 < end - start <= LONGEST_MS:
        raise Refusal(-3, "invalid parameter endDate")
    return start, end


def _digits(lock_id: str, start: int, end: int, taken: set[str]) -> str:
    """Work the digits out of lock and hours; another lot of them where they are taken."""
    for lot in range(100):
        seed = f"{lock_id}/{start}/{end}/{lot}".encode()
        digits = f"{int(hashlib.sha256(seed).hexdigest(), 16) % 10**7:07}"
        if digits not in taken:
            return digits
    raise Refusal(1, "failed")
