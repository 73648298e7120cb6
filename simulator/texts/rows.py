"""Texts as Twilio keeps them: one row each, the oldest first, whichever way they went."""

import secrets
from datetime import UTC, datetime
from email.utils import format_datetime
from typing import Any

from simulator.texts.segments import segments
from simulator.world import World

Text = dict[str, Any]

MEANINGS = {
    30003: "Unreachable destination handset",
    30004: "Message blocked",
    30005: "Unknown destination handset",
    30006: "Landline or unreachable carrier",
    30007: "Message filtered",
    30008: "Unknown error",
}


def keep_outbound(world: World, to: str, body: str, **more: Any) -> Text:
    """Keep a text from our number; `guard` is held."""
    row = {
        "direction": "outbound-api", "to": to, "from": world.house.twilio["from"],
        "status": "queued", "by": "latchkey", "callback": "", **more,
    }  # fmt: skip
    return _keep(world, body, row)


def keep_inbound(world: World, sender: str, body: str, sid: str) -> Text:
    """Keep a text to our number, which Twilio has received; `guard` is held."""
    row = {
        "direction": "inbound", "to": world.house.twilio["from"], "from": sender,
        "status": "received", "sent": world.now().timestamp(), "opt_out_type": None,
        "webhook": "sending",
    }  # fmt: skip
    return _keep(world, body, {**row, **({"sid": sid} if sid else {})})


def find(world: World, sid: str) -> Text | None:
    texts: list[Text] = world.data["texts"]
    return next((text for text in texts if text["sid"] == sid), None)


def as_json(world: World, text: Text) -> dict[str, Any]:
    """Show a text as the API does."""
    sid, error = world.house.twilio["account_sid"], text["error_code"]
    uri = f"/2010-04-01/Accounts/{sid}/Messages/{text['sid']}"
    return {
        "sid": text["sid"], "account_sid": sid, "to": text["to"], "from": text["from"],
        "body": text["body"], "status": text["status"], "direction": text["direction"],
        "num_segments": str(segments(text["body"])), "num_media": "0",
        "price": None, "price_unit": "USD", "messaging_service_sid": text.get("service"),
        "error_code": error, "error_message": None if error is None else MEANINGS.get(error, ""),
        "date_created": _date(text["created"]), "date_sent": _date(text["sent"]),
        "date_updated": _date(text["sent"] or text["created"]), "api_version": "2010-04-01",
        "uri": f"{uri}.json", "subresource_uris": {"media": f"{uri}/Media.json"},
    }  # fmt: skip


def _keep(world: World, body: str, row: Text) -> Text:
    text = {
        "sid": f"SM{secrets.token_hex(16)}", "body": body, "error_code": None, "sent": None,
        "created": world.now().timestamp(), **row,
    }  # fmt: skip
    world.data["texts"].append(text)
    world.changed()
    return text


def _date(timestamp: float | None) -> str | None:
    if timestamp is None:
        return None
    return format_datetime(datetime.fromtimestamp(int(timestamp), UTC))
