"""Values of the setup file: each function returns the checked value or raises ValueError."""

import re
from collections.abc import Callable
from datetime import time
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import phonenumbers


def words(value: Any) -> str:
    if not isinstance(value, str) or not value.strip():
        raise ValueError("must be a text in quotes.")
    return value.strip()


def word_list(value: Any) -> tuple[str, ...]:
    if not isinstance(value, list):
        raise ValueError('must be a list of texts, such as ["Double Room"].')
    return tuple(words(one) for one in value)


def boolean(value: Any) -> bool:
    if not isinstance(value, bool):
        raise ValueError("must be true or false.")
    return value


def whole(least: int, most: int) -> Callable[[Any], int]:
    def parse(value: Any) -> int:
        if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
            raise ValueError(f"must be a whole number from {least} to {most}.")
        return value

    return parse


def one_of(choices: tuple[str, ...]) -> Callable[[Any], str]:
    def parse(value: Any) -> str:
        if value not in choices:
            raise ValueError(f"must be one of: {', '.join(choices)}.")
        return str(value)

    return parse


def zone(value: Any) -> str:
    try:
        return ZoneInfo(words(value)).key
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ValueError("must be a time zone such as Europe/London.") from None


def clock(value: Any) -> time:
    if isinstance(value, time):
        return value.replace(second=0, microsecond=0)
    if not isinstance(value, str) or not re.fullmatch(r"([01]?\d|2[0-3]):[0-5]\d", value.strip()):
        raise ValueError('must be a time such as "15:00".')
    hours, minutes = value.strip().split(":")
    return time(int(hours), int(minutes))


def phone(value: Any) -> str:
    fault = ValueError('must be an international number such as "+447700900123".')
    try:
        number = phonenumbers.parse(words(value), None)
    except phonenumbers.NumberParseException:
        raise fault from None
    if not phonenumbers.is_possible_number(number):
        raise fault
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def mail(value: Any) -> str:
    text = words(value).lower()
    if not re.fullmatch(r"[^@\s]+@[^@\s]+", text):
        raise ValueError("must be a mail address.")
    return text


def lock_id(value: Any) -> str:
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    return words(value)


def address(value: Any) -> str:
    text = words(value)
    parts = urlsplit(text)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ValueError("must be an address that begins with https:// or http://.")
    return text
