"""Counting failed tries, so that nobody can guess for long.

Five failures per reference or twenty per address within 15 minutes lock that out for 15 minutes;
so do three claims of one address.
The counters are rows, so that they survive a restart and hold over all processes.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from ipaddress import ip_address, ip_network

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from app.db import insert_into
from app.domain.errors import DomainError
from app.models import Throttle
from app.seals import Seals

PERIOD = timedelta(minutes=15)

LIMITS = {"reference": 5, "address": 20, "account": 5, "claim": 3}


class LockedOut(DomainError):
    """Too many failed tries; `until` is when the next one is allowed."""

    code = "locked-out"

    def __init__(self, until: datetime) -> None:
        super().__init__("Too many tries did not fit. Please wait 15 minutes, then try again.")
        self.until = until


@dataclass(frozen=True)
class Key:
    """What is counted: a scope of LIMITS, and whose tries."""

    scope: str
    value: str


def address_key(remote_address: str | None) -> Key:
    """Count IPv6 by /64: one home or one server has millions of addresses."""
    address = ip_address(remote_address or "0.0.0.0")  # noqa: S104
    if address.version == 6:
        return Key("address", str(ip_network(f"{address}/64", strict=False)))
    return Key("address", str(address))


def claim_key(remote_address: str | None) -> Key:
    """Count the claims of an address apart from its other tries."""
    return Key("claim", address_key(remote_address).value)


class Tries:
    """The counters of one try, locked until the transaction ends, so that none runs beside it."""

    def __init__(
        self, session: Session, keys: Sequence[Key], *, seals: Seals, now: datetime
    ) -> None:
        """Lock the counters. Raises LockedOut."""
        self._now = now
        self._rows = [_row(session, key, seals, now) for key in sorted(keys, key=lambda k: k.scope)]
        for row in self._rows:
            if row.locked_until is not None and row.locked_until > now:
                raise LockedOut(row.locked_until)
            if row.since <= now - PERIOD:
                row.since, row.failures, row.locked_until = now, 0, None

    def failed(self) -> None:
        """Count a failure against every key."""
        for row in self._rows:
            row.failures += 1
            if row.failures >= LIMITS[row.scope]:
                row.locked_until = self._now + PERIOD

    def succeeded(self) -> None:
        """Forget the failures of what was proven; those of the address stay."""
        for row in self._rows:
            if row.scope != "address":
                row.failures, row.locked_until = 0, None


def _row(session: Session, key: Key, seals: Seals, now: datetime) -> Throttle:
    found = {"scope": key.scope, "key_hash": seals.hash("throttle", key.value)}
    session.execute(
        insert_into(session, Throttle)
        .values(**found, since=now, failures=0)
        .on_conflict_do_nothing()
    )
    return session.scalars(
        select(Throttle)
        .filter_by(**found)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one()


def forget_old(session: Session, now: datetime) -> None:
    session.execute(delete(Throttle).where(Throttle.since < now - timedelta(days=1)))
