"""Twilio's posts to the app: signed forms, and what became of them."""

import base64
import hashlib
import hmac
import urllib.parse
import uuid

from simulator.posting import Answer, post

PATIENCE = 15.0


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
    return post(url, urllib.parse.urlencode(form).encode(), headers, seconds)
