"""What goes wrong with an IMAP server, in sentences for the host; none quotes the server."""

import imaplib
import re
import ssl
from collections.abc import Iterator
from contextlib import contextmanager

from imap_tools import errors

from app.ports.errors import PortError

_FOR_NOW = re.compile(rb"\[(?:UNAVAILABLE|INUSE|LIMIT|OVERQUOTA|SERVERBUG)\b", re.I)
"""Refusals that pass (RFC 5530)."""
_PRIVACY = re.compile(rb"\[PRIVACYREQUIRED\b", re.I)

_NO_LOG_IN = (
    "The mailbox refuses our log-in: check the user and password in MAILBOX_URL. Some providers "
    "want a password made for apps, and IMAP switched on."
)
_NO_FOLDER = "The mailbox has no folder by the name in MAILBOX_URL."
_NO_CERTIFICATE = "The mail server's certificate is not valid for the host in MAILBOX_URL."
_NO_CLEAR_TEXT = "The mail server wants encryption: begin MAILBOX_URL with imaps://."
_NO_TLS = "The mail server offers no encryption: check MAILBOX_URL."
_BUSY = "The mail server asks us to try later."
_ODD = "The mail server answered in a way that cannot be read."
_AWAY = "The mail server cannot be reached."
_SLOW = "The mail server took too long to answer."


@contextmanager
def told_to_the_host() -> Iterator[None]:
    """Turn every fault of an IMAP client into a PortError."""
    try:
        yield
    except errors.MailboxLoginError as refusal:
        raise _refused(refusal, _NO_LOG_IN) from None
    except errors.MailboxFolderSelectError as refusal:
        raise _refused(refusal, _NO_FOLDER) from None
    except errors.MailboxStarttlsError:
        raise PortError(_NO_TLS) from None
    except TimeoutError:
        raise PortError(_SLOW) from None
    except ssl.SSLCertVerificationError:
        raise PortError(_NO_CERTIFICATE) from None
    except imaplib.IMAP4.abort:  # the connection was closed
        raise PortError(_AWAY) from None
    except (errors.ImapToolsError, imaplib.IMAP4.error, ValueError, LookupError):
        raise PortError(_ODD) from None
    except OSError:
        raise PortError(_AWAY) from None


def _refused(refusal: errors.UnexpectedCommandStatusError, sentence: str) -> PortError:
    _status, lines = refusal.command_result
    said = b" ".join(line for line in lines or () if isinstance(line, bytes))
    if _FOR_NOW.search(said):
        return PortError(_BUSY)
    return PortError(_NO_CLEAR_TEXT if _PRIVACY.search(said) else sentence, permanent=True)
