"""A month's calls to a lock provider: counted, and the last of them kept for what matters most."""

from collections.abc import Callable, Mapping
from datetime import datetime
from zoneinfo import ZoneInfo

from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.db import db, insert_into
from app.models import CallCount
from app.ports.errors import PortError
from app.ports.metering import CallKind

SHARES: Mapping[CallKind, float] = {
    CallKind.READ: 0.90,
    CallKind.PUT: 0.95,
    CallKind.REVOKE: 0.98,
    CallKind.UNLOCK: 1.0,
    CallKind.TOKEN: 1.0,
}
"""How much of the month may be spent when such a call is made. Unlocks and revocations go on when
nothing else does."""


class CallBudget:
    """Counts each call in the database, shared by all processes, in a transaction of its own."""

    def __init__(
        self,
        app: Flask,
        provider: str,
        monthly: int,
        zone: ZoneInfo,
        clock: Callable[[], datetime],
    ) -> None:
        self._app, self._provider, self._monthly = app, provider, monthly
        self._zone, self._clock = zone, clock

    def __call__(self, kind: CallKind) -> None:
        """Count one call. Raises PortError when this kind must leave the rest to others."""
        with self._app.app_context(), Session(db.engine) as session, session.begin():
            spent = self._spent(session)
            if spent >= self._monthly * SHARES[kind]:
                raise PortError(
                    f"Of this month's {self._monthly} calls to the lock service only the reserve "
                    "for unlocking and for ending codes is left: buy more there, and raise "
                    "TTLOCK_MONTHLY_CALLS.",
                    permanent=True,
                )
            self._add(session)

    @property
    def _month(self) -> str:
        return f"{self._clock().astimezone(self._zone):%Y-%m}"

    def _spent(self, session: Session) -> int:
        key = {"provider": self._provider, "month": self._month}
        return session.scalar(select(CallCount.calls).filter_by(**key)) or 0

    def _add(self, session: Session) -> None:
        first = {"provider": self._provider, "month": self._month, "calls": 1}
        session.execute(
            insert_into(session, CallCount)
            .values(**first)
            .on_conflict_do_update(
                index_elements=["provider", "month"], set_={"calls": CallCount.calls + 1}
            )
        )


def calls_spent(session: Session, provider: str, month: str) -> int:
    """Return how many calls a month took, for the settings page."""
    return session.scalar(select(CallCount.calls).filter_by(provider=provider, month=month)) or 0
