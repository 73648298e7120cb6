"""TTLock's access tokens: one per account, renewed by one process at a time.

Whether a new token ends the old one is documented nowhere; so all processes share one.
"""

import hashlib
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Protocol

from app.ports.errors import PortError

MARGIN = timedelta(minutes=10)


@dataclass(frozen=True)
class Token:
    """Good until `expires_at` (90 days, usually); `refresh` for about ten years."""

    access: str = field(repr=False)
    refresh: str = field(repr=False)
    expires_at: datetime


class TokenSlot(Protocol):
    """The one stored token, while this process alone may change it."""

    def load(self) -> Token | None: ...

    def save(self, token: Token) -> None: ...


class TokenStore(Protocol):
    """Where the account's token is kept for all processes."""

    def load(self) -> Token | None:
        """Return the stored token, if any."""

    def exclusive(self) -> AbstractContextManager[TokenSlot]:
        """Wait until no other process holds the slot, and hold it."""


Post = Callable[[str, Mapping[str, str]], dict[str, Any]]
"""Posts a form to a path and returns the JSON object. Raises PortError."""


class Tokens:
    """Hands out a working access token."""

    def __init__(
        self,
        store: TokenStore,
        post: Post,
        clock: Callable[[], datetime],
        *,
        client: tuple[str, str],
        user: tuple[str, str],
    ) -> None:
        self._store, self._post, self._clock = store, post, clock
        self._client = {"clientId": client[0], "clientSecret": client[1]}
        # The vendor wants the password of the app's user as MD5, 32 lower-case hex digits.
        password = hashlib.md5(user[1].encode(), usedforsecurity=False).hexdigest()
        self._user = {"username": user[0], "password": password}

    def access(self, refused: str | None = None) -> str:
        """Return a token, other than the one just refused. Raises PortError when none is given."""
        token = self._store.load()
        if self._is_good(token, refused) and token is not None:
            return token.access
        with self._store.exclusive() as slot:
            token = slot.load()  # another process may have renewed it meanwhile
            if not self._is_good(token, refused) or token is None:
                token = self._renewed(token)
                slot.save(token)
            return token.access

    def _is_good(self, token: Token | None, refused: str | None) -> bool:
        return (
            token is not None
            and token.access != refused
            and token.expires_at - MARGIN > self._clock()
        )

    def _renewed(self, token: Token | None) -> Token:
        if token is not None:
            try:
                grant = {"grant_type": "refresh_token", "refresh_token": token.refresh}
                return self._granted({**self._client, **grant})
            except PortError as fault:
                if fault.unclear or fault.retry_after is not None:
                    raise
        return self._granted({**self._client, **self._user})

    def _granted(self, form: Mapping[str, str]) -> Token:
        answer = self._post("/oauth2/token", form)
        try:
            lifetime = timedelta(seconds=int(answer["expires_in"]))
            return Token(
                str(answer["access_token"]),
                str(answer.get("refresh_token", "")),
                self._clock() + lifetime,
            )
        except (KeyError, ValueError, TypeError):
            raise PortError("TTLock gave no access; we are trying again.") from None
