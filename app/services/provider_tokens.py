"""A lock provider's access token: one row, sealed, one process renewing it at a time."""

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any

from cryptography.fernet import InvalidToken
from flask import Flask
from sqlalchemy import ColumnElement, Engine, or_, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.clock import now
from app.db import db
from app.models import ProviderToken
from app.ports.errors import PortError
from app.ports.locks.ttlock_tokens import Refusal, Token
from app.seals import Seals

LEASE = timedelta(seconds=60)
"""Longer than a refresh and a login together may take."""

PATIENCE_SECONDS = 20.0


class StoredTokens:
    """The lock port's token store, on the database.

    Its sessions are its own and short: a token may be renewed in the middle of any job, and nobody
    else is to wait for the lock service meanwhile.
    """

    def __init__(self, app: Flask, provider: str) -> None:
        self._app, self._provider = app, provider

    def read(self) -> Token | None:
        """Return the stored token, if there is one that we can unseal."""
        with Session(self._engine()) as session:
            session.connection(execution_options={"sqlite_begin": "BEGIN"})
            sealed = session.scalar(select(ProviderToken.sealed).where(self._is_ours))
        return None if sealed is None else self._unsealed(sealed)

    load = read

    def save(self, token: Token) -> None:
        """Store a token for all processes; only while holding it."""
        fields = {"access": token.access, "refresh": token.refresh}
        refusal = _told(token.refusal) if token.refusal is not None else None
        dated = {"expires_at": token.expires_at.isoformat(), "refusal": refusal}
        text = json.dumps({**fields, **dated})
        values = {"sealed": self._seals.seal(text), "expires_at": token.expires_at}
        with Session(self._engine()) as session, session.begin():
            session.execute(update(ProviderToken).where(self._is_ours).values(values))

    @contextmanager
    def exclusive(self) -> Iterator["StoredTokens"]:
        """Be the one process that renews the token. Raises PortError after waiting in vain."""
        self._make_row()
        deadline = time.monotonic() + PATIENCE_SECONDS
        while not self._lease():
            if time.monotonic() > deadline:
                raise PortError("Our access to the lock service is being renewed.")
            time.sleep(0.1)
        try:
            yield self
        finally:
            with Session(self._engine()) as session, session.begin():
                session.execute(
                    update(ProviderToken).where(self._is_ours).values(leased_until=None)
                )

    def _make_row(self) -> None:
        try:
            with Session(self._engine()) as session, session.begin():
                if session.get(ProviderToken, self._provider) is None:
                    session.add(ProviderToken(provider=self._provider))
        except IntegrityError:
            return  # another process made it

    def _lease(self) -> bool:
        at = now()
        free = or_(ProviderToken.leased_until.is_(None), ProviderToken.leased_until < at)
        with Session(self._engine()) as session, session.begin():
            taken = session.scalar(
                update(ProviderToken)
                .where(self._is_ours, free)
                .values(leased_until=at + LEASE)
                .returning(ProviderToken.provider)
            )
        return taken is not None

    @property
    def _is_ours(self) -> ColumnElement[bool]:
        return ProviderToken.provider == self._provider

    @property
    def _seals(self) -> Seals:
        seals: Seals = self._app.extensions["seals"]
        return seals

    def _engine(self) -> Engine:
        with self._app.app_context():
            return db.engine

    def _unsealed(self, sealed: bytes) -> Token | None:
        try:
            stored = json.loads(self._seals.unseal(sealed))
        except InvalidToken:  # sealed under another key: log in anew
            return None
        expires_at = datetime.fromisoformat(stored["expires_at"])
        refusal = _heard(stored.get("refusal"))
        return Token(stored["access"], stored["refresh"], expires_at, refusal)


def _told(refusal: Refusal) -> dict[str, object]:
    return {**asdict(refusal), "until": refusal.until.isoformat()}


def _heard(told: dict[str, Any] | None) -> Refusal | None:
    if told is None:
        return None
    until = datetime.fromisoformat(told["until"])
    return Refusal(int(told["errcode"]), str(told["account"]), until)
