"""Locks: what any lock provider must be able to do for us.

Every verb names the lock by the provider's own id. Verbs that reach the lock over the air may take
a minute; callers hold no transaction open meanwhile, and keep to one such verb per gateway at a
time.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from app.domain.windows import Window
from app.ports.errors import PortError


class DigitsTaken(PortError):
    """Another code with the same digits is on the lock. Whose, `list_codes` tells."""


class DigitsRefused(PortError):
    """The lock finds the digits too simple or of the wrong length; others may do."""


class LockFull(PortError):
    """The lock has no space for another code."""


class LockOffline(PortError):
    """The lock, or its gateway, cannot be reached now."""


@dataclass(frozen=True)
class CodeOrder:
    """A code as it should be on the lock. `name` is ours and tells our codes from strangers'."""

    name: str
    digits: str = field(repr=False)
    window: Window


@dataclass(frozen=True)
class HeldCode:
    """A code the lock says it holds.

    `window` None means for ever, or that the provider cannot say, as while it is changing the code.
    """

    provider_ref: str
    name: str
    digits: str = field(repr=False)
    window: Window | None


@dataclass(frozen=True)
class LockStatus:
    """What the provider last heard of one lock."""

    lock_id: str
    name: str
    battery_percent: int | None
    gateway_id: str | None
    """The gateway with the best signal; None when the lock has none or the provider cannot say."""
    gateway_online: bool | None
    seen_at: datetime | None


class LockPort(Protocol):
    """One provider's cloud. All instants are aware UTC. Every verb raises PortError."""

    def put_code(self, lock_id: str, order: CodeOrder) -> str:
        """Program one code and return the provider's id for it.

        Raises DigitsTaken, DigitsRefused, LockFull, LockOffline or PortError; with `unclear` the
        code may be on the lock all the same: find it with `list_codes` before asking again.
        """

    def change_window(self, lock_id: str, provider_ref: str, window: Window) -> None:
        """Give a code on the lock another window; the digits stay."""

    def remove_code(self, lock_id: str, provider_ref: str) -> None:
        """Take a code off the lock; succeeds when it is not there."""

    def list_codes(self, lock_id: str) -> Sequence[HeldCode]:
        """Return every code the provider knows on the lock, ours and strangers', all pages."""

    def unlock(self, lock_id: str) -> None:
        """Open the door once, now. Never repeat it after an unclear answer."""

    def statuses(self) -> Sequence[LockStatus]:
        """Return what is known of every lock of the account, without waking any of them."""
