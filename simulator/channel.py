"""The channels: where guests book one or several rooms, change and cancel.

Each writes to the host about it, if it is one that does (`post`).
"""

import secrets
import string
from datetime import date
from typing import Any

from simulator.post.announcing import announce, checked
from simulator.world import World

CHANNELS = ("airbnb", "booking", "other")


class CannotBook(Exception):
    """What was asked for cannot be booked; the message says why."""


def new_reference(channel: str) -> str:
    """Make a reference as the channel does: HM and 8 capitals or digits; 10 digits."""
    if channel == "airbnb":
        letters = string.ascii_uppercase + string.digits
        return "HM" + "".join(secrets.choice(letters) for _ in range(8))
    if channel == "booking":
        return "5" + "".join(secrets.choice(string.digits) for _ in range(9))
    return f"PMS-{secrets.randbelow(900000) + 100000}"


def book(
    world: World,
    channel: str,
    rooms: list[dict[str, Any]],
    *,
    guest: str,
    phone: str = "",
    reference: str = "",
    mail: dict[str, Any] | None = None,
) -> dict[str, Any]:
    """Book rooms (`number`, `arrival`, `departure`) under one reference. Raises CannotBook.

    `mail` says how this booking's mails are sent, where it differs (`post.announcing.checked`).
    """
    if channel not in CHANNELS:
        raise CannotBook(f"There is no channel {channel!r}. There are: {', '.join(CHANNELS)}.")
    if not rooms:
        raise CannotBook("Choose at least one room.")
    with world.guard:
        reference = reference.strip().upper() or new_reference(channel)
        if reference in world.data["bookings"]:
            raise CannotBook(f"{reference} exists already. Add a room to it instead.")
        booking = {
            "reference": reference,
            "channel": channel,
            "guest": guest.strip() or "Alex Guest",
            "phone": phone.strip() or "+447700900417",
            "mail": checked(mail or {}),
            "rooms": [],
        }
        for room in rooms:
            _add(world, booking, room)
        world.data["bookings"][reference] = booking
        announce(world, "new", booking)
        world.changed()
        return booking


def add_room(world: World, reference: str, room: dict[str, Any]) -> dict[str, Any]:
    """Add a room to a booking, under the same reference. Raises CannotBook."""
    with world.guard:
        booking = _booking(world, reference)
        _add(world, booking, room)
        announce(world, "modified", booking)
        world.changed()
        return booking


def add_same_nights(world: World, reference: str, number: int) -> dict[str, Any]:
    """Add a room for the nights of the booking's first one. Raises CannotBook."""
    with world.guard:
        first = _booking(world, reference)["rooms"][0]
        return add_room(world, reference, {**first, "number": number})


def change(
    world: World, reference: str, number: int | None, arrival: str, departure: str
) -> dict[str, Any]:
    """Give one room of a booking (None: all of them) other dates. Raises CannotBook."""
    with world.guard:
        booking = _booking(world, reference)
        _check_dates(arrival, departure)
        before = [dict(room) for room in booking["rooms"]]
        for room in booking["rooms"]:
            if number in (None, room["number"]):
                room.update(arrival=arrival, departure=departure)
        if booking["rooms"] != before:
            announce(world, "modified", booking)
        world.changed()
        return booking


def cancel(world: World, reference: str, number: int | None = None) -> None:
    """Cancel a booking, or one room of it: it just disappears from the calendar."""
    with world.guard:
        booking = _booking(world, reference)
        left = [
            room for room in booking["rooms"] if number is not None and room["number"] != number
        ]
        if not left:
            announce(world, "cancelled", booking)
            del world.data["bookings"][reference]
        elif left != booking["rooms"]:
            booking["rooms"] = left
            announce(world, "modified", booking)
        world.changed()


def block(world: World, number: int, arrival: str, departure: str, channel: str) -> None:
    """Close dates by the host's hand. Raises CannotBook."""
    _check_dates(arrival, departure)
    with world.guard:
        world.data["blocks"].append(
            {"number": number, "arrival": arrival, "departure": departure, "channel": channel}
        )
        world.changed()


def _booking(world: World, reference: str) -> dict[str, Any]:
    booking = world.data["bookings"].get(reference)
    if booking is None:
        raise CannotBook(f"There is no booking {reference}.")
    found: dict[str, Any] = booking
    return found


def _add(world: World, booking: dict[str, Any], room: dict[str, Any]) -> None:
    number, arrival, departure = room["number"], room["arrival"], room["departure"]
    numbers = {str(one["number"]): one["number"] for one in world.house.rooms}
    if str(number) not in numbers:
        raise CannotBook(f"There is no room {number}.")
    number = numbers[str(number)]
    _check_dates(arrival, departure)
    for other in world.data["bookings"].values():
        for one in other["rooms"]:
            taken = one["arrival"] < departure and arrival < one["departure"]
            if one["number"] == number and taken and other["channel"] == booking["channel"]:
                raise CannotBook(f"Room {number} is taken by {other['reference']} then.")
    booking["rooms"].append({"number": number, "arrival": arrival, "departure": departure})


def _check_dates(arrival: str, departure: str) -> None:
    try:
        if date.fromisoformat(departure) <= date.fromisoformat(arrival):
            raise CannotBook("The day of departure must be after the day of arrival.")
    except ValueError:
        raise CannotBook("Enter both days, such as 2026-12-19.") from None
