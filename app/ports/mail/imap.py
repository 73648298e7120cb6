"""A mailbox by IMAP, read in the order of its UIDs."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from time import monotonic

from app.ports.errors import PortError
from app.ports.mail.imap_account import Account
from app.ports.mail.imap_faults import told_to_the_host
from app.ports.mail.imap_folder import ImapFolder
from app.ports.mail.imap_session import Patience, open_folder
from app.ports.mail.inbox import (
    BEGINNING,
    MOST_BATCH_BYTES,
    MOST_MAILS,
    IncomingMail,
    MailBatch,
)

_PLACE = re.compile(r"imap:([0-9a-f]{12}):([0-9]{1,10}):([0-9]{1,10})")


@dataclass(frozen=True)
class _Place:
    """All mails up to a UID have been read, in one folder of one making."""

    key: str
    validity: int
    uid: int

    @classmethod
    def read(cls, text: str | None) -> "_Place | None":
        found = _PLACE.fullmatch(text or "")
        return cls(found[1], int(found[2]), int(found[3])) if found else None

    def __str__(self) -> str:
        return f"imap:{self.key}:{self.validity}:{self.uid}"


class ImapInbox:
    """One folder on a server. Connects anew for each batch; nothing in the folder changes."""

    def __init__(
        self,
        url: str,
        *,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
        patience: Patience | None = None,
    ) -> None:
        """Read the URL; connects to nothing. Raises ValueError."""
        self._account = Account.from_url(url)
        self._clock, self._patience = clock, patience or Patience()

    def read(self, place: str | None) -> MailBatch:
        with told_to_the_host(), open_folder(self._account, self._patience) as folder:
            return self._batch(folder, _Place.read(place))

    def _batch(self, folder: ImapFolder, place: _Place | None) -> MailBatch:
        now = self._clock()
        if folder.validity is None:
            raise PortError("The mail server cannot tell its mails apart (it has no UIDVALIDITY).")
        known = place if place is not None and self._knows(folder, place) else None
        reached = known.uid if known else 0
        waiting = (
            folder.uids_after(reached) if known else folder.uids_since((now - BEGINNING).date())
        )
        mails: list[IncomingMail] = []
        for uid in self._while_there_is_room(waiting, mails):
            if (mail := folder.mail(uid, now)) is not None:
                mails.append(mail)
            reached = uid
        is_complete = not waiting or reached == waiting[-1]
        if is_complete and known is None:  # what is older than the beginning is passed over
            reached = max(reached, (folder.next_uid or 1) - 1)
        place = _Place(self._account.key, folder.validity, reached)
        return MailBatch(tuple(mails), str(place), is_complete)

    def _knows(self, folder: ImapFolder, place: _Place) -> bool:
        """Tell whether a place is of this folder as it is now: not made anew, nor restored."""
        is_given = folder.next_uid is None or place.uid < folder.next_uid
        return (
            place.key == self._account.key
            and place.validity == folder.validity
            and is_given
            and place.uid > 0
        )

    def _while_there_is_room(
        self, waiting: Sequence[int], mails: Sequence[IncomingMail]
    ) -> Iterator[int]:
        """Give UIDs while what was fetched so far leaves room, and time, for another mail."""
        ends_at = monotonic() + self._patience.whole / 2
        for uid in waiting[:MOST_MAILS]:
            if sum(len(mail.raw) for mail in mails) >= MOST_BATCH_BYTES or monotonic() > ends_at:
                return
            yield uid
