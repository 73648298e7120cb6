"""A mailbox that lies in a folder of this machine (https://cr.yp.to/proto/maildir.html).

Whoever else uses it may move a mail from `new` to `cur` and change the flags in its name at any
moment. Its name up to the colon stays, and names that mail for ever.
"""

import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import unquote, urlsplit

from app.ports.errors import PortError
from app.ports.mail.inbox import (
    MOST_BATCH_BYTES,
    MOST_BYTES,
    MOST_MAILS,
    IncomingMail,
    MailBatch,
)
from app.ports.mail.maildir_place import MaildirPlace

FOLDERS = ("new", "cur")
"""In this order: a mail that moves on while we look is seen twice, not missed."""

_NO_FOLDER = "There is no mail folder at the path in MAILBOX_URL."
_NO_MAILDIR = "The folder in MAILBOX_URL is no maildir: it has neither new nor cur in it."
_NO_RIGHT = "The mail folder in MAILBOX_URL may not be read: check its permissions."
_BROKEN = "The mail folder in MAILBOX_URL cannot be read just now."


@dataclass(frozen=True, order=True)
class _File:
    """One mail as it lies there. Ordered as it is read: oldest first."""

    delivered_at: datetime
    name: str
    path: Path


class MaildirInbox:
    """One maildir. Nothing in it is moved, marked or written."""

    def __init__(
        self, url: str, *, clock: Callable[[], datetime] = lambda: datetime.now(UTC)
    ) -> None:
        """Read `maildir:///path`, percent-encoded; looks at nothing. Raises ValueError."""
        self._root = path_of(url)
        self._clock = clock

    def read(self, place: str | None) -> MailBatch:
        now = self._clock()
        known = MaildirPlace.read(place) or MaildirPlace.at_beginning(now)
        try:
            there = self._files(now)
            waiting = sorted(one for one in there if known.is_news(one.name, one.delivered_at))
            mails = _while_there_is_room(waiting)
        except PermissionError:
            raise PortError(_NO_RIGHT, permanent=True) from None
        except OSError:
            raise PortError(_BROKEN) from None
        is_complete = not waiting or waiting[-1].name in mails
        read = {name: mail for name, mail in mails.items() if mail is not None}
        reached = known.after(
            read, ((one.name, one.delivered_at) for one in there), now if is_complete else None
        )
        return MailBatch(tuple(read.values()), str(reached), is_complete)

    def _files(self, now: datetime) -> list[_File]:
        """Return every mail once, though it may move on while we look."""
        found: dict[str, _File] = {}
        missing = 0
        for folder in FOLDERS:
            try:
                for one in _files_in(self._root / folder, now):
                    found[one.name] = one
            except (FileNotFoundError, NotADirectoryError):
                missing += 1
        if missing == len(FOLDERS):
            sentence = _NO_MAILDIR if self._root.is_dir() else _NO_FOLDER
            raise PortError(sentence, permanent=True)
        return list(found.values())


def path_of(url: str) -> Path:
    """Return the folder of a `maildir:///path` URL. Raises ValueError."""
    try:
        parts = urlsplit(url)
    except ValueError:
        raise ValueError(_EXPECTED) from None
    path = unquote(parts.path)
    bad = parts.netloc or parts.query or parts.fragment or "\0" in path
    if parts.scheme != "maildir" or bad or not path.startswith("/"):
        raise ValueError(_EXPECTED)
    return Path(path)


_EXPECTED = "expected maildir:///path, the path absolute and percent-encoded."


def _files_in(folder: Path, now: datetime) -> Iterator[_File]:
    with os.scandir(folder) as entries:
        for entry in entries:
            if entry.name.startswith(".") or not entry.is_file(follow_symlinks=False):
                continue
            with suppress(FileNotFoundError):
                delivered = entry.stat(follow_symlinks=False).st_mtime
                moment = datetime.fromtimestamp(min(max(delivered, 0), now.timestamp()), UTC)
                yield _File(moment, entry.name.partition(":")[0], Path(entry.path))


def _while_there_is_room(waiting: Sequence[_File]) -> dict[str, IncomingMail | None]:
    """Read the first mails; None for one that vanished.

    It was moved or deleted. Where it moved on within the maildir, the next reading finds it.
    """
    mails: dict[str, IncomingMail | None] = {}
    size = 0
    for one in waiting:
        if len(mails) == MOST_MAILS or size >= MOST_BATCH_BYTES:
            break
        mail = mails[one.name] = _mail(one)
        size += len(mail.raw) if mail else 0
    return mails


def _mail(file: _File) -> IncomingMail | None:
    try:
        with file.path.open("rb") as lines:
            return IncomingMail(lines.read(MOST_BYTES), file.delivered_at)
    except FileNotFoundError:
        return None
