"""Texts to phones: accounts, magic numbers, what becomes of each, signed callbacks."""

import pytest
import requests
from twilio.request_validator import RequestValidator

from tests.ports.loopback import closed_port
from tests.simulator.twilio_api import ABSENT, FROM, SID, TOKEN, address, fetched, listed, sent
from tests.simulator.webhook import Webhook
from tests.support.simulator import PHONE, Simulator
from tests.support.waiting import eventually, pause


@pytest.mark.parametrize("auth", [None, (SID, "wrong"), ("AC2", TOKEN)])
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_without_the_accounts_token_nothing_is_done(
    simulator: Simulator, method: str, auth: tuple[str, str] | None
) -> None:
    form = {"To": PHONE, "From": FROM, "Body": "Hello"}

    refused = requests.request(method, address(simulator), data=form, auth=auth, timeout=10)

    assert (refused.status_code, refused.json()["code"]) == (401, 20003)
    assert simulator.texts() == []


def test_another_account_is_not_found(simulator: Simulator) -> None:
    refused = requests.get(address(simulator, "AC2"), auth=(SID, TOKEN), timeout=10)

    assert (refused.status_code, refused.json()["code"]) == (404, 20404)


def test_text_arrives_on_its_phone(simulator: Simulator) -> None:
    answer = sent(simulator, Body="Ihr Code für Zimmer 1 ☂")

    assert answer.status_code == 201
    assert answer.json()["status"] == "queued"
    assert answer.json()["sid"].startswith("SM")
    assert simulator.texts() == ["Ihr Code für Zimmer 1 ☂"]


@pytest.mark.parametrize(
    ("to", "code"),
    [
        ("+15005550001", 21211),
        ("+15005550002", 21612),
        ("+15005550003", 21408),
        ("+15005550004", 21610),
        ("+15005550009", 21614),
        ("07700 900417", 21211),
    ],
)
def test_number_that_cannot_be_texted_is_refused_with_its_code(
    simulator: Simulator, to: str, code: int
) -> None:
    refused = sent(simulator, To=to)

    assert (refused.status_code, refused.json()["code"]) == (400, code)
    assert simulator.texts(to) == []


@pytest.mark.parametrize(
    ("sender", "code"), [("+15005550001", 21212), ("+15005550007", 21606), ("+15005550008", 21611)]
)
def test_sender_that_cannot_text_is_refused_with_its_code(
    simulator: Simulator, sender: str, code: int
) -> None:
    refused = sent(simulator, From=sender)

    assert (refused.status_code, refused.json()["code"]) == (400, code)
    assert simulator.texts() == []


@pytest.mark.parametrize("sender", ["+447700900999", "Canal House", PHONE])
def test_only_the_houses_own_number_can_send(simulator: Simulator, sender: str) -> None:
    refused = sent(simulator, From=sender)

    assert (refused.status_code, refused.json()["code"]) == (400, 21606)
    assert simulator.texts() == []


def test_text_needs_a_sender(simulator: Simulator) -> None:
    assert sent(simulator, From=ABSENT).json()["code"] == 21603


def test_messaging_service_sends_by_the_houses_number(simulator: Simulator) -> None:
    service = "MG" + "0" * 32

    accepted = sent(simulator, From=ABSENT, MessagingServiceSid=service).json()

    assert accepted["status"] == "accepted"
    assert accepted["messaging_service_sid"] == service
    assert accepted["from"] == FROM
    eventually(lambda: simulator.inbox(PHONE))


@pytest.mark.parametrize(("body", "code"), [("", 21602), ("x" * 1601, 21617)])
def test_text_of_nothing_or_too_much_is_refused(simulator: Simulator, body: str, code: int) -> None:
    assert sent(simulator, Body=body).json()["code"] == code


def test_status_callbacks_arrive_in_order_and_signed(
    simulator: Simulator, webhook: Webhook
) -> None:
    sid = sent(simulator, StatusCallback=webhook.url).json()["sid"]

    heard = [webhook.heard.get(timeout=10) for _ in range(2)]

    assert [one.form["MessageStatus"] for one in heard] == ["sent", "delivered"]
    assert {(one.form["MessageSid"], one.form["To"]) for one in heard} == {(sid, PHONE)}
    real = RequestValidator(TOKEN)
    assert all(real.validate(webhook.url, one.form, one.signature) for one in heard)


@pytest.mark.parametrize(
    ("told", "statuses", "error"),
    [
        ({"outcome": "delivered"}, ["sent", "delivered"], None),
        ({"outcome": "undelivered"}, ["sent", "undelivered"], "30003"),
        ({"outcome": "undelivered", "error_code": 30006}, ["sent", "undelivered"], "30006"),
        ({"outcome": "failed", "error_code": 30007}, ["failed"], "30007"),
    ],
)
def test_text_ends_as_its_phone_was_told(
    simulator: Simulator,
    webhook: Webhook,
    told: dict[str, object],
    statuses: list[str],
    error: str | None,
) -> None:
    simulator.phone(PHONE, **told)
    sid = sent(simulator, StatusCallback=webhook.url).json()["sid"]

    heard = [webhook.heard.get(timeout=10).form for _ in statuses]

    assert [form["MessageStatus"] for form in heard] == statuses
    assert heard[-1].get("ErrorCode") == error
    row = fetched(simulator, sid).json()
    assert row["status"] == statuses[-1]
    assert row["error_code"] == (None if error is None else int(error))
    assert (row["date_sent"] is None) == (statuses == ["failed"])
    assert simulator.inbox(PHONE) == (["Your code is ready."] if error is None else [])


def test_silent_phone_gets_the_text_and_nobody_hears_of_it(
    simulator: Simulator, webhook: Webhook
) -> None:
    simulator.phone(PHONE, outcome="silent")
    sent(simulator, StatusCallback=webhook.url)

    eventually(lambda: simulator.inbox(PHONE))
    pause(1)

    assert [form["MessageStatus"] for form in webhook.forms()] == ["sent"]


@pytest.mark.parametrize(
    "told", [{"outcome": "eaten"}, {"colour": "red"}], ids=["outcome", "field"]
)
def test_phone_cannot_be_told_what_cannot_be(simulator: Simulator, told: dict[str, str]) -> None:
    with pytest.raises(AssertionError, match=r"delivered|outcome"):
        simulator.phone(PHONE, **told)


def test_text_travels_on_when_nobody_hears_its_callbacks(simulator: Simulator) -> None:
    sent(simulator, StatusCallback=f"http://127.0.0.1:{closed_port()}/")

    eventually(lambda: simulator.state()["texts"][0]["status"] == "delivered")


def test_lost_answer_leaves_a_text_that_the_list_tells_of(simulator: Simulator) -> None:
    simulator.fault("cut_after", service="twilio", times=1)

    with pytest.raises(requests.ConnectionError):
        sent(simulator, Body="one")

    assert listed(simulator, To=PHONE) == ["one"]


def test_refused_by_a_told_code_is_not_sent(simulator: Simulator) -> None:
    simulator.fault("errcode", service="twilio", errcode=20429, times=1)

    assert sent(simulator).json()["code"] == 20429
    assert simulator.texts() == []


@pytest.mark.parametrize(
    ("body", "count"),
    [
        ("x" * 160, 1),
        ("x" * 161, 2),
        ("[" * 80 + "x", 2),
        ("é" * 160, 1),
        ("ç" * 70, 1),
        ("ç" * 71, 2),
        ("😀" * 36, 2),
    ],
)
def test_segments_are_counted_as_the_network_counts(
    simulator: Simulator, body: str, count: int
) -> None:
    assert sent(simulator, Body=body).json()["num_segments"] == str(count)
