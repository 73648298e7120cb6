"""Text messages by Twilio's REST API, through its SDK."""

import email.utils
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import requests
from twilio.base import values
from twilio.base.exceptions import TwilioException, TwilioRestException
from twilio.http.http_client import TwilioHttpClient
from twilio.http.response import Response
from twilio.rest import Client

from app.ports.errors import PortError
from app.ports.sms import SentText, Text

PIN_TEXT_LASTS = 4 * 3600
"""Seconds; later the text would come too late to be of use."""

_SENTENCES = {
    20003: "Twilio refuses our access: check TWILIO_ACCOUNT_SID and TWILIO_AUTH_TOKEN.",
    21211: "The phone number is not one that texts can be sent to.",
    21212: "Twilio does not know the sender: check TWILIO_FROM.",
    21408: "Texts to this country are switched off in Twilio's geo permissions.",
    21606: "The sender may not send texts: check TWILIO_FROM.",
    21608: "Twilio's trial account sends only to verified numbers.",
    21610: "The guest has stopped texts from us. Call them, or use mail.",
    21612: "The sender cannot send texts to this number.",
    21614: "The number is not a mobile phone.",
    21617: "The text is too long.",
    21635: "The number is a landline.",
}
_BUSY = {20429: timedelta(seconds=30), 21611: timedelta(minutes=5)}


class TwilioSms:
    """One Twilio account and sender. See `SmsPort`."""

    def __init__(
        self,
        account_sid: str,
        auth_token: str,
        sender: str,
        api_url: str | None = None,
        *,
        timeout: float = 10.0,
    ) -> None:
        """`sender` is a number, or a messaging service (MG…). The SDK's own timeout is none."""
        self._client = Client(account_sid, auth_token, http_client=_Http(api_url, timeout))
        is_service = sender.startswith("MG")
        self._sender = {"messaging_service_sid" if is_service else "from_": sender}

    def send(self, text: Text) -> SentText:
        try:
            sent = self._client.messages.create(
                to=text.to,
                body=text.body,
                status_callback=text.status_url or values.unset,
                validity_period=PIN_TEXT_LASTS,
                **self._sender,
            )
        except (TwilioException, requests.RequestException) as fault:
            raise _port_error(fault, may_have_gone=True) from None
        return SentText(str(sent.sid), str(sent.status))

    def find(self, text: Text, since: datetime) -> SentText | None:
        # The filter knows whole days only.
        day = since.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
        try:
            for sent in self._client.messages.list(to=text.to, date_sent_after=day, limit=200):
                if sent.body == text.body and _created_at(sent.date_created) >= since:
                    return SentText(str(sent.sid), str(sent.status))
        except (TwilioException, requests.RequestException) as fault:
            raise _port_error(fault, may_have_gone=False) from None
        return None


class _Http(TwilioHttpClient):  # type: ignore[misc]
    """The SDK's client, sent to another host where one is set: the SDK has no setting for that."""

    def __init__(self, api_url: str | None, timeout: float) -> None:
        super().__init__(timeout=timeout)
        self._api_url = urlsplit(api_url) if api_url else None

    def request(self, method: str, url: str, *args: Any, **kwargs: Any) -> Response:
        if self._api_url is not None:
            parts = urlsplit(url)
            path = self._api_url.path.rstrip("/") + parts.path
            url = urlunsplit((self._api_url.scheme, self._api_url.netloc, path, parts.query, ""))
        return super().request(method, url, *args, **kwargs)


def _port_error(fault: Exception, *, may_have_gone: bool) -> PortError:
    """Say what happened; the SDK's own message may carry the number."""
    if isinstance(fault, requests.ConnectTimeout) or "NewConnectionError" in repr(fault):
        return PortError("The text service cannot be reached.")
    if not isinstance(fault, TwilioRestException):
        return PortError("The text service did not answer in time.", unclear=may_have_gone)
    code = int(fault.code or 0)
    if code in _BUSY:
        return PortError("The text service is busy.", retry_after=_BUSY[code])
    if fault.status >= 500:
        return PortError("The text service has a fault of its own.", unclear=may_have_gone)
    if fault.status == 429:
        return PortError("The text service is busy.", retry_after=timedelta(seconds=30))
    sentence = _SENTENCES.get(code, f"The text service refused the text (Twilio {code}).")
    return PortError(sentence, permanent=True)


def _created_at(value: datetime | str | None) -> datetime:
    if isinstance(value, str):
        value = email.utils.parsedate_to_datetime(value)
    if value is None:
        return datetime.min.replace(tzinfo=UTC)
    return value if value.tzinfo else value.replace(tzinfo=UTC)
