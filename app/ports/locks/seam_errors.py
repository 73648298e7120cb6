"""What Seam's error words mean to us, as tables.

An error may come at once, as the answer to a call, or later: on the access code that could not be
set, on the lock's own row, or on the attempt to open a door. The words are the SDK's (3.18.0); the
vendor's pages lag behind. What is done about each is ours.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from app.ports.errors import PortError
from app.ports.locks import DigitsRefused, DigitsTaken, LockFull, LockOffline

SOON = timedelta(seconds=15)
SLOWLY = timedelta(seconds=30)
LONG = timedelta(minutes=2)
PERSON = timedelta(minutes=10)
"""Between tries of what cannot be given up (a revocation) while a person has to act first."""


TOO_SLOW, TOO_MANY = 408, 429
"""HTTP statuses."""


class NoSuchCode(PortError):
    """Seam knows no such access code (any more)."""


@dataclass(frozen=True)
class Fault:
    """One row: a sentence for the host, and the kind of PortError it makes."""

    sentence: str
    error: type[PortError] = PortError
    permanent: bool = False
    unclear: bool = False
    retry_after: timedelta | None = None

    def made(self, word: str, *, unclear: bool = False) -> PortError:
        """Make the error to raise; `unclear` when it may have taken effect all the same."""
        return self.error(
            f"{self.sentence} (Seam: {word})",
            permanent=self.permanent,
            unclear=self.unclear or unclear,
            retry_after=self.retry_after,
        )


def _person(sentence: str) -> Fault:
    return Fault(sentence, permanent=True, retry_after=PERSON)


_KEY = _person("Seam refuses our key: SEAM_API_KEY must be an API key of the locks' workspace.")
_OURS = _person("Seam did not understand the request. Please report this as a fault of Latchkey.")
_NO_LOCK = _person("Seam knows no such lock: check the door's lock id (the device id at Seam).")
_NO_CODE = Fault("The code is not at Seam.", NoSuchCode)
_TAKEN = Fault("The lock already has a code with these digits.", DigitsTaken, permanent=True)
_REFUSED = Fault("The lock refuses these digits.", DigitsRefused, permanent=True)
_FULL = Fault(
    "The lock has no space for another code: delete old codes of it.",
    LockFull,
    retry_after=PERSON,  # and our own revocations make space without anybody's help
)
_OFFLINE = Fault(
    "The lock or its gateway is offline: check its power and internet connection.",
    LockOffline,
    retry_after=SLOWLY,
)
_ACCOUNT = _person("Seam has lost the lock's account: connect it again in Seam's console.")
_LESS_OFTEN = Fault("Seam asks us to call less often.", retry_after=LONG)
_NOT_SET = Fault("Seam could not put the code on the lock.", retry_after=LONG)
_NOT_REMOVED = Fault(
    "Seam could not take the code off the lock, and keeps trying.", unclear=True, retry_after=LONG
)
_ZONE = _person(
    "Seam does not know the lock's time zone, so that codes would open at other times: set it in "
    "the lock's app."
)

OF_CALL: Mapping[str, Fault] = {
    "unauthorized": _KEY,
    "invalid_input": _OURS,
    "device_not_found": _NO_LOCK,
    "access_code_not_found": _NO_CODE,
    "duplicate_access_code": _TAKEN,
    "duplicate_code_on_device": _TAKEN,
    "rate_limit_exceeded": _LESS_OFTEN,
    "too_many_requests": _LESS_OFTEN,
}
"""By the `type` of an error that a call is answered with; those of OF_LOCK are told so, too."""

OF_LOCK: Mapping[str, Fault] = {
    "device_offline": _OFFLINE,
    "device_disconnected": _OFFLINE,
    "hub_disconnected": _OFFLINE,
    "bridge_disconnected": _OFFLINE,
    "account_disconnected": _ACCOUNT,
    "dormakaba_sites_disconnected": _ACCOUNT,
    "insufficient_permissions": _person(
        "The account connected to Seam may not manage this lock: connect its top administrator's."
    ),
    "device_removed": _person(
        "The lock has left its account: add it again in its app, then connect it to Seam again."
    ),
    "missing_device_credentials": _person("Seam lacks the lock's credentials: see Seam's console."),
    "august_lock_not_authorized": _person(
        "The account connected to Seam is not authorised for this lock: allow it in the lock's app."
    ),
    "subscription_required": _person("The lock needs a subscription of its maker: see its app."),
    "salto_ks_subscription_limit_exceeded": _person(
        "The lock's site has no subscription left: see its maker's app."
    ),
}
"""By the `error_code` on a lock: what keeps commands from it. Codes of the lock bear it too."""

OF_CODE: Mapping[str, Fault] = {
    **OF_LOCK,
    "duplicate_code_on_device": _TAKEN,
    "code_constraints_violated": _REFUSED,
    "no_space_for_access_code_on_device": _FULL,
    "failed_to_set_on_device": _NOT_SET,
    "failed_to_issue": _NOT_SET,
    "failed_to_update": Fault("Seam could not change the code on the lock.", retry_after=LONG),
    "failed_to_remove_from_device": _NOT_REMOVED,
    "failed_to_delete": _NOT_REMOVED,
    "provider_issue": Fault("The lock's maker has a fault of its own.", retry_after=LONG),
    "conflicting_external_modification": Fault(
        "Somebody changed the code in the lock's app; Seam is setting it right.",
        unclear=True,
        retry_after=LONG,
    ),
    "access_code_inactive": _person("The lock has switched the code off: see the lock's app."),
    "time_frame_adjusted_for_unknown_time_zone": _ZONE,
}
"""By the `error_code` on an access code; and one warning, which is no less than that to us."""

OF_ATTEMPT: Mapping[str, Fault] = OF_LOCK
"""By the `type` of the error an attempt to open a door ended with: what surely did not open it."""

REMOTE_OFF = Fault(
    'The lock does not open from afar: switch on "Remote unlock" in the lock\'s app.',
    permanent=True,
    retry_after=PERSON,
)
UNKNOWN = Fault("Seam tells of a fault we do not know.", unclear=True, retry_after=LONG)


def safe(word: object) -> str:
    """Return one of Seam's words as it may be shown: never a text that could hold anything."""
    is_word = isinstance(word, str) and re.fullmatch(r"[a-z][a-z0-9_]{0,59}", word)
    return str(word) if is_word else "unknown"


def less_often(retry_after: timedelta | None = None) -> PortError:
    """Make the error for too many calls; `retry_after` as Seam said, if it did."""
    fault = _LESS_OFTEN.made("too_many_requests")
    fault.retry_after = retry_after or fault.retry_after
    return fault


def bad_key() -> PortError:
    return _KEY.made("unauthorized")


def not_understood(*, acts: bool) -> PortError:
    """Make the error for an answer that is not what the vendor describes."""
    return PortError("Seam gave an answer that cannot be read.", unclear=acts, retry_after=SOON)


def refused(word: object, status: int, fields: frozenset[str], *, acts: bool) -> PortError:
    """Make the error for an answer of Seam's own. `fields`: which inputs it finds invalid."""
    if word == "invalid_input" and "code" in fields:
        return _REFUSED.made("invalid_input")
    if word == "invalid_input" and "device_id" in fields:
        return _NO_LOCK.made("invalid_input")
    if word == "invalid_input" and "access_code_id" in fields:
        return _NO_CODE.made("invalid_input")
    fault = OF_CALL.get(str(word)) or OF_LOCK.get(str(word))
    if fault is not None:
        return fault.made(safe(word))
    if 400 <= status < 500 and status != TOO_SLOW:
        return _OURS.made(safe(word))
    return PortError(f"Seam has a fault of its own (HTTP {status}).", unclear=acts)
