"""What the settings page is given."""

from dataclasses import dataclass

from app.web.admin.pages import Fact


@dataclass(frozen=True)
class World:
    """One outside world."""

    name: str
    """ "Locks by TTLock"."""
    is_configured: bool
    meaning: str
    """What works, or what does not, because of it."""
    detail: str | None = None
    """ "connected, 12 locks"; or the fault."""
    variables: tuple[str, ...] = ()
    """Which to set to switch it on."""


@dataclass(frozen=True)
class HostLine:
    name: str
    email: str
    role: str
    phone_text: str | None = None
    is_waiting: bool = False
    """Has not used their one-time link yet."""


@dataclass(frozen=True)
class SettingsPage:
    property_name: str
    facts: tuple[Fact, ...]
    """Time zone, check-in, check-out, phone, digits of a code, months that data is kept."""
    worlds: tuple[World, ...]
    hosts: tuple[HostLine, ...]
