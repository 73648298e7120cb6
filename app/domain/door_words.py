"""Which door a host means by "1", "room 1" or "front"."""

import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass

MOST_CHARACTERS = 80
_NOISE = frozenset({"door", "lock", "room", "the"})


@dataclass(frozen=True)
class DoorName:
    """What a door may be called; `door_id` is the caller's. A shared door has no room."""

    door_id: int
    name: str
    room_number: int | None = None
    room_name: str | None = None


def door_words(text: str) -> str:
    """Return the words of `text` that can name a door: no case, marks or leading "the".

    "Room 1" is "1": rooms are called by their numbers.
    """
    text = unicodedata.normalize("NFKC", re.sub("['\u2018\u2019\u02bc]", "", text).casefold())
    text = unicodedata.normalize("NFKC", text.casefold())
    words = " ".join("".join(c if _is_said(c) else " " for c in text).split())
    words = re.sub("^(?:the(?: |$))+", "", words)
    return re.sub("^(?:(?:room|rm) )+0*(?=[0-9]+$)", "", words)


def pick_door(words: str, doors: Sequence[DoorName]) -> list[DoorName]:
    """Return the doors of a property that `words` fits best, in their order; several for a tie.

    Best is a room's number, then the whole name of a door or its room, then words that begin words
    of the names: "front" is the front door. A number never fits part of another: "1" is not room
    10, nor the room "Floor 1 Left" with another number. "door" and the like are dropped only when
    nothing fits with them.
    """
    said = _comparable(words)
    bare = " ".join(word for word in said.split() if word not in _NOISE)
    ways: tuple[Callable[[DoorName], bool], ...] = (
        lambda door: _is_number(said, door),
        lambda door: said in _names(door),
        lambda door: _all_begin_words(said, door),
        lambda door: _is_number(bare, door),
        lambda door: _all_begin_words(bare, door),
    )
    for fits in ways:
        if found := [door for door in doors if fits(door)]:
            return _main_doors(found)
    return []


def _main_doors(found: list[DoorName]) -> list[DoorName]:
    """Of several doors of one room, return the one that bears the room's name or number."""
    room = {(door.room_number, door.room_name) for door in found}
    main = [door for door in found if _comparable(door.name) in _room_names(door)]
    return main if len(room) == 1 and main else found


def _room_names(door: DoorName) -> set[str]:
    return {_comparable(door.room_name or ""), str(door.room_number or "")} - {""}


def _is_said(character: str) -> bool:
    return unicodedata.category(character)[0] in "LNM"


def _comparable(text: str) -> str:
    bare = unicodedata.normalize("NFKD", door_words(text))
    return door_words("".join(c for c in bare if not unicodedata.combining(c)))


def _names(door: DoorName) -> set[str]:
    return {_comparable(name) for name in (door.name, door.room_name) if name} - {""}


def _is_number(said: str, door: DoorName) -> bool:
    digits = said.lstrip("0")
    return door.room_number is not None and digits == str(door.room_number)


def _all_begin_words(said: str, door: DoorName) -> bool:
    words = [word for name in _names(door) for word in name.split()]
    if door.room_number is not None:  # a room's only number is its own, whatever its name says
        words = [word for word in words if not word.isdecimal()]
        words += ["room", str(door.room_number)]
    return bool(said) and all(any(_begins(one, word) for word in words) for one in said.split())


def _begins(said: str, word: str) -> bool:
    """Compare words by two letters or more that begin them, but what ends in a digit whole."""
    if len(said) < 2 or said[-1].isdecimal():
        return said == word
    return word.startswith(said)
