"""Seam, which reaches locks of many makers, TTLock's among them, through their makers' clouds.

What decides much here:
- Making, changing and deleting a code only ask for it; Seam does it later, and goes on trying when
  it fails. So we watch until it is done, and take back what has failed: it could come true later.
- A code is loaded onto the lock 72 hours before it starts, or an hour before where the lock keeps
  no schedule. Until then it is not on the lock, and no guest must be told that it is.
- There is no idempotency key. Our name on the code is how an unclear attempt is found again.
- What is asked of a lock that is offline waits at Seam. So we look first, and then ask nothing but
  removals: Seam may hold a code that it would load onto the lock as soon as that is back.
- Pending mutations, errors and warnings say how a code is; `status` is deprecated.
"""

import logging
import time
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from app.domain.windows import Window
from app.ports.errors import PortError
from app.ports.locks import CannotDo, CodeOrder, HeldCode, LockRecord, LockStatus
from app.ports.locks.seam_account import SeamAccount
from app.ports.locks.seam_codes import SeamCodes
from app.ports.locks.seam_digits import keypad_of
from app.ports.locks.seam_errors import OF_ATTEMPT, REMOTE_OFF, UNKNOWN, not_understood, safe
from app.ports.locks.seam_records import DENIED, LOCKED, UNLOCKED, lock_record
from app.ports.locks.seam_rows import iso, lock_status, text
from app.ports.metering import CallKind

logger = logging.getLogger(__name__)

EVENTS_A_PAGE = 500
MOST_PAGES = 200
STALE_PAGES = 2


class SeamLocks:
    """Every lock of one workspace at Seam. Safe to share among threads."""

    def __init__(
        self,
        api_key: str,
        api_url: str,
        clock: Callable[[], datetime],
        device_timeout: float = 45.0,
        cloud_timeout: float = 15.0,
    ) -> None:
        """Seconds: an unlock has its answer, or none, within both together."""
        self._account = SeamAccount(api_key, api_url, device_timeout, cloud_timeout)
        self._codes = SeamCodes(self._account, clock)
        self._clock = clock

    def put_code(self, lock_id: str, order: CodeOrder) -> str:
        return self._codes.put(lock_id, order)

    def change_window(self, lock_id: str, provider_ref: str, window: Window) -> None:
        self._codes.change(lock_id, provider_ref, window)

    def remove_code(self, lock_id: str, provider_ref: str) -> None:
        self._codes.remove(lock_id, provider_ref)

    def list_codes(self, lock_id: str, why: CallKind = CallKind.READ) -> Sequence[HeldCode]:
        return self._codes.listed(lock_id)

    def unlock(self, lock_id: str, begin_by: datetime) -> None:
        began = time.monotonic()
        device = self._account.reachable(lock_id)
        if device.can_remotely_unlock is False:
            raise REMOTE_OFF.made("can_remotely_unlock")
        if self._clock() >= begin_by:
            raise PortError("Seam was not ready in time, so nothing was done.")
        attempt = self._account.command(
            lambda seam: seam.locks.unlock_door(device_id=lock_id, wait_for_action_attempt=False)
        )
        attempt_id = text(getattr(attempt, "action_attempt_id", None))
        if not attempt_id:
            raise not_understood(acts=True)
        self._expect_opened(attempt_id, began)

    def make_offline_code(self, lock_id: str, name: str, window: Window) -> HeldCode:
        # Seam knows such codes for a few makers, each with rules of its own; none can be revoked
        # before it ends, and some must be used within a day of their start.
        raise CannotDo("Seam makes no codes for this lock while it is offline.", permanent=True)

    def records(self, lock_id: str, since: datetime) -> Sequence[LockRecord]:
        found = self._events(lock_id, since)
        known = any(getattr(event, "access_code_id", None) for event in found)
        codes = self._codes.listed(lock_id) if known else []
        names = {code.provider_ref: code.name for code in codes}
        read = [lock_record(event, names) for event in found]
        records = [record for record in read if record is not None]
        if len(records) < len(read):
            # Waiting for them would hold up all that the lock tells from now on.
            left_out = {"lock_id": lock_id, "count": len(read) - len(records)}
            logger.warning("lock events left out that cannot be read", extra=left_out)
        return sorted(records, key=lambda record: (record.heard_at, record.at))

    def correct_clock(self, lock_id: str) -> timedelta:
        raise CannotDo("Seam sees to the clocks of its locks itself.", permanent=True)

    def utc_offset(self, lock_id: str) -> timedelta | None:
        raise CannotDo("Seam sees to the time zones of its locks itself.", permanent=True)

    def statuses(self) -> Sequence[LockStatus]:
        devices = self._account.pages(lambda seam, at: seam.devices.list(page_cursor=at))
        read = [lock_status(device, keypad_of(device)) for device in devices]
        return [status for status in read if status is not None]

    def _events(self, lock_id: str, since: datetime) -> list[object]:
        found: dict[str, object] = {}
        offset = stale = 0
        for _ in range(MOST_PAGES):
            page = self._account.read(
                lambda seam, offset=offset: seam.events.list(  # type: ignore[misc]
                    device_id=lock_id,
                    event_types=[UNLOCKED, LOCKED, DENIED],
                    since=iso(since),
                    limit=EVENTS_A_PAGE,
                    unstable_offset=offset,
                )
            )
            before = len(found)
            found.update((text(getattr(one, "event_id", None)) or repr(one), one) for one in page)
            # This list has no cursor, and no telling how long a page may be: an empty one ends it.
            # What happens meanwhile moves rows to the next page, never out of our sight; where one
            # shows nothing new, and the next neither, the offset is not heeded.
            stale = stale + 1 if len(found) == before else 0
            if not page or stale == STALE_PAGES:
                return list(found.values())
            offset += len(page)
        raise not_understood(acts=False)

    def _expect_opened(self, attempt_id: str, began: float) -> None:
        """Look until the attempt has ended. It is never made again, so no answer stays unclear."""
        looks = self._account.looks(
            lambda: self._account.read(
                lambda seam: seam.action_attempts.get(
                    action_attempt_id=attempt_id, wait_for_action_attempt=False
                )
            ),
            began,
        )
        for attempt in looks:
            status = getattr(attempt, "status", None)
            if status == "success":
                return
            if status == "error":
                word = text(getattr(getattr(attempt, "error", None), "type", None))
                raise OF_ATTEMPT.get(word, UNKNOWN).made(safe(word))
        raise PortError("Seam does not say whether the door opened.", unclear=True)
