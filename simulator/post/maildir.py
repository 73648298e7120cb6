"""A maildir: each mail a file of its own, there whole or not at all (cr.yp.to/proto)."""

import itertools
import os
import socket
import time
from pathlib import Path

FOLDERS = ("tmp", "new", "cur")


class Maildir:
    """A mailbox on disk; it is made where there is none."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._count = itertools.count(1)
        self._make()

    def deliver(self, raw: bytes) -> str:
        """Put a mail, as it is, among the new ones; return its file's name. Raises OSError."""
        self._make()
        name = self._new_name()
        draft = self.path / "tmp" / name
        with draft.open("xb") as out:
            out.write(raw)
            out.flush()
            os.fsync(out.fileno())
        draft.rename(self.path / "new" / name)
        return name

    def empty(self) -> None:
        """Throw every mail away, read or not."""
        for folder in FOLDERS:
            for mail in (self.path / folder).glob("*"):
                mail.unlink(missing_ok=True)

    def _make(self) -> None:
        for folder in FOLDERS:
            (self.path / folder).mkdir(parents=True, exist_ok=True)

    def _new_name(self) -> str:
        """Make a name no other delivery has: time, process, count, host."""
        seconds, nanoseconds = divmod(time.time_ns(), 1_000_000_000)
        host = socket.gethostname().replace("/", r"\057").replace(":", r"\072")
        middle = f"M{nanoseconds // 1000}P{os.getpid()}Q{next(self._count)}"
        return f"{seconds}.{middle}.{host}"
