"""What the mails of booking sites say: bytes in, one of `domain.notices` out.

`reading` decides by the sender which module reads a mail; `envelope` opens it within bounds.
"""

from app.domain.mails.reading import message_id as message_id
from app.domain.mails.reading import read_mail as read_mail
