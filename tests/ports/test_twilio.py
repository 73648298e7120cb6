"""Texts by Twilio: what is sent, what its answers mean, and what is found again."""

import logging
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from app.ports.sms import AccountFault, OptedOut, SentText, Text
from app.ports.sms.twilio import TwilioSms
from tests.ports.faults import fault_of
from tests.ports.loopback import CUT, HANG, Loopback, Reply, closed_port, says
from tests.support.simulator import Simulator

ACCOUNT = "AC" + "0" * 32
MESSAGES = f"/2010-04-01/Accounts/{ACCOUNT}/Messages.json"
OURS, GUEST = "+447700900100", "+447700900123"
TEXT = Text(GUEST, "Your stay: https://stay.example.com/stay/abc", "https://stay.example.com/sms")
NOW = datetime(2026, 11, 23, 14, tzinfo=UTC)
SID = "SM" + "1" * 32


@pytest.fixture
def service() -> Iterator[Loopback]:
    one = Loopback()
    yield one
    one.close()


def client(url: str, sender: str = OURS, timeout: float = 5) -> TwilioSms:
    return TwilioSms(ACCOUNT, "an-auth-token", sender, url, timeout)


def message(**changes: object) -> dict[str, object]:
    return {
        "sid": SID,
        "status": "queued",
        "to": GUEST,
        "from": OURS,
        "body": TEXT.body,
        "direction": "outbound-api",
        "date_created": "Mon, 23 Nov 2026 14:00:05 +0000",
        "date_sent": None,
        **changes,
    }


def listed(*messages: object) -> Reply:
    return says(messages=list(messages), page=0, page_size=50, next_page_uri=None)


def refusal(status: int, code: int | None) -> Reply:
    what = f"The 'To' number {GUEST} is not one that this works for."
    return says(status, **({"code": code} if code else {}), message=what, status=status)


# Sending


def test_text_goes_from_our_number_and_asks_to_be_told_of_its_delivery(service: Loopback) -> None:
    service.on(MESSAGES, says(201, **message()))

    assert client(service.url).send(TEXT) == SentText(SID, "queued")
    assert service.forms(MESSAGES) == [
        {"To": GUEST, "From": OURS, "Body": TEXT.body, "StatusCallback": TEXT.status_url}
    ]


def test_sender_may_be_a_messaging_service(service: Loopback) -> None:
    service.on(MESSAGES, says(201, **message(status="accepted")))

    sent = client(service.url, "MG" + "2" * 32).send(Text(GUEST, "Hello"))

    assert sent.status == "accepted"
    assert service.forms(MESSAGES) == [
        {"To": GUEST, "MessagingServiceSid": "MG" + "2" * 32, "Body": "Hello"}
    ]


def test_address_may_have_a_path(service: Loopback) -> None:
    service.on("/twilio" + MESSAGES, says(201, **message()))

    assert client(service.url + "/twilio/").send(TEXT).sid == SID


def test_threads_get_their_own_answers(service: Loopback) -> None:
    service.on(MESSAGES, lambda form: says(201, **message(sid="SM" + form["To"])))
    sms = client(service.url)
    numbers = [f"+4477009001{n:02}" for n in range(64)]

    with ThreadPoolExecutor(8) as pool:
        sent = list(pool.map(lambda number: sms.send(Text(number, "Hello")).sid, numbers))

    assert sent == [f"SM{number}" for number in numbers]


@pytest.mark.parametrize(
    ("status", "code", "permanent", "retry_after"),
    [
        (401, 20003, False, timedelta(minutes=15)),
        (401, None, False, timedelta(minutes=15)),
        (403, None, False, None),
        (404, 20404, False, timedelta(minutes=15)),
        (404, None, False, timedelta(minutes=15)),
        (400, None, False, None),
        (429, 20429, False, timedelta(seconds=30)),
        (429, None, False, timedelta(seconds=30)),
        (400, 21211, True, None),
        (400, 21408, True, None),
        (400, 21212, False, timedelta(minutes=15)),
        (400, 21606, False, timedelta(minutes=15)),
        (400, 21660, False, timedelta(minutes=15)),
        (400, 21703, False, timedelta(minutes=15)),
        (400, 21608, True, None),
        (400, 21610, True, None),
        (400, 21611, False, timedelta(minutes=10)),
        (400, 21612, True, None),
        (400, 21614, True, None),
        (400, 21617, True, None),
        (400, 21635, True, None),
        (400, 29999, True, None),
        (302, None, False, None),
    ],
)
def test_refusal_is_clear_and_never_tells_the_number(
    service: Loopback, status: int, code: int | None, permanent: bool, retry_after: timedelta | None
) -> None:
    service.on(MESSAGES, refusal(status, code))

    fault = fault_of(lambda: client(service.url).send(TEXT))

    assert not fault.unclear
    assert (fault.permanent, fault.retry_after) == (permanent, retry_after)
    assert GUEST[1:] not in fault.reason
    assert str(code or status) in fault.reason


@pytest.mark.parametrize("status", [400, 403, 404, 407, 451])
def test_refusal_by_something_on_the_way_is_not_taken_for_twilios(
    service: Loopback, status: int
) -> None:
    service.on(MESSAGES, Reply(b"<html>Blocked</html>", status, content_type="text/html"))

    fault = fault_of(lambda: client(service.url).send(TEXT))

    assert isinstance(fault, AccountFault)
    assert (fault.permanent, fault.unclear) == (False, False)
    assert "TWILIO_API_URL" in fault.reason


@pytest.mark.parametrize(
    "answer",
    [
        HANG,
        CUT,
        Reply(b"<html>Request Timeout</html>", 408),
        refusal(500, 20500),
        refusal(503, None),
        Reply(b"<html>Bad gateway</html>", 502),
        Reply(b"<html>Wi-Fi</html>"),
        Reply(b"[]", 201),
        Reply(b"null", 201),
        says(201, sid=None),
        says(201, nothing="known"),
    ],
)
def test_send_without_a_proper_answer_is_unclear_and_was_tried_once(
    service: Loopback, answer: Reply
) -> None:
    service.on(MESSAGES, answer)
    sms = client(service.url, timeout=0.3 if answer.hang else 5)

    fault = fault_of(lambda: sms.send(TEXT))

    assert fault.unclear
    assert not fault.permanent
    assert len(service.asked) == 1


HEAD = b"HTTP/1.1 201 CREATED\r\nContent-Type: application/json\r\n"


@pytest.mark.parametrize(
    "begun",
    [HEAD + b"X-Slow:", HEAD + b"Content-Length: 900\r\n\r\n", HEAD + b"\r\n"],
)
def test_answer_that_drips_ends_at_the_deadline_and_is_unclear(
    service: Loopback, begun: bytes
) -> None:
    service.on(MESSAGES, Reply(begun, drip=True))

    fault = fault_of(lambda: client(service.url, timeout=0.5).send(TEXT))

    assert fault.unclear
    assert "in time" in fault.reason


@pytest.mark.parametrize(
    ("told", "waits"),
    [
        ("7", timedelta(seconds=7)),
        ("86400", timedelta(minutes=15)),
        ("soon", timedelta(seconds=30)),
        ("-5", timedelta(seconds=30)),
        (None, timedelta(seconds=30)),
    ],
)
def test_pause_that_twilio_asks_for_is_kept_within_reason(
    service: Loopback, told: str | None, waits: timedelta
) -> None:
    busy = refusal(429, 20429)
    service.on(MESSAGES, replace(busy, retry_after=told))

    fault = fault_of(lambda: client(service.url).send(TEXT))

    assert (fault.retry_after, fault.permanent, fault.unclear) == (waits, False, False)
    assert "20429" in fault.reason


def test_text_that_never_left_is_not_unclear() -> None:
    fault = fault_of(lambda: client(f"http://127.0.0.1:{closed_port()}").send(TEXT))

    assert not fault.unclear
    assert not fault.permanent


def test_number_body_and_key_are_in_no_log(
    service: Loopback, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    service.on(MESSAGES, refusal(400, 21211), listed())
    sms = client(service.url)

    fault_of(lambda: sms.send(TEXT))
    sms.find(TEXT, NOW)

    told = caplog.text + repr(TEXT)
    assert all(secret not in told for secret in (GUEST[1:], "stay/abc", "an-auth-token"))


# Finding again


def test_text_handed_over_since_then_is_found(service: Loopback) -> None:
    service.on(MESSAGES, listed(message()))

    assert client(service.url).find(TEXT, NOW) == SentText(SID, "queued")
    assert service.forms(MESSAGES)[0]["To"] == GUEST


@pytest.mark.parametrize(
    "changes",
    [
        {"body": "Another text"},
        {"body": None},
        {"date_created": "Mon, 23 Nov 2026 13:59:59 +0000"},
        {"date_created": None},
        {"date_created": "not a date"},
        {"direction": "inbound"},
        {"status": "failed"},
        {"status": "canceled"},
    ],
)
def test_other_text_is_not_taken_for_it(service: Loopback, changes: dict[str, object]) -> None:
    service.on(MESSAGES, listed(message(**changes)))

    assert client(service.url).find(TEXT, NOW) is None


def test_text_known_to_be_another_is_not_taken_for_it(service: Loopback) -> None:
    service.on(MESSAGES, listed(message(), message(sid="SM" + "2" * 32)))
    sms = client(service.url)

    assert sms.find(TEXT, NOW, {SID}) == SentText("SM" + "2" * 32, "queued")
    assert sms.find(TEXT, NOW, {SID, "SM" + "2" * 32}) is None


def test_text_is_found_behind_a_line_that_a_trial_account_adds(service: Loopback) -> None:
    body = f"Sent from your Twilio trial account - {TEXT.body}"
    service.on(MESSAGES, listed(message(body=body)))

    assert client(service.url).find(TEXT, NOW) == SentText(SID, "queued")


def test_text_that_the_carrier_refused_had_gone_out(service: Loopback) -> None:
    service.on(MESSAGES, listed(message(status="undelivered")))

    assert client(service.url).find(TEXT, NOW) == SentText(SID, "undelivered")


def test_text_made_within_the_second_asked_about_is_found(service: Loopback) -> None:
    service.on(MESSAGES, listed(message()))

    since = NOW + timedelta(seconds=5, microseconds=900_000)

    assert client(service.url).find(TEXT, since) is not None


@pytest.mark.parametrize("answer", [HANG, CUT, refusal(500, None), Reply(b"[]"), says(messages=1)])
def test_looking_without_a_proper_answer_fails_but_is_not_unclear(
    service: Loopback, answer: Reply
) -> None:
    service.on(MESSAGES, answer)
    sms = client(service.url, timeout=0.3 if answer.hang else 5)

    assert not fault_of(lambda: sms.find(TEXT, NOW)).unclear


# In the simulated world, which knows the vendor's magic numbers for tests


def in_world(simulator: Simulator, sender: str = OURS, timeout: float = 10) -> TwilioSms:
    env = simulator.env()
    account, token = env["TWILIO_ACCOUNT_SID"], env["TWILIO_AUTH_TOKEN"]
    return TwilioSms(account, token, sender, env["TWILIO_API_URL"], timeout)


@pytest.mark.parametrize(
    ("number", "code"),
    [
        ("+15005550001", 21211),
        ("+15005550002", 21612),
        ("+15005550003", 21408),
        ("+15005550004", 21610),
        ("+15005550009", 21614),
    ],
)
def test_number_that_cannot_be_reached_is_refused_for_good(
    simulator: Simulator, number: str, code: int
) -> None:
    fault = fault_of(lambda: in_world(simulator).send(Text(number, "Hello")))

    assert (fault.permanent, fault.unclear) == (True, False)
    assert isinstance(fault, OptedOut) == (code == 21610)
    assert str(code) in fault.reason
    assert number not in fault.reason


@pytest.mark.parametrize(
    ("sender", "code", "for_a_person"),
    [("+15005550001", 21212, True), ("+15005550007", 21606, True), ("+15005550008", 21611, False)],
)
def test_sender_that_is_not_ours_needs_a_person_and_a_full_queue_needs_time(
    simulator: Simulator, sender: str, code: int, for_a_person: bool
) -> None:
    fault = fault_of(lambda: in_world(simulator, sender).send(Text(GUEST, "Hello")))

    assert (fault.permanent, fault.unclear) == (False, False)
    assert isinstance(fault, AccountFault) == for_a_person
    assert str(code) in fault.reason


def test_wrong_token_names_the_settings(simulator: Simulator) -> None:
    env = simulator.env()
    sms = TwilioSms(env["TWILIO_ACCOUNT_SID"], "wrong", OURS, env["TWILIO_API_URL"])

    fault = fault_of(lambda: sms.send(Text(GUEST, "Hello")))

    assert isinstance(fault, AccountFault)
    assert not fault.permanent
    assert "TWILIO_AUTH_TOKEN" in fault.reason


def test_text_reaches_its_phone_and_is_found_again(simulator: Simulator) -> None:
    text, began = Text(GUEST, "Ihre Türcodes: https://stay.example.com/stay/ä"), datetime.now(UTC)
    sms = in_world(simulator)

    sent = sms.send(text)

    assert simulator.texts(GUEST) == [text.body]
    assert sms.find(text, began) == sent
    assert sms.find(text, began + timedelta(minutes=1)) is None


@pytest.mark.parametrize(
    ("kind", "gone_out"),
    [
        ("cut_before", False),
        ("timeout_before", False),
        ("http_500", False),
        ("nonsense", False),
        ("cut_after", True),
        ("timeout_after", True),
        ("http_500_after", True),
    ],
)
def test_looking_tells_whether_a_text_without_an_answer_went_out(
    simulator: Simulator, kind: str, gone_out: bool
) -> None:
    text, began = Text(GUEST, "Your stay has changed."), datetime.now(UTC)
    simulator.fault(kind, service="twilio", times=1, seconds=0.8)
    impatient = in_world(simulator, timeout=0.4 if kind.startswith("timeout") else 10)

    fault = fault_of(lambda: impatient.send(text))
    found = in_world(simulator).find(text, began)

    assert fault.unclear
    assert (found is not None) == gone_out == (simulator.texts(GUEST) == [text.body])
