"""Calls to Seam by its SDK, and what becomes of an answer that is none.

Nothing but `SeamLocks` imports this file, and only at its first call: the SDK takes some 30 MB.
"""

import logging
import time
from collections.abc import Callable, Mapping
from datetime import timedelta
from email.utils import parsedate_to_datetime
from typing import TypeVar

import httpx
from httpx_retries import Retry
from seam.auth import SeamInvalidTokenError
from seam.exceptions import (
    SeamError,
    SeamHttpApiError,
    SeamHttpInvalidInputError,
    SeamHttpUnauthorizedError,
)
from seam.options import SeamInvalidOptionsError
from seam.seam import Seam

from app.ports.errors import PortError
from app.ports.locks.seam_deadline import UNTIL, TimedBody, within
from app.ports.locks.seam_errors import (
    SOON,
    TOO_MANY,
    TOO_SLOW,
    bad_key,
    less_often,
    not_understood,
    refused,
)

logger = logging.getLogger(__name__)

T = TypeVar("T")

LEAST_WAIT, LONGEST_WAIT = timedelta(seconds=1), timedelta(minutes=15)
"""Between these it is up to Seam when we ask again."""
CONNECT_SECONDS = 5.0
MOST_PAGES = 100
UNREADABLE = (AttributeError, KeyError, TypeError, ValueError)
"""What the SDK raises when it takes apart JSON of another shape than it expects."""


class _TooMany(Exception):
    """Seam asks us to call less often; the SDK's errors do not tell how long it says to wait."""

    def __init__(self, retry_after: timedelta | None) -> None:
        super().__init__()
        self.retry_after = retry_after


class SeamWire:
    """One workspace of Seam, for any number of threads."""

    def __init__(self, api_key: str, api_url: str, timeout: float) -> None:
        """Make the client; nothing is sent. Raises PortError for a key of another kind.

        Seconds: a call has its answer, or none, within these and those for the connection.
        """
        self._seconds = timeout + min(CONNECT_SECONDS, timeout)
        try:
            self._seam = Seam(
                api_key,
                endpoint=api_url,
                wait_for_action_attempt=False,
                # Whoever calls us tries again, in its own time, and sees that it does.
                retries=Retry(total=0),
                httpx_options={
                    "timeout": httpx.Timeout(timeout, connect=min(CONNECT_SECONDS, timeout)),
                    "event_hooks": {"request": [self._begin], "response": [_note]},
                },
            )
        except (SeamInvalidTokenError, SeamInvalidOptionsError):
            raise bad_key() from None

    def ask(self, call: Callable[[Seam], T], *, acts: bool = False) -> T:
        """Make one call. `acts`: it may change something, so that no answer leaves that unclear.

        Raises PortError, and nothing else: neither the request, which bears the key, nor its body
        may reach a log.
        """
        try:
            return within(self._seconds, lambda: call(self._seam))
        except _TooMany as fault:
            raise less_often(fault.retry_after) from None
        except SeamHttpUnauthorizedError:
            raise bad_key() from None
        except SeamHttpApiError as fault:
            raise refused(fault.code, fault.status_code, _fields(fault), acts=acts) from None
        except (httpx.HTTPError, httpx.InvalidURL) as fault:
            raise _unanswered(fault, acts=acts) from None
        except (SeamError, *UNREADABLE):
            raise not_understood(acts=acts) from None

    def _begin(self, request: httpx.Request) -> None:
        request.extensions[UNTIL] = time.monotonic() + self._seconds

    def pages(self, page: Callable[[Seam, str | None], list[T]]) -> list[T]:
        """Read a whole list. Raises PortError rather than return less than all of it."""
        rows: list[T] = []
        seen: set[str | None] = set()
        cursor: str | None = None
        for _ in range(MOST_PAGES):
            found = self.ask(lambda seam, at=cursor: page(seam, at))  # type: ignore[misc]
            rows += found
            paging = getattr(found, "pagination", None)
            if not isinstance(paging, dict):
                raise not_understood(acts=False)
            if not paging.get("has_next_page"):
                return rows
            seen.add(cursor)
            cursor = paging.get("next_page_cursor")
            if not isinstance(cursor, str) or cursor in seen:
                break
        raise not_understood(acts=False)


def _note(response: httpx.Response) -> None:
    if isinstance(response.stream, httpx.SyncByteStream):
        response.stream = TimedBody(response.stream, response.request.extensions[UNTIL])
    response.read()  # which ends the measuring of its time
    details = {
        "call": response.request.url.path,
        "status": response.status_code,
        "seconds": round(response.elapsed.total_seconds(), 3),
    }
    logger.info("lock service answered", extra=details)
    if response.status_code == TOO_MANY:
        raise _TooMany(_wait(response.headers))


def _wait(headers: Mapping[str, str]) -> timedelta | None:
    """Read Retry-After, in seconds or as a time by Seam's own clock; None where there is none."""
    told = headers.get("Retry-After", "")
    if told.isdecimal():
        wait = timedelta(seconds=min(int(told), LONGEST_WAIT.total_seconds()))
    else:
        try:
            wait = parsedate_to_datetime(told) - parsedate_to_datetime(headers.get("Date", ""))
        except (TypeError, ValueError):
            return None
    return min(max(wait, LEAST_WAIT), LONGEST_WAIT)


def _fields(fault: SeamHttpApiError) -> frozenset[str]:
    if not isinstance(fault, SeamHttpInvalidInputError):
        return frozenset()
    return frozenset(error.parameter_name for error in fault.validation_errors)


def _unanswered(fault: httpx.HTTPError | httpx.InvalidURL, *, acts: bool) -> PortError:
    """Make the error for a call that Seam itself did not answer.

    Never unclear where no connection was made, so that nothing can have been done.
    """
    if isinstance(fault, httpx.HTTPStatusError):
        status = fault.response.status_code
        if 300 <= status < 500 and status != TOO_SLOW:
            return PortError(
                f"Seam refuses the call with HTTP {status}: check SEAM_API_URL.", retry_after=SOON
            )
        return PortError(f"Seam answered with HTTP {status}.", unclear=acts)
    if isinstance(fault, httpx.ConnectError | httpx.ConnectTimeout | httpx.PoolTimeout):
        return PortError("Seam cannot be reached.")
    if isinstance(fault, httpx.UnsupportedProtocol | httpx.InvalidURL):
        return PortError("Seam cannot be reached: check SEAM_API_URL.", retry_after=SOON)
    if isinstance(fault, httpx.TimeoutException):
        return PortError("Seam did not answer in time.", unclear=acts)
    return PortError("The connection to Seam was cut.", unclear=acts)
