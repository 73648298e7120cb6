"""A connection that goes to an address already checked, and ends at a fixed moment."""

import socket
from collections.abc import Callable, Sequence
from contextlib import suppress
from threading import Timer
from time import monotonic
from typing import Any, Self

from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool

SocketAddress = tuple[Any, ...]
"""What connect() takes: (host, port), and flow and scope for IPv6."""
Endpoint = tuple[socket.AddressFamily, SocketAddress]


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
        self._guarded.append(connection.dup())

    def _shut(self) -> None:
        for one in self._guarded:
            with suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)


class PinnedAdapter(HTTPAdapter):
    """Connects to the given endpoints and no others.

    The name stays the name for the Host header, for SNI and for the certificate; it is only not
    looked up a second time, when the answer could be another one.
    """

    def __init__(self, endpoints: Sequence[Endpoint], deadline: Deadline) -> None:
        self._endpoints, self._deadline = endpoints, deadline
        super().__init__(max_retries=0)

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        super().init_poolmanager(*args, **kwargs)
        self.poolmanager.pool_classes_by_scheme = _pools(self._connect)

    def _connect(self) -> socket.socket:
        """Connect to the first endpoint that answers; the time left is shared among them."""
        fault: OSError | None = None
        for left, (family, address) in zip(
            range(len(self._endpoints), 0, -1), self._endpoints, strict=True
        ):
            one = socket.socket(family, socket.SOCK_STREAM)
            try:
                self._deadline.guard(one)
                one.settimeout(self._deadline.seconds_left / left)
                one.connect(address)
            except OSError as refused:
                one.close()
                fault = refused
            else:
                one.settimeout(self._deadline.seconds_left)
                return one
        raise fault or OSError("no address to connect to")


def _pools(connect: Callable[[], socket.socket]) -> dict[str, type[HTTPConnectionPool]]:
    """Make connection pools whose connections come from `connect`."""

    class Plain(HTTPConnection):
        def _new_conn(self) -> socket.socket:
            return connect()

    class Tls(HTTPSConnection):
        def _new_conn(self) -> socket.socket:
            return connect()

    class PlainPool(HTTPConnectionPool):
        ConnectionCls = Plain

    class TlsPool(HTTPSConnectionPool):
        ConnectionCls = Tls

    return {"http": PlainPool, "https": TlsPool}
