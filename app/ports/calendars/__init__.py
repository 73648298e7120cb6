"""Calendars: fetching one feed, politely and without being led into a private network."""

from dataclasses import dataclass, field
from typing import Protocol


@dataclass(frozen=True)
class Validators:
    """What the last answer gave for a conditional request."""

    etag: str | None = None
    last_modified: str | None = None


@dataclass(frozen=True)
class Fetched:
    """An answer. `body` is None when the server said that nothing changed (304)."""

    body: bytes | None = field(repr=False)
    validators: Validators = Validators()


class CalendarPort(Protocol):
    """Fetches calendars over HTTP(S)."""

    def fetch(self, url: str, validators: Validators) -> Fetched:
        """Fetch one feed: 10 s in all, 5 MB after unpacking, redirects checked like the address.

        Raises PortError with a sentence for the host, without the address or what came back.
        """
