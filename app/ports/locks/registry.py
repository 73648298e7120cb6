"""The lock providers there are: a new one is a file beside this one and a line here."""

from collections.abc import Callable, Mapping

from app.ports.locks import LockPort
from app.ports.locks.seam import SeamLocks
from app.ports.locks.ttlock import TtlockLocks

PROVIDERS: Mapping[str, Callable[..., LockPort]] = {
    "ttlock": TtlockLocks,
    "seam": SeamLocks,
}
"""By the name that a door's `provider` bears: what makes the client, given its settings."""
