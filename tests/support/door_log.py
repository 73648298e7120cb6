"""Lines of a lock's log, as a port reads them."""

from datetime import datetime
from itertools import count

from app.domain.lock_words import Refusal, Way
from app.ports.locks import LockRecord
from tests.factories import NOW

_number = count(1)


def typed(
    digits: str | None = None,
    *,
    name: str = "",
    refusal: Refusal | None = None,
    at: datetime = NOW,
    way: Way = Way.CODE,
    key: str | None = None,
) -> LockRecord:
    """Make one line: this was typed, and the door opened unless it was refused."""
    return LockRecord(key or f"record-{next(_number)}", at, at, way, refusal, name, digits)


def refused(digits: str, **told: object) -> LockRecord:
    return typed(digits, refusal=Refusal.UNKNOWN_CODE, **told)  # type: ignore[arg-type]
