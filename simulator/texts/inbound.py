"""Texts typed on a phone: Twilio keeps each, and posts it to the app's webhook.

Where the app does not answer, nothing more happens: no queue, no second try. The text is found by
the list of messages alone.
"""

import secrets
from collections.abc import Mapping

import phonenumbers

from simulator.posting import Answer
from simulator.texts.carrier_words import answer_carrier_word
from simulator.texts.phones import NotAPhone, is_opted_out
from simulator.texts.rows import Text, find, keep_inbound, keep_outbound
from simulator.texts.segments import segments
from simulator.texts.travel import arrive
from simulator.texts.twiml import LONGEST, NotTwiml, replies
from simulator.texts.webhooks import post_form, signature
from simulator.world import World


def text_in(world: World, sender: str, body: str, sid: str = "") -> Text:
    """Let a phone text our number; return the text, as kept. Raises NotAPhone.

    With the `sid` of a text that is kept already it is that text, once more.
    """
    if _country(sender) is None:
        raise NotAPhone(f"{sender!r} is no phone number such as +447700900123.")
    if len(body) > LONGEST:
        raise NotAPhone("A text may have 1,600 letters at most.")
    with world.guard:
        if known := find(world, sid):
            return known
        text = keep_inbound(world, sender, body, sid)
        text["opt_out_type"] = answer_carrier_word(world, sender, body)
        return text


def hand_over(
    world: World, text: Text, *, sign: bool | str = True, fields: Mapping[str, str] | None = None
) -> Answer:
    """Post a text to the webhook; the app's TwiML is texted back.

    `sign` may be False (no signature) or "wrong"; `fields` are form fields to add or change.
    """
    url = world.data["webhook"]
    form = {**_form(world, text), **(fields or {})}
    answer = Answer(None)
    if url:
        signed = _signed(world, url, form, sign)
        answer = post_form(url, form, signed, world.data["webhook_seconds"])
    with world.guard:
        text["webhook"] = _outcome(answer) if url else "nowhere"
        text["webhook_status"] = answer.status
        try:
            texts = replies(answer.media_type, answer.body) if answer.is_good else []
        except NotTwiml:
            text["webhook"], texts = "unreadable", []
        for body in texts if not is_opted_out(world, text["from"]) else []:
            arrive(world, keep_outbound(world, text["from"], body, direction="outbound-reply"))
        world.changed()
    return answer


def _form(world: World, text: Text) -> dict[str, str]:
    """Fill in the form of Twilio's request to an incoming message's webhook."""
    form = {
        "MessageSid": text["sid"], "SmsSid": text["sid"], "SmsMessageSid": text["sid"],
        "AccountSid": world.house.twilio["account_sid"], "From": text["from"], "To": text["to"],
        "Body": text["body"], "NumMedia": "0", "NumSegments": str(segments(text["body"])),
        "SmsStatus": "received", "ApiVersion": "2010-04-01",
    }  # fmt: skip
    for name in ("From", "To"):
        if country := _country(form[name]):
            form[f"{name}Country"] = country
    if text["opt_out_type"]:
        form["OptOutType"] = text["opt_out_type"]
    return form


def _signed(world: World, url: str, form: dict[str, str], sign: bool | str) -> str | None:
    if sign is False:
        return None
    token = world.house.twilio["auth_token"] if sign is True else secrets.token_hex(16)
    return signature(token, url, form)


def _outcome(answer: Answer) -> str:
    if answer.is_good:
        return "taken"
    return "silent" if answer.status is None else "refused"


def _country(number: str) -> str | None:
    """Return the country of a number in E.164, None for anything else."""
    try:
        parsed = phonenumbers.parse(number, None)
    except phonenumbers.NumberParseException:
        return None
    if phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164) != number:
        return None
    return phonenumbers.region_code_for_country_code(parsed.country_code or 0)
