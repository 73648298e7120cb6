"""Locks: what any lock provider must be able to do for us.

Every verb names the lock by the provider's own id. Verbs that reach the lock over the air may take
a minute; callers hold no transaction open meanwhile, and keep to one such verb per gateway at a
time.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol

from app.domain.lock_words import Refusal as Refusal
from app.domain.lock_words import Way as Way
from app.domain.reconcile import HeldCode as HeldCode
from app.domain.windows import Window
from app.ports.errors import PortError
from app.ports.metering import CallKind


class DigitsTaken(PortError):
    """Another code with the same digits is on the lock. Whose, `list_codes` tells."""


class DigitsRefused(PortError):
    """The lock finds the digits too simple, or has not all of them; others as long may do."""

    allowed: str | None = None
    """The digits that may be used, where the lock says that not all may."""


class CannotMove(PortError):
    """The lock keeps this code's window as it is; only a code put anew can have another."""


class LockFull(PortError):
    """The lock has no space for another code."""


class LockOffline(PortError):
    """The lock, or its gateway, cannot be reached now."""


class CannotDo(PortError):
    """There is no such thing on this lock or with its provider; another way must be found."""


@dataclass(frozen=True)
class CodeOrder:
    """A code as it should be on the lock. `name` is ours and tells our codes from strangers'."""

    name: str
    digits: str = field(repr=False)
    window: Window


@dataclass(frozen=True)
class LockStatus:
    """What the provider last heard of one lock."""

    lock_id: str
    name: str
    battery_percent: int | None
    gateway_id: str | None
    """The gateway with the best signal; None when the lock has none or the provider cannot say."""
    gateway_online: bool | None
    """False, too, where the lock has no gateway; None when the provider cannot say now."""
    seen_at: datetime | None
    opens_remotely: bool | None = None
    """Whether it can be opened from afar; None when the provider cannot say."""
    gives_offline_codes: bool = False
    """Whether the provider can make codes for it that need no gateway."""
    keypad: str | None = None
    """The digits on its keys, where the provider says that some are missing."""
    gateway_lost: bool = False
    """The provider told of all gateways, and of none that hears it: it is not online any more."""


@dataclass(frozen=True)
class LockRecord:
    """One line of a lock's own log."""

    key: str
    """The same whenever the provider tells of it, and no other record's of this lock."""
    at: datetime
    """By the lock's clock, which may be off."""
    heard_at: datetime
    """When the provider heard of it."""
    way: Way
    refusal: Refusal | None
    """None when it opened (or did what `way` says)."""
    code_name: str
    """What the code that was typed is called on the lock; empty when that is not known."""
    digits: str | None = field(repr=False)
    """What was typed, where the provider tells."""


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
        """Take a code off the lock; succeeds when it is not there.

        With `unclear` it may yet happen without our asking again, as when the lock is offline.
        """

    def list_codes(self, lock_id: str, why: CallKind = CallKind.READ) -> Sequence[HeldCode]:
        """Return every code the provider knows on the lock, ours and strangers', all pages.

        `why` it is asked, as that decides whether it is worth a call when few are left: for the
        sake of a put or a revocation, or just to know.
        """

    def unlock(self, lock_id: str, begin_by: datetime) -> None:
        """Open the door once, now. Never repeat it after an unclear answer.

        Nothing is sent to the lock after `begin_by`, whatever holds it up here: PortError. Raises
        CannotDo where it does not open from afar, or is not let: somebody has to allow it first.
        """

    def make_offline_code(self, lock_id: str, name: str, window: Window) -> HeldCode:
        """Have a code made that opens without its being sent to the lock; the digits are given.

        Where only whole hours can be had, it begins up to an hour sooner than asked, and ends
        sooner, never later; its `window` says. With `unclear`, find it with `list_codes`. Raises
        CannotDo where there is no such thing.
        """

    def records(self, lock_id: str, since: datetime) -> Sequence[LockRecord]:
        """Return what the provider heard of the lock's log since then, oldest first.

        Nothing is left out that it heard after `since`, unless the lock dates it more than an hour
        before that: a gateway that was away sends late, a clock may be behind. So now and then
        `since` has to be days ago. Lines it heard before may be among them.
        """

    def correct_clock(self, lock_id: str) -> timedelta:
        """Set the lock's clock right; return how far it was ahead (negative: behind).

        Raises CannotDo where the provider sees to that itself.
        """

    def utc_offset(self, lock_id: str) -> timedelta | None:
        """Return how far ahead of UTC the lock is set to be; None when the provider does not say.

        Raises CannotDo where the provider sees to that itself.
        """

    def statuses(self) -> Sequence[LockStatus]:
        """Return what is known of every lock of the account, without waking any of them."""
