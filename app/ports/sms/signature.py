"""Whether a webhook is Twilio's: the X-Twilio-Signature over its address and form."""

from collections.abc import Iterator, Sequence
from typing import Protocol

from twilio.request_validator import HMAC_SHA1, RequestValidator


class Form(Protocol):
    """The form as it came, several values of a name included: a MultiDict, never made a dict."""

    def __iter__(self) -> Iterator[str]: ...

    def getlist(self, key: str) -> list[str]: ...


def is_signed_by_twilio(url: str, form: Form, signature: str | None, tokens: Sequence[str]) -> bool:
    """Tell whether one of our tokens signed this request; False, too, when nothing signed it.

    `url` is the address as Twilio was given it, with the raw query. `tokens`: the current one, and
    the next while it is being exchanged. The algorithm is ours to say, never the request's. There
    is no timestamp in it: a request may come again, so what it asks must be told by its own id.
    """
    if not signature:
        return False
    return any(
        RequestValidator(token).validate(url, form, signature, HMAC_SHA1) for token in tokens
    )
