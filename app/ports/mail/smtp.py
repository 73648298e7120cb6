"""Mail by an SMTP server."""

import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import timedelta
from urllib.parse import unquote, urlsplit

from app.ports.errors import PortError
from app.ports.mail import Letter
from app.ports.mail.writing import read_sender, write

PORTS = {"smtp": 25, "smtp+starttls": 587, "smtps": 465}
GREYLISTED = timedelta(minutes=5)
"""How long a server that says "later" usually means."""
SET_UP = timedelta(minutes=10)


@dataclass(frozen=True)
class Server:
    """Where mail is handed over, and how."""

    scheme: str
    host: str
    port: int
    username: str | None = field(repr=False)
    password: str = field(repr=False)

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
        """Read the URL and the sender; connects to nothing. Raises ValueError."""
        self._server = Server.from_url(url)
        self._sender = read_sender(sender)
        self._timeout = timeout

    def send(self, letter: Letter) -> None:
        """Hand one mail over, with the same Message-ID on every try."""
        recipient, mail = write(letter, self._sender)
        with self._connected() as server:
            with _before_the_mail():
                _expect(server.mail(self._sender.addr_spec), _NOT_FROM_US)
                _expect(server.rcpt(recipient), _NOT_TO_THEM)
            try:
                answer = server.data(mail)
            except smtplib.SMTPDataError as fault:
                answer = (fault.smtp_code, b"")
            except (smtplib.SMTPException, OSError):
                raise PortError(
                    "The mail server was cut off while it took the mail.", unclear=True
                ) from None
            _expect(answer, _NOT_THIS)

    @contextmanager
    def _connected(self) -> Iterator[smtplib.SMTP]:
        with _before_the_mail():
            server = self._open()
        try:
            with _before_the_mail():
                if self._server.scheme == "smtp+starttls":
                    server.starttls(context=ssl.create_default_context())
                if self._server.username is not None:
                    server.login(self._server.username, self._server.password)
                server.ehlo_or_helo_if_needed()
            yield server
            with suppress(smtplib.SMTPException, OSError):  # the mail is theirs by now
                server.quit()
        finally:
            server.close()

    def _open(self) -> smtplib.SMTP:
        to = self._server
        if to.scheme == "smtps":
            context = ssl.create_default_context()
            return smtplib.SMTP_SSL(to.host, to.port, timeout=self._timeout, context=context)
        return smtplib.SMTP(to.host, to.port, timeout=self._timeout)


_NOT_FROM_US = "The mail server refuses mail from our address: check MAIL_FROM."
_NOT_TO_THEM = "The mail server refuses this mail address."
_NOT_THIS = "The mail server refuses the mail."


@contextmanager
def _before_the_mail() -> Iterator[None]:
    """Turn what fails before the mail is on its way into a PortError that is not unclear.

    A fault of the set-up is not `permanent`: there is nothing wrong with the mail, and it goes out
    once the set-up is right.
    """
    try:
        yield
    except smtplib.SMTPAuthenticationError:
        sentence = "The mail server refuses our log-in: check the user and password in SMTP_URL."
        raise PortError(sentence, retry_after=SET_UP) from None
    except smtplib.SMTPNotSupportedError:
        sentence = "The mail server offers no such encryption or log-in: check SMTP_URL."
        raise PortError(sentence, retry_after=SET_UP) from None
    except ssl.SSLCertVerificationError:
        sentence = "The mail server's certificate is not valid for the host in SMTP_URL."
        raise PortError(sentence, retry_after=SET_UP) from None
    except (smtplib.SMTPException, OSError):
        raise PortError("The mail server cannot be reached.") from None


def _expect(answer: tuple[int, bytes], sentence: str) -> None:
    """Raise PortError unless the answer is a yes (RFC 5321, 4.2.1: 4yz later, 5yz never)."""
    code, _ = answer
    if 200 <= code < 300:
        return
    if 400 <= code < 500:
        raise PortError(f"The mail server asks us to try later ({code}).", retry_after=GREYLISTED)
    if 500 <= code < 600:
        raise PortError(f"{sentence} ({code})", permanent=True)
    raise PortError("The mail server gave an answer that cannot be read.", unclear=True)
