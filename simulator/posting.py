"""Posts to the app, as services make them."""

import http.client
import urllib.error
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

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


def post(url: str, body: bytes, headers: Mapping[str, str], seconds: float) -> Answer:
    """Post; an app that does not answer in that time has not answered."""
    try:
        ask = urllib.request.Request(url, body, dict(headers))  # noqa: S310
        with _opener.open(ask, timeout=seconds) as answer:
            said = answer.read(MOST_BYTES).decode("utf-8", "replace")
            return Answer(answer.status, said, answer.headers.get_content_type())
    except urllib.error.HTTPError as refusal:
        with refusal:
            said = refusal.read(MOST_BYTES).decode("utf-8", "replace")
            return Answer(refusal.code, said, refusal.headers.get_content_type())
    except (OSError, http.client.HTTPException, ValueError):
        return Answer(None)
