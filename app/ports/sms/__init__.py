"""Text messages, out and in."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol

from app.ports.errors import PortError


@dataclass(frozen=True)
class Text:
    """One text: `to` in E.164. `status_url` is where the provider reports what became of it."""

    to: str = field(repr=False)
    body: str = field(repr=False)
    status_url: str | None = None


@dataclass(frozen=True)
class SentText:
    """The provider's own id (`MessageSid`) and its first word on it (`queued`, `accepted`)."""

    sid: str
    status: str


@dataclass(frozen=True)
class ReceivedText:
    """A text that was sent to us; `sender` in E.164, `sent_at` aware UTC, where it is known."""

    sid: str
    sender: str = field(repr=False)
    body: str = field(repr=False)
    sent_at: datetime | None


@dataclass(frozen=True)
class DeliveryFault:
    """Why a text did not arrive, in words for the host, and whether one more try is worth it."""

    sentence: str
    retry_after: timedelta | None = None
    code: str | None = None
    """The text service's own, to say it in words again."""
    of_account: bool = False
    """See AccountFault."""
    is_opt_out: bool = False
    """See OptedOut."""


class AccountFault(PortError):
    """Not this text is at fault but the account, its sender, or the way there: none goes out.

    Never permanent: once a person has mended it, the same text goes.
    """


class OptedOut(PortError):
    """The phone has opted out of our texts; no text will reach it until it opts in again."""


class SmsPort(Protocol):
    """A text service. Raises PortError; `unclear` means that the text may have gone out."""

    def send(self, text: Text) -> SentText:
        """Hand one text over. No idempotency key exists: after an unclear answer, `find` first."""

    def find(self, text: Text, since: datetime, others: Collection[str] = ()) -> SentText | None:
        """Return the text to the same number with the same body, handed over since then, if any.

        `others` are the sids of texts that are known to be something else: of the same words, too.
        """

    def received(self, since: datetime) -> Sequence[ReceivedText]:
        """Return the texts sent to us since then, also those whose webhook nobody answered."""
