"""What Twilio's error codes mean to us, as one table (twilio.com/docs/api/errors).

No sentence takes anything from Twilio's own, which may hold the phone number.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from app.ports.errors import PortError
from app.ports.sms import AccountFault, DeliveryFault, OptedOut

HALF_A_MINUTE = timedelta(seconds=30)
TEN_MINUTES = timedelta(minutes=10)
A_QUARTER = timedelta(minutes=15)

LONGEST_PAUSE = timedelta(minutes=15)
"""However long Twilio tells us to wait."""

OPTED_OUT = 21610


@dataclass(frozen=True)
class Fault:
    """One row. Without `retry_after` it is permanent."""

    sentence: str
    retry_after: timedelta | None = None
    of_account: bool = False
    """No text goes out before a person has mended it; until then each waits."""


def _of_account(sentence: str) -> Fault:
    return Fault(sentence, A_QUARTER, of_account=True)


_SENDER = _of_account(
    "Twilio does not send texts from this sender: TWILIO_FROM must be a number of the account that "
    "can send texts, or a messaging service."
)
_SERVICE = _of_account(
    "Twilio cannot send by this messaging service: look in its console whether it is there, and "
    "has a number that can send texts."
)
_NUMBER = Fault("Twilio says that this is not a phone number texts can go to.")
_NOT_MOBILE = Fault("This is not a mobile number: texts cannot reach it.")
_LATER = Fault("Twilio asks us to send more slowly.", HALF_A_MINUTE)

FAULTS: Mapping[int, Fault] = {
    20003: _of_account(
        "Twilio refuses our log-in: check TWILIO_ACCOUNT_SID and TWILIO_AUTH_TOKEN, and that the "
        "account is not suspended."
    ),
    20404: _of_account(
        "Twilio does not know the account: check TWILIO_ACCOUNT_SID and TWILIO_API_URL."
    ),
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
    OPTED_OUT: Fault(
        "This phone has opted out of our texts (somebody answered STOP). Texting START to our "
        "number takes that back."
    ),
    21611: Fault("Twilio's queue for our number is full.", TEN_MINUTES),
    21612: Fault("Twilio cannot send from our sender to this number."),
    21614: _NOT_MOBILE,
    21617: Fault("The text is too long: 1,600 characters are the limit."),
    21635: _NOT_MOBILE,
    21659: _SENDER,
    21660: _SENDER,
    21701: _SERVICE,
    21703: _SERVICE,
}

A_LITTLE_LATER = timedelta(minutes=5)

REPORTED: Mapping[int, Fault] = {
    30001: Fault("Twilio's queue was full, and it gave the text up.", A_LITTLE_LATER),
    30002: _of_account("The Twilio account is suspended: look at its console."),
    30003: Fault(
        "The phone could not be reached: it is off, or without a network.", A_LITTLE_LATER
    ),
    30004: Fault("This phone does not take our texts."),
    30005: Fault("The phone company does not know this number."),
    30006: Fault("This is a landline, or a network that texts do not reach."),
    30007: Fault("The phone company took the text for spam. Phone them, or write a mail."),
    30008: Fault("The phone company did not deliver it, and does not say why.", A_LITTLE_LATER),
    30034: _of_account(
        "Our number is not registered for texts to the United States: register it in the Twilio "
        "console."
    ),
    30036: Fault("The text waited too long to be of use.", A_LITTLE_LATER),
    30044: Fault("A Twilio trial account does not send texts this long."),
}
"""What became of a text after it was handed over; with `retry_after` one more try is worth it."""


def delivery_fault(code: str | None) -> DeliveryFault:
    """Return what an error code of a status report means, in words for the host."""
    number = int(code) if code is not None and code.isdecimal() else 0
    known = REPORTED.get(number) or FAULTS.get(number)
    if known is None:
        sentence = f"The phone company did not deliver it (Twilio {number or 'unknown'})."
        return DeliveryFault(sentence, code=code)
    sentence = f"{known.sentence} (Twilio {number})"
    is_opt_out = number == OPTED_OUT
    return DeliveryFault(sentence, known.retry_after, code, known.of_account, is_opt_out)


_BY_STATUS: Mapping[int, Fault] = {
    401: FAULTS[20003],
    404: FAULTS[20404],
    429: FAULTS[20429],
}


def error_for(status: int, code: int | None, pause: timedelta | None = None) -> PortError:
    """Make the error for a refusal; where there is no answer at all it is unclear.

    The SDK gives the HTTP status as code when Twilio gave none: then it need not have been Twilio
    that refused, but something on the way there. `pause` is how long we were told to wait.
    """
    given = code if code != status else None
    fault = FAULTS.get(given) if given is not None else _BY_STATUS.get(status)
    if fault is not None:
        kind = AccountFault if fault.of_account else PortError
        if given == OPTED_OUT:
            kind = OptedOut
        reason = f"{fault.sentence} (Twilio {given or status})"
        permanent = fault.retry_after is None
        wait = min(pause, LONGEST_PAUSE) if pause is not None else fault.retry_after
        return kind(reason, permanent=permanent, retry_after=wait)
    if status == 408 or not 300 <= status < 500:
        return PortError(f"Twilio answered with HTTP {status}.", unclear=True)
    if given is None:
        return AccountFault(
            f"Something on the way to Twilio refuses our texts (HTTP {status}): check "
            "TWILIO_API_URL, and any proxy or firewall in between."
        )
    return PortError(f"Twilio refused the text (Twilio {given}).", permanent=True)
