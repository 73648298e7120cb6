"""Mail in: reading a mailbox that is not ours alone."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol

MOST_BYTES = 2 * 1024 * 1024
"""A booking mail is a few kilobytes; of longer mails only this much is read."""
MOST_MAILS = 50
MOST_BATCH_BYTES = 8 * 1024 * 1024
"""A batch ends with the mail that reaches either."""
BEGINNING = timedelta(days=30)
"""How far back the first reading goes."""


@dataclass(frozen=True)
class IncomingMail:
    """One mail as it lies in the mailbox."""

    raw: bytes = field(repr=False)
    """RFC 5322, cut at MOST_BYTES."""
    received_at: datetime
    """When the mailbox got it, aware UTC."""


@dataclass(frozen=True)
class MailBatch:
    """The mails after a place in the mailbox, oldest first, and the place after them."""

    mails: tuple[IncomingMail, ...]
    place: str
    """To be handed to the next `read`; what it says is the client's affair."""
    is_complete: bool
    """False when more mails wait than one batch takes."""


class InboxPort(Protocol):
    """A mailbox. Reading marks, moves and deletes nothing. Raises PortError."""

    def read(self, place: str | None) -> MailBatch:
        """Return the next mails after `place`; None begins with those of the last 30 days.

        A place that the mailbox no longer knows (it was made anew) begins there, too: whoever
        reads remembers what it has seen by Message-ID.
        """
