"""The settings of the demo world: kept in a file, so that a second run has the same secrets."""

import base64
import os
import secrets
from collections.abc import Mapping
from pathlib import Path

from dotenv import dotenv_values

from launcher.simulated import maildir


def demo_environment(root: Path, web: str, simulator: str, smtp: str, redis: str) -> dict[str, str]:
    """Write var/run/demo.env (0600) and return its settings.

    `web` and `simulator` are base addresses, `smtp` is host:port, `redis` a URL. What the person
    has exported wins over all of it.
    """
    path = root / "var" / "run" / "demo.env"
    kept = dotenv_values(path) if path.exists() else {}
    settings = {
        "SECRET_KEY": kept.get("SECRET_KEY") or secrets.token_urlsafe(32),
        "CODES_KEY": kept.get("CODES_KEY") or base64.urlsafe_b64encode(os.urandom(32)).decode(),
        "DATABASE_URL": f"sqlite:///{root / 'var' / 'latchkey.db'}",
        "REDIS_URL": redis,
        "PUBLIC_URL": web,
        "TTLOCK_API_URL": f"{simulator}/ttlock",
        "TTLOCK_CLIENT_ID": "demo-client",
        "TTLOCK_CLIENT_SECRET": "demo-client-secret",
        "TTLOCK_USERNAME": "owner@example.com",
        "TTLOCK_PASSWORD": "demo-lock-password",
        "TTLOCK_CALLBACK_TOKEN": kept.get("TTLOCK_CALLBACK_TOKEN") or secrets.token_urlsafe(24),
        "TWILIO_API_URL": f"{simulator}/twilio",
        "TWILIO_ACCOUNT_SID": "AC00000000000000000000000000000001",
        "TWILIO_AUTH_TOKEN": "demo-twilio-token",
        "TWILIO_FROM": "+447700900100",
        "SMTP_URL": f"smtp://{smtp}",
        "MAIL_FROM": "stay@example.com",
        "MAILBOX_URL": f"maildir://{maildir(root)}",
        "HTMX_URL": f"{simulator}/cdn/htmx.org@2.0.11/dist/htmx.min.js",
        "FEED_ALLOWED_HOSTS": "127.0.0.1",
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch(mode=0o600)
    path.chmod(0o600)
    path.write_text("".join(f"{name}='{value}'\n" for name, value in settings.items()))
    return settings


def with_exported(settings: Mapping[str, str]) -> dict[str, str]:
    """Add what every program needs, and let exported settings win."""
    return {**settings, **os.environ}
