"""HTTP sessions whose calls end in time, on new connections as on kept ones."""

import socket
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

from app.ports.connections import Deadline, never_sent

CHUNK = 16 * 1024


class TooLarge(Exception):
    """The answer is larger than it may be."""


_deadline: ContextVar[Deadline | None] = ContextVar("deadline", default=None)
"""Of the call that this thread makes: a session is shared by threads, each with its own."""


def timed_session() -> requests.Session:
    """Make a session whose calls can be made `ending_within` a time."""
    session = requests.Session()
    for scheme in ("http://", "https://"):
        session.mount(scheme, _TimedAdapter())
    return session


@contextmanager
def ending_within(seconds: float) -> Iterator[None]:
    """Have the calls made meanwhile end by then, however slowly an answer drips.

    Raises ReadTimeout for what was cut off, also where it looks complete: a body without a stated
    length does.
    """
    with Deadline(seconds) as deadline:
        earlier = _deadline.set(deadline)
        try:
            yield
        except requests.RequestException as fault:
            if deadline.has_passed and not never_sent(fault):
                raise requests.ReadTimeout from None
            raise
        finally:
            _deadline.reset(earlier)
        if deadline.has_passed:
            raise requests.ReadTimeout


def body_of(answer: requests.Response, most: int) -> bytes:
    """Read a body that was asked for as a stream. Raises TooLarge."""
    body = bytearray()
    for piece in answer.iter_content(CHUNK):
        body += piece
        if len(body) > most:
            answer.close()
            raise TooLarge
    return bytes(body)


class _Plain(HTTPConnection):
    guarded_by: Deadline | None = None

    def _new_conn(self) -> socket.socket:
        one = super()._new_conn()
        self._guard(one)
        return one

    def getresponse(self) -> HTTPResponse:  # type: ignore[override]
        if self.sock is not None and self.guarded_by is not _deadline.get():
            self._guard(self.sock)  # it was kept from an earlier call
        return super().getresponse()

    def _guard(self, one: socket.socket) -> None:
        self.guarded_by = _deadline.get()
        if self.guarded_by is not None:
            self.guarded_by.guard(one)


class _Tls(_Plain, HTTPSConnection):
    pass


class _PlainPool(HTTPConnectionPool):
    ConnectionCls = _Plain


class _TlsPool(HTTPSConnectionPool):
    ConnectionCls = _Tls


_POOLS: dict[str, type[HTTPConnectionPool]] = {"http": _PlainPool, "https": _TlsPool}


class _TimedAdapter(HTTPAdapter):
    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        super().init_poolmanager(*args, **kwargs)
        self.poolmanager.pool_classes_by_scheme = _POOLS

    def proxy_manager_for(self, proxy: str, **kwargs: Any) -> ProxyManager:
        manager: ProxyManager = super().proxy_manager_for(proxy, **kwargs)
        manager.pool_classes_by_scheme = _POOLS
        return manager
