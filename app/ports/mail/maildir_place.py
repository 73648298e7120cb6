"""How far a maildir has been read: the names of the last 30 days' mails that were."""

import base64
import binascii
import hashlib
import os
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

from app.ports.mail.inbox import BEGINNING

_PLACE = re.compile(r"maildir:([0-9]{1,11}):([A-Za-z0-9_-]*)")
_BYTES = 6
"""Of each name's hash: one in 10^10 new mails is taken for one of thousands read before."""


@dataclass(frozen=True)
class MaildirPlace:
    """Names that have been read, of mails delivered since a moment; what is older is old.

    Not a moment alone: a synchronised mailbox gets mails late that were delivered before others.
    """

    since: datetime
    names: frozenset[bytes]

    @classmethod
    def at_beginning(cls, now: datetime) -> "MaildirPlace":
        return cls((now - BEGINNING).replace(microsecond=0), frozenset())

    @classmethod
    def read(cls, text: str | None) -> "MaildirPlace | None":
        found = _PLACE.fullmatch(text or "")
        if found is None:
            return None
        try:
            packed = base64.urlsafe_b64decode(found[2])
        except (binascii.Error, ValueError):
            return None
        parts = (packed[i : i + _BYTES] for i in range(0, len(packed), _BYTES))
        return cls(datetime.fromtimestamp(int(found[1]), UTC), frozenset(parts))

    def __str__(self) -> str:
        packed = base64.urlsafe_b64encode(b"".join(sorted(self.names))).decode()
        return f"maildir:{int(self.since.timestamp())}:{packed}"

    def is_news(self, name: str, delivered_at: datetime) -> bool:
        return delivered_at >= self.since and _short(name) not in self.names

    def after(
        self, read: Iterable[str], there: Iterable[tuple[str, datetime]], now: datetime | None
    ) -> "MaildirPlace":
        """Return the place after reading more; names that are no longer there are forgotten.

        `there`: every name with its time of delivery. `now`: given when all has been read, so that
        what is older than 30 days may be forgotten, too.
        """
        names = self.names | {_short(name) for name in read}
        since = self.since if now is None else max(self.since, self.at_beginning(now).since)
        kept = {_short(name) for name, delivered_at in there if delivered_at >= since}
        return MaildirPlace(since, names & kept)


def _short(name: str) -> bytes:
    return hashlib.sha256(os.fsencode(name)).digest()[:_BYTES]
