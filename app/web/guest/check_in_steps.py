"""How far a guest has come in checking in, kept in their signed cookie."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from flask import session as cookie

KEY = "check_in"
PROOF_LASTS = timedelta(hours=1)


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
