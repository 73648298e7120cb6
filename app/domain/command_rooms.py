"""Rooms and nights in a text message: `1-2`, `room 1 2 nights`, `1-2, 2-2`."""

import re
from dataclasses import dataclass

_NIGHTS = "(?:NIGHTS?|NTS?|N)"
_ITEM = re.compile(
    "(?:(?:ROOM|RM|R) ?)?(?P<room>[0-9]+)"
    f"(?: ?-+ ?(?P<nights>[0-9]+)(?: ?{_NIGHTS})?"
    f"|(?: ?[:,] ?| FOR | )(?P<worded>[0-9]+) ?{_NIGHTS})"
    "(?![A-Z0-9-])"
)
_BETWEEN = re.compile(" ?(?:[,.&+/]|AND)? ?")
HIGHEST_ROOM = 9999
MOST_NIGHTS = 60


@dataclass(frozen=True)
class RoomNights:
    room_number: int
    nights: int


def rooms_in(text: str) -> tuple[RoomNights, ...]:
    """Return the rooms that the folded `text` lists; empty when it is not wholly such a list.

    A dash or the word "nights" is needed: "1 2" may be two rooms. Values are not yet in range.
    """
    found: list[RoomNights] = []
    at = 0
    while at < len(text):
        item = _ITEM.match(text, at)
        if item is None:
            return ()
        found.append(RoomNights(int(item["room"]), int(item["nights"] or item["worded"])))
        between = _BETWEEN.match(text, item.end())
        at = between.end() if between else item.end()
    return tuple(found)


def out_of_range(rooms: tuple[RoomNights, ...]) -> str | None:
    """Say which room number or count of nights cannot be, or None when all can."""
    for one in rooms:
        if not 1 <= one.room_number <= HIGHEST_ROOM:
            return f"says room {_short(one.room_number)}. Room numbers go from 1 to {HIGHEST_ROOM}."
        if not 1 <= one.nights <= MOST_NIGHTS:
            return f"says {_short(one.nights)} nights. Write between 1 and {MOST_NIGHTS}."
    return None


def example(text: str) -> str:
    """Return rooms and nights as `text` probably meant them, for a sentence that asks for them."""
    numbers = [int(digits) for digits in re.findall("[0-9]{1,4}", text)]
    if len(numbers) == 2 and numbers[0] and 1 <= numbers[1] <= MOST_NIGHTS:
        return f"{numbers[0]}-{numbers[1]}"
    return f"{numbers[0]}-2" if len(numbers) == 1 and numbers[0] else "1-2"


def _short(number: int) -> str:
    digits = str(number)
    return digits if len(digits) <= 10 else f"{digits[:10]}..."
