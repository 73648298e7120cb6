"""Settings: read once from the environment, checked, frozen. Nothing else reads the environment."""

import base64
import binascii
import logging
import os
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar
from urllib.parse import urlsplit

import phonenumbers
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from dotenv import dotenv_values

from app.ports.mail.inboxes import inbox_for

logger = logging.getLogger(__name__)

T = TypeVar("T")

DEMO_ENVIRONMENT = Path(__file__).parent / "var" / "run" / "demo.env"
"""What `make run` writes, so that the flask command in another terminal reaches the same world."""

HTMX_URL = "https://cdn.jsdelivr.net/npm/htmx.org@2.0.11/dist/htmx.min.js"
HTMX_INTEGRITY = "sha384-2OatzQy1H+Zd/IIrjr1TcuDGqLXeHhbooAyJY1KdQMKnr4LZ22k31GBLdYKHmVjg"

GUESSABLE = 22
"""Shorter tokens than this are under 128 random bits. What they let in is only ever a hint."""

SMTP_SCHEMES = ("smtp", "smtps", "smtp+starttls")


class BadSetting(Exception):
    """A setting is missing or malformed; the message names it and says what is expected."""


@dataclass(frozen=True)
class TtlockSettings:
    """The account of the TTLock cloud that the locks are in."""

    api_url: str
    client_id: str
    client_secret: str = field(repr=False)
    username: str = field(repr=False)
    password: str = field(repr=False)
    monthly_calls: int = 30_000
    """How many the account may make; its last ones are kept for unlocking and for ending codes."""
    timeout_seconds: float = 60.0
    """How long a command may take to reach its lock and come back."""


@dataclass(frozen=True)
class SeamSettings:
    """The workspace at Seam that the locks are in."""

    api_url: str
    api_key: str = field(repr=False)
    webhook_secret: str | None = field(repr=False)
    """None: Seam posts nothing to us, or nothing that we believe."""


@dataclass(frozen=True)
class TwilioSettings:
    """The account texts are sent from; `api_url` None means Twilio's own."""

    account_sid: str
    auth_token: str = field(repr=False)
    sender: str
    api_url: str | None
    segments_per_second: float = 1.0
    """What the sending number's country allows; a long code in the US sends one."""


@dataclass(frozen=True)
class SmtpSettings:
    """Where mail is handed over, and whom it is from."""

    url: str = field(repr=False)
    sender: str


@dataclass(frozen=True)
class Settings:
    """Everything the environment decides. A world that is None is switched off."""

    database_url: str = field(repr=False)
    redis_url: str = field(repr=False)
    secret_key: str = field(repr=False)
    public_url: str
    codes_keys: tuple[bytes, ...] = field(repr=False)
    """urlsafe base64 of 32 bytes each, as Fernet takes it; the first seals, all unseal."""
    ttlock: TtlockSettings | None
    ttlock_callback_token: str | None = field(repr=False)
    """The secret end of the address that TTLock posts to; None: it posts nothing to us."""
    seam: SeamSettings | None
    twilio: TwilioSettings | None
    smtp: SmtpSettings | None
    mailbox_url: str | None = field(repr=False)
    """Where booking mails arrive: `imaps://…` or `maildir:///path`."""
    feed_allowed_hosts: frozenset[str]
    htmx_url: str
    metrics_token: str | None = field(repr=False)
    trusted_proxies: int
    """How many proxies in front of us set X-Forwarded-For; 0 means none is believed."""

    @property
    def is_https(self) -> bool:
        return self.public_url.startswith("https://")

    @classmethod
    def from_environment(cls, environ: Mapping[str, str]) -> "Settings":
        """Read and check every setting. Raises BadSetting naming the first variable at fault."""
        read = _Reader(environ)
        secret_key = read.required("SECRET_KEY", str)
        return cls(
            database_url=read.required("DATABASE_URL", _database_url),
            redis_url=read.required("REDIS_URL", _redis_url),
            secret_key=secret_key,
            public_url=read.required("PUBLIC_URL", _web_url),
            codes_keys=read.optional("CODES_KEY", _codes_keys) or (_derived_key(secret_key),),
            ttlock=_ttlock(read),
            ttlock_callback_token=read.optional("TTLOCK_CALLBACK_TOKEN", _callback_token),
            seam=_seam(read),
            twilio=_twilio(read),
            smtp=_smtp(read),
            mailbox_url=read.optional("MAILBOX_URL", _mailbox_url),
            feed_allowed_hosts=read.optional("FEED_ALLOWED_HOSTS", _hosts) or frozenset(),
            htmx_url=read.optional("HTMX_URL", _web_url) or HTMX_URL,
            metrics_token=read.optional("METRICS_TOKEN", str),
            trusted_proxies=read.optional("TRUSTED_PROXIES", _count) or 0,
        )


def load() -> Settings:
    """Read the process's environment, or `make run`'s world when nothing is configured."""
    environ: Mapping[str, str] = os.environ
    if not environ.get("DATABASE_URL") and DEMO_ENVIRONMENT.exists():
        demo = {name: value for name, value in dotenv_values(DEMO_ENVIRONMENT).items() if value}
        environ = {**demo, **os.environ}
    return Settings.from_environment(environ)


@dataclass(frozen=True)
class _Reader:
    environ: Mapping[str, str]

    def optional(self, name: str, parse: Callable[[str], T]) -> T | None:
        text = self.environ.get(name, "").strip()
        if not text:
            return None
        try:
            return parse(text)
        except ValueError as fault:
            raise BadSetting(f"{name}: {fault}") from None

    def required(self, name: str, parse: Callable[[str], T]) -> T:
        value = self.optional(name, parse)
        if value is None:
            raise BadSetting(f"{name} is not set. {_MEANING[name]}")
        return value

    def group(self, switch: tuple[str, ...]) -> bool:
        """Tell whether a group is on: all of its variables set, or none. Raises BadSetting."""
        missing = [name for name in switch if not self.environ.get(name, "").strip()]
        if missing and len(missing) < len(switch):
            given = next(name for name in switch if name not in missing)
            raise BadSetting(f"{missing[0]} is not set, though {given} is. Set both, or neither.")
        return not missing


_MEANING = {
    "DATABASE_URL": "For example postgresql+psycopg://user:password@host/latchkey.",
    "REDIS_URL": "For example redis://localhost:6379/0.",
    "SECRET_KEY": "Any 32 random characters or more; keep it secret and the same.",
    "PUBLIC_URL": "The address guests and hosts open, for example https://stay.example.com.",
    "TWILIO_FROM": "The number texts are sent from, for example +447700900100.",
    "MAIL_FROM": "The address mail is sent from, for example stay@example.com.",
}


def _ttlock(read: _Reader) -> TtlockSettings | None:
    names = ("TTLOCK_CLIENT_ID", "TTLOCK_CLIENT_SECRET", "TTLOCK_USERNAME", "TTLOCK_PASSWORD")
    api_url = read.optional("TTLOCK_API_URL", _web_url)
    timeout = read.optional("TTLOCK_TIMEOUT_SECONDS", _patience)
    if not read.group(names):
        return None
    client_id, client_secret, username, password = (read.required(name, str) for name in names)
    return TtlockSettings(
        # The vendor's host for accounts outside mainland China.
        api_url=api_url or "https://euapi.ttlock.com",
        client_id=client_id,
        client_secret=client_secret,
        username=username,
        password=password,
        monthly_calls=read.optional("TTLOCK_MONTHLY_CALLS", _count) or 30_000,
        timeout_seconds=timeout or 60.0,
    )


def _seam(read: _Reader) -> SeamSettings | None:
    api_url = read.optional("SEAM_API_URL", _web_url)
    api_key = read.optional("SEAM_API_KEY", _seam_key)
    secret = read.optional("SEAM_WEBHOOK_SECRET", _webhook_secret)
    if api_key is None:
        if secret is not None:
            raise BadSetting("SEAM_API_KEY is not set, though SEAM_WEBHOOK_SECRET is.")
        return None
    return SeamSettings(api_url or "https://connect.getseam.com", api_key, secret)


def _twilio(read: _Reader) -> TwilioSettings | None:
    names = ("TWILIO_ACCOUNT_SID", "TWILIO_AUTH_TOKEN", "TWILIO_FROM")
    api_url = read.optional("TWILIO_API_URL", _web_url)
    sender = read.optional("TWILIO_FROM", _sender)
    if not read.group(names):
        return None
    rate = read.optional("TWILIO_SEGMENTS_PER_SECOND", _rate)
    return TwilioSettings(
        read.required(names[0], str),
        read.required(names[1], str),
        sender or "",
        api_url,
        rate or 1.0,
    )


def _smtp(read: _Reader) -> SmtpSettings | None:
    url = read.optional("SMTP_URL", _smtp_url)
    sender = read.optional("MAIL_FROM", _mail_address)
    if url is None:
        return None
    return SmtpSettings(url, sender or read.required("MAIL_FROM", _mail_address))


def _database_url(text: str) -> str:
    # Hosting services still hand out the old scheme, and psycopg 3 needs its driver named.
    for old in ("postgres://", "postgresql://"):
        if text.startswith(old):
            return "postgresql+psycopg://" + text.removeprefix(old)
    if text.startswith(("postgresql+psycopg://", "sqlite:///")):
        return text
    raise ValueError("expected postgresql+psycopg://user:password@host/name or sqlite:////path.")


def _redis_url(text: str) -> str:
    if not text.startswith(("redis://", "rediss://", "unix://")):
        raise ValueError("expected redis://host:6379/0, rediss://… or unix:///path.")
    return text


def _web_url(text: str) -> str:
    parts = urlsplit(text)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ValueError("expected an address such as https://stay.example.com.")
    _ = parts.port  # raises ValueError when it is no number
    return text.rstrip("/")


def _smtp_url(text: str) -> str:
    try:
        parts = urlsplit(text)
        is_sound = bool(parts.hostname) and parts.port != 0 and parts.scheme in SMTP_SCHEMES
    except ValueError:  # its own words may hold a piece of the password
        is_sound = False
    if not is_sound:
        raise ValueError("expected smtp://user:password@host:587, smtps://… or smtp+starttls://….")
    return text


def _mailbox_url(text: str) -> str:
    inbox_for(text)  # raises ValueError; only its client knows what a mailbox's URL may say
    return text


def _mail_address(text: str) -> str:
    if text.count("@") != 1 or any(mark in text for mark in "\r\n"):
        raise ValueError("expected one mail address, such as stay@example.com.")
    return text


def _sender(text: str) -> str:
    if text.startswith("MG"):
        return text
    try:
        number = phonenumbers.parse(text, None)
    except phonenumbers.NumberParseException:
        raise ValueError("expected a number such as +447700900100, or a service MG….") from None
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def _seam_key(text: str) -> str:
    # Tokens of people, of browsers and of sessions, which open less than a workspace, or more.
    if not text.startswith("seam_") or text.startswith(("seam_at", "seam_pk", "seam_cst")):
        raise ValueError("expected an API key from Seam's console, which begins with seam_.")
    return text


def _webhook_secret(text: str) -> str:
    try:
        secret = base64.b64decode(text.removeprefix("whsec_") + "==", validate=False)
    except (binascii.Error, ValueError):
        secret = b""
    if not secret or not text.startswith("whsec_"):
        raise ValueError("expected what Seam's console shows for the webhook, whsec_….")
    return text


def _callback_token(text: str) -> str:
    if not re.fullmatch(r"[A-Za-z0-9._~-]{1,200}", text):
        raise ValueError("expected random letters, digits, - and _; 22 or more of them.")
    if len(text) < GUESSABLE:
        logger.warning("TTLOCK_CALLBACK_TOKEN is short enough to be guessed; take 22 characters")
    return text


def _count(text: str) -> int:
    if not text.isdecimal():
        raise ValueError("expected a whole number.")
    return int(text)


def _rate(text: str) -> float:
    try:
        rate = float(text)
    except ValueError:
        rate = 0.0
    if not 0.1 <= rate <= 1000:
        raise ValueError("expected how many a second, from 0.1 to 1000.")
    return rate


def _patience(text: str) -> float:
    # An unlock that had no answer for longer is closed as one that never will have.
    try:
        seconds = float(text)
    except ValueError:
        seconds = 0.0
    if not 1 <= seconds <= 60:
        raise ValueError("expected seconds, from 1 to 60.")
    return seconds


def _hosts(text: str) -> frozenset[str]:
    hosts = frozenset(host.strip().lower() for host in text.split(",") if host.strip())
    if bad := next((host for host in hosts if "/" in host), None):
        raise ValueError(f"expected host names separated by commas, without {bad!r}.")
    return hosts


def _codes_keys(text: str) -> tuple[bytes, ...]:
    keys = tuple(_codes_key(part.strip()) for part in text.split(","))
    if len(set(keys)) < len(keys):
        raise ValueError("a key is there twice.")
    return keys


def _codes_key(text: str) -> bytes:
    try:
        key = base64.b64decode(text.encode(), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        key = b""
    if len(key) != 32:
        raise ValueError("expected 32 random bytes as urlsafe base64 (44 characters each).")
    return base64.urlsafe_b64encode(key)


def _derived_key(secret_key: str) -> bytes:
    """Make the codes' key from SECRET_KEY, so that a code is never stored in clear."""
    kdf = HKDF(algorithm=SHA256(), length=32, salt=None, info=b"latchkey codes")
    return base64.urlsafe_b64encode(kdf.derive(secret_key.encode()))
