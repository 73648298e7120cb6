"""What Twilio's error codes mean to us, as one table (twilio.com/docs/api/errors).

No sentence takes anything from Twilio's own, which may hold the phone number.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from app.ports.errors import PortError

HALF_A_MINUTE = timedelta(seconds=30)
TEN_MINUTES = timedelta(minutes=10)


@dataclass(frozen=True)
class Fault:
    """One row. Without `retry_after` it is permanent."""

    sentence: str
    retry_after: timedelta | None = None


_SENDER = Fault(
    "Twilio does not send texts from this sender: TWILIO_FROM must be a number of the account that "
    "can send texts, or a messaging service."
)
_NUMBER = Fault("Twilio says that this is not a phone number texts can go to.")
_NOT_MOBILE = Fault("This is not a mobile number: texts cannot reach it.")
_LATER = Fault("Twilio asks us to send more slowly.", HALF_A_MINUTE)

FAULTS: Mapping[int, Fault] = {
    20003: Fault(
        "Twilio refuses our log-in: check TWILIO_ACCOUNT_SID and TWILIO_AUTH_TOKEN, and that the "
        "account is not suspended."
    ),
    20404: Fault("Twilio does not know the account: check TWILIO_ACCOUNT_SID and TWILIO_API_URL."),
    20429: _LATER,
    21211: _NUMBER,
    21212: _SENDER,
    21408: Fault(
        "Texts to this country are switched off: allow it in the Twilio console under Messaging, "
        "Settings, Geo permissions."
    ),
    21606: _SENDER,
    21608: Fault(
        "A Twilio trial account sends only to numbers verified in its console: verify the number "
        "there, or upgrade the account."
    ),
    21610: Fault(
        "This phone has opted out of our texts (somebody answered STOP). Texting START to our "
        "number takes that back."
    ),
    21611: Fault("Twilio's queue for our number is full.", TEN_MINUTES),
    21612: Fault("Twilio cannot send from our sender to this number."),
    21614: _NOT_MOBILE,
    21617: Fault("The text is too long: 1,600 characters are the limit."),
    21635: _NOT_MOBILE,
}

A_LITTLE_LATER = timedelta(minutes=5)

REPORTED: Mapping[int, Fault] = {
    30001: Fault("Twilio's queue was full, and it gave the text up.", A_LITTLE_LATER),
    30002: Fault("The Twilio account is suspended: look at its console."),
    30003: Fault(
        "The phone could not be reached: it is off, or without a network.", A_LITTLE_LATER
    ),
    30004: Fault("This phone does not take our texts."),
    30005: Fault("The phone company does not know this number."),
    30006: Fault("This is a landline, or a network that texts do not reach."),
    30007: Fault("The phone company took the text for spam. Phone them, or write a mail."),
    30008: Fault("The phone company did not deliver it, and does not say why.", A_LITTLE_LATER),
    30034: Fault(
        "Our number is not registered for texts to the United States: register it in the Twilio "
        "console."
    ),
    30036: Fault("The text waited too long to be of use.", A_LITTLE_LATER),
    30044: Fault("A Twilio trial account does not send texts this long."),
}
"""What became of a text after it was handed over; with `retry_after` one more try is worth it."""


def delivery_fault(code: str | None) -> Fault:
    """Return what an error code of a status report means, in words for the host."""
    number = int(code) if code is not None and code.isdecimal() else 0
    known = REPORTED.get(number) or FAULTS.get(number)
    if known is not None:
        return Fault(f"{known.sentence} (Twilio {number})", known.retry_after)
    return Fault(f"The phone company did not deliver it (Twilio {number or 'unknown'}).")


_BY_STATUS: Mapping[int, Fault] = {
    401: FAULTS[20003],
    403: FAULTS[20003],
    404: FAULTS[20404],
    429: FAULTS[20429],
}


def error_for(status: int, code: int | None) -> PortError:
    """Make the error for a refusal; where there is no answer at all it is unclear.

    The SDK gives the HTTP status as code when Twilio gave none.
    """
    fault = FAULTS.get(code or status) or _BY_STATUS.get(status)
    if fault is not None:
        permanent = fault.retry_after is None
        reason = f"{fault.sentence} (Twilio {code or status})"
        return PortError(reason, permanent=permanent, retry_after=fault.retry_after)
    if 300 <= status < 500:
        return PortError(f"Twilio refused the text (Twilio {code or status}).", permanent=True)
    return PortError(f"Twilio answered with HTTP {status}.", unclear=True)
