"""Plain words for what the history keeps."""

from flask_babel import lazy_gettext as _l

from app.models import Status
from app.services.host_alarms import DOOR_HELP
from app.services.messages import Event
from app.web.admin.help_words import FOUND

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
    "guest-erased": _l("Personal data erased: the time it is kept was over"),
    "guest-linked": _l("Room given to the guest"),
    "checked-in": _l("Checked in"),
    "check-in-undone": _l("Check-in taken back"),
    "times-changed": _l("Times changed"),
    "link-sent-again": _l("Link ordered again"),
    "contact-added": _l("Phone or mail address entered"),
    "page-seen": _l("Stay page opened"),
    "hosts-warned": _l("Hosts warned: not ready for the arrival"),
    "code-wanted": _l("Code ordered"),
    "code-active": _l("Code confirmed by the lock"),
    "code-used": _l("First came in with the code"),
    "code-moved": _l("Code’s times changed"),
    "code-changed": _l("New times confirmed by the lock"),
    "code-unwanted": _l("Code given up"),
    "code-kept": _l("Code kept after all"),
    "code-failed": _l("Code could not be put on the lock"),
    "code-gone": _l("Code gone from the lock"),
    "code-missing": _l("Code was missing from the lock; being put back"),
    "code-differs": _l("The lock had other times for the code; being put right"),
    "code-lingers": _l("Ended code was still on the lock; being taken off"),
    "way-in-offered": _l("Another way in offered"),
    "clock-set": _l("Lock’s clock set right"),
    "code-shown": _l("Code shown to a host"),
    "code-retried": _l("Code tried again"),
    "staff-code-made": _l("Staff code made"),
    "staff-code-changed": _l("Staff code changed"),
    "staff-code-renewed": _l("Staff code given new digits"),
    "staff-code-ended": _l("Staff code ended"),
    "staff-code-kept": _l("Staff code kept after all"),
    "message-sent": _l("Message sent"),
    "message-delivered": _l("Message delivered"),
    "message-failed": _l("Message not delivered"),
    "texts-stopped": _l("Texts stopped by the host’s phone"),
    "texts-resumed": _l("Texts allowed again by the host’s phone"),
    "told-by-export": _l("Told by a list that a host uploaded"),
    "booking-called-off": _l("Cancelled in a list that a host uploaded"),
    "door-help-asked": _l("Said that a door does not open"),
    "door-help-looked": _l("Lock looked at"),
    "door-help-told": _l("Hosts told of the door that does not open"),
    "door-help-closed-opened": _l("The door opened"),
    "door-help-closed-guest": _l("Said that the door is open"),
    "door-help-closed-host": _l("Trouble with the door closed by a host"),
    "door-help-closed-again": _l("Asked about the door again"),
    "door-help-closed-old": _l("Trouble with the door no longer followed"),
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
    "used_at": _l("Opened"),
    "medium": _l("By"),
    "found": _l("Found"),
}

VALUES: dict[tuple[str, str], object] = {
    ("status", Status.OPEN): _l("not known whose"),
    ("status", Status.CONFIRMED): _l("confirmed"),
    ("status", Status.DISPUTED): _l("in dispute"),
    ("status", Status.CANCELLED): _l("cancelled"),
    ("status", Status.BLOCK): _l("closed by the house"),
    ("medium", "sms"): _l("text"),
    ("medium", "email"): _l("mail"),
    **{("found", finding): words for finding, words in FOUND.items()},
}

MESSAGES = {
    Event.STAY_LINK: _l("the link to the stay page"),
    Event.CHECK_IN_LINK: _l("the link, to check in with"),
    Event.DATES_CHANGED: _l("new dates"),
    Event.ROOMS_CONFIRMED: _l("rooms confirmed"),
    Event.ROOMS_CHANGED: _l("other rooms"),
    Event.STAY_CANCELLED: _l("the stay is cancelled"),
    "questions": _l("a question to hosts"),
    "arrival_warning": _l("an arrival that needs a host"),
    DOOR_HELP: _l("a guest cannot open a door"),
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
