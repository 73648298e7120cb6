"""Writing the history: what happened, to what, by whom, and why."""

from collections.abc import Mapping
from datetime import date, datetime, time
from typing import Any

from sqlalchemy.orm import Session

from app.models import Base, HistoryEntry

CLOCK = "clock"
LOCK = "lock"


def by_host(host_id: int) -> str:
    return f"host:{host_id}"


def by_guest(guest_id: int) -> str:
    return f"guest:{guest_id}"


def by_feed(feed_id: int) -> str:
    return f"feed:{feed_id}"


def record(
    session: Session,
    subject: Base,
    what: str,
    *,
    actor: str,
    at: datetime,
    property_id: int,
    before: Mapping[str, object] | None = None,
    after: Mapping[str, object] | None = None,
    why: str | None = None,
) -> None:
    """Add one entry. `subject` must have been flushed.

    Neither names nor numbers of people belong in `before` and `after`: history outlives them.
    """
    session.add(
        HistoryEntry(
            property_id=property_id,
            at=at,
            actor=actor,
            subject=subject.__tablename__,
            subject_id=subject.id,  # type: ignore[attr-defined]
            what=what,
            before=_plain(before),
            after=_plain(after),
            why=why,
        )
    )


def _plain(facts: Mapping[str, object] | None) -> dict[str, Any] | None:
    if facts is None:
        return None
    return {
        name: value.isoformat() if isinstance(value, datetime | date | time) else value
        for name, value in facts.items()
    }
