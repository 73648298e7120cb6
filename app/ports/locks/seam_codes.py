"""Access codes at Seam: asked for, then watched until the lock has them, or has lost them."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from app.domain.windows import Window
from app.ports.errors import PortError
from app.ports.locks import CannotDo, CodeOrder, HeldCode
from app.ports.locks.seam_account import SeamAccount
from app.ports.locks.seam_digits import expect_takes
from app.ports.locks.seam_errors import LONG, OF_LOCK, SOON, Fault, NoSuchCode
from app.ports.locks.seam_rows import DEFERRED, DELETING, CodeRow, iso

AHEAD = timedelta(hours=72)
"""How long before its start Seam loads a code onto a lock that keeps a schedule of its own."""
LOOK_AGAIN = timedelta(hours=4)
"""The longest we let a code wait at Seam for its day before we look how it is."""
UNHEARD = 3
"""After so many looks that show nothing of what we asked for, it was not heard: the SDK takes any
2xx answer to a change or a removal for Seam's, a proxy's page too."""
NOT_REMOVED = frozenset({"failed_to_remove_from_device", "failed_to_delete"})


class SeamCodes:
    """The codes of every lock of the workspace."""

    def __init__(self, account: SeamAccount, clock: Callable[[], datetime]) -> None:
        self._account = account
        self._clock = clock

    def put(self, lock_id: str, order: CodeOrder) -> str:
        device = self._account.reachable(lock_id)
        if device.can_program_online_access_codes is False:
            raise CannotDo("Seam can put no codes on this lock.", permanent=True)
        expect_takes(device, order.digits)
        made = self._account.command(
            lambda seam: CodeRow.read(
                seam.access_codes.create(
                    device_id=lock_id,
                    name=order.name,
                    code=order.digits,
                    starts_at=iso(order.window.valid_from),
                    ends_at=iso(order.window.valid_until),
                ),
                acts=True,
            )
        )
        self._watch(made.ref, order.window)
        return made.ref

    def change(self, lock_id: str, ref: str, window: Window) -> None:
        self._account.reachable(lock_id)
        row = self._row(ref)
        if DELETING not in row.pending and (
            not window.is_kept_by(row.window) or "failed_to_update" in row.errors
        ):
            self._account.command(
                lambda seam: seam.access_codes.update(
                    access_code_id=ref,
                    starts_at=iso(window.valid_from),
                    ends_at=iso(window.valid_until),
                    type="time_bound",
                )
            )
        self._watch(ref, window)

    def remove(self, lock_id: str, ref: str) -> None:
        # Not by its lock as well: that one may have left Seam, and the code must go all the same.
        try:
            self._account.command(lambda seam: seam.access_codes.delete(access_code_id=ref))
            self._watch_removal(lock_id, ref)
        except NoSuchCode:
            return
        raise PortError(
            "Seam is still taking the code off the lock.", unclear=True, retry_after=SOON
        )

    def listed(self, lock_id: str) -> Sequence[HeldCode]:
        """Return every code of the lock; those made in its maker's app Seam calls unmanaged."""
        rows: list[object] = [
            *self._account.pages(
                lambda seam, at: seam.access_codes.list(device_id=lock_id, page_cursor=at)
            ),
            *self._account.pages(
                lambda seam, at: seam.access_codes.unmanaged.list(device_id=lock_id, page_cursor=at)
            ),
        ]
        codes = [CodeRow.read(row).held() for row in rows]
        # A code that becomes managed while we read is in both lists.
        return list({code.provider_ref: code for code in codes}.values())

    def _row(self, ref: str) -> CodeRow:
        return self._account.read(
            lambda seam: CodeRow.read(seam.access_codes.get(access_code_id=ref))
        )

    def _taken_row(self, ref: str) -> CodeRow:
        """Look at what Seam has just taken on; that it shows no such code yet proves nothing."""
        try:
            return self._row(ref)
        except NoSuchCode:
            raise PortError("Seam does not show the code yet.", unclear=True) from None

    def _watch(self, ref: str, window: Window) -> None:
        """Look until the lock has the code with this window. Raises PortError."""
        unheard = 0
        for row in self._account.looks(lambda: self._taken_row(ref)):
            if DELETING in row.pending:
                raise PortError(
                    "Seam is still taking an earlier code off the lock.",
                    unclear=True,
                    retry_after=SOON,
                )
            if (found := row.fault) is not None:
                raise self._taken_back(row, *found)
            if DEFERRED in row.pending:
                raise self._waiting(row, window)
            if row.is_settled and window.is_kept_by(row.window):
                return
            unheard += row.is_settled
            if unheard == UNHEARD:
                raise PortError("Seam did not take the change.", unclear=True)
        raise PortError(
            "Seam has not put the code on the lock yet.", unclear=True, retry_after=SOON
        )

    def _watch_removal(self, lock_id: str, ref: str) -> None:
        """Look until our time is over; raises NoSuchCode once it is gone. Raises PortError."""
        unheard = 0
        for number, row in enumerate(self._account.looks(lambda: self._row(ref))):
            if DELETING not in row.pending:
                unheard += 1
                if unheard == UNHEARD:
                    raise PortError("Seam did not take the removal.", unclear=True)
            elif (found := row.fault) and found[0] in NOT_REMOVED | OF_LOCK.keys():
                word, fault = found
                raise fault.made(word, unclear=True)
            if number == 0:
                self._expect_reachable(lock_id)

    def _expect_reachable(self, lock_id: str) -> None:
        try:
            self._account.reachable(lock_id)
        except PortError as fault:
            fault.unclear = True  # the removal was asked for, and Seam keeps it
            raise

    def _taken_back(self, row: CodeRow, word: str, fault: Fault) -> PortError:
        """Delete a code that could not be set, or Seam would go on trying; return what to raise."""
        if row.was_set or fault.unclear:
            return fault.made(word, unclear=bool(row.pending))
        try:
            self._account.command(lambda seam: seam.access_codes.delete(access_code_id=row.ref))
            looks = self._account.looks(lambda: self._row(row.ref))
            for _ in zip(looks, range(UNHEARD), strict=False):
                pass
        except NoSuchCode:
            return fault.made(word)
        except PortError:
            pass
        return fault.made(word, unclear=True)

    def _waiting(self, row: CodeRow, window: Window) -> PortError:
        """Say when Seam will load the code. It is not on the lock, and so not confirmed."""
        due_at = row.due_at or window.valid_from - AHEAD
        return PortError(
            f"Seam keeps the code until it loads it onto the lock, on {due_at.day} "
            f"{due_at:%B at %H:%M} UTC.",
            unclear=True,
            retry_after=min(max(due_at - self._clock(), LONG), LOOK_AGAIN),
        )
