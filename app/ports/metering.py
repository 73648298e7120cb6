"""Counting the calls to a service that sells a number of them a month."""

from collections.abc import Callable
from enum import StrEnum


class CallKind(StrEnum):
    """What a request is for. When few are left, these decide which are still worth one."""

    READ = "read"
    PUT = "put"
    """A code or a window is put on a lock, a code is made, or a lock's clock is set."""
    REVOKE = "revoke"
    UNLOCK = "unlock"
    TOKEN = "token"  # noqa: S105


Meter = Callable[[CallKind], None]
"""Called once before each HTTP request; may raise PortError, and then nothing is sent."""


def unmetered(_: CallKind) -> None:
    """Let every request go."""
