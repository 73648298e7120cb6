"""How far a guest has come in checking in, kept in their signed cookie."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from flask import session as cookie

KEY = "check_in"
CLAIM = "claim"
PROOF_LASTS = timedelta(hours=1)
CLAIM_LASTS = timedelta(days=1)


@dataclass(frozen=True)
class Progress:
    """The reference they gave, and the property where they have proven that it is theirs."""

    reference: str
    property_id: int | None


def begin(reference: str) -> None:
    cookie[KEY] = {"reference": reference}


def prove(reference: str, property_id: int, now: datetime) -> None:
    cookie[KEY] = {"reference": reference, "property": property_id, "at": now.timestamp()}


def forget() -> None:
    cookie.pop(KEY, None)


def progress(now: datetime) -> Progress | None:
    """Return how far they are; a proof is forgotten after an hour."""
    kept = cookie.get(KEY)
    if not isinstance(kept, dict) or not isinstance(kept.get("reference"), str):
        return None
    is_fresh = now.timestamp() - kept.get("at", 0) < PROOF_LASTS.total_seconds()
    return Progress(kept["reference"], kept.get("property") if is_fresh else None)


@dataclass(frozen=True)
class Claimed:
    """What they told the host of; the same is kept whether or not anything came of it."""

    reference: str
    full_name: str
    arrival: date
    at: datetime


def claim(reference: str, full_name: str, arrival: date, now: datetime) -> None:
    cookie[CLAIM] = {
        "reference": reference,
        "name": full_name,
        "arrival": arrival.isoformat(),
        "at": now.timestamp(),
    }


def claimed(now: datetime) -> Claimed | None:
    """Return what this browser has claimed within a day."""
    kept = cookie.get(CLAIM)
    if not isinstance(kept, dict):
        return None
    at = datetime.fromtimestamp(kept["at"], UTC)
    if now - at > CLAIM_LASTS:
        return None
    return Claimed(kept["reference"], kept["name"], date.fromisoformat(kept["arrival"]), at)


def forget_claim() -> None:
    cookie.pop(CLAIM, None)
