"""Calendars over HTTP(S), for addresses that hosts paste from anywhere.

Each address, and each it redirects to, is resolved once and judged; the connection goes to the
very address that was judged, so that a name cannot answer the check one way and the call another.
"""

import socket
import time
import zlib
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urljoin, urlsplit

import requests
from requests.adapters import HTTPAdapter

from app.ports.calendars import Fetched, Validators
from app.ports.calendars.addresses import is_public
from app.ports.errors import PortError

MOST_BYTES = 5 * 1024 * 1024
MOST_REDIRECTS = 5
SECONDS = 10.0
CHUNK = 64 * 1024

Resolver = Callable[..., list[tuple[Any, ...]]]


class HttpCalendars:
    """Fetches calendars; `allowed_hosts` are private hosts that may be fetched from, any port."""

    def __init__(
        self,
        allowed_hosts: frozenset[str],
        user_agent: str,
        *,
        resolver: Resolver = socket.getaddrinfo,
        seconds: float = SECONDS,
    ) -> None:
        self._allowed_hosts, self._resolver, self._seconds = allowed_hosts, resolver, seconds
        self._headers = {
            "User-Agent": user_agent,
            "Accept": "text/calendar, text/plain;q=0.5",
            "Accept-Encoding": "gzip",
        }

    def fetch(self, url: str, validators: Validators) -> Fetched:
        deadline = time.monotonic() + self._seconds
        headers = dict(self._headers)
        if validators.etag:
            headers["If-None-Match"] = validators.etag
        if validators.last_modified:
            headers["If-Modified-Since"] = validators.last_modified
        try:
            for _ in range(MOST_REDIRECTS + 1):
                with self._get(url, headers, deadline) as response:
                    if response.is_redirect:
                        url = urljoin(url, response.headers["Location"])
                        continue
                    return self._answer(response, validators, deadline)
        except requests.Timeout:
            raise PortError("The calendar's server did not answer in time.") from None
        except (requests.RequestException, OSError, zlib.error, ValueError):
            raise PortError("The calendar's server cannot be reached.") from None
        raise PortError("The calendar's address leads round in circles.")

    def _get(self, url: str, headers: dict[str, str], deadline: float) -> requests.Response:
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.hostname or parts.username:
            raise PortError("The calendar's address is none that may be fetched.", permanent=True)
        address = self._checked_address(parts.hostname, parts.port or parts.scheme)
        left = _left(deadline)
        session = requests.Session()
        session.trust_env = False  # a proxy would look the name up again, and may lead anywhere
        session.mount(f"{parts.scheme}://", _PinnedAdapter(address, parts.hostname))
        return session.get(url, headers=headers, timeout=left, stream=True, allow_redirects=False)

    def _checked_address(self, host: str, port: int | str) -> str:
        try:
            found = self._resolver(host, port, type=socket.SOCK_STREAM)
        except OSError:
            raise PortError("The calendar's server is not known on the Internet.") from None
        addresses = [str(entry[4][0]) for entry in found]
        if host.lower() not in self._allowed_hosts and not all(map(is_public, addresses)):
            raise PortError(
                "The calendar's address leads into a private network. If that is meant, add its "
                "host to FEED_ALLOWED_HOSTS.",
                permanent=True,
            )
        return addresses[0]

    def _answer(self, response: requests.Response, before: Validators, deadline: float) -> Fetched:
        if response.status_code == requests.codes.not_modified:
            return Fetched(None, before)
        if response.status_code != requests.codes.ok:
            raise PortError(f"The calendar's server answered {response.status_code}.")
        after = Validators(response.headers.get("ETag"), response.headers.get("Last-Modified"))
        return Fetched(b"".join(_unpacked(response, deadline)), after)


class _PinnedAdapter(HTTPAdapter):
    """Connects to one address, whatever the name resolves to; certificates are still the name's."""

    def __init__(self, address: str, host: str) -> None:
        self._address, self._host = address, host
        super().__init__(max_retries=0)

    def build_connection_pool_key_attributes(
        self, request: requests.PreparedRequest, verify: Any, cert: Any = None
    ) -> Any:
        host: Any
        pool: Any
        host, pool = super().build_connection_pool_key_attributes(request, verify, cert)
        host["host"] = self._address
        if host["scheme"] == "https":
            pool["server_hostname"] = pool["assert_hostname"] = self._host
        return host, pool

    def add_headers(self, request: requests.PreparedRequest, **kwargs: Any) -> None:
        request.headers["Host"] = urlsplit(str(request.url)).netloc


def _unpacked(response: requests.Response, deadline: float) -> Iterator[bytes]:
    """Read the body in pieces, counting what it unpacks to, and looking at the clock."""
    gzip = response.headers.get("Content-Encoding", "").lower() in ("gzip", "x-gzip")
    unpacker = zlib.decompressobj(wbits=31) if gzip else None
    total = 0
    while piece := response.raw.read1(CHUNK, decode_content=False):
        _left(deadline)
        while piece:
            out = unpacker.decompress(piece, CHUNK) if unpacker else piece
            piece = unpacker.unconsumed_tail if unpacker else b""
            total += len(out)
            if total > MOST_BYTES:
                raise PortError("The calendar is larger than 5 MB.")
            yield out


def _left(deadline: float) -> float:
    left = deadline - time.monotonic()
    if left <= 0:
        raise PortError("The calendar took too long to arrive.")
    return left
