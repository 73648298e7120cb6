"""Calendars over HTTP(S), for addresses that hosts paste from anywhere.

Each address, and each it redirects to, is looked up once and judged; the connection goes to what
was judged, so that a name cannot answer the check one way and the call another.
"""

import queue
import socket
from collections.abc import Callable
from dataclasses import dataclass
from threading import Thread
from typing import Any
from urllib.parse import SplitResult, urljoin, urlsplit

import requests
from urllib3.exceptions import HTTPError

from app.ports.calendars import Fetched, Validators
from app.ports.calendars.addresses import is_public
from app.ports.calendars.pinned import Endpoint, PinnedAdapter
from app.ports.calendars.unpacking import unpacked
from app.ports.connections import Deadline, asked_pause
from app.ports.errors import PortError

MOST_BYTES = 5 * 1024 * 1024
"""After unpacking: ten megabytes of zeros travel as ten kilobytes."""
MOST_REDIRECTS = 5
SECONDS = 10.0

Resolver = Callable[..., list[Any]]
"""Called like `socket.getaddrinfo`."""

_MOVED = frozenset({301, 302, 303, 307, 308})
_COPY_AGAIN = "Please copy the calendar's address from the site again."


@dataclass(frozen=True)
class _Place:
    """An address that was looked up and may be called."""

    url: str
    endpoints: tuple[Endpoint, ...]


class HttpCalendars:
    """Fetches calendars; keeps nothing between two fetches.

    `allowed_hosts`: names or literal addresses, as they stand in the URL, that may lead into a
    private network, on any port. `seconds`: for one fetch in all, look-ups and redirects included.
    """

    def __init__(
        self,
        allowed_hosts: frozenset[str],
        user_agent: str,
        resolver: Resolver = socket.getaddrinfo,
        *,
        seconds: float = SECONDS,
    ) -> None:
        self._allowed_hosts = frozenset(_plain_host(host) for host in allowed_hosts)
        self._resolver, self._seconds = resolver, seconds
        self._headers = {
            "User-Agent": user_agent,
            "Accept": "text/calendar, */*;q=0.5",
            "Accept-Encoding": "gzip",
        }

    def fetch(self, url: str, validators: Validators) -> Fetched:
        with Deadline(self._seconds) as deadline:
            try:
                return self._follow(url, validators, deadline)
            except (requests.RequestException, HTTPError, OSError) as fault:
                if deadline.has_passed or isinstance(fault, requests.Timeout | TimeoutError):
                    raise self._too_slow() from None
                raise PortError(_why_broken(fault)) from None

    def _follow(self, url: str, validators: Validators, deadline: Deadline) -> Fetched:
        for _ in range(MOST_REDIRECTS + 1):
            place = self._looked_up(url, deadline)
            with (
                requests.Session() as session,
                self._asked(session, place, validators, deadline) as answer,
            ):
                location = answer.headers.get("Location")
                if answer.status_code not in _MOVED or not location:
                    return self._read(answer, validators, deadline)
                url = urljoin(place.url, location)
        raise PortError("The calendar's server sends us on from one address to the next.")

    def _looked_up(self, url: str, deadline: Deadline) -> _Place:
        url, parts = _checked_url(url)
        host = _plain_host(parts.hostname or "")
        port = parts.port or (443 if parts.scheme == "https" else 80)
        endpoints = tuple((one[0], one[4]) for one in self._resolved(host, port, deadline))
        if not endpoints:
            raise PortError("The calendar's server was not found.")
        addresses = [address[0] for _family, address in endpoints]
        if host not in self._allowed_hosts and not all(map(is_public, addresses)):
            raise PortError(
                "The calendar's address leads into a private network. If that is meant, add its "
                "host to FEED_ALLOWED_HOSTS.",
                permanent=True,
            )
        return _Place(url, endpoints)

    def _resolved(self, host: str, port: int, deadline: Deadline) -> list[Any]:
        """Call the resolver, which takes no timeout, for no longer than there is time."""
        answers: queue.SimpleQueue[list[Any] | OSError | UnicodeError] = queue.SimpleQueue()

        def resolve() -> None:
            try:
                answers.put(self._resolver(host, port, type=socket.SOCK_STREAM))
            except (OSError, UnicodeError) as fault:
                answers.put(fault)

        Thread(target=resolve, daemon=True).start()
        try:
            answer = answers.get(timeout=deadline.seconds_left)
        except queue.Empty:
            raise self._too_slow() from None
        if isinstance(answer, OSError | UnicodeError):
            raise PortError("The calendar's server was not found.")
        return answer

    def _asked(
        self, session: requests.Session, place: _Place, validators: Validators, deadline: Deadline
    ) -> requests.Response:
        """Ask once, at the looked-up addresses; the body is still to be read."""
        session.trust_env = False  # a proxy would look the name up again, and may lead anywhere
        adapter = PinnedAdapter(place.endpoints, deadline)
        session.mount("http://", adapter)
        session.mount("https://", adapter)
        headers = dict(self._headers)
        if validators.etag:
            headers["If-None-Match"] = validators.etag
        if validators.last_modified:
            headers["If-Modified-Since"] = validators.last_modified
        left = deadline.seconds_left
        return session.get(
            place.url, headers=headers, stream=True, allow_redirects=False, timeout=left
        )

    def _read(self, answer: requests.Response, before: Validators, deadline: Deadline) -> Fetched:
        given = Validators(answer.headers.get("ETag"), answer.headers.get("Last-Modified"))
        if answer.status_code == 304 and before != Validators():
            last_modified = given.last_modified or before.last_modified
            return Fetched(None, Validators(given.etag or before.etag, last_modified))
        if answer.status_code != 200:
            raise PortError(_why_refused(answer.status_code), retry_after=asked_pause(answer))
        body = bytearray()
        for part in unpacked(answer):
            body += part
            if len(body) > MOST_BYTES:
                raise PortError("The calendar is larger than 5 MB.")
            if deadline.has_passed:
                break
        # Cut off at the deadline, a body without a stated length looks complete.
        if deadline.has_passed:
            raise self._too_slow()
        return Fetched(bytes(body), given)

    def _too_slow(self) -> PortError:
        return PortError(f"The calendar's server took longer than {self._seconds:g} seconds.")


def _plain_host(host: str) -> str:
    return host.strip("[]").rstrip(".").lower()


def _checked_url(url: str) -> tuple[str, SplitResult]:
    """Return the URL as it will be sent, and its parts."""
    try:
        prepared = requests.Request("GET", url).prepare().url or ""
        parts = urlsplit(prepared)
        is_web = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except (requests.RequestException, HTTPError, ValueError):
        is_web, prepared, parts = False, "", urlsplit("")
    if not is_web:
        raise PortError("The calendar's address is not a web address.", permanent=True)
    if "@" in parts.netloc or "@" in urlsplit(url).netloc:
        raise PortError(
            "The calendar's address carries a user name or password, which we do not send.",
            permanent=True,
        )
    return prepared, parts


def _why_refused(status: int) -> str:
    said = f"The calendar's server answered {status}"
    match status:
        case 401 | 403:
            return f"{said}: it does not let us in. {_COPY_AGAIN}"
        case 404 | 410:
            return f"{said}: there is no calendar at this address any more. {_COPY_AGAIN}"
        case 429:
            return f"{said}: it was asked too often."
        case _ if status >= 500:
            return f"{said}: it has a fault of its own."
    return f"{said} instead of a calendar."


def _why_broken(fault: Exception) -> str:
    if isinstance(fault, requests.exceptions.SSLError):
        return "The calendar's server could not prove that it is who it says (certificate)."
    if isinstance(fault, requests.exceptions.ConnectionError):
        return "The calendar's server could not be reached, or cut the connection."
    return "The calendar's answer broke off."
