"""One folder of an IMAP server, open for reading only (RFC 3501: EXAMINE, BODY.PEEK)."""

import re
from contextlib import suppress
from datetime import UTC, date, datetime
from email.utils import parsedate_to_datetime
from imaplib import IMAP4

from imap_tools import AND, UidRange
from imap_tools.errors import MailboxFetchError, MailboxUidsError
from imap_tools.utils import check_command_status

from app.ports.mail.inbox import MOST_BYTES, IncomingMail

_INTERNAL_DATE = re.compile(rb'INTERNALDATE "([^"]+)"', re.IGNORECASE)


class ImapFolder:
    """What is asked of an open folder. Faults are those of imaplib and imap_tools."""

    def __init__(self, client: IMAP4) -> None:
        """Take a client that has just examined the folder."""
        self._client = client
        self.validity = self._number("UIDVALIDITY")
        """Another one means that the folder was made anew, and all UIDs with it."""
        self.next_uid = self._number("UIDNEXT")
        """More than any UID given until now; not all servers tell."""

    def uids_after(self, uid: int) -> list[int]:
        # A range takes in the last mail whatever its beginning: 9:* finds 8 where 8 is the last.
        found = self._search(AND(uid=UidRange(str(uid + 1), "*")))
        return [one for one in found if one > uid]

    def uids_since(self, day: date) -> list[int]:
        return self._search(AND(date_gte=day))

    def mail(self, uid: int, now: datetime) -> IncomingMail | None:
        """Return one mail, cut at MOST_BYTES; None when it was deleted meanwhile."""
        wanted = f"(UID INTERNALDATE BODY.PEEK[]<0.{MOST_BYTES}>)"
        answer = self._client.uid("FETCH", str(uid), wanted)
        check_command_status(answer, MailboxFetchError)
        # A literal comes as (what is before it, it); the rest, before or after, as bytes.
        raw = next((item[1] for item in answer[1] if isinstance(item, tuple)), None)
        if raw is None:
            return None
        around = b" ".join(item[0] if isinstance(item, tuple) else item for item in answer[1])
        return IncomingMail(raw[:MOST_BYTES], min(_internal_date(around) or now, now))

    def _search(self, criteria: AND) -> list[int]:
        answer = self._client.uid("SEARCH", str(criteria))
        check_command_status(answer, MailboxUidsError)
        return sorted({int(uid) for line in answer[1] if line for uid in line.split()})

    def _number(self, code: str) -> int | None:
        _, values = self._client.response(code)
        return int(values[0]) if values and values[0] else None


def _internal_date(answer: bytes) -> datetime | None:
    found = _INTERNAL_DATE.search(answer)
    if found is None:
        return None
    with suppress(ValueError, TypeError, OverflowError):
        return parsedate_to_datetime(found.group(1).decode("ascii", "replace")).astimezone(UTC)
    return None
