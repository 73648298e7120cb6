"""The way to Twilio under its SDK."""

import logging
from datetime import timedelta
from urllib.parse import urlsplit

import requests
from twilio.http import HttpClient
from twilio.http.response import Response

from app.ports.connections import asked_pause
from app.ports.timed_sessions import ending_within, timed_session

CONNECT_SECONDS = 3.0
"""For each of the addresses that the name has."""


class ToldToWait(Exception):
    """Twilio says how long to wait, which the SDK's own exception does not hand on."""

    def __init__(self, code: int | None, pause: timedelta) -> None:
        super().__init__()
        self.code, self.pause = code, pause


class TwilioHttp(HttpClient):  # type: ignore[misc]
    """The SDK's way out, at an address of our choice, for which it has no setting.

    Its own client will not do: it hands the answer over through an attribute, so that threads get
    each other's, and it logs the addresses of searches, which hold phone numbers. Each call has a
    connection of its own, and a time in all: however slowly an answer drips, the call ends.
    """

    def __init__(self, api_url: str | None, timeout: float) -> None:
        super().__init__(logging.getLogger(__name__), is_async=False, timeout=timeout)
        self._api_url = api_url.rstrip("/") if api_url else None

    def request(
        self,
        method: str,
        uri: str,
        params: dict[str, object] | None = None,
        data: dict[str, object] | None = None,
        headers: dict[str, str] | None = None,
        auth: tuple[str, str] | None = None,
        timeout: float | None = None,
        allow_redirects: bool = False,
    ) -> Response:
        seconds = timeout or self.timeout
        with ending_within(seconds), timed_session() as session:
            answer = session.request(
                method,
                self._there(uri),
                params=params,  # type: ignore[arg-type]
                data=data,
                headers=headers,
                auth=auth,
                timeout=(min(CONNECT_SECONDS, seconds), seconds),
                allow_redirects=allow_redirects,
            )
        pause = asked_pause(answer) if answer.status_code == 429 else None
        if pause is not None:
            raise ToldToWait(_code_in(answer), pause)
        return Response(answer.status_code, answer.text, answer.headers)

    def _there(self, uri: str) -> str:
        if self._api_url is None:
            return uri
        parts = urlsplit(uri)
        return self._api_url + parts.path + (f"?{parts.query}" if parts.query else "")


def _code_in(answer: requests.Response) -> int | None:
    try:
        body = answer.json()
    except ValueError:
        return None
    code = body.get("code") if isinstance(body, dict) else None
    return code if isinstance(code, int) else None
