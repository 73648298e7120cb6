"""The access token of a TTLock account: kept, renewed by one process at a time, asked for anew.

Nothing the vendor publishes says whether a refresh or a second log-in ends the earlier token. We
take it that it may: there is one stored token per account, and it is renewed under a lock.
"""

import hashlib
import json
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Protocol

from app.ports.errors import PortError
from app.ports.locks.ttlock_errors import error_for
from app.ports.locks.ttlock_wire import Answer, OddAnswer, TtlockWire, not_understood, whole
from app.ports.metering import CallKind, Meter

TOKEN_PATH = "/oauth2/token"  # noqa: S105
"""Without the `/v3` of all other calls."""

USUAL_LIFE = timedelta(days=90)
MARGIN = timedelta(minutes=1)
"""A token this close to its end is renewed before it is used."""


REFUSED_FOR = timedelta(minutes=15)
"""For how long a log-in that a person has to put right is not tried again: each counts, and too
many may have the account locked."""


@dataclass(frozen=True)
class Refusal:
    """A log-in refused for good, as an `errcode`; of which `account`, as Account.fingerprint."""

    errcode: int
    account: str = field(repr=False)
    until: datetime


@dataclass(frozen=True)
class Token:
    """An access token, and the refresh token that gets the next one ("" when there is none)."""

    access: str = field(repr=False)
    refresh: str = field(repr=False)
    expires_at: datetime
    refusal: Refusal | None = None
    """Why it cannot be replaced for now."""


class TokenSlot(Protocol):
    """The stored token, in the hands of the one who may replace it."""

    def load(self) -> Token | None:
        """Return what is stored now, by whichever process."""

    def save(self, token: Token) -> None:
        """Store a token at once: even if what follows fails, it must not be lost."""


class TokenStore(Protocol):
    """Where one account's token is kept, for all threads and processes."""

    def read(self) -> Token | None:
        """Return the stored token without waiting for anybody."""

    def exclusive(self) -> AbstractContextManager[TokenSlot]:
        """Wait until no other thread or process holds the slot, and hold it.

        It is held during at most two calls to the cloud (refresh, log-in). It must be given back
        when the body raises, and must not be kept for ever by a process that died. Raises PortError
        when it waited in vain.
        """


@dataclass(frozen=True)
class Account:
    """An application of the developer site, and a user of the TTLock app whose locks it opens."""

    client_id: str
    client_secret: str = field(repr=False)
    username: str = field(repr=False)
    password: str = field(repr=False)

    @property
    def fingerprint(self) -> str:
        """Return what tells these settings from others, and does not tell them."""
        told = [self.client_id, self.client_secret, self.username, self.password]
        return hashlib.sha256(json.dumps(told).encode()).hexdigest()


class _RefusedLogIn(Exception):
    """A log-in that will be refused until a person has acted."""

    def __init__(self, errcode: int) -> None:
        super().__init__(errcode)
        self.errcode = errcode


class TtlockTokens:
    """Gets a token that should work."""

    def __init__(
        self,
        wire: TtlockWire,
        account: Account,
        store: TokenStore,
        clock: Callable[[], datetime],
        timeout: float,
        meter: Meter,
    ) -> None:
        self._meter = meter
        self._wire = wire
        self._account = account
        self._store = store
        self._clock = clock
        self._timeout = timeout

    def current(self) -> Token:
        """Return the stored token, renewed if it is about to end. Raises PortError."""
        stored = self._store.read()
        return stored if stored is not None and self._lasts(stored) else self.renew(stored)

    def renew(self, refused: Token | None) -> Token:
        """Replace a token that does not work: by refreshing, or else by logging in.

        Returns the stored one when somebody else has replaced it meanwhile. Raises PortError.
        """
        return self._replace(refused, lambda stored: self._refreshed(stored) or self._logged_in())

    def log_in(self, refused: Token) -> Token:
        """Replace a token that does not work, though refreshed, by logging in. Raises PortError."""
        return self._replace(refused, lambda _: self._logged_in())

    def _replace(self, refused: Token | None, get: Callable[[Token | None], Token]) -> Token:
        with self._store.exclusive() as slot:
            stored = slot.load()
            if stored is not None and stored != refused and self._lasts(stored):
                return stored
            self._expect_not_refused(stored)
            try:
                token = get(stored)
            except _RefusedLogIn as refused_now:
                slot.save(self._remembered(stored, refused_now.errcode))
                raise self._fault(refused_now.errcode) from None
            slot.save(token)
            return token

    def _expect_not_refused(self, stored: Token | None) -> None:
        refusal = stored.refusal if stored is not None else None
        if refusal is None or refusal.account != self._account.fingerprint:
            return
        if self._clock() < refusal.until:
            raise self._fault(refusal.errcode)

    def _remembered(self, stored: Token | None, errcode: int) -> Token:
        now = self._clock()
        refusal = Refusal(errcode, self._account.fingerprint, now + REFUSED_FOR)
        return replace(stored or Token("", "", now), refusal=refusal)

    def _fault(self, errcode: int) -> PortError:
        return error_for(errcode, device=False, now=self._clock())

    def _lasts(self, token: Token) -> bool:
        return self._clock() + MARGIN < token.expires_at

    def _refreshed(self, stored: Token | None) -> Token | None:
        """Refresh; None when refused, in whatever form: the log-in that follows tells why."""
        if stored is None or not stored.refresh:
            return None
        form = {"grant_type": "refresh_token", "refresh_token": stored.refresh}
        try:
            answer = self._ask(form)
            return self._token(answer, stored.refresh) if answer.is_done else None
        except OddAnswer:
            return None

    def _logged_in(self) -> Token:
        """Log in as the vendor's page says, without a grant_type (cloud/oauth2/getAccessToken)."""
        password = self._account.password.encode()
        # The vendor takes no other form of it: 32 lower-case hex characters, else error 30005.
        hashed = hashlib.md5(password, usedforsecurity=False).hexdigest()
        answer = self._ask({"username": self._account.username, "password": hashed})
        if not answer.is_done:
            fault = self._fault(answer.errcode)
            raise _RefusedLogIn(answer.errcode) if fault.permanent else fault
        return self._token(answer, "")

    def _ask(self, form: Mapping[str, str]) -> Answer:
        account = self._account
        ours = {"clientId": account.client_id, "clientSecret": account.client_secret}
        self._meter(CallKind.TOKEN)
        return self._wire.post(TOKEN_PATH, {**ours, **form}, timeout=self._timeout)

    def _token(self, answer: Answer, earlier_refresh: str) -> Token:
        access = answer.fields.get("access_token")
        refresh = answer.fields.get("refresh_token") or earlier_refresh
        if not isinstance(access, str) or not access or not isinstance(refresh, str):
            raise not_understood(device=False)
        seconds = whole(answer.fields.get("expires_in"))
        life = USUAL_LIFE if seconds is None else timedelta(seconds=seconds)
        return Token(access, refresh, self._clock() + life)
