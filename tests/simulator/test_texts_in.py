"""Texts typed on a phone: how Twilio posts them to the app, and what it does when that fails."""

import re

import pytest
import requests
from twilio.request_validator import RequestValidator

from tests.ports.loopback import closed_port
from tests.simulator.twilio_api import FROM, SID, TOKEN, listed, sent
from tests.simulator.webhook import TWIML, Webhook
from tests.support.simulator import HOST_PHONE, PHONE, Simulator


@pytest.fixture(autouse=True)
def _posts_to_the_webhook(simulator: Simulator, webhook: Webhook) -> None:
    simulator.webhook(webhook.url)


def test_form_is_that_of_an_incoming_message(simulator: Simulator, webhook: Webhook) -> None:
    assert simulator.text("1234567890: 1-2\n1234567890: 2-2 ☂") == 200

    [form] = webhook.forms()
    sid = form.pop("MessageSid")
    assert re.fullmatch("SM[0-9a-f]{32}", sid)
    assert form == {
        "SmsSid": sid,
        "SmsMessageSid": sid,
        "AccountSid": SID,
        "From": HOST_PHONE,
        "To": FROM,
        "Body": "1234567890: 1-2\n1234567890: 2-2 ☂",
        "NumMedia": "0",
        "NumSegments": "1",
        "SmsStatus": "received",
        "ApiVersion": "2010-04-01",
        "FromCountry": "GB",
        "ToCountry": "GB",
    }


def test_post_is_signed_over_address_query_and_form(simulator: Simulator, webhook: Webhook) -> None:
    simulator.text("Ærø & co = ñ")

    heard = webhook.heard.get_nowait()
    assert RequestValidator(TOKEN).validate(webhook.url, heard.form, heard.signature)
    assert "I-Twilio-Idempotency-Token" in heard.headers


@pytest.mark.parametrize("sign", [False, "wrong"])
def test_post_is_unsigned_or_wrongly_signed_when_told(
    simulator: Simulator, webhook: Webhook, sign: bool | str
) -> None:
    simulator.text("OK", sign=sign)

    heard = webhook.heard.get_nowait()
    assert (heard.signature is None) == (sign is False)
    assert not heard.signature or not RequestValidator(TOKEN).validate(
        webhook.url, heard.form, heard.signature
    )


def test_fields_may_be_added_and_changed_and_are_signed(
    simulator: Simulator, webhook: Webhook
) -> None:
    simulator.text("OK", fields={"FutureField": 1, "AccountSid": "AC2"})

    heard = webhook.heard.get_nowait()
    assert (heard.form["FutureField"], heard.form["AccountSid"]) == ("1", "AC2")
    assert RequestValidator(TOKEN).validate(webhook.url, heard.form, heard.signature)


def test_answers_message_is_texted_back(simulator: Simulator, webhook: Webhook) -> None:
    webhook.replies("Rooms 1 &amp; 2: <Body>done</Body>", "And more.")

    simulator.text("OK")

    assert simulator.inbox() == ["Rooms 1 & 2: done", "And more."]
    assert listed(simulator, To=HOST_PHONE) == ["And more.", "Rooms 1 & 2: done"]


@pytest.mark.parametrize("body", ["", TWIML.format("")])
def test_empty_answer_is_texted_to_nobody(
    simulator: Simulator, webhook: Webhook, body: str
) -> None:
    webhook.answers(body)

    assert simulator.text("OK") == 200
    assert simulator.inbox() == []


def test_twilio_sends_ten_messages_at_most_and_none_that_is_empty_or_too_long(
    simulator: Simulator, webhook: Webhook
) -> None:
    webhook.replies("", "x" * 1601, *map(str, range(10)))

    simulator.text("OK")

    assert simulator.inbox() == list("01234567")


@pytest.mark.parametrize(
    ("body", "media_type"),
    [
        ("<html><p>It works</p></html>", "text/html"),
        (TWIML.format("<Message>OK</Message>"), "text/html"),
        ("<Response><Message>OK</Response>", "text/xml"),
        ("<Antwort><Message>OK</Message></Antwort>", "text/xml"),
    ],
)
def test_answer_that_is_no_twiml_is_silence_on_the_phone(
    simulator: Simulator, webhook: Webhook, body: str, media_type: str
) -> None:
    webhook.answers(body, media_type=media_type)

    assert simulator.text("OK") == 200
    assert simulator.inbox() == []


@pytest.mark.parametrize("status", [302, 403, 429, 500])
def test_text_that_is_refused_is_received_all_the_same_and_never_posted_again(
    simulator: Simulator, webhook: Webhook, status: int
) -> None:
    webhook.answers(TWIML.format("<Message>No</Message>"), status)

    assert simulator.text("OK") == status
    assert len(webhook.forms()) == 1
    assert listed(simulator, To=FROM) == ["OK"]
    assert simulator.inbox() == []


def test_text_is_received_where_no_answer_comes(simulator: Simulator, webhook: Webhook) -> None:
    webhook.cuts()
    assert simulator.text("one") is None
    simulator.webhook(f"http://127.0.0.1:{closed_port()}/sms/inbound")
    assert simulator.text("two") is None
    simulator.webhook("")
    assert simulator.text("three") is None

    assert listed(simulator, To=FROM) == ["three", "two", "one"]
    assert {text["status"] for text in simulator.state()["texts"]} == {"received"}


def test_answer_that_takes_too_long_is_none(simulator: Simulator, webhook: Webhook) -> None:
    webhook.hangs()
    simulator.webhook(webhook.url, seconds=0.2)

    assert simulator.text("OK") is None
    assert listed(simulator, To=FROM) == ["OK"]


def test_same_text_is_posted_as_often_as_told_and_kept_once(
    simulator: Simulator, webhook: Webhook
) -> None:
    simulator.text("OK", times=3)

    assert len({form["MessageSid"] for form in webhook.forms()}) == 1
    assert listed(simulator, To=FROM) == ["OK"]


def test_earlier_text_is_posted_again_by_its_sid(simulator: Simulator, webhook: Webhook) -> None:
    sid = "SM" + "7" * 32
    simulator.text("OK", sid=sid)
    simulator.text("OK", sid=sid)

    assert [form["MessageSid"] for form in webhook.forms()] == [sid, sid]
    assert listed(simulator, To=FROM) == ["OK"]


def test_each_answer_is_told(simulator: Simulator, webhook: Webhook) -> None:
    webhook.answers("busy", 503)
    told = {"from": HOST_PHONE, "body": "OK", "times": 2}

    answer = requests.post(f"{simulator.url}/control/texts", json=told, timeout=10).json()

    assert (answer["status"], answer["body"]) == (503, "busy")
    assert answer["answers"] == [{"status": 503, "body": "busy"}] * 2


@pytest.mark.parametrize(
    "told",
    [
        {"from": "07700 900123"},
        {"from": "nobody"},
        {"from": 7},
        {"times": 0},
        {"times": "often"},
        {"sign": "maybe"},
        {"body": "x" * 1601},
    ],
)
def test_text_that_cannot_be_is_refused(
    simulator: Simulator, webhook: Webhook, told: dict[str, object]
) -> None:
    asked = {"from": HOST_PHONE, "body": "OK", **told}

    refused = requests.post(f"{simulator.url}/control/texts", json=asked, timeout=10)

    assert refused.status_code == 422
    assert webhook.forms() == []


# Words of the carriers


@pytest.mark.parametrize(
    "word", ["STOP", "stop ", "StopAll", "UNSUBSCRIBE", "cancel", "END", "Quit", "REVOKE", "OPTOUT"]
)
def test_stop_word_is_answered_by_twilio_passed_on_and_silences_the_phone(
    simulator: Simulator, webhook: Webhook, word: str
) -> None:
    webhook.replies("We heard you.")

    simulator.text(word)

    [form] = webhook.forms()
    assert (form["Body"], form["OptOutType"]) == (word, "STOP")
    [reply] = simulator.inbox()
    assert reply.startswith("You have successfully been unsubscribed.")
    refused = sent(simulator, To=HOST_PHONE)
    assert (refused.status_code, refused.json()["code"]) == (400, 21610)
    assert sent(simulator, To=PHONE).ok


@pytest.mark.parametrize("word", ["START", "yes", "Unstop"])
def test_start_word_takes_it_back(simulator: Simulator, webhook: Webhook, word: str) -> None:
    simulator.text("STOP")
    simulator.text(word)

    assert webhook.forms()[1]["OptOutType"] == "START"
    assert simulator.inbox()[1].startswith("You have successfully been re-subscribed")
    assert sent(simulator, To=HOST_PHONE).ok


@pytest.mark.parametrize("body", ["STOP PLEASE", "cancel 1234567890", "STOP.", "START", "YES"])
def test_other_texts_are_no_words_of_the_carrier(
    simulator: Simulator, webhook: Webhook, body: str
) -> None:
    simulator.text(body)

    assert "OptOutType" not in webhook.forms()[0]
    assert simulator.inbox() == []
    assert sent(simulator, To=HOST_PHONE).ok


def test_help_is_answered_by_twilio_as_well(simulator: Simulator, webhook: Webhook) -> None:
    simulator.text("help")

    assert webhook.forms()[0]["OptOutType"] == "HELP"
    assert simulator.inbox() == ["Reply STOP to unsubscribe. Msg&Data Rates May Apply."]


def test_phone_opts_out_where_there_is_no_webhook(simulator: Simulator) -> None:
    simulator.webhook("")
    simulator.text("STOP")

    assert sent(simulator, To=HOST_PHONE).json()["code"] == 21610
