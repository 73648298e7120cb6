"""The key ladder: when one way through a door fails, which is the next."""

from dataclasses import dataclass
from enum import StrEnum


class Rung(StrEnum):
    """The ways in, best first."""

    OWN_CODE = "own-code"
    SPARE_CODE = "spare-code"
    """One that was loaded on the lock beforehand."""
    OFFLINE_CODE = "offline-code"
    """One the provider makes, which the lock accepts without having been told."""
    REMOTE_UNLOCK = "remote-unlock"
    HOST = "host"
    """Somebody to call."""


@dataclass(frozen=True)
class Ways:
    """What there is for one guest at one door now, apart from their own code."""

    spare_code: bool
    """Confirmed by the lock, open now, and not longer than the guest may come in."""
    offline_code: bool
    """The provider makes them for this lock, and has not refused one."""
    remote_unlock: bool
    """The lock allows it, and its gateway is not known to be away."""


def next_rung(ways: Ways) -> Rung:
    """Return the best way in when the guest's own code is not on the lock, or fails there."""
    if ways.spare_code:
        return Rung.SPARE_CODE
    if ways.offline_code:
        return Rung.OFFLINE_CODE
    if ways.remote_unlock:
        return Rung.REMOTE_UNLOCK
    return Rung.HOST
