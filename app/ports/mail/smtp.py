"""Mail by SMTP."""

import smtplib
import ssl
from datetime import timedelta
from email.message import EmailMessage
from email.utils import formatdate
from urllib.parse import unquote, urlsplit

from app.ports.errors import PortError
from app.ports.mail import Letter

_PORTS = {"smtp": 25, "smtps": 465, "smtp+starttls": 587}


class SmtpMail:
    """One mail server: `smtp://`, `smtps://` or `smtp+starttls://user:password@host:port`."""

    def __init__(self, url: str, sender: str, *, timeout: float = 20.0) -> None:
        parts = urlsplit(url)
        self._scheme, self._host = parts.scheme, parts.hostname or ""
        self._port = parts.port or _PORTS[parts.scheme]
        self._user, self._password = unquote(parts.username or ""), unquote(parts.password or "")
        self._sender, self._timeout = sender, timeout

    def send(self, letter: Letter) -> None:
        try:
            with self._connected() as server:
                server.send_message(self._message(letter))
        except smtplib.SMTPRecipientsRefused as fault:
            code = next(iter(fault.recipients.values()))[0]
            permanent = code >= 500
            raise PortError("The mail server refuses this address.", permanent=permanent) from None
        except smtplib.SMTPAuthenticationError:
            raise PortError("The mail server refuses our access: check SMTP_URL.") from None
        except smtplib.SMTPResponseException as fault:
            permanent = fault.smtp_code >= 500
            raise PortError("The mail server refused the mail.", permanent=permanent) from None
        except smtplib.SMTPServerDisconnected:
            raise PortError("The mail server hung up.", unclear=True) from None
        except (OSError, smtplib.SMTPException):
            again = timedelta(seconds=30)
            raise PortError("The mail server cannot be reached.", retry_after=again) from None

    def _connected(self) -> smtplib.SMTP:
        context = ssl.create_default_context()
        if self._scheme == "smtps":
            server: smtplib.SMTP = smtplib.SMTP_SSL(
                self._host, self._port, timeout=self._timeout, context=context
            )
        else:
            server = smtplib.SMTP(self._host, self._port, timeout=self._timeout)
            if self._scheme == "smtp+starttls":
                server.starttls(context=context)
        if self._user:
            server.login(self._user, self._password)
        return server

    def _message(self, letter: Letter) -> EmailMessage:
        message = EmailMessage()
        message["From"], message["To"] = self._sender, letter.to
        message["Subject"] = letter.subject
        message["Message-ID"] = letter.message_id
        message["Date"] = formatdate()
        message["Auto-Submitted"] = "auto-generated"
        message.set_content(letter.body)
        return message
