"""TTLock's cloud, API v3, over HTTP.

Errors come as HTTP 200 with an `errcode`. Commands travel through a gateway by radio, one at a
time, and take seconds; one without a clear answer may have taken effect. The defaults of add,
change and delete (type 1, Bluetooth) touch only the cloud's list and not the lock, so type 2 is
always sent.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

import requests

from app.domain.windows import EmptyWindow, Window
from app.ports.errors import PortError
from app.ports.locks import CodeOrder, HeldCode, LockOffline, LockStatus
from app.ports.locks.ttlock_errors import error_for
from app.ports.locks.ttlock_tokens import Tokens, TokenStore

PERIOD = 3
"""keyboardPwdType: valid within a window; type 2 would be for ever, whatever dates are sent."""
BY_GATEWAY = 2
TOKEN_REFUSED = (10003, 10004)
CLOCK_REFUSED = 80000
NOT_ON_LOCK = -2009
ADD_FAILED = 5
"""Status of a code in the cloud's list that never reached its lock."""
PAGE = 200
"""The most that listKeyboardPwd and gateway/list give at once."""


class _Refused(Exception):
    """The cloud answered with an errcode."""

    def __init__(self, errcode: int) -> None:
        super().__init__(errcode)
        self.errcode = errcode


class TtlockLocks:
    """All locks of one TTLock account. See `LockPort` for what each verb promises."""

    def __init__(
        self,
        api_url: str,
        client_id: str,
        client_secret: str,
        username: str,
        password: str,
        *,
        tokens: TokenStore,
        clock: Callable[[], datetime],
        device_timeout: float = 60.0,
        cloud_timeout: float = 15.0,
    ) -> None:
        """Connect to nothing yet. Timeouts are seconds; commands may take most of a minute."""
        self._api_url, self._client_id, self._clock = api_url.rstrip("/"), client_id, clock
        self._device_timeout, self._cloud_timeout = device_timeout, cloud_timeout
        self._tokens = Tokens(
            tokens,
            self._post_for_token,
            clock,
            client=(client_id, client_secret),
            user=(username, password),
        )

    def put_code(self, lock_id: str, order: CodeOrder) -> str:
        answer = self._command(
            "keyboardPwd/add",
            lockId=lock_id,
            keyboardPwd=order.digits,
            keyboardPwdName=order.name,
            keyboardPwdType=PERIOD,
            addType=BY_GATEWAY,
            **_dates(order.window),
        )
        if not answer.get("keyboardPwdId"):
            raise PortError("The lock did not say whether it took the code.", unclear=True)
        return str(answer["keyboardPwdId"])

    def change_window(self, lock_id: str, provider_ref: str, window: Window) -> None:
        # Without startDate the call reports success and changes nothing; so both are always sent.
        self._command(
            "keyboardPwd/change",
            lockId=lock_id,
            keyboardPwdId=provider_ref,
            changeType=BY_GATEWAY,
            **_dates(window),
        )

    def remove_code(self, lock_id: str, provider_ref: str) -> None:
        try:
            self._call(
                "keyboardPwd/delete",
                self._device_timeout,
                is_command=True,
                lockId=lock_id,
                keyboardPwdId=provider_ref,
                deleteType=BY_GATEWAY,
            )
        except _Refused as refused:
            if refused.errcode != NOT_ON_LOCK:
                raise error_for(refused.errcode, self._clock()) from None

    def list_codes(self, lock_id: str) -> Sequence[HeldCode]:
        rows = self._all_pages("lock/listKeyboardPwd", PAGE, lockId=lock_id)
        try:
            return [_held(row) for row in rows if int(row.get("status") or 1) != ADD_FAILED]
        except (KeyError, TypeError, ValueError):
            # Unreadable is unknown, never empty.
            raise PortError("TTLock's list of codes could not be read.") from None

    def unlock(self, lock_id: str) -> None:
        self._command("lock/unlock", lockId=lock_id)

    def statuses(self) -> Sequence[LockStatus]:
        gateways = self._gateways()
        found = []
        for row in self._all_pages("lock/list", 1000):
            lock_id = str(row.get("lockId"))
            gateway_id, is_online = gateways.get(lock_id, (None, None))
            found.append(
                LockStatus(
                    lock_id=lock_id,
                    name=str(row.get("lockAlias") or row.get("lockName") or lock_id),
                    battery_percent=_percent(row.get("electricQuantity")),
                    gateway_id=gateway_id,
                    gateway_online=is_online,
                    seen_at=None,
                )
            )
        return found

    def _gateways(self) -> dict[str, tuple[str, bool | None]]:
        """Return each lock's gateway with the best signal; nothing where the cloud will not say."""
        best: dict[str, tuple[float, str, bool | None]] = {}
        try:
            for gateway in list(self._all_pages("gateway/list", PAGE)):
                gateway_id = str(gateway["gatewayId"])
                is_online = str(gateway.get("isOnline")) == "1" if "isOnline" in gateway else None
                locks = self._read("gateway/listLock", gatewayId=gateway_id).get("list", [])
                for lock in locks:
                    lock_id, rssi = str(lock["lockId"]), float(lock.get("rssi") or -999)
                    # An offline gateway's signal is no use while another one is online.
                    rank = rssi - (1000 if is_online is False else 0)
                    if lock_id not in best or rank > best[lock_id][0]:
                        best[lock_id] = (rank, gateway_id, is_online)
        except (PortError, KeyError, TypeError, ValueError):
            return {}
        return {lock_id: (gateway, online) for lock_id, (_rank, gateway, online) in best.items()}

    def _all_pages(self, path: str, size: int, **fields: object) -> Iterator[dict[str, Any]]:
        page, pages = 1, 1
        while page <= pages:
            answer = self._read(path, pageNo=page, pageSize=size, **fields)
            rows = answer.get("list")
            try:
                pages = int(answer.get("pages") or 1)
            except (TypeError, ValueError):
                rows = None
            if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
                raise PortError("TTLock gave a list that cannot be read.")
            yield from rows
            page += 1

    def _read(self, path: str, **fields: object) -> dict[str, Any]:
        """Ask the cloud; nothing reaches a lock, so nothing is unclear but the answer."""
        try:
            return self._call(path, self._cloud_timeout, is_command=False, **fields)
        except _Refused as refused:
            fault = error_for(refused.errcode, self._clock())
            fault.unclear = False
            raise fault from None

    def _command(self, path: str, **fields: object) -> dict[str, Any]:
        try:
            return self._call(path, self._device_timeout, is_command=True, **fields)
        except _Refused as refused:
            raise error_for(refused.errcode, self._clock()) from None

    def _call(
        self, path: str, timeout: float, *, is_command: bool, **fields: object
    ) -> dict[str, Any]:
        """Call with a token, renewed once if refused, and a date that is tried twice."""
        access = self._tokens.access()
        renewed = redated = False
        while True:
            form = {
                "clientId": self._client_id,
                "accessToken": access,
                "date": str(int(self._clock().timestamp() * 1000)),
                **{name: str(value) for name, value in fields.items()},
            }
            try:
                return self._post(f"/v3/{path}", form, timeout, is_command=is_command)
            except _Refused as refused:
                if refused.errcode in TOKEN_REFUSED and not renewed:
                    access, renewed = self._tokens.access(refused=access), True
                elif refused.errcode == CLOCK_REFUSED and not redated:
                    redated = True
                else:
                    raise

    def _post_for_token(self, path: str, form: Mapping[str, str]) -> dict[str, Any]:
        try:
            return self._post(path, form, self._cloud_timeout, is_command=False)
        except _Refused as refused:
            raise error_for(refused.errcode, self._clock()) from None

    def _post(
        self, path: str, form: Mapping[str, str], timeout: float, *, is_command: bool
    ) -> dict[str, Any]:
        """Post a form (tokens stay out of URLs) and return the JSON object of a success."""
        try:
            response = requests.post(
                self._api_url + path, data=form, timeout=(10.0, timeout), allow_redirects=False
            )
            response.raise_for_status()
            answer = response.json()
        except (requests.ConnectionError, requests.Timeout) as fault:
            raise _connection_error(fault, is_command=is_command) from None
        except requests.RequestException:
            raise PortError("TTLock has a fault of its own.", unclear=is_command) from None
        if not isinstance(answer, dict):
            raise PortError("TTLock gave an answer that cannot be read.", unclear=is_command)
        try:
            errcode = int(answer.get("errcode") or 0)
        except (TypeError, ValueError):
            raise PortError(
                "TTLock gave an answer that cannot be read.", unclear=is_command
            ) from None
        if errcode != 0:
            raise _Refused(errcode)
        return answer


def _connection_error(fault: requests.RequestException, *, is_command: bool) -> PortError:
    """Tell a request that surely never arrived from one that may have."""
    never_arrived = isinstance(fault, requests.ConnectTimeout) or "NewConnectionError" in repr(
        fault
    )
    if never_arrived:
        return LockOffline("The lock service cannot be reached.")
    return PortError("The lock service did not answer in time.", unclear=is_command)


def _dates(window: Window) -> dict[str, int]:
    return {
        "startDate": int(window.valid_from.timestamp() * 1000),
        "endDate": int(window.valid_until.timestamp() * 1000),
    }


def _held(row: Mapping[str, Any]) -> HeldCode:
    return HeldCode(
        provider_ref=str(row["keyboardPwdId"]),
        name=str(row.get("keyboardPwdName") or ""),
        digits=str(row["keyboardPwd"]),
        window=_window(row),
    )


def _window(row: Mapping[str, Any]) -> Window | None:
    """Return the code's window; None for one that is for ever, or whose dates make none."""
    if int(row.get("keyboardPwdType") or 0) != PERIOD:
        return None
    start, end = int(row.get("startDate") or 0), int(row.get("endDate") or 0)
    try:
        return Window(
            datetime.fromtimestamp(start / 1000, UTC), datetime.fromtimestamp(end / 1000, UTC)
        )
    except EmptyWindow:
        return None


def _percent(value: object) -> int | None:
    try:
        percent = int(str(value))
    except ValueError:
        return None
    return percent if 0 <= percent <= 100 else None
