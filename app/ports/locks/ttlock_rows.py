"""Rows of TTLock's lists, read into our words. Numbers may come as strings, and back as either."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from math import inf

from app.domain.windows import Window
from app.ports.locks import HeldCode, LockStatus
from app.ports.locks.ttlock_wire import whole

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MILLISECOND = timedelta(milliseconds=1)

PERIOD = 3
"""The one `keyboardPwdType` whose two dates are the times it opens between. A permanent code (2)
may bear dates too, and means nothing by them."""

ADD_FAILED = 5
HEXADECIMAL = re.compile(r"[0-9A-Fa-f]{1,128}")
UNSETTLED = frozenset({4, 6, 7, 8, 9})
"""A row's `status`, from the vendor's page userGuide/status_codes: adding, changing, change failed,
deleting, delete failed; 1 or none is normal."""


class UnreadableRow(Exception):
    """A row that cannot even be told from others."""


def epoch_ms(instant: datetime) -> str:
    """Return an aware instant as the vendor writes it: milliseconds since 1970, UTC."""
    return str((instant - EPOCH) // MILLISECOND)


def held_code(row: object) -> HeldCode | None:
    """Read a row of `lock/listKeyboardPwd`; None when the code is not on the lock.

    A code whose adding failed never reached it. One in any other unsettled state is held: it may
    open the door, so it must neither count as gone nor be taken for done. Its window is None,
    which makes whoever wants the code set the window, and so hear from the lock itself. Raises
    UnreadableRow.
    """
    if not isinstance(row, Mapping) or whole(row.get("keyboardPwdId")) is None:
        raise UnreadableRow
    status = whole(row.get("status"))
    if status == ADD_FAILED:
        return None
    return HeldCode(
        provider_ref=str(whole(row["keyboardPwdId"])),
        name=text(row.get("keyboardPwdName")),
        digits=digits if isinstance(digits := row.get("keyboardPwd"), str) else "",
        window=None if status in UNSETTLED else _window(row),
    )


@dataclass(frozen=True)
class Signal:
    """How one gateway hears one lock."""

    lock_id: str
    gateway_id: str
    online: bool | None
    rssi: int | None
    """In dBm: above -75 is strong, below -85 weak (cloud/gateway/listLock)."""
    heard_at: datetime | None

    @classmethod
    def read(cls, gateway: Mapping[str, object], lock: Mapping[str, object]) -> "Signal":
        """Read a row of `gateway/listLock` under its row of `gateway/list`."""
        online = whole(gateway.get("isOnline"))
        return cls(
            lock_id=text(lock.get("lockId")),
            gateway_id=text(gateway.get("gatewayId")),
            online=None if online is None else online == 1,
            rssi=whole(lock.get("rssi")),
            heard_at=instant(lock.get("updateDate")),
        )

    @property
    def strength(self) -> tuple[bool, float]:
        """Sort as the cloud chooses: a gateway that is online, and of these the best signal."""
        return self.online is True, -inf if self.rssi is None else self.rssi


@dataclass(frozen=True)
class Features:
    """What a lock's `featureValue` says it can do, bit by bit (cloud/lock/featureValue)."""

    bits: int

    @classmethod
    def read(cls, value: object) -> "Features | None":
        """Read hexadecimal digits, more than fit into 64 bits; None when they are none."""
        if not isinstance(value, str) or not HEXADECIMAL.fullmatch(value):
            return None
        return cls(int(value, 16))

    def _has(self, bit: int) -> bool:
        return bool(self.bits >> bit & 1)

    @property
    def opens_remotely(self) -> bool | None:
        """Tell by "unlocking via gateway"; a Wi-Fi lock without it is not described."""
        if self._has(10):
            return True
        return None if self.by_wifi else False

    @property
    def by_wifi(self) -> bool:
        return self._has(56)

    @property
    def gives_offline_codes(self) -> bool:
        """Tell by passcodes and their management, and a clock to end them by."""
        return self._has(0) and self._has(7) and not self._has(20)

    @property
    def keypad(self) -> str | None:
        """Tell by "incomplete keypad", of which the vendor does not say which keys it has.

        On the cylinders known to have one they are 1 to 6 (Seam's guide to codes of door locks).
        """
        return "123456" if self._has(60) else None


def lock_status(row: object, signals: Mapping[str, Signal], *, all_told: bool) -> LockStatus | None:
    """Read a row of `lock/list`, with the best signal of each lock; None when it has no id.

    `all_told`: no gateway is missing among the signals. A lock among none of them may yet be
    reached by Wi-Fi, and what `hasGateway` says may be half an hour old.
    """
    if not isinstance(row, Mapping) or whole(row.get("lockId")) is None:
        return None
    lock_id = text(row["lockId"])
    battery = whole(row.get("electricQuantity"))
    gateway = signals.get(lock_id)
    features = Features.read(row.get("featureValue"))
    is_lost = all_told and gateway is None
    by_wifi = features is not None and features.by_wifi
    has_none = is_lost and whole(row.get("hasGateway")) == 0 and not by_wifi
    return LockStatus(
        lock_id=lock_id,
        name=text(row.get("lockAlias")) or text(row.get("lockName")),
        battery_percent=battery if battery is not None and 0 <= battery <= 100 else None,
        gateway_id=gateway.gateway_id if gateway else None,
        gateway_online=gateway.online if gateway else (False if has_none else None),
        seen_at=gateway.heard_at if gateway else None,
        opens_remotely=features.opens_remotely if features else None,
        gives_offline_codes=features.gives_offline_codes if features else False,
        keypad=features.keypad if features else None,
        gateway_lost=is_lost,
    )


def _window(row: Mapping[str, object]) -> Window | None:
    begins, ends = instant(row.get("startDate")), instant(row.get("endDate"))
    if whole(row.get("keyboardPwdType")) != PERIOD or begins is None or ends is None:
        return None
    return Window(begins, ends) if begins < ends else None


def instant(value: object) -> datetime | None:
    """Read the vendor's milliseconds since 1970; None when they are none."""
    ms = whole(value)
    try:
        return None if ms is None else EPOCH + ms * MILLISECOND
    except OverflowError:
        return None


def text(value: object) -> str:
    """Read a text that may come as a number; empty when it is neither."""
    return str(value) if isinstance(value, str | int) else ""
