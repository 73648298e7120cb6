"""What must hold at every moment of the season: the locks' memories against the model."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from app.models import AccessCode, CodeState, Door, Guest
from app.seals import Seals
from tests.season.model import Booking, Model

SOON = timedelta(minutes=5)
"""How long a lock must have been reachable before it has to hold what it should."""

Memory = Mapping[str, Sequence[Mapping[str, Any]]]


@dataclass(frozen=True)
class Told:
    """A code as the app has it."""

    reference: str | None
    door: str
    state: CodeState
    digits: str


class Broken(AssertionError):
    """A rule did not hold."""


def check(session: Session, seals: Seals, model: Model, memory: Memory, now: datetime) -> int:
    """Compare; return how many codes were looked at. Raises Broken with all that is wrong."""
    told = _told(session, seals, memory)
    wrong = [
        *_strays(model, memory, told, now),
        *_missing(model, memory, told, now),
        *_equal_digits(memory, told),
    ]
    if wrong:
        raise Broken(f"at {now:%Y-%m-%d %H:%M:%S}:\n" + "\n".join(wrong))
    return sum(len(codes) for codes in memory.values())


def _told(session: Session, seals: Seals, memory: Memory) -> dict[str, Told]:
    """Return, by its name on the lock, each code that is live or that a lock still holds."""
    names = [code["name"] for codes in memory.values() for code in codes]
    columns = (AccessCode.name, AccessCode.state, AccessCode.sealed_digits, Door.lock_id)
    rows = session.execute(
        select(*columns, Guest.reference)
        .join(Door, Door.id == AccessCode.door_id)
        .outerjoin(Guest, Guest.id == AccessCode.guest_id)
        .where(or_(AccessCode.state != CodeState.GONE, AccessCode.name.in_(names)))
    )
    return {
        row.name: Told(row.reference, row.lock_id, row.state, _digits(seals, row.sealed_digits))
        for row in rows
    }


@lru_cache(maxsize=2000)
def _digits(seals: Seals, sealed: bytes) -> str:
    return seals.unseal(sealed)


def _is_open(code: Mapping[str, Any], now: datetime) -> bool:
    at = now.timestamp() * 1000
    return code["start"] is None or code["start"] <= at < code["end"]


def _strays(model: Model, memory: Memory, told: Mapping[str, Told], now: datetime) -> list[str]:
    """Find codes of ours that open now for somebody without a right to it."""
    wrong = []
    for door, codes in memory.items():
        for code in codes:
            if not code["name"].startswith("Latchkey ") or not _is_open(code, now):
                continue
            known = told.get(code["name"])
            if known is None:
                wrong.append(f"{door}: {code['name']} is known to nobody")
            elif known.reference is not None:
                booking = model.bookings[known.reference]
                if not (booking.right(door, now) or _excused(model, booking, door, now)):
                    wrong.append(f"{door}: {code['name']} opens without a right to it")
    return wrong


def _excused(model: Model, booking: Booking, door: str, now: datetime) -> bool:
    """Tell whether a right that ended could not have ended at the lock yet.

    Never when there was no right at this moment at any time: no lock may be told such a thing.
    """
    if not booking.had_right(door, now):
        return False
    if now - booking.changed_at < SOON or not model.reachable_for(door, now, SOON):
        return True
    new_door = booking.left.get(door)
    return new_door is not None and not model.reachable_for(new_door, now, SOON)


def _missing(model: Model, memory: Memory, told: Mapping[str, Told], now: datetime) -> list[str]:
    """Find rights without a working code, where the lock could be reached for long enough."""
    active: dict[tuple[str, str], str] = {
        (known.reference, known.door): known.digits
        for known in told.values()
        if known.state == CodeState.ACTIVE and known.reference is not None
    }
    wrong = []
    for booking in model.not_over(now):
        if now - booking.changed_at < SOON:
            continue
        for door in booking.now_may:
            lasting = booking.right(door, now) and booking.right(door, now - SOON)
            if not lasting or not model.reachable_for(door, now, SOON):
                continue
            digits = active.get((booking.reference, door))
            on_lock = {code["digits"] for code in memory[door] if _is_open(code, now)}
            if digits is None:
                wrong.append(f"{door}: {booking.reference} has been given no code")
            elif digits not in on_lock:
                wrong.append(f"{door}: the code given to {booking.reference} does not open")
    return wrong


def _equal_digits(memory: Memory, told: Mapping[str, Told]) -> list[str]:
    """Find digits that two people share at one door, at the lock or as the app has it."""
    live = Counter((one.door, one.digits) for one in told.values() if one.state != CodeState.GONE)
    at_lock = Counter((door, code["digits"]) for door, codes in memory.items() for code in codes)
    names = Counter((door, code["name"]) for door, codes in memory.items() for code in codes)
    wrong = [f"{door}: two live codes share digits" for (door, _), n in live.items() if n > 1]
    wrong += [f"{door}: two codes there share digits" for (door, _), n in at_lock.items() if n > 1]
    ours = {key: n for key, n in names.items() if key[1].startswith("Latchkey ")}
    return wrong + [f"{door}: {name} is there twice" for (door, name), n in ours.items() if n > 1]
