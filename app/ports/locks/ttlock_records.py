"""Lines of a TTLock lock's own log, from `lockRecord/list` or from a notice, in our words.

Two numberings tell of each: `recordType` is the cloud's and says how the lock was worked
(cloud/lockRecord/recordTypeFromCloud); `recordTypeFromLock` is the lock's own and says why a code
failed (cloud/lockRecord/recordTypeFromLock). New values come with new locks.
"""

import hashlib
from collections.abc import Mapping

from app.domain.lock_words import Refusal, Way
from app.ports.locks import LockRecord
from app.ports.locks.ttlock_rows import UnreadableRow, instant, text
from app.ports.locks.ttlock_wire import whole

SYSTEM_LOCKED = 48
"""In both numberings: too many wrong codes."""

WAYS: Mapping[int, Way] = {
    1: Way.APP,
    4: Way.CODE,
    7: Way.CARD,
    8: Way.FINGER,
    9: Way.CARD,  # a wristband, held to the lock as a card is
    10: Way.KEY,
    11: Way.LOCKED,  # by the app
    12: Way.REMOTE,
    32: Way.INSIDE,
    33: Way.LOCKED,  # by finger, code, card, key
    34: Way.LOCKED,
    35: Way.LOCKED,
    36: Way.LOCKED,
    45: Way.LOCKED,  # by itself
    47: Way.LOCKED,  # by the button
    SYSTEM_LOCKED: Way.CODE,
    49: Way.CARD,  # a hotel card
    61: Way.LOCKED,  # by a QR code
    92: Way.CODE,  # the administrator's
}
"""By `recordType`."""

LOCKS_OWN_WAYS: Mapping[int, Way] = {
    4: Way.CODE,
    7: Way.CODE,
    11: Way.CODE,
    13: Way.CODE,
    17: Way.CARD,
    20: Way.FINGER,
    26: Way.LOCKED,  # by Bluetooth
    28: Way.REMOTE,
    38: Way.CODE,
    SYSTEM_LOCKED: Way.CODE,
    92: Way.CODE,
}
"""By `recordTypeFromLock`, where the other is missing."""

REFUSALS: Mapping[int, Refusal] = {
    7: Refusal.UNKNOWN_CODE,
    11: Refusal.OUTSIDE_WINDOW,
    13: Refusal.UNKNOWN_CODE,  # withdrawn: blacklisted
    38: Refusal.DOUBLE_LOCKED,
    SYSTEM_LOCKED: Refusal.LOCKED_OUT,
}
"""By `recordTypeFromLock`, of a code that failed."""

WELL = frozenset({4, 17, 20, 26, 28, 92})
"""`recordTypeFromLock` of what worked, for rows that do not say `success`."""


def lock_record(row: object) -> LockRecord:
    """Read one row. Raises UnreadableRow when it does not even say when it was."""
    if not isinstance(row, Mapping):
        raise UnreadableRow
    heard_at = instant(row.get("serverDate"))
    at = instant(row.get("lockDate")) or heard_at
    if at is None:
        raise UnreadableRow
    cloud, own = whole(row.get("recordType")), whole(row.get("recordTypeFromLock"))
    way = LOCKS_OWN_WAYS.get(own or 0, Way.OTHER) if cloud is None else WAYS.get(cloud, Way.OTHER)
    # What these two hold for other ways is a card's number and a person's account.
    typed = text(row.get("keyboardPwd")) if way is Way.CODE else ""
    return LockRecord(
        key=_key(row),
        at=at,
        heard_at=heard_at or at,
        way=way,
        refusal=_refusal(way, cloud, own, whole(row.get("success"))),
        code_name=text(row.get("username")) if way is Way.CODE else "",
        digits=typed or None,
    )


def _refusal(way: Way, cloud: int | None, own: int | None, success: int | None) -> Refusal | None:
    """Tell why it did not open. Where nothing says that it did, it did not."""
    if SYSTEM_LOCKED in (cloud, own):
        return Refusal.LOCKED_OUT
    if success == 1 or (success is None and own in WELL):
        return None
    return REFUSALS.get(own or 0, Refusal.OTHER) if way is Way.CODE else Refusal.OTHER


def _key(row: Mapping[str, object]) -> str:
    """Return the cloud's id, or else what the vendor's fields amount to.

    Two lines of one millisecond differ in what was typed, of which a key may hold only a little:
    digits are few enough to be guessed from a whole hash.
    """
    record_id = whole(row.get("recordId"))
    if record_id is not None:
        return str(record_id)
    typed = hashlib.sha256(text(row.get("keyboardPwd")).encode()).hexdigest()[:2]
    parts = (text(row.get(name)) for name in ("lockId", "lockDate", "recordType"))
    return "-".join([*parts, typed])
