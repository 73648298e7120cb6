"""What a channel writes to the host of a booking, and how it was told to: late, twice, never."""

from collections.abc import Callable, Mapping
from datetime import date
from email.utils import make_msgid
from typing import Any

from simulator.post.airbnb import airbnb_letter
from simulator.post.booking_com import booking_com_letter
from simulator.post.booking_com_words import WORDS
from simulator.post.delivery import CannotPost, deliver_due
from simulator.post.letters import Letter, News, as_mail
from simulator.world import World

WRITERS: Mapping[str, Callable[[News], Letter]] = {
    "airbnb": airbnb_letter,
    "booking": booking_com_letter,
}
"""Channels that write to the host; others send none."""
LANGUAGES = tuple(WORDS)
MOST_COPIES = 20


def checked(told: Mapping[str, Any]) -> dict[str, Any]:
    """Return how mail is to be sent, with only what was told. Raises CannotPost.

    `delay_seconds`, `copies` (the same mail, so many times), `language`, `enabled`.
    """
    fits: Mapping[str, Callable[[Any], bool]] = {
        "delay_seconds": lambda value: _is_number(value) and value >= 0,
        "copies": lambda value: type(value) is int and 1 <= value <= MOST_COPIES,
        "language": lambda value: value in LANGUAGES,
        "enabled": lambda value: isinstance(value, bool),
    }
    for name, value in told.items():
        if name not in fits:
            raise CannotPost(f"Unknown: {name}. Known: {', '.join(fits)}.")
        if not fits[name](value):
            raise CannotPost(f"{name} cannot be {value!r}. Languages: {', '.join(LANGUAGES)}.")
    return dict(told)


def announce(world: World, kind: str, booking: Mapping[str, Any]) -> None:
    """Have a booking's channel write to the host; `guard` is held.

    One mail a booking, however many rooms it has. `booking` is as it is after what happened, or,
    for `cancelled`, as it was before.
    """
    told = {**world.data["mail"], **booking.get("mail", {})}
    writer = WRITERS.get(booking["channel"])
    if writer is None or world.maildir is None or not told["enabled"]:
        return
    now = world.now()
    letter = writer(
        News(
            kind=kind,
            reference=booking["reference"],
            guest=" ".join(booking["guest"].split()),
            arrival=date.fromisoformat(min(room["arrival"] for room in booking["rooms"])),
            departure=date.fromisoformat(max(room["departure"] for room in booking["rooms"])),
            house=world.house.name,
            language=told["language"],
            written_on=world.today(),
        )
    )
    message_id = make_msgid(domain=letter.sender.rpartition("@")[2].rstrip(">"))
    world.data["outgoing"].append(
        {
            "id": world.next_id(),
            "channel": booking["channel"],
            "kind": kind,
            "reference": booking["reference"],
            "language": told["language"],
            "subject": letter.subject,
            "message_id": message_id,
            "raw": as_mail(letter, message_id, world.house.mail, now).decode("ascii"),
            "copies": told["copies"],
            "written": now.timestamp(),
            "due": now.timestamp() + told["delay_seconds"],
            "delivered": None,
            "files": [],
        }
    )
    world.changed()
    deliver_due(world)


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)
