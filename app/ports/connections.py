"""HTTP calls that end in time, and what is known of one that failed."""

import os
import socket
import ssl
from contextlib import suppress
from datetime import timedelta
from threading import Timer
from time import monotonic
from typing import Self

import requests
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
