"""Twilio's list of messages: both directions, filters, and pages as its own SDK walks them."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import requests
from twilio.http import HttpClient
from twilio.http.response import Response
from twilio.rest import Client

from tests.simulator.twilio_api import FROM, SID, TOKEN, address, fetched, listed, page, sent
from tests.support.simulator import HOST_PHONE, PHONE, STAFF_PHONE, Simulator
from tests.support.waiting import eventually


class Http(HttpClient):  # type: ignore[misc]
    """Leads the SDK to the simulator."""

    def __init__(self, url: str) -> None:
        super().__init__(None, is_async=False, timeout=10)
        self._url = url

    def request(self, method: str, uri: str, params: Any = None, *_: Any, **more: Any) -> Response:
        there = uri.replace("https://api.twilio.com", self._url)
        answer = requests.request(method, there, params=params, auth=more["auth"], timeout=10)
        return Response(answer.status_code, answer.text)


@pytest.fixture
def messages(simulator: Simulator) -> Any:
    return Client(SID, TOKEN, http_client=Http(simulator.twilio_url)).messages


def has_arrived(simulator: Simulator, count: int) -> Callable[[], bool]:
    return lambda: len(simulator.inbox(PHONE)) == count


def test_list_has_both_directions_newest_first(simulator: Simulator) -> None:
    sent(simulator, Body="one")
    simulator.text("two")
    sent(simulator, To=STAFF_PHONE, Body="three")

    assert listed(simulator) == ["three", "two", "one"]


def test_filters_are_by_sender_and_receiver(simulator: Simulator) -> None:
    sent(simulator, Body="one")
    simulator.text("two")
    simulator.text("three", number=STAFF_PHONE)

    assert listed(simulator, To=PHONE) == ["one"]
    assert listed(simulator, To=FROM) == ["three", "two"]
    assert listed(simulator, To=FROM, From=HOST_PHONE) == ["two"]
    assert listed(simulator, From=FROM) == ["one"]


def test_inbound_text_is_received_and_looks_as_the_real_ones(simulator: Simulator) -> None:
    simulator.text("check 1234567890")

    [row] = page(simulator)["messages"]

    assert row["sid"].startswith("SM")
    assert len(row["sid"]) == 34
    assert (row["direction"], row["status"]) == ("inbound", "received")
    assert (row["from"], row["to"], row["body"]) == (HOST_PHONE, FROM, "check 1234567890")
    assert row["date_sent"] == row["date_created"]
    assert row["error_code"] is None
    assert fetched(simulator, row["sid"]).json() == row


def test_unknown_message_is_not_found(simulator: Simulator) -> None:
    missing = fetched(simulator, "SM" + "0" * 32)

    assert (missing.status_code, missing.json()["code"]) == (404, 20404)


def test_sdk_walks_all_pages(simulator: Simulator, messages: Any) -> None:
    for number in range(7):
        simulator.text(f"text {number}")

    found = messages.list(to=FROM, page_size=3)

    assert [one.body for one in found] == [f"text {number}" for number in range(6, -1, -1)]
    assert {(one.direction, one.status) for one in found} == {("inbound", "received")}


def test_text_that_comes_in_between_shifts_no_page(simulator: Simulator, messages: Any) -> None:
    for number in range(4):
        simulator.text(f"text {number}")
    first = messages.page(to=FROM, page_size=2)
    simulator.text("text 4")

    second = first.next_page()

    assert [one.body for one in first] == ["text 3", "text 2"]
    assert [one.body for one in second] == ["text 1", "text 0"]
    assert second.next_page() is None


def test_next_page_is_told_by_path_and_keeps_the_filters(simulator: Simulator) -> None:
    for number in (HOST_PHONE, STAFF_PHONE, HOST_PHONE):
        simulator.text("hello", number=number)

    told = page(simulator, From=HOST_PHONE, PageSize="1")["next_page_uri"]

    assert told.startswith(f"/2010-04-01/Accounts/{SID}/Messages.json?From=%2B447700900123&")
    following = requests.get(simulator.twilio_url + told, auth=(SID, TOKEN), timeout=10).json()
    assert [row["from"] for row in following["messages"]] == [HOST_PHONE]
    assert following["next_page_uri"] is None


def test_list_of_nothing_is_one_empty_page(simulator: Simulator, messages: Any) -> None:
    assert messages.list() == []
    assert page(simulator)["next_page_uri"] is None


@pytest.mark.parametrize(
    ("days", "after", "before"), [(-1, True, False), (0, True, True), (1, False, True)]
)
def test_day_filters_are_inclusive(
    simulator: Simulator, days: int, after: bool, before: bool
) -> None:
    simulator.text("one")
    day = (datetime.now(UTC) + timedelta(days=days)).date().isoformat()

    assert bool(listed(simulator, **{"DateSent>": day})) == after
    assert bool(listed(simulator, **{"DateSent<": day})) == before
    assert bool(listed(simulator, DateSent=day)) == (days == 0)


def test_sdk_asks_for_what_was_sent_since_an_instant(simulator: Simulator, messages: Any) -> None:
    simulator.text("one")
    now = datetime.now(UTC)

    since = messages.list(to=FROM, date_sent_after=now - timedelta(minutes=1))
    later = messages.list(to=FROM, date_sent_after=now + timedelta(minutes=1))

    assert [one.body for one in since] == ["one"]
    assert later == []


def test_text_still_in_the_queue_has_no_date_to_be_found_by(simulator: Simulator) -> None:
    sent(simulator, Body="one")
    [row] = page(simulator)["messages"]
    found = listed(simulator, **{"DateSent>": "2020-01-01"})

    eventually(has_arrived(simulator, 1))

    assert (row["status"], row["date_sent"], found) == ("queued", None, [])
    assert listed(simulator, **{"DateSent>": "2020-01-01"}) == ["one"]


@pytest.mark.parametrize("wanted", [{"DateSent>": "yesterday"}, {"PageSize": "many"}])
def test_filter_that_cannot_be_read_is_refused(
    simulator: Simulator, wanted: dict[str, str]
) -> None:
    refused = requests.get(address(simulator), params=wanted, auth=(SID, TOKEN), timeout=10)

    assert refused.status_code == 400


@pytest.mark.parametrize("kind", ["down", "cut_after"])
def test_service_that_is_down_lists_nothing(simulator: Simulator, kind: str) -> None:
    simulator.text("one")
    sid = page(simulator)["messages"][0]["sid"]
    simulator.fault(kind, service="twilio")

    for look in (lambda: listed(simulator), lambda: fetched(simulator, sid)):
        with pytest.raises(requests.ConnectionError):
            look()


def test_fault_of_one_method_leaves_the_other_alone(simulator: Simulator) -> None:
    simulator.fault("errcode", service="twilio", method="GET", errcode=20429)

    assert sent(simulator, Body="one").ok
    with pytest.raises(AssertionError, match="20429"):
        listed(simulator)
