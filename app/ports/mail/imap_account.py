"""Where a mailbox lies on an IMAP server, and who opens it: one URL."""

import hashlib
from dataclasses import dataclass, field
from urllib.parse import unquote, urlsplit

PORTS = {"imap": 143, "imap+starttls": 143, "imaps": 993}


@dataclass(frozen=True)
class Account:
    """A mailbox on an IMAP server."""

    scheme: str
    host: str
    port: int
    username: str = field(repr=False)
    password: str = field(repr=False)
    folder: str

    @classmethod
    def from_url(cls, url: str) -> "Account":
        """Read `imaps://user:password@host:993/INBOX`, `imap://…` or `imap+starttls://…`.

        User, password and folder are percent-encoded, as in any URL; without a folder it is INBOX.
        Raises ValueError with a sentence that holds nothing of the URL.
        """
        try:
            parts = urlsplit(url)
            port = parts.port
        except ValueError:  # its message quotes from the URL
            raise ValueError(_EXPECTED) from None
        username, password = unquote(parts.username or ""), unquote(parts.password or "")
        folder = unquote(parts.path).strip("/") or "INBOX"
        if parts.scheme not in PORTS or not parts.hostname or not username:
            raise ValueError(_EXPECTED)
        if not (username + password + folder).isprintable():  # a line end would be a command
            raise ValueError("the user, password or folder has a character that none can have.")
        return cls(
            parts.scheme, parts.hostname, port or PORTS[parts.scheme], username, password, folder
        )

    @property
    def key(self) -> str:
        """Name this mailbox and no other; Gmail's all have the same UIDVALIDITY."""
        words = "\n".join((self.host, str(self.port), self.username, self.folder))
        return hashlib.sha256(words.encode()).hexdigest()[:12]


_EXPECTED = (
    "expected imaps://user:password@host/INBOX (or imap+starttls://… or imap://…), the user and "
    "the password percent-encoded."
)
