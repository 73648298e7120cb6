"""The season's way to the locks: the real client, which waits less long than in production."""

from flask import Flask

from app.clock import now
from app.ports.calendars.http import HttpCalendars
from app.ports.locks.ttlock import TtlockLocks
from app.services.provider_tokens import StoredTokens
from app.wiring import Ports
from config import Settings

PATIENCE = 0.15
"""Seconds. Whatever the simulator is told to lose takes longer."""


def impatient_ports(app: Flask) -> Ports:
    settings: Settings = app.extensions["settings"]
    ttlock = settings.ttlock
    assert ttlock is not None
    locks = TtlockLocks(
        ttlock.api_url,
        ttlock.client_id,
        ttlock.client_secret,
        ttlock.username,
        ttlock.password,
        tokens=StoredTokens(app, "ttlock"),
        clock=now,
        device_timeout=PATIENCE,
        cloud_timeout=PATIENCE,
    )
    return Ports({"ttlock": locks}, None, None, None, HttpCalendars(frozenset(), "season"))
