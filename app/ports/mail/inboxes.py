"""Which client reads a mailbox: its URL's scheme says."""

from app.ports.mail.imap import ImapInbox
from app.ports.mail.imap_account import PORTS
from app.ports.mail.inbox import InboxPort
from app.ports.mail.maildir import MaildirInbox


def inbox_for(url: str) -> InboxPort:
    """Make the client for `imaps://`, `imap+starttls://`, `imap://` or `maildir:///path`.

    It connects to nothing yet. Raises ValueError with a sentence that holds nothing of the URL.
    """
    scheme = url.partition(":")[0].lower()
    if scheme == "maildir":
        return MaildirInbox(url)
    if scheme in PORTS:
        return ImapInbox(url)
    raise ValueError(
        "expected imaps://user:password@host/INBOX, imap+starttls://…, imap://… or maildir:///path."
    )
