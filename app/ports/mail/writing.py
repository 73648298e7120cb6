"""A letter written out as mail (RFC 5322), such that nothing in it can add a header."""

from datetime import UTC, datetime
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, parseaddr

from app.ports.errors import PortError
from app.ports.mail import Letter

SEVEN_BIT = SMTP.clone(cte_type="7bit")
"""Every server takes it, whether or not it knows 8BITMIME."""


def read_sender(text: str) -> Address:
    """Read `stay@example.com` or `Canal House <stay@example.com>`. Raises ValueError."""
    name, address = parseaddr(text)
    return Address(name, addr_spec=_ascii(address))


def write(letter: Letter, sender: Address) -> tuple[str, bytes]:
    """Return the recipient's address for the envelope, and the mail.

    Line ends become spaces in the subject and are refused in an address. Raises PortError for an
    address that is none.
    """
    mail = EmailMessage(policy=SEVEN_BIT)
    try:
        recipient = Address(addr_spec=_ascii(letter.to))
        mail["From"], mail["To"] = sender, recipient
        mail["Subject"] = " ".join(letter.subject.split())
        mail["Message-ID"] = letter.message_id
    except (ValueError, MessageError, IndexError):
        raise PortError("This is not a mail address.", permanent=True) from None
    mail["Date"] = format_datetime(datetime.now(UTC))
    mail["Auto-Submitted"] = "auto-generated"  # RFC 3834: answering machines keep quiet
    mail.set_content(letter.body)
    return recipient.addr_spec, mail.as_bytes()


def _ascii(address: str) -> str:
    """Write an address so that every server takes it. Raises ValueError."""
    local, _, domain = address.strip().rpartition("@")
    if not local or not local.isascii():
        raise ValueError("not an address, or one that needs SMTPUTF8.")
    return f"{local}@{domain.encode('idna').decode()}"
