"""Telling Twilio's webhooks from forged ones."""

from collections.abc import Sequence

from twilio.request_validator import RequestValidator
from werkzeug.datastructures import MultiDict


def is_signed_by_twilio(
    url: str, form: MultiDict[str, str], signature: str | None, tokens: Sequence[str]
) -> bool:
    """Tell whether one of our tokens signed this form for this URL.

    `url` is the public one, with its raw query; `form` must keep repeated keys. Without a signature
    the SDK's validator would raise, so that is asked first.
    """
    if not signature:
        return False
    return any(RequestValidator(token).validate(url, form, signature) for token in tokens)
