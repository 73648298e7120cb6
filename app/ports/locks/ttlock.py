"""TTLock's cloud (Sciener Open Platform, API v3), which reaches locks through their gateways.

What the vendor's pages leave unsaid, and what they warn of, decides much here:
- `addType`, `changeType` and `deleteType` default to Bluetooth, which changes the cloud's list and
  never the lock: a guest's code would not open, a revoked one still would. We always say gateway.
- There is no idempotency key. Our name on the code is how an unclear attempt is found again.
- The list of codes is the cloud's own, not a reading of the lock.
"""

import logging
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta

from app.domain.windows import Window
from app.ports.errors import PortError
from app.ports.locks import CodeOrder, HeldCode, LockRecord, LockStatus
from app.ports.locks.ttlock_cloud import TtlockCloud
from app.ports.locks.ttlock_errors import NO_SUCH_CODE, WINDOW_SPENT, error_for
from app.ports.locks.ttlock_offline import hourly_windows, made_code, order_of
from app.ports.locks.ttlock_records import lock_record
from app.ports.locks.ttlock_rows import (
    EPOCH,
    PERIOD,
    Signal,
    UnreadableRow,
    epoch_ms,
    held_code,
    instant,
    lock_status,
)
from app.ports.locks.ttlock_tokens import Account, TokenStore
from app.ports.locks.ttlock_wire import not_understood, whole
from app.ports.metering import CallKind, Meter, unmetered

logger = logging.getLogger(__name__)

BY_GATEWAY = "2"

CODES_A_PAGE = 200
GATEWAYS_A_PAGE = 200
LOCKS_A_PAGE = 1000
RECORDS_A_PAGE = 200

LATE = timedelta(hours=1)
"""So much earlier than it was heard a line may be dated, and is yet told: each page is a call."""
CLOCKS_DIFFER = timedelta(minutes=10)
"""The cloud's clock and ours: it takes our calls up to five minutes either way."""
CLOCK_GOOD = timedelta(seconds=5)
MOST_AHEAD_MS = 14 * 3_600_000
"""No place on earth is further from UTC."""


class TtlockLocks:
    """Every lock of one TTLock account. Safe to share among threads."""

    def __init__(
        self,
        api_url: str,
        client_id: str,
        client_secret: str,
        username: str,
        password: str,
        tokens: TokenStore,
        clock: Callable[[], datetime],
        device_timeout: float = 60.0,
        cloud_timeout: float = 15.0,
        meter: Meter = unmetered,
    ) -> None:
        account = Account(client_id, client_secret, username, password)
        self._clock = clock
        self._cloud = TtlockCloud(
            api_url, account, tokens, clock, device_timeout, cloud_timeout, meter
        )

    def put_code(self, lock_id: str, order: CodeOrder) -> str:
        answer = self._cloud.command(
            "/v3/keyboardPwd/add",
            {
                "lockId": lock_id,
                "keyboardPwd": order.digits,
                "keyboardPwdName": order.name,
                "keyboardPwdType": str(PERIOD),
                **_dates(order.window),
                "addType": BY_GATEWAY,
            },
            CallKind.PUT,
        )
        self._cloud.expect_done(answer, said=False)
        code_id = whole(answer.fields.get("keyboardPwdId"))
        if code_id is None:
            raise not_understood(device=True)
        return str(code_id)

    def change_window(self, lock_id: str, provider_ref: str, window: Window) -> None:
        code = {"lockId": lock_id, "keyboardPwdId": provider_ref}
        # Both dates: without `startDate` the cloud reports success and changes nothing.
        change = {**_dates(window), "changeType": BY_GATEWAY}
        form = {**code, **change}
        self._cloud.expect_done(self._cloud.command("/v3/keyboardPwd/change", form, CallKind.PUT))

    def remove_code(self, lock_id: str, provider_ref: str) -> None:
        code = {"lockId": lock_id, "keyboardPwdId": provider_ref}
        deletion = {**code, "deleteType": BY_GATEWAY}
        answer = self._cloud.command("/v3/keyboardPwd/delete", deletion, CallKind.REVOKE)
        if answer.errcode != NO_SUCH_CODE:
            self._cloud.expect_done(answer)

    def list_codes(self, lock_id: str, why: CallKind = CallKind.READ) -> Sequence[HeldCode]:
        newest_first = {"lockId": lock_id, "orderBy": "1"}
        rows = self._cloud.rows("/v3/lock/listKeyboardPwd", newest_first, CODES_A_PAGE, why=why)
        try:
            codes = [held_code(row) for row in rows]
        except UnreadableRow:  # it may be the very code that somebody looks for
            raise not_understood(device=False) from None
        # A row that a new one moved to the next page was read twice.
        return list({code.provider_ref: code for code in codes if code is not None}.values())

    def unlock(self, lock_id: str, begin_by: datetime) -> None:
        lock = {"lockId": lock_id}
        answer = self._cloud.command("/v3/lock/unlock", lock, CallKind.UNLOCK, begin_by)
        self._cloud.expect_done(answer)

    def make_offline_code(self, lock_id: str, name: str, window: Window) -> HeldCode:
        """Have the cloud make a period code, in whole hours, the first being this one at least.

        The lock tells by itself that it is good, but only for 24 hours after its begin: unless it
        is typed by then, it never opens. There is one code for each pair of hours: asked twice for
        one pair, be it under another name, the cloud may give the same code. After an unclear
        answer the list may show it.
        """
        for hours in hourly_windows(window, self._clock()):
            form = order_of(lock_id, name, PERIOD, hours)
            answer = self._cloud.make("/v3/keyboardPwd/get", form)
            if answer.errcode != WINDOW_SPENT:
                self._cloud.expect_done(answer, said=False)
                return made_code(answer.fields, name, hours)
        raise error_for(WINDOW_SPENT, device=False, now=self._clock())

    def records(self, lock_id: str, since: datetime) -> Sequence[LockRecord]:
        """Read all the cloud has from LATE before on by the lock's clock; look when it heard it.

        The cloud can only be asked by the time on the lock, and that comes late (a gateway that
        was away) and wrong (a clock that drifts). In which order rows come is not told.
        """
        form = {"lockId": lock_id, "startDate": epoch_ms(max(since - LATE, EPOCH))}
        rows = self._cloud.rows("/v3/lockRecord/list", form, RECORDS_A_PAGE, may_grow=True)
        records: dict[str, LockRecord] = {}
        unreadable = 0
        for row in rows:
            try:
                record = lock_record(row)
            except UnreadableRow:
                unreadable += 1
            else:
                records[record.key] = record
        if unreadable:
            logger.warning("lines of a lock's log left out", extra={"count": unreadable})
        heard = [one for one in records.values() if one.heard_at > since - CLOCKS_DIFFER]
        return sorted(heard, key=lambda one: (one.heard_at, one.at))

    def correct_clock(self, lock_id: str) -> timedelta:
        lock = {"lockId": lock_id}
        asked_at = self._clock()
        fields = self._cloud.ask_lock("/v3/lock/queryDate", lock)
        told_at = self._clock()
        shown = instant(fields.get("date"))
        if shown is None:
            raise not_understood(device=False)
        drift = shown - (asked_at + (told_at - asked_at) / 2)
        # The lock was read at some time between: so much of it may be the radio's.
        if abs(drift) > CLOCK_GOOD + (told_at - asked_at) / 2:
            answer = self._cloud.command("/v3/lock/updateDate", lock, CallKind.PUT)
            self._cloud.expect_done(answer, said=instant(answer.fields.get("date")) is None)
        return drift

    def utc_offset(self, lock_id: str) -> timedelta | None:
        # The answer bears the lock's keys and its owner's code: nothing else of it is touched.
        fields = self._cloud.read("/v3/lock/detail", {"lockId": lock_id})
        ms = whole(fields.get("timezoneRawOffset"))
        return timedelta(milliseconds=ms) if ms is not None and abs(ms) <= MOST_AHEAD_MS else None

    def statuses(self) -> Sequence[LockStatus]:
        rows = self._cloud.rows("/v3/lock/list", {}, LOCKS_A_PAGE)
        signals, all_told = self._best_signals()
        read = [lock_status(row, signals, all_told=all_told) for row in rows]
        if None in read:
            logger.warning("locks without an id left out", extra={"count": read.count(None)})
        return [status for status in read if status is not None]

    def _best_signals(self) -> tuple[Mapping[str, Signal], bool]:
        """Return, by lock id, the gateway that hears it best; and whether all could be read."""
        best: dict[str, Signal] = {}
        all_told = True
        try:
            gateways = self._cloud.rows("/v3/gateway/list", {"orderBy": "1"}, GATEWAYS_A_PAGE)
        except PortError as fault:
            logger.warning("gateways not read", extra={"fault": fault.reason})
            return best, False
        for gateway in gateways:
            near = self._signals(gateway)
            all_told = all_told and near is not None
            for signal in near or ():
                known = best.get(signal.lock_id)
                if known is None or known.strength < signal.strength:
                    best[signal.lock_id] = signal
        return best, all_told

    def _signals(self, gateway: object) -> Sequence[Signal] | None:
        """Return how a gateway hears the locks near it; None when that cannot be read."""
        if not isinstance(gateway, Mapping) or whole(gateway.get("gatewayId")) is None:
            return None
        form = {"gatewayId": str(gateway["gatewayId"])}
        try:
            rows = self._cloud.rows("/v3/gateway/listLock", form)
        except PortError as fault:
            logger.warning("gateway's locks not read", extra={"fault": fault.reason, **form})
            return None
        near = [row for row in rows if isinstance(row, Mapping)]
        return [Signal.read(gateway, row) for row in near if whole(row.get("lockId")) is not None]


def _dates(window: Window) -> Mapping[str, str]:
    return {"startDate": epoch_ms(window.valid_from), "endDate": epoch_ms(window.valid_until)}
