"""Plain words for what the history keeps."""

from flask_babel import lazy_gettext as _l

from app.models import Status
from app.services.messages import Event

WHAT = {
    "reservation-open": _l("Nights closed; whose is not known"),
    "reservation-confirmed": _l("Confirmed"),
    "reservation-disputed": _l("In dispute"),
    "reservation-cancelled": _l("Cancelled"),
    "reservation-block": _l("Closed by the house"),
    "reservation-explained": _l("Found to be part of another booking"),
    "reference-proposed": _l("Reference proposed; it waits for your OK"),
    "reference-withdrawn": _l("Proposed reference taken back"),
    "reference-refused": _l("Proposed reference refused"),
    "booking-modified": _l("The channel said that the booking was changed"),
    "modification-seen": _l("Change of the booking looked at"),
    "booking-claimed": _l("A guest said that this is their booking"),
    "notice-dismissed": _l("Said to be nothing of this house’s"),
    "name-corrected": _l("Name corrected"),
    "moved-in": _l("Moved in from another room"),
    "moved-out": _l("Moved to another room"),
    "change-undone": _l("Last change taken back"),
    "guest-made": _l("Guest entered"),
    "guest-linked": _l("Room given to the guest"),
    "checked-in": _l("Checked in"),
    "check-in-undone": _l("Check-in taken back"),
    "times-changed": _l("Times changed"),
    "link-sent-again": _l("Link ordered again"),
    "code-wanted": _l("Code ordered"),
    "code-active": _l("Code confirmed by the lock"),
    "code-moved": _l("Code’s times changed"),
    "code-changed": _l("New times confirmed by the lock"),
    "code-unwanted": _l("Code given up"),
    "code-kept": _l("Code kept after all"),
    "code-failed": _l("Code could not be put on the lock"),
    "code-gone": _l("Code gone from the lock"),
    "code-shown": _l("Code shown to a host"),
    "code-retried": _l("Code tried again"),
    "message-sent": _l("Message sent"),
    "message-delivered": _l("Message delivered"),
    "message-failed": _l("Message not delivered"),
    "texts-stopped": _l("Texts stopped by the host’s phone"),
    "texts-resumed": _l("Texts allowed again by the host’s phone"),
    "told-by-export": _l("Told by a list that a host uploaded"),
    "booking-called-off": _l("Cancelled in a list that a host uploaded"),
    "export-uploaded": _l("Export uploaded"),
    "export-applied": _l("Export applied"),
    "export-undone": _l("Export taken back"),
    "export-put-aside": _l("Export put aside"),
}

CHANGED = {
    "arrival": _l("Dates changed"),
    "departure": _l("Dates changed"),
    "reference": _l("Booking reference changed"),
}
"""What a reservation's entry is called when its status stayed as it was."""

LABELS = {
    "status": _l("Status"),
    "arrival": _l("Arrival"),
    "departure": _l("Departure"),
    "reference": _l("Reference"),
    "room": _l("Room"),
    "from": _l("From"),
    "until": _l("Until"),
    "check_in": _l("Check-in from"),
    "check_out": _l("Check-out by"),
    "door": _l("Door"),
    "medium": _l("By"),
}

VALUES = {
    ("status", Status.OPEN): _l("not known whose"),
    ("status", Status.CONFIRMED): _l("confirmed"),
    ("status", Status.DISPUTED): _l("in dispute"),
    ("status", Status.CANCELLED): _l("cancelled"),
    ("status", Status.BLOCK): _l("closed by the house"),
    ("medium", "sms"): _l("text"),
    ("medium", "email"): _l("mail"),
}

MESSAGES = {
    Event.STAY_LINK: _l("the link to the stay page"),
    Event.DATES_CHANGED: _l("new dates"),
    Event.ROOMS_CONFIRMED: _l("rooms confirmed"),
    Event.ROOMS_CHANGED: _l("other rooms"),
    Event.STAY_CANCELLED: _l("the stay is cancelled"),
    "questions": _l("a question to hosts"),
}
"""What a message tells, by its template."""

ACTORS = {
    "guest": _l("the guest"),
    "lock": _l("the lock"),
    "mail": _l("a booking mail"),
    "export": _l("an export"),
    "twilio": _l("the text service"),
    "setup": _l("the setup file"),
    "clock": _l("Latchkey"),
}
