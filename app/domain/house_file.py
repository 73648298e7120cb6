"""Reading the setup file: TOML text into checked facts, or every fault with its line."""

import re
import tomllib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import time
from typing import Any, TypeVar
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import phonenumbers

from app.domain.errors import DomainError

CHANNELS = ("booking.com", "airbnb", "vrbo", "other")
ROLES = ("owner", "staff", "cleaner", "viewer")
PROVIDERS = ("ttlock",)

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
                "retention_months", *TEXTS,
            },
        )  # fmt: skip
        house = HouseFile(
            name=where.text("name"),
            timezone=where.take("timezone", _zone, "Europe/London"),
            check_in=where.take("check_in", _clock, time(15)),
            check_out=where.take("check_out", _clock, time(11)),
            phone=where.optional("phone", _phone),
            code_length=where.optional("code_length", _whole(4, 9)) or 6,
            asks_car=bool(where.optional("asks_car", _boolean)),
            retention_months=where.optional("retention_months", _whole(1, 120)) or 12,
            texts={name: where.optional(name, _words) for name in TEXTS},
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
                number=where.take("number", _whole(1, 9999), 0),
                name=where.optional("name", _words) or f"Room {where.table.get('number')}",
                unit_types=where.optional("unit_types", _word_list) or (),
                feeds=tuple(self._feeds(where)),
                doors=tuple(self._doors(where.table, "doors")),
            )

    def _feeds(self, room: "_Where") -> Iterator[FeedLine]:
        for where in self._tables(room.table, "feeds", {"channel", "url"}, of=room):
            yield FeedLine(
                where.take("channel", _one_of(CHANNELS), ""), where.take("url", _address, "")
            )

    def _doors(self, data: Mapping[str, Any], key: str) -> Iterator[DoorLine]:
        for where in self._tables(data, key, {"name", "provider", "lock_id"}):
            yield DoorLine(
                name=where.text("name"),
                provider=where.take("provider", _one_of(PROVIDERS), ""),
                lock_id=where.take("lock_id", _lock_id, ""),
            )

    def _hosts(self, data: Mapping[str, Any]) -> Iterator[HostLine]:
        for where in self._tables(data, "hosts", {"name", "email", "phone", "role", "password"}):
            yield HostLine(
                name=where.text("name"),
                email=where.take("email", _mail, ""),
                phone=where.optional("phone", _phone),
                role=where.optional("role", _one_of(ROLES)) or "owner",
                password=where.optional("password", _words),
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
        for what, values in (
            ("room number", [room.number for room in house.rooms]),
            ("lock_id", [(door.provider, door.lock_id) for door in doors]),
            ("door name", [door.name for door in doors]),
            ("host email", [host.email for host in house.hosts]),
            ("host phone", [host.phone for host in house.hosts if host.phone]),
        ):
            for value in {value for value in values if values.count(value) > 1}:
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
        return self.take(key, _words, "")

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


def _words(value: Any) -> str:
    if not isinstance(value, str) or not value.strip():
        raise ValueError("must be a text in quotes.")
    return value.strip()


def _word_list(value: Any) -> tuple[str, ...]:
    if not isinstance(value, list):
        raise ValueError('must be a list of texts, such as ["Double Room"].')
    return tuple(_words(one) for one in value)


def _boolean(value: Any) -> bool:
    if not isinstance(value, bool):
        raise ValueError("must be true or false.")
    return value


def _whole(least: int, most: int) -> Callable[[Any], int]:
    def parse(value: Any) -> int:
        if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
            raise ValueError(f"must be a whole number from {least} to {most}.")
        return value

    return parse


def _one_of(choices: tuple[str, ...]) -> Callable[[Any], str]:
    def parse(value: Any) -> str:
        if value not in choices:
            raise ValueError(f"must be one of: {', '.join(choices)}.")
        return str(value)

    return parse


def _zone(value: Any) -> str:
    try:
        return ZoneInfo(_words(value)).key
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ValueError("must be a time zone such as Europe/London.") from None


def _clock(value: Any) -> time:
    if isinstance(value, time):
        return value.replace(second=0, microsecond=0)
    if not isinstance(value, str) or not re.fullmatch(r"([01]?\d|2[0-3]):[0-5]\d", value.strip()):
        raise ValueError('must be a time such as "15:00".')
    hours, minutes = value.strip().split(":")
    return time(int(hours), int(minutes))


def _phone(value: Any) -> str:
    fault = ValueError('must be an international number such as "+447700900123".')
    try:
        number = phonenumbers.parse(_words(value), None)
    except phonenumbers.NumberParseException:
        raise fault from None
    if not phonenumbers.is_possible_number(number):
        raise fault
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def _mail(value: Any) -> str:
    text = _words(value).lower()
    if not re.fullmatch(r"[^@\s]+@[^@\s]+", text):
        raise ValueError("must be a mail address.")
    return text


def _lock_id(value: Any) -> str:
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    return _words(value)


def _address(value: Any) -> str:
    text = _words(value)
    parts = urlsplit(text)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ValueError("must be an address that begins with https:// or http://.")
    return text
