"""Mail out."""

from dataclasses import dataclass, field
from typing import Protocol


@dataclass(frozen=True)
class Letter:
    """One plain-text mail. `message_id` is ours, the same on every try: receivers see one mail."""

    to: str = field(repr=False)
    subject: str
    body: str = field(repr=False)
    message_id: str


class MailPort(Protocol):
    """A mail server. Raises PortError; `permanent` when it refuses the address."""

    def send(self, letter: Letter) -> None:
        """Hand one mail over."""
