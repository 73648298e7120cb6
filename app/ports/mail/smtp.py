"""Mail by an SMTP server."""

import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, parseaddr
from urllib.parse import unquote, urlsplit

from app.ports.errors import PortError
from app.ports.mail import Letter

PORTS = {"smtp": 25, "smtp+starttls": 587, "smtps": 465}
GREYLISTED = timedelta(minutes=5)
"""How long a server that says "later" usually means."""


@dataclass(frozen=True)
class Server:
    """Where mail is handed over, and how."""

    scheme: str
    host: str
    port: int
    username: str | None = field(repr=False)
    password: str | None = field(repr=False)

    @classmethod
    def from_url(cls, url: str) -> "Server":
        """Read `smtp://`, `smtps://` or `smtp+starttls://user:password@host:port`.

        User and password are percent-encoded, as in any URL. Raises ValueError.
        """
        parts = urlsplit(url)
        if parts.scheme not in PORTS or not parts.hostname:
            raise ValueError("expected smtp://, smtps:// or smtp+starttls:// and a host.")
        return cls(
            parts.scheme,
            parts.hostname,
            parts.port or PORTS[parts.scheme],
            unquote(parts.username) if parts.username else None,
            unquote(parts.password or ""),
        )


class SmtpMail:
    """One mail server. `sender` is an address, with or without a name before it."""

    def __init__(self, url: str, sender: str, timeout: float = 20) -> None:
        self._server = Server.from_url(url)
        self._sender = sender
        self._timeout = timeout

    def send(self, letter: Letter) -> None:
        """Hand one mail over; unclear when the server fell silent once it had begun to read it."""
        mail = _written(letter, self._sender)
        with self._connected() as server:
            _check(server.ehlo_or_helo_if_needed(), server.mail(parseaddr(self._sender)[1]), _SENDER)
            _check(None, server.rcpt(letter.to), _RECIPIENT)
            _hand_over(server, mail)
