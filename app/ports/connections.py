"""HTTP calls that end in time, and what is known of one that failed."""

import os
import socket
import ssl
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from threading import Timer
from time import monotonic
from typing import Any, Self

import requests
from requests.adapters import HTTPAdapter
from urllib3 import ProxyManager
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.exceptions import NewConnectionError, SSLError


def never_sent(fault: requests.RequestException) -> bool:
    """Tell whether the request surely stayed here, because no connection was ever made.

    True for a refused connection, an unknown host, a connect timeout and a certificate that is not
    believed. False for all else, a cut connection above all: the other end may have acted on what
    it read before.
    """
    if isinstance(fault, requests.ConnectTimeout):
        return True
    # requests hides the cause one level down, as the `reason` of urllib3's MaxRetryError.
    cause = getattr(fault.args[0] if fault.args else None, "reason", None)
    if isinstance(cause, SSLError):
        return any(isinstance(arg, ssl.SSLCertVerificationError) for arg in cause.args)
    return isinstance(cause, NewConnectionError)


def asked_pause(answer: requests.Response) -> timedelta | None:
    """Return how long the other end asks us to wait (`Retry-After`), where that is in seconds."""
    wished = answer.headers.get("Retry-After", "")
    if not (wished.isascii() and wished.isdecimal() and len(wished) < 6):
        return None
    return timedelta(seconds=int(wished))


class Deadline:
    """A moment by which everything is over.

    A socket's timeout begins anew with every byte, so a server that drips could hold a reader for
    ever. Sockets that are guarded are shut when the moment comes, whoever is reading.
    """

    def __init__(self, seconds: float) -> None:
        self._ends_at = monotonic() + seconds
        self._guarded: list[socket.socket] = []
        self._timer = Timer(seconds, self._shut)
        self._timer.daemon = True

    def __enter__(self) -> Self:
        self._timer.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._timer.cancel()
        for one in self._guarded:
            one.close()

    @property
    def has_passed(self) -> bool:
        return monotonic() >= self._ends_at

    @property
    def seconds_left(self) -> float:
        """Return the time left for one wait; never 0, which sockets read as "do not wait"."""
        return max(self._ends_at - monotonic(), 0.001)

    def guard(self, connection: socket.socket) -> None:
        """Shut this connection at the deadline, through a handle of its own.

        TLS takes the socket object over, so the object itself would no longer reach it.
        """
        self._guarded.append(socket.socket(fileno=os.dup(connection.fileno())))

    def _shut(self) -> None:
        for one in self._guarded:
            with suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)


class GuardedAdapter(HTTPAdapter):
    """Connects as usual; every connection ends at the deadline."""

    def __init__(self, deadline: Deadline) -> None:
        self._deadline = deadline
        super().__init__(max_retries=0)

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        super().init_poolmanager(*args, **kwargs)
        self.poolmanager.pool_classes_by_scheme = pools(self._connect)

    def proxy_manager_for(self, proxy: str, **kwargs: Any) -> ProxyManager:
        manager: ProxyManager = super().proxy_manager_for(proxy, **kwargs)
        manager.pool_classes_by_scheme = pools(self._connect)
        return manager

    def _connect(self, connection: HTTPConnection) -> socket.socket:
        one = HTTPConnection._new_conn(connection)
        self._deadline.guard(one)
        return one


def pools(
    connect: Callable[[HTTPConnection], socket.socket],
) -> dict[str, type[HTTPConnectionPool]]:
    """Make connection pools whose connections get their sockets from `connect`."""

    class Plain(HTTPConnection):
        def _new_conn(self) -> socket.socket:
            return connect(self)

    class Tls(HTTPSConnection):
        def _new_conn(self) -> socket.socket:
            return connect(self)

    class PlainPool(HTTPConnectionPool):
        ConnectionCls = Plain

    class TlsPool(HTTPSConnectionPool):
        ConnectionCls = Tls

    return {"http": PlainPool, "https": TlsPool}
