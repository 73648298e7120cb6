"""The phones: whose they are, and what becomes of texts on the way to them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from simulator.world import World

WAYS: Mapping[str, tuple[str, ...]] = {
    "delivered": ("sent", "delivered"),
    "undelivered": ("sent", "undelivered"),
    "failed": ("failed",),
    "silent": ("sent",),
}
"""The statuses a text goes through by what is to become of it; `silent` never tells the end."""
USUAL_ERRORS: Mapping[str, int] = {"undelivered": 30003, "failed": 30008}


class NotAPhone(Exception):
    """What was told of a phone cannot be; the message says why."""


@dataclass(frozen=True)
class Outcome:
    """What becomes of texts to a phone."""

    way: tuple[str, ...]
    error_code: int | None


def tell(world: World, number: str, told: Mapping[str, Any]) -> dict[str, Any]:
    """Set a phone's `outcome`, `error_code` or `opted_out`. Raises NotAPhone."""
    known = _new()
    if unknown := told.keys() - known.keys():
        raise NotAPhone(f"Unknown: {', '.join(unknown)}. Known: {', '.join(known)}.")
    if told.get("outcome", "delivered") not in WAYS:
        raise NotAPhone(f"Outcomes are: {', '.join(WAYS)}.")
    with world.guard:
        phone: dict[str, Any] = world.data["phones"].setdefault(number, known)
        phone.update(told)
        world.changed()
        return phone


def outcome(world: World, number: str) -> Outcome:
    """Return what becomes of texts to a number; `guard` is held."""
    phone = world.data["phones"].get(number, _new())
    error = phone["error_code"] or USUAL_ERRORS.get(phone["outcome"])
    return Outcome(WAYS[phone["outcome"]], error if phone["outcome"] in USUAL_ERRORS else None)


def is_opted_out(world: World, number: str) -> bool:
    return bool(world.data["phones"].get(number, _new())["opted_out"])


def names(world: World) -> dict[str, str]:
    """Return every number there is by its owner's name: hosts first, then by their first text."""
    found = {phone["number"]: phone["name"] for phone in world.house.phones}
    guests = {booking["phone"]: booking["guest"] for booking in world.data["bookings"].values()}
    ours = world.house.twilio["from"]
    for text in world.data["texts"]:
        number = text["from"] if text["direction"] == "inbound" else text["to"]
        if number != ours:
            found.setdefault(number, guests.get(number, ""))
    return found


def _new() -> dict[str, Any]:
    return {"outcome": "delivered", "error_code": None, "opted_out": False}
