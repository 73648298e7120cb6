"""From an account to an open folder: the connection, its encryption, the log-in, the goodbye."""

import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from imaplib import IMAP4
from threading import Timer

from imap_tools import BaseMailBox, MailBox, MailBoxUnencrypted
from imap_tools.errors import ImapToolsError, MailboxLoginError, MailboxStarttlsError
from imap_tools.utils import check_command_status

from app.ports.mail.imap_account import Account
from app.ports.mail.imap_folder import ImapFolder


@dataclass(frozen=True)
class Patience:
    """Seconds: until a connection stands, for each answer, for all, and for the goodbye.

    An answer's seconds begin anew with every byte; a server that drips is cut off by `whole`.
    """

    connect: float = 10.0
    answer: float = 30.0
    whole: float = 120.0
    goodbye: float = 2.0


@contextmanager
def open_folder(account: Account, patience: Patience) -> Iterator[ImapFolder]:
    """Connect, log in, open the folder for reading; say goodbye in the end.

    Faults are those of imaplib and imap_tools.
    """
    mailbox = _connected(account, patience.connect)
    client = mailbox.client
    deadline = Timer(patience.whole, _cut, (client,))
    deadline.daemon = True
    deadline.start()
    try:
        client.sock.settimeout(patience.answer)
        if account.scheme == "imap+starttls":
            _encrypt(client)
        _log_in(mailbox, account)
        mailbox.folder.set(account.folder, readonly=True)
        yield ImapFolder(client)
        client.sock.settimeout(patience.goodbye)
        with suppress(ImapToolsError, IMAP4.error, OSError):  # all was read by now
            mailbox.logout()
    finally:
        deadline.cancel()
        with suppress(OSError):
            client.shutdown()


def _connected(account: Account, seconds: float) -> BaseMailBox:
    if account.scheme == "imaps":
        context = ssl.create_default_context()  # imaplib's own believes any certificate
        return MailBox(account.host, account.port, timeout=seconds, ssl_context=context)
    return MailBoxUnencrypted(account.host, account.port, timeout=seconds)


def _encrypt(client: IMAP4) -> None:
    if "STARTTLS" not in client.capabilities:
        raise MailboxStarttlsError(("NO", []), "OK")
    context = ssl.create_default_context()
    # imaplib names the host it connected to for the certificate.
    check_command_status(client.starttls(context), MailboxStarttlsError)


def _log_in(mailbox: BaseMailBox, account: Account) -> None:
    user, password = account.username, account.password
    if (user + password).isascii():
        mailbox.login(user, password, initial_folder=None)
        return
    try:
        mailbox.login_utf8(user, password, initial_folder=None)
    except IMAP4.abort:
        raise
    except IMAP4.error as refusal:  # for this way alone imaplib raises an error of its own
        raise MailboxLoginError(("NO", [str(refusal).encode()]), "OK") from None


def _cut(client: IMAP4) -> None:
    with suppress(OSError):
        client.sock.shutdown(socket.SHUT_RDWR)
