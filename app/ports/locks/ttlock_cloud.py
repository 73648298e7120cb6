"""Calls to TTLock's cloud in the account's name: with token and date, and all pages of a list."""

from collections.abc import Callable, Mapping
from datetime import datetime

from app.ports.errors import PortError
from app.ports.locks.ttlock_errors import DATE_REFUSED, TOKEN_REFUSED, error_for
from app.ports.locks.ttlock_rows import epoch_ms
from app.ports.locks.ttlock_tokens import Account, TokenStore, TtlockTokens
from app.ports.locks.ttlock_wire import SOON, Answer, TtlockWire, not_understood, whole
from app.ports.metering import CallKind, Meter

MOST_PAGES = 100


class TtlockCloud:
    """Reads of what the cloud or a lock knows, and what changes something in either."""

    def __init__(
        self,
        api_url: str,
        account: Account,
        tokens: TokenStore,
        clock: Callable[[], datetime],
        device_timeout: float,
        cloud_timeout: float,
        meter: Meter,
    ) -> None:
        self._wire = TtlockWire(api_url)
        self._client_id = account.client_id
        self._tokens = TtlockTokens(self._wire, account, tokens, clock, cloud_timeout, meter)
        self._meter = meter
        self._clock = clock
        self._device_timeout = device_timeout
        self._cloud_timeout = cloud_timeout

    def read(
        self, path: str, form: Mapping[str, str], why: CallKind = CallKind.READ
    ) -> Mapping[str, object]:
        """Ask what the cloud knows; nothing is changed by it. Raises PortError, never unclear."""
        return self._told(path, form, self._cloud_timeout, why)

    def ask_lock(self, path: str, form: Mapping[str, str]) -> Mapping[str, object]:
        """Ask a lock itself, by radio. Raises PortError, never unclear."""
        return self._told(path, form, self._device_timeout)

    def rows(
        self,
        path: str,
        form: Mapping[str, str],
        page_size: int = 0,
        *,
        may_grow: bool = False,
        why: CallKind = CallKind.READ,
    ) -> list[object]:
        """Read the whole of a list, page by page where it has pages (`page_size`).

        A list that `may_grow` at either end meanwhile may have rows twice. Raises PortError rather
        than return less than all of it.
        """
        rows: list[object] = []
        totals: list[int | None] = []
        for page in range(1, MOST_PAGES + 1):
            paging = {"pageNo": str(page), "pageSize": str(page_size)} if page_size else {}
            fields = self.read(path, {**form, **paging}, why)
            found = fields.get("list")
            if not isinstance(found, list):
                raise not_understood(device=False)
            rows += found
            totals.append(whole(fields.get("total")))
            if not page_size or _is_last(page, len(found), page_size, fields):
                break
        else:
            raise not_understood(device=False)
        has_changed = len(set(totals)) > 1 and not may_grow
        if has_changed or len(rows) < (totals[-1] or 0):
            # A row deleted between two pages moves another from the later to the earlier one.
            raise PortError("The list changed while it was read.", retry_after=SOON)
        return rows

    def command(
        self,
        path: str,
        form: Mapping[str, str],
        kind: CallKind,
        begin_by: datetime | None = None,
    ) -> Answer:
        """Have a lock do something; the answer may be a refusal. Not sent from `begin_by` on.

        Raises PortError when there is no answer: unclear, unless nothing was sent.
        """
        return self._call(path, form, self._device_timeout, kind, changes=True, begin_by=begin_by)

    def make(self, path: str, form: Mapping[str, str]) -> Answer:
        """Have the cloud make something, without the lock; else as a command is."""
        return self._call(path, form, self._cloud_timeout, CallKind.PUT, changes=True)

    def expect_done(self, answer: Answer, *, said: bool = True) -> None:
        """Raise what a command's refusal means; unclear when it should have `said` so, and did not.

        Every command's answer has an `errcode`, but for that of a new code, which has its id.
        """
        if not answer.is_done:
            raise error_for(answer.errcode, device=True, now=self._clock())
        if said and not answer.says_so:
            raise not_understood(device=True)

    def _told(
        self, path: str, form: Mapping[str, str], timeout: float, why: CallKind = CallKind.READ
    ) -> Mapping[str, object]:
        answer = self._call(path, form, timeout, why, changes=False)
        if not answer.is_done:
            raise error_for(answer.errcode, device=False, now=self._clock())
        return answer.fields

    def _call(
        self,
        path: str,
        form: Mapping[str, str],
        timeout: float,
        kind: CallKind,
        *,
        changes: bool,
        begin_by: datetime | None = None,
    ) -> Answer:
        """Send anew while it is the token or the date that is refused: then nothing was done."""
        token = self._tokens.current()
        remedies = [self._tokens.renew, self._tokens.log_in]
        dates_left = 1
        while True:
            self._meter(kind)
            now = self._clock()
            if begin_by is not None and now >= begin_by:
                raise PortError("The lock service was not ready in time, so nothing was done.")
            ours = {
                "clientId": self._client_id,
                "accessToken": token.access,
                "date": epoch_ms(now),
            }
            answer = self._wire.post(path, {**form, **ours}, timeout=timeout, device=changes)
            if answer.errcode in TOKEN_REFUSED and remedies:
                token = remedies.pop(0)(token)
            elif answer.errcode == DATE_REFUSED and dates_left:
                dates_left -= 1
            else:
                return answer


def _is_last(page: int, found: int, page_size: int, fields: Mapping[str, object]) -> bool:
    """Tell by the number of pages, or else by a page that is not full."""
    pages = whole(fields.get("pages"))
    if pages is not None:
        return page >= pages
    return found < (whole(fields.get("pageSize")) or page_size)
