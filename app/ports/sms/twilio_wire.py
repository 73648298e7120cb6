"""The way to Twilio under its SDK."""

import logging
from urllib.parse import urlsplit

import requests
from twilio.http import HttpClient
from twilio.http.response import Response

from app.ports.connections import Deadline, GuardedAdapter, never_sent

CONNECT_SECONDS = 3.0
"""For each of the addresses that the name has."""


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
        with Deadline(timeout or self.timeout) as deadline, requests.Session() as session:
            for scheme in ("http://", "https://"):
                session.mount(scheme, GuardedAdapter(deadline))
            try:
                answer = session.request(
                    method,
                    self._there(uri),
                    params=params,  # type: ignore[arg-type]
                    data=data,
                    headers=headers,
                    auth=auth,
                    timeout=(min(CONNECT_SECONDS, deadline.seconds_left), deadline.seconds_left),
                    allow_redirects=allow_redirects,
                )
            except requests.RequestException as fault:
                if deadline.has_passed and not never_sent(fault):
                    raise requests.ReadTimeout from None
                raise
            # Cut off at the deadline, a body without a stated length looks complete.
            if deadline.has_passed:
                raise requests.ReadTimeout
        return Response(answer.status_code, answer.text, answer.headers)

    def _there(self, uri: str) -> str:
        if self._api_url is None:
            return uri
        parts = urlsplit(uri)
        return self._api_url + parts.path + (f"?{parts.query}" if parts.query else "")
