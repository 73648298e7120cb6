"""A connection that goes to an address already checked."""

import socket
from collections.abc import Callable, Sequence
from typing import Any

from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool

from app.ports.connections import Deadline

SocketAddress = tuple[Any, ...]
"""What connect() takes: (host, port), and flow and scope for IPv6."""
Endpoint = tuple[socket.AddressFamily, SocketAddress]


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
