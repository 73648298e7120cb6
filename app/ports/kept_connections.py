"""Connections that are kept from one call to the next, and yet end at the deadline of each."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

import requests
from requests.adapters import HTTPAdapter
from urllib3 import ProxyManager
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.response import HTTPResponse

from app.ports.connections import Deadline

CHUNK = 16 * 1024


class TooLarge(Exception):
    """The answer is larger than it may be."""


_deadline: ContextVar[Deadline | None] = ContextVar("deadline", default=None)
"""Of the call that this thread makes: a session is shared by threads, each with its own."""


@contextmanager
def ending_at(deadline: Deadline) -> Iterator[None]:
    """Have the answers to calls made meanwhile end at the deadline."""
    earlier = _deadline.set(deadline)
    try:
        yield
    finally:
        _deadline.reset(earlier)


def watched_session() -> requests.Session:
    """Make a session whose connections can be watched, for `ending_at`."""
    session = requests.Session()
    for scheme in ("http://", "https://"):
        session.mount(scheme, _WatchedAdapter())
    return session


def body_of(answer: requests.Response, most: int) -> bytes:
    """Read a body that was asked for as a stream. Raises TooLarge."""
    body = bytearray()
    for piece in answer.iter_content(CHUNK):
        body += piece
        if len(body) > most:
            answer.close()
            raise TooLarge
    return bytes(body)


def _watch(connection: HTTPConnection) -> None:
    deadline = _deadline.get()
    if deadline is not None and connection.sock is not None:
        deadline.guard(connection.sock)


class _Plain(HTTPConnection):
    def getresponse(self) -> HTTPResponse:  # type: ignore[override]
        _watch(self)
        return super().getresponse()


class _Tls(HTTPSConnection):
    def getresponse(self) -> HTTPResponse:  # type: ignore[override]
        _watch(self)
        return super().getresponse()


class _PlainPool(HTTPConnectionPool):
    ConnectionCls = _Plain


class _TlsPool(HTTPSConnectionPool):
    ConnectionCls = _Tls


_POOLS: dict[str, type[HTTPConnectionPool]] = {"http": _PlainPool, "https": _TlsPool}


class _WatchedAdapter(HTTPAdapter):
    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        super().init_poolmanager(*args, **kwargs)
        self.poolmanager.pool_classes_by_scheme = _POOLS

    def proxy_manager_for(self, proxy: str, **kwargs: Any) -> ProxyManager:
        manager: ProxyManager = super().proxy_manager_for(proxy, **kwargs)
        manager.pool_classes_by_scheme = _POOLS
        return manager
