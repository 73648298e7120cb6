"""Reading the setup file: TOML text into checked facts, or every fault with its line."""

import re
import tomllib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import time
from typing import Any, TypeVar

from app.domain import house_file_values as values
from app.domain.errors import DomainError

CHANNELS = ("booking.com", "airbnb", "vrbo", "other")
ROLES = ("owner", "staff", "cleaner", "viewer")
PROVIDERS = ("ttlock", "seam")

T = TypeVar("T")


class BadHouseFile(DomainError):
    """The file cannot be used; the message holds one line per fault."""

    code = "bad-house-file"


@dataclass(frozen=True)
class FeedLine:
    channel: str
    url: str = field(repr=False)


@dataclass(frozen=True)
class DoorLine:
    name: str
    provider: str
    lock_id: str
    how_to_open: str | None = None
    """The steps at this door for guests, a line each."""


@dataclass(frozen=True)
class RoomLine:
    number: int
    name: str
    unit_types: tuple[str, ...]
    feeds: tuple[FeedLine, ...]
    doors: tuple[DoorLine, ...]


@dataclass(frozen=True)
class HostLine:
    name: str
    email: str
    phone: str | None
    role: str
    password: str | None = field(repr=False)


@dataclass(frozen=True)
class HouseFile:
    """One property with all that belongs to it. `texts` are the optional free texts by name."""

    name: str
    timezone: str
    check_in: time
    check_out: time
    phone: str | None
    code_length: int
    asks_car: bool
    retention_months: int
    spare_codes: bool
    texts: Mapping[str, str | None]
    rooms: tuple[RoomLine, ...]
    shared_doors: tuple[DoorLine, ...]
    hosts: tuple[HostLine, ...]


TEXTS = ("address", "directions", "wifi_name", "wifi_password", "house_guide", "house_rules")


def read_house_file(source: str) -> HouseFile:
    """Read and check the whole file. Raises BadHouseFile with every fault and its line."""
    try:
        data = tomllib.loads(source)
    except tomllib.TOMLDecodeError as fault:
        raise BadHouseFile(f"The file is not TOML: {fault}.") from None
    reader = _Reader(source)
    house = reader.house(data)
    if reader.faults:
        raise BadHouseFile("\n".join(reader.faults))
    return house


class _Reader:
    """Collects faults while it reads, so that a person sees all of them at once."""

    def __init__(self, source: str) -> None:
        self._lines = source.splitlines()
        self.faults: list[str] = []

    def house(self, data: Mapping[str, Any]) -> HouseFile:
        self._known(data, "file", {"property", "rooms", "shared_doors", "hosts"})
        table = data.get("property")
        if not isinstance(table, dict):
            self._fault("[property]", 0, "there is no [property] table; it names the house.")
            table = {}
        where = _Where(self, table, "property", 0)
        self._known(
            table,
            "[property]",
            {
                "name", "timezone", "check_in", "check_out", "phone", "code_length", "asks_car",
                "retention_months", "spare_codes", *TEXTS,
            },
        )  # fmt: skip
        house = HouseFile(
            name=where.text("name"),
            timezone=where.take("timezone", values.zone, "Europe/London"),
            check_in=where.take("check_in", values.clock, time(15)),
            check_out=where.take("check_out", values.clock, time(11)),
            phone=where.optional("phone", values.phone),
            code_length=where.optional("code_length", values.whole(4, 9)) or 6,
            asks_car=bool(where.optional("asks_car", values.boolean)),
            retention_months=where.optional("retention_months", values.whole(1, 120)) or 12,
            spare_codes=bool(where.optional("spare_codes", values.boolean)),
            texts={name: where.optional(name, values.words) for name in TEXTS},
            rooms=tuple(self._rooms(data)),
            shared_doors=tuple(self._doors(data, "shared_doors")),
            hosts=tuple(self._hosts(data)),
        )
        self._unique(house)
        return house

    def _rooms(self, data: Mapping[str, Any]) -> Iterator[RoomLine]:
        keys = {"number", "name", "unit_types", "feeds", "doors"}
        for where in self._tables(data, "rooms", keys):
            yield RoomLine(
                number=where.take("number", values.whole(1, 9999), 0),
                name=where.optional("name", values.words) or f"Room {where.table.get('number')}",
                unit_types=where.optional("unit_types", values.word_list) or (),
                feeds=tuple(self._feeds(where)),
                doors=tuple(self._doors(where.table, "doors")),
            )

    def _feeds(self, room: "_Where") -> Iterator[FeedLine]:
        for where in self._tables(room.table, "feeds", {"channel", "url"}, of=room):
            yield FeedLine(
                where.take("channel", values.one_of(CHANNELS), ""),
                where.take("url", values.address, ""),
            )

    def _doors(self, data: Mapping[str, Any], key: str) -> Iterator[DoorLine]:
        for where in self._tables(data, key, {"name", "provider", "lock_id", "how_to_open"}):
            yield DoorLine(
                name=where.text("name"),
                provider=where.take("provider", values.one_of(PROVIDERS), ""),
                lock_id=where.take("lock_id", values.lock_id, ""),
                how_to_open=where.optional("how_to_open", values.words),
            )

    def _hosts(self, data: Mapping[str, Any]) -> Iterator[HostLine]:
        for where in self._tables(data, "hosts", {"name", "email", "phone", "role", "password"}):
            yield HostLine(
                name=where.text("name"),
                email=where.take("email", values.mail, ""),
                phone=where.optional("phone", values.phone),
                role=where.optional("role", values.one_of(ROLES)) or "owner",
                password=where.optional("password", values.words),
            )

    def _tables(
        self, data: Mapping[str, Any], key: str, keys: set[str], of: "_Where | None" = None
    ) -> Iterator["_Where"]:
        tables = data.get(key, [])
        if not isinstance(tables, list) or not all(isinstance(one, dict) for one in tables):
            self._fault(key, 0, f"{key} must be a list of tables.")
            return
        for index, table in enumerate(tables):
            self._known(table, f"{key} {index + 1}", keys)
            yield _Where(self, table, key, index)

    def _known(self, table: Mapping[str, Any], where: str, keys: set[str]) -> None:
        for key in table.keys() - keys:
            expected = ", ".join(sorted(keys))
            self._fault(key, 0, f"{where} does not know {key!r}. It knows: {expected}.")

    def _unique(self, house: HouseFile) -> None:
        doors = [door for room in house.rooms for door in room.doors] + list(house.shared_doors)
        listed: list[tuple[str, list[object]]] = [
            ("room number", [room.number for room in house.rooms]),
            ("lock_id", [(door.provider, door.lock_id) for door in doors]),
            ("door name", [door.name for door in doors]),
            ("host email", [host.email for host in house.hosts]),
            ("host phone", [host.phone for host in house.hosts if host.phone]),
        ]
        for what, found in listed:
            for value in {value for value in found if found.count(value) > 1}:
                text = value[-1] if isinstance(value, tuple) else value
                self._fault(str(text), 1, f"{what} {text} is there twice.")

    def _fault(self, needle: str, occurrence: int, message: str) -> None:
        self.faults.append(f"line {self.line_of(needle, occurrence)}: {message}")

    def line_of(self, needle: str, occurrence: int) -> int:
        """Return the line of the n-th mention, or the last one (TOML readers keep no lines)."""
        word = re.compile(rf"(?<![\w-]){re.escape(needle)}(?![\w-])")
        lines = [n for n, line in enumerate(self._lines, 1) if word.search(line)]
        return lines[min(occurrence, len(lines) - 1)] if lines else 1


@dataclass(frozen=True)
class _Where:
    """One table being read, and how to find its lines again."""

    reader: _Reader
    table: Mapping[str, Any]
    name: str
    index: int

    def text(self, key: str) -> str:
        return self.take(key, values.words, "")

    def take(self, key: str, parse: Callable[[Any], T], otherwise: T) -> T:
        if key not in self.table:
            self.reader.faults.append(f"line {self._line(None)}: {self._title} needs {key}.")
            return otherwise
        value = self.optional(key, parse)
        return otherwise if value is None else value

    def optional(self, key: str, parse: Callable[[Any], T]) -> T | None:
        if key not in self.table:
            return None
        try:
            return parse(self.table[key])
        except ValueError as fault:
            self.reader.faults.append(f"line {self._line(key)}: {self._title}: {key} {fault}")
            return None

    @property
    def _title(self) -> str:
        return f"[{self.name}]" if self.name == "property" else f"{self.name} {self.index + 1}"

    def _line(self, key: str | None) -> int:
        value = self.table.get(key) if key else None
        if isinstance(value, str) and value:
            return self.reader.line_of(value, 0)
        if key is not None:
            return self.reader.line_of(key, self.index)
        return self.reader.line_of(self.name, self.index)
