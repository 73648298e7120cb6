"""What the host is told of a mail that is not believed, or not understood."""

from app.domain.mails.envelope import Envelope
from app.domain.notices import Doubtful
from app.domain.plain_text import one_line

_SHOWN = 120


def doubt(mail: Envelope, what: str, number: str | None) -> Doubtful:
    """Make the warning: which mail, what is wrong with it, what to do.

    `what` goes on from "The mail “…” ".
    """
    subject = one_line(mail.subject, _SHOWN) or "without a subject"
    todo = (
        f"Look at the mail and the booking site; if booking {number} is real, enter it yourself."
        if number
        else "Look at the mail and the booking site, and change the reservation yourself."
    )
    return Doubtful(f"The mail “{subject}” {what}. Nothing was changed. {todo}", number)
