"""Worlds of mailboxes for the contract suite: where mail is put, and the client that reads it."""

import imaplib
import os
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import quote

from app.ports.mail.imap import ImapInbox
from app.ports.mail.inbox import InboxPort, MailBatch
from app.ports.mail.maildir import MaildirInbox
from tests.support.mail_server import PASSWORD, MailServer

NOW = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
_numbers = count(1)


class InboxWorld(Protocol):
    """A mailbox, empty at first."""

    def inbox(self, now: datetime = NOW) -> InboxPort:
        """Make the client that reads it at a moment."""

    def deliver(self, raw: bytes, at: datetime = NOW) -> None:
        """Have a mail arrive."""

    def delete(self, raw: bytes) -> None:
        """Have somebody delete a mail."""

    def look(self) -> object:
        """Tell all that a reader could have changed: what lies there, where, with what flags."""

    def remake(self) -> None:
        """Delete the mailbox and make it anew, empty."""

    def remove(self) -> None:
        """Delete the mailbox."""


class MaildirWorld:
    """A folder on this machine."""

    def __init__(self, root: Path) -> None:
        self.root = root / "mail box"
        self._make()

    @property
    def url(self) -> str:
        return f"maildir://{quote(str(self.root))}"

    def inbox(self, now: datetime = NOW) -> InboxPort:
        return MaildirInbox(self.url, clock=lambda: now)

    def deliver(self, raw: bytes, at: datetime = NOW, name: str | None = None) -> None:
        name = name or f"{int(at.timestamp())}.M{next(_numbers)}.mail.example"
        path = self.root / "tmp" / name
        path.write_bytes(raw)
        os.utime(path, (at.timestamp(), at.timestamp()))
        path.rename(self.root / "new" / name)

    def delete(self, raw: bytes) -> None:
        next(path for path in self.files() if path.read_bytes() == raw).unlink()

    def look(self) -> object:
        return [(str(path), path.stat().st_mtime_ns, path.read_bytes()) for path in self.files()]

    def files(self) -> list[Path]:
        return sorted(path for path in self.root.glob("*/*") if path.is_file())

    def remake(self) -> None:
        self.remove()
        self._make()

    def remove(self) -> None:
        for path in [*self.files(), *self.root.glob("*"), self.root]:
            path.rmdir() if path.is_dir() else path.unlink()

    def _make(self) -> None:
        for folder in ("tmp", "new", "cur"):
            (self.root / folder).mkdir(parents=True)


class DovecotWorld:
    """A folder of a new user on a Dovecot."""

    folder = "Bookings & more"

    def __init__(self, server: MailServer, user: str | None = None) -> None:
        self.server = server
        self.user = user or f"user{next(_numbers)}@example.org"
        self._client = imaplib.IMAP4("127.0.0.1", server.port)
        self._client.login(self.user, PASSWORD)
        self._done(self._client.create(self._quoted))

    @property
    def url(self) -> str:
        return self.server.url(self.user, self.folder)

    def inbox(self, now: datetime = NOW) -> InboxPort:
        return ImapInbox(self.url, clock=lambda: now)

    def deliver(self, raw: bytes, at: datetime = NOW) -> None:
        when = imaplib.Time2Internaldate(at)
        self._done(self._client.append(self._quoted, "", when, raw))

    def delete(self, raw: bytes) -> None:
        subject = raw.partition(b"\n")[0].removeprefix(b"Subject: ").decode()
        self._done(self._client.select(self._quoted))
        (numbers,) = self._done(self._client.search(None, "SUBJECT", f'"{subject}"'))
        self._done(self._client.store(numbers.decode(), "+FLAGS", r"\Deleted"))
        self._done(self._client.close())

    def look(self) -> object:
        self._done(self._client.select(self._quoted, readonly=True))
        found = self._done(self._client.fetch("1:*", "(UID FLAGS INTERNALDATE)"))
        self._done(self._client.unselect())
        return found

    def remake(self) -> None:
        self.remove()
        self._done(self._client.create(self._quoted))

    def remove(self) -> None:
        self._done(self._client.delete(self._quoted))

    def close(self) -> None:
        self._client.logout()

    @property
    def _quoted(self) -> str:
        return f'"{self.folder.replace("&", "&-")}"'

    @staticmethod
    def _done(answer: tuple[str, Any]) -> Any:
        status, data = answer
        assert status == "OK", data
        return data


def read_all(inbox: InboxPort, place: str | None = None) -> tuple[list[MailBatch], str]:
    """Read batch after batch; return them, and the last place."""
    batches: list[MailBatch] = []
    while not batches or not batches[-1].is_complete:
        batches.append(inbox.read(place))
        place = batches[-1].place
        assert len(batches) < 100
    return batches, batches[-1].place


def letter(number: int, size: int = 0) -> bytes:
    filling = b"x" * 76 + b"\n"
    return b"Subject: letter-%04d\n\nHello\n" % number + filling * (size // 77)
