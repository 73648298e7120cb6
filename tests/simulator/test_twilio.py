"""The simulated text service: accounts, magic numbers, signed callbacks, its list."""

from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from queue import Queue
from threading import Thread
from urllib.parse import parse_qsl

import pytest
import requests
from twilio.request_validator import RequestValidator

from tests.ports.loopback import closed_port
from tests.support.simulator import PHONE, Simulator
from tests.support.waiting import eventually

SID, TOKEN, FROM = "AC00000000000000000000000000000001", "demo-twilio-token", "+447700900100"
OTHER = "+447700900418"
Callback = tuple[dict[str, str], str]


class Listener:
    """Hears status callbacks, as (form, signature)."""

    def __init__(self) -> None:
        self.heard: Queue[Callback] = Queue()
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"])).decode()
                outer.heard.put((dict(parse_qsl(body)), self.headers["X-Twilio-Signature"]))
                self.send_response(204)
                self.end_headers()

            def log_message(self, format: str, *args: object) -> None:
                pass

        self._http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._http.server_port}/texts/status?of=17"
        serve = {"poll_interval": 0.01}
        Thread(target=self._http.serve_forever, kwargs=serve, daemon=True).start()

    def close(self) -> None:
        self._http.shutdown()
        self._http.server_close()


@pytest.fixture
def listener() -> Iterator[Listener]:
    one = Listener()
    yield one
    one.close()


def address(simulator: Simulator, sid: str = SID) -> str:
    return f"{simulator.twilio_url}/2010-04-01/Accounts/{sid}/Messages.json"


def sent(simulator: Simulator, **changed: str) -> requests.Response:
    form = {"To": PHONE, "From": FROM, "Body": "Your code is ready.", **changed}
    return requests.post(address(simulator), data=form, auth=(SID, TOKEN), timeout=10)


def listed(simulator: Simulator, **wanted: str) -> list[str]:
    answer = requests.get(address(simulator), params=wanted, auth=(SID, TOKEN), timeout=10)
    return [row["body"] for row in answer.json()["messages"]]


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


@pytest.mark.parametrize(("body", "code"), [("", 21602), ("x" * 1601, 21617)])
def test_text_of_nothing_or_too_much_is_refused(simulator: Simulator, body: str, code: int) -> None:
    assert sent(simulator, Body=body).json()["code"] == code


def test_status_callbacks_arrive_in_order_and_signed(
    simulator: Simulator, listener: Listener
) -> None:
    sid = sent(simulator, StatusCallback=listener.url).json()["sid"]

    heard = [listener.heard.get(timeout=10) for _ in range(2)]

    assert [form["MessageStatus"] for form, _signature in heard] == ["sent", "delivered"]
    assert {(form["MessageSid"], form["To"]) for form, _signature in heard} == {(sid, PHONE)}
    real = RequestValidator(TOKEN)
    assert all(real.validate(listener.url, form, signature) for form, signature in heard)


def test_text_travels_on_when_nobody_hears_its_callbacks(simulator: Simulator) -> None:
    sent(simulator, StatusCallback=f"http://127.0.0.1:{closed_port()}/")

    eventually(lambda: simulator.state()["texts"][0]["status"] == "delivered")


def test_list_is_of_one_number_newest_first(simulator: Simulator) -> None:
    for to, body in ((PHONE, "one"), (OTHER, "two"), (PHONE, "three")):
        sent(simulator, To=to, Body=body)

    assert listed(simulator, To=PHONE) == ["three", "one"]
    assert listed(simulator) == ["three", "two", "one"]


@pytest.mark.parametrize(("since", "found"), [("2020-01-01", ["one"]), ("2120-01-01", [])])
def test_list_begins_with_the_day_asked_for(
    simulator: Simulator, since: str, found: list[str]
) -> None:
    sent(simulator, Body="one")

    assert listed(simulator, **{"DateSent>": since}) == found


def test_lost_answer_leaves_a_text_that_the_list_tells_of(simulator: Simulator) -> None:
    simulator.fault("cut_after", service="twilio", times=1)

    with pytest.raises(requests.ConnectionError):
        sent(simulator, Body="one")

    assert listed(simulator, To=PHONE) == ["one"]


def test_refused_by_a_told_code_is_not_sent(simulator: Simulator) -> None:
    simulator.fault("errcode", service="twilio", errcode=20429, times=1)

    assert sent(simulator).json()["code"] == 20429
    assert simulator.texts() == []
