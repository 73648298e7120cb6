"""Worlds of locks for the contract suite: for each provider, its simulated cloud and our client."""

from typing import Literal, Protocol

from app.ports.locks import LockPort

Trouble = Literal[
    "timeout_before", "timeout_after", "cut_before", "cut_after", "http_500", "nonsense"
]
Verb = Literal["put", "change", "remove", "unlock", "list", "statuses"]

TAKES_EFFECT: frozenset[Trouble] = frozenset({"timeout_after", "cut_after"})


class LockWorld(Protocol):
    """One lock behind one gateway, empty at first, and the client that reaches it."""

    port: LockPort
    lock_id: str

    def opens(self, digits: str) -> bool:
        """Type digits at the door, now."""

    def plant(self, digits: str, name: str) -> None:
        """Program a code that is not ours, as the owner would with the provider's own app."""

    def plug(self, *, in_: bool) -> None:
        """Give the gateway power, or take it away."""

    def trouble(self, verb: Verb, kind: Trouble) -> None:
        """Have the provider's cloud fail the next such call."""

    def times_unlocked(self) -> int:
        """Count how often the door was opened from afar."""
