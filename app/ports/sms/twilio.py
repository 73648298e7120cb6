"""Texts by Twilio, through its own SDK."""

from collections.abc import Callable, Collection, Sequence
from datetime import datetime
from typing import Any, TypeVar

import requests
from twilio.base.exceptions import (
    TwilioException,
    TwilioRestException,
    TwilioServiceException,
)
from twilio.rest import Client

from app.ports.connections import never_sent
from app.ports.errors import PortError
from app.ports.sms import ReceivedText, SentText, Text
from app.ports.sms.pace import Pace
from app.ports.sms.twilio_errors import error_for
from app.ports.sms.twilio_wire import ToldToWait, TwilioHttp

T = TypeVar("T")

LOOKED_THROUGH = 200
"""How many of the latest texts to one number are looked through for an earlier try."""

NEVER_LEFT = frozenset({"failed", "canceled"})
"""Statuses of texts that Twilio kept to itself; `undelivered` is not one of them."""


class TwilioSms:
    """One account's texts. `sender` is a number in E.164, or a messaging service (`MG…`).

    `timeout` is for one call in all. `segments_per_second` is what the number may send; None: as
    fast as it is called.
    """

    def __init__(
        self,
        account_sid: str,
        auth_token: str,
        sender: str,
        api_url: str | None = None,
        timeout: float = 10,
        segments_per_second: float | None = None,
    ) -> None:
        # `environment`: the SDK would read TWILIO_REGION and TWILIO_EDGE behind our settings' back.
        client = Client(
            account_sid,
            auth_token,
            http_client=TwilioHttp(api_url, timeout),
            environment={"": ""},
        )
        self._messages = client.messages
        by_service = sender.startswith("MG")
        # A messaging service keeps its senders' pace itself.
        self._pace = Pace(segments_per_second) if segments_per_second and not by_service else None
        self._sender = {"messaging_service_sid" if by_service else "from_": sender}

    def send(self, text: Text) -> SentText:
        order = {"to": text.to, "body": text.body, **self._sender}
        if text.status_url:
            order["status_callback"] = text.status_url
        if self._pace is not None:
            self._pace.wait_for(text.body)
        return _ask(lambda: _sent(self._messages.create(**order)))

    def find(self, text: Text, since: datetime, others: Collection[str] = ()) -> SentText | None:
        """Look through the latest texts to the number, by when Twilio made them.

        Not by `DateSent`, as the list could be asked: it goes by whole days, and a text that still
        waits in the queue has none.
        """
        try:
            found = _ask(lambda: self._messages.list(to=text.to, limit=LOOKED_THROUGH))
        except PortError as fault:
            fault.unclear = False  # nothing was sent by looking
            raise
        earlier = (one for one in found if _is_same(one, text, since) and one.sid not in others)
        return next(map(_sent, earlier), None)

    def received(self, since: datetime) -> Sequence[ReceivedText]:
        """List what came in by our number; by a messaging service, by any number of the account."""
        wanted: dict[str, object] = {"date_sent_after": since, "limit": LOOKED_THROUGH}
        if "from_" in self._sender:
            wanted["to"] = self._sender["from_"]
        try:
            found = _ask(lambda: [_received(one) for one in self._messages.list(**wanted)])
        except PortError as fault:
            fault.unclear = False
            raise
        return [one for one in found if one is not None and (one.sent_at or since) >= since]


def _ask(call: Callable[[], T]) -> T:
    """Make one call. Raises PortError; `from None`, as what is left behind tells numbers."""
    try:
        return call()
    except ToldToWait as told:
        raise error_for(429, told.code, told.pause) from None
    except (TwilioRestException, TwilioServiceException) as fault:
        raise error_for(fault.status, _code(fault.code)) from None
    except requests.RequestException as fault:
        if never_sent(fault):
            raise PortError("Twilio cannot be reached.") from None
        if isinstance(fault, requests.Timeout):
            raise PortError("Twilio did not answer in time.", unclear=True) from None
        raise PortError("The connection to Twilio was cut.", unclear=True) from None
    except (TwilioException, ValueError, KeyError, TypeError, AttributeError):
        # The SDK takes the shape of answers on trust.
        raise PortError("Twilio gave an answer that cannot be read.", unclear=True) from None


def _code(code: object) -> int | None:
    return code if isinstance(code, int) else None


def _sent(message: Any) -> SentText:
    if not isinstance(message.sid, str) or not message.sid:
        raise ValueError("no sid")
    return SentText(message.sid, str(message.status))


def _received(message: Any) -> ReceivedText | None:
    """Return a text that came in; None for one that went out."""
    if str(message.direction) != "inbound":
        return None
    sent_at = message.date_sent or message.date_created
    return ReceivedText(str(message.sid), str(message.from_), str(message.body or ""), sent_at)


def _is_same(message: Any, text: Text, since: datetime) -> bool:
    if not str(message.direction or "outbound").startswith("outbound"):
        return False
    if message.status in NEVER_LEFT:
        return False
    if message.date_created is None or message.date_created < since.replace(microsecond=0):
        return False
    # A trial account puts a line of its own before the text.
    return str(message.body or "").strip().endswith(text.body.strip())
