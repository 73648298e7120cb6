"""Twilio's list of messages: filters, and pages that new messages do not shift."""

import urllib.parse
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any

from simulator.texts.rows import Text

USUAL, MOST = 50, 1000


class BadQuery(Exception):
    """A filter that cannot be read."""


def chosen(texts: Iterable[Text], asked: Mapping[str, str]) -> list[Text]:
    """Return the texts that `To`, `From` and the three `DateSent`s let through. Raises BadQuery.

    A text that has not been sent yet has no DateSent, and no filter by it finds it.
    """
    found = [
        text
        for text in texts
        if asked.get("To") in (None, text["to"]) and asked.get("From") in (None, text["from"])
    ]
    for name in ("DateSent", "DateSent>", "DateSent<"):
        if name in asked:
            first, last = _span(asked[name])
            first = first if name != "DateSent<" else float("-inf")
            last = last if name != "DateSent>" else float("inf")
            found = [text for text in found if text["sent"] and first <= text["sent"] <= last]
    return found


def page(texts: list[Text], asked: Mapping[str, str], address: str) -> dict[str, Any]:
    """Return one page of a list (newest first) and where the next one is. Raises BadQuery."""
    size = min(max(1, _number(asked.get("PageSize"), USUAL)), MOST)
    number = _number(asked.get("Page"), 0)
    sids = [text["sid"] for text in texts]
    after = asked.get("PageToken", "").removeprefix("PA")
    begin = sids.index(after) + 1 if after in sids else number * size
    shown = texts[begin : begin + size]
    base = {name: asked[name] for name in asked if name not in ("Page", "PageToken", "PageSize")}

    def where(page: int, **more: str) -> str:
        query = {**base, "PageSize": str(size), "Page": str(page), **more}
        return f"{address}?{urllib.parse.urlencode(query)}"

    is_last = begin + size >= len(texts)
    return {
        "messages": shown,
        "page": number,
        "page_size": size,
        "start": begin,
        "end": max(begin, begin + len(shown) - 1),
        "uri": where(number),
        "first_page_uri": where(0),
        "next_page_uri": None if is_last else where(number + 1, PageToken="PA" + shown[-1]["sid"]),
        "previous_page_uri": None if number == 0 else where(number - 1),
    }


def _span(text: str) -> tuple[float, float]:
    """Read a day as all of it and an instant as itself; both in GMT."""
    try:
        if "," in text:
            moment = parsedate_to_datetime(text)
        else:
            moment = datetime.fromisoformat(text.replace("Z", "+00:00"))
    except ValueError:
        raise BadQuery(f"The date {text!r} cannot be read.") from None
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    is_day = len(text) == len("2026-12-19")
    end = moment + timedelta(days=1, microseconds=-1) if is_day else moment
    return moment.timestamp(), end.timestamp()


def _number(text: str | None, otherwise: int) -> int:
    if text is None:
        return otherwise
    if not text.isdecimal():
        raise BadQuery(f"{text!r} is no number of a page.")
    return int(text)
