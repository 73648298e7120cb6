"""The simulated house: which locks, gateways and accounts there are (a TOML file)."""

import tomllib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class House:
    """What the file says; the state that changes is in `world`."""

    name: str
    timezone: str
    mail: str
    """The address that channels write to."""
    account: dict[str, str]
    """TTLock's `client_id`, `client_secret`, `username`, `password`."""
    twilio: dict[str, str]
    """`account_sid`, `auth_token`, `from`."""
    phones: tuple[dict[str, str], ...]
    """The hosts' phones, the first one first: `number`, `name`."""
    gateways: tuple[dict[str, Any], ...]
    """`id`, `name`."""
    locks: tuple[dict[str, Any], ...]
    """`id`, `name`, `gateway` (may be missing), `battery`, `room` (missing: a shared door).

    With `provider = "seam"` and a `device_id`, Seam knows the lock too."""
    rooms: tuple[dict[str, Any], ...]
    """`number`, `name`."""
    seam: dict[str, str] = field(default_factory=dict)
    """Seam's `api_key`, `webhook_secret`; empty where there is no such account."""


def read_house(path: Path) -> House:
    """Read the file. Raises KeyError naming what is missing, or tomllib's error."""
    data = tomllib.loads(path.read_text(encoding="utf-8"))
    return House(
        name=data["house"]["name"],
        timezone=data["house"]["timezone"],
        mail=data["house"].get("mail", "bookings@example.com"),
        account=data["account"],
        twilio=data["twilio"],
        phones=tuple(data.get("phones", ())),
        gateways=tuple(data["gateways"]),
        locks=tuple(data["locks"]),
        rooms=tuple(data["rooms"]),
        seam=data.get("seam", {}),
    )
