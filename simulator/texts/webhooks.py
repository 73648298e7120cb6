"""Twilio's posts to the app: signed forms, and what became of them."""

import base64
import hashlib
import hmac
import http.client
import urllib.error
import urllib.parse
import urllib.request
import uuid
from dataclasses import dataclass
from typing import Any

PATIENCE = 15.0
MOST_BYTES = 64 * 1024


@dataclass(frozen=True)
class Answer:
    """What the app said; `status` is None where it said nothing."""

    status: int | None
    body: str = ""
    media_type: str = ""

    @property
    def is_good(self) -> bool:
        return self.status is not None and 200 <= self.status < 300


class _NoRedirects(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_: Any) -> None:
        return None


_opener = urllib.request.build_opener(urllib.request.ProxyHandler({}), _NoRedirects())


def signature(token: str, url: str, form: dict[str, str]) -> str:
    """Sign a form as X-Twilio-Signature does."""
    text = url + "".join(f"{name}{form[name]}" for name in sorted(form))
    return base64.b64encode(hmac.digest(token.encode(), text.encode(), hashlib.sha1)).decode()


def post_form(
    url: str, form: dict[str, str], signed: str | None, seconds: float = PATIENCE
) -> Answer:
    """Post a form; an app that does not answer in that time has not answered."""
    headers = {
        "Content-Type": "application/x-www-form-urlencoded; charset=UTF-8",
        "User-Agent": "TwilioProxy/1.1",
        "I-Twilio-Idempotency-Token": str(uuid.uuid4()),
        **({"X-Twilio-Signature": signed} if signed is not None else {}),
    }
    try:
        ask = urllib.request.Request(url, urllib.parse.urlencode(form).encode(), headers)  # noqa: S310
        with _opener.open(ask, timeout=seconds) as answer:
            body = answer.read(MOST_BYTES).decode("utf-8", "replace")
            return Answer(answer.status, body, answer.headers.get_content_type())
    except urllib.error.HTTPError as refusal:
        with refusal:
            body = refusal.read(MOST_BYTES).decode("utf-8", "replace")
            return Answer(refusal.code, body, refusal.headers.get_content_type())
    except (OSError, http.client.HTTPException, ValueError):
        return Answer(None)
