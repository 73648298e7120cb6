"""A token store in memory: what the database is to the running system."""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock

from app.ports.locks.ttlock_tokens import Token


class MemoryTokens:
    """A TokenStore for the threads of one process; it is its own slot."""

    def __init__(self, token: Token | None = None) -> None:
        self.token = token
        self.saved: list[Token] = []
        self._guard = Lock()

    def read(self) -> Token | None:
        return self.token

    @contextmanager
    def exclusive(self) -> Iterator["MemoryTokens"]:
        with self._guard:
            yield self

    def load(self) -> Token | None:
        return self.token

    def save(self, token: Token) -> None:
        self.token = token
        self.saved.append(token)
