"""One HTTP request to TTLock's cloud, and what its answer says."""

import json
import logging
import time
from collections.abc import Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from datetime import timedelta

import requests

from app.ports.connections import never_sent
from app.ports.errors import PortError
from app.ports.locks.ttlock_errors import DONE, LONG
from app.ports.timed_sessions import TooLarge, body_of, ending_within, timed_session

logger = logging.getLogger(__name__)

CONNECT_SECONDS = 5.0
SOON = timedelta(seconds=15)
MOST_BYTES = 5 * 1024 * 1024
"""Of an answer, unpacked; a page of a list has some 200 kB."""


class OddAnswer(PortError):
    """There was an answer, but none that the vendor describes."""


@dataclass(frozen=True)
class Answer:
    """A JSON object, which may hold secrets.

    `errcode` 0 means done. Lists and new codes come without one, which means done as well, as the
    vendor's own clients read it; `says_so` tells whether it was there.
    """

    errcode: int
    says_so: bool
    fields: Mapping[str, object] = field(repr=False)

    @property
    def is_done(self) -> bool:
        return self.errcode == DONE


class TtlockWire:
    """The cloud at one address, for any number of threads."""

    def __init__(self, api_url: str) -> None:
        self._api_url = api_url.rstrip("/")
        self._reads = timed_session()

    def post(
        self, path: str, form: Mapping[str, str], *, timeout: float, device: bool = False
    ) -> Answer:
        """Send one form and return the answer, be it a refusal.

        Always a POST: the form carries tokens and digits, and URLs end up in logs. `device`: the
        call is to change a lock, or to make a code that opens it, so that whatever is no answer
        may have taken effect. Raises PortError when there is none.

        `timeout`: seconds for all of it. An answer that drips would keep its lane for ever.
        """
        began = time.monotonic()
        try:
            with ending_within(timeout), self._session(device=device) as session:
                response = session.post(
                    self._api_url + path,
                    data=form,
                    timeout=(min(CONNECT_SECONDS, timeout), timeout),
                    allow_redirects=False,
                    stream=True,
                )
                body = body_of(response, MOST_BYTES)
        # `from None`: neither the request, which holds tokens, nor its body may reach a log.
        except requests.RequestException as fault:
            raise _without_answer(fault, device=device) from None
        except TooLarge:
            raise not_understood(device=device) from None
        answer = _read(response.status_code, body, device=device)
        seconds = round(time.monotonic() - began, 3)
        details = {"call": path, "errcode": answer.errcode, "seconds": seconds}
        logger.info("lock service answered", extra=details)
        return answer

    def _session(self, *, device: bool) -> AbstractContextManager[requests.Session]:
        """Give commands a connection of their own.

        One kept from before may have been closed at the other end, and then nobody could tell
        whether the command was read.
        """
        return timed_session() if device else nullcontext(self._reads)


def not_understood(*, device: bool) -> OddAnswer:
    """Make the error for an answer that is not what the vendor describes."""
    return OddAnswer(
        "The lock service gave an answer that cannot be read.", unclear=device, retry_after=SOON
    )


def whole(value: object) -> int | None:
    """Read a number that may come as a string; None when it is neither."""
    if isinstance(value, bool):
        return None
    if isinstance(value, int):
        return value
    if isinstance(value, str):
        try:
            return int(value)
        except ValueError:
            return None
    return None


def _without_answer(fault: requests.RequestException, *, device: bool) -> PortError:
    if never_sent(fault):
        return PortError("The lock service cannot be reached.")
    if isinstance(fault, requests.Timeout):
        return PortError("The lock service did not answer in time.", unclear=device)
    return PortError("The connection to the lock service was cut.", unclear=device)


def _read(status: int, body: bytes, *, device: bool) -> Answer:
    """Read an answer. What is refused in the vendor's words is so under any status."""
    fields = _object_in(body)
    errcode = whole(fields.get("errcode")) if fields is not None else None
    is_refusal = status >= 400 and bool(errcode)
    if not (200 <= status < 300 or is_refusal):
        raise _of_status(status, device=device)
    if fields is None or (errcode is None and fields.get("errcode") is not None):
        raise not_understood(device=device)
    return Answer(errcode or DONE, errcode is not None, fields)


def _object_in(body: bytes) -> dict[str, object] | None:
    try:
        fields = json.loads(body)
    except (ValueError, RecursionError):
        return None
    return fields if isinstance(fields, dict) else None


def _of_status(status: int, *, device: bool) -> PortError:
    if status == requests.codes.too_many_requests:
        return PortError("The lock service asks us to call less often.", retry_after=LONG)
    if status < 500 and status != requests.codes.request_timeout:
        return OddAnswer(
            f"The lock service refuses the call with HTTP {status}: check TTLOCK_API_URL.",
            retry_after=SOON,
        )
    return OddAnswer(f"The lock service answered with HTTP {status}.", unclear=device)
