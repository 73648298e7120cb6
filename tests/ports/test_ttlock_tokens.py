"""TTLock's tokens: got once, renewed by one, and never a reason to repeat what was done."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from threading import Barrier

import pytest

from app.ports.locks.ttlock_tokens import Token
from tests.ports.faults import fault_of
from tests.ports.loopback import CUT, HANG, Loopback, Reply, says
from tests.ports.tokens import MemoryTokens
from tests.ports.ttlock_world import (
    CODES,
    DONE,
    EXPIRED,
    GOOD,
    NEW_TOKEN,
    NOW,
    ORDER,
    TOKEN,
    UNLOCK,
    UNTIL,
    client,
)


def test_first_call_logs_in_with_the_password_as_md5_and_no_grant_type(cloud: Loopback) -> None:
    cloud.on(UNLOCK, DONE)
    tokens = MemoryTokens()

    client(cloud.url, tokens).unlock("1002", UNTIL)

    assert cloud.forms(TOKEN) == [
        {
            "clientId": "the-client",
            "clientSecret": "the-secret",
            "username": "owner@example.com",
            "password": "4ece57a61323b52ccffdbef021956754",
        }
    ]
    assert tokens.token == Token("a-new-token", "a-new-refresh", NOW + timedelta(days=90))


def test_eight_threads_with_an_expired_token_refresh_it_once(cloud: Loopback) -> None:
    cloud.on(CODES, lambda form: says(list=[], total=0, pages=0))
    tokens = MemoryTokens(EXPIRED)
    lock = client(cloud.url, tokens)
    together = Barrier(8)

    def look(_: int) -> object:
        together.wait(10)
        return lock.list_codes("1002")

    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(look, range(8))) == [[]] * 8

    assert [form["grant_type"] for form in cloud.forms(TOKEN)] == ["refresh_token"]
    assert {form["accessToken"] for form in cloud.forms(CODES)} == {"a-new-token"}


def test_eight_threads_refused_at_once_refresh_once(cloud: Loopback) -> None:
    together = Barrier(8)

    def only_the_new(form: dict[str, str]) -> Reply:
        if form["accessToken"] == "a-new-token":
            return says(list=[])
        together.wait(10)
        return says(errcode=10004)

    cloud.on(CODES, only_the_new)
    tokens = MemoryTokens(GOOD)
    lock = client(cloud.url, tokens)

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda _: lock.list_codes("1002"), range(8)))

    assert len(cloud.forms(TOKEN)) == len(tokens.saved) == 1


@pytest.mark.parametrize("errcode", [10003, 10004])
def test_refused_token_is_refreshed_and_the_command_sent_anew(
    cloud: Loopback, errcode: int
) -> None:
    cloud.on(UNLOCK, says(errcode=errcode), DONE)

    client(cloud.url).unlock("1002", UNTIL)

    assert [form["accessToken"] for form in cloud.forms(UNLOCK)] == ["a-good-token", "a-new-token"]


def test_token_that_another_process_renewed_is_taken_over(cloud: Loopback) -> None:
    tokens = MemoryTokens(GOOD)

    def renewed_elsewhere(_: dict[str, str]) -> Reply:
        tokens.token = replace(GOOD, access="from-elsewhere")
        return says(errcode=10004)

    cloud.on(UNLOCK, renewed_elsewhere, DONE)

    client(cloud.url, tokens).unlock("1002", UNTIL)

    assert cloud.forms(TOKEN) == []
    assert cloud.forms(UNLOCK)[1]["accessToken"] == "from-elsewhere"


@pytest.mark.parametrize("errcode", [10003, 10004, 10011])
def test_refused_refresh_is_followed_by_a_log_in(cloud: Loopback, errcode: int) -> None:
    cloud.on(TOKEN, says(errcode=errcode), NEW_TOKEN)
    cloud.on(UNLOCK, DONE)

    client(cloud.url, MemoryTokens(EXPIRED)).unlock("1002", UNTIL)

    assert ["grant_type" in form for form in cloud.forms(TOKEN)] == [True, False]


def test_token_refused_for_good_stops_after_one_refresh_and_one_log_in(cloud: Loopback) -> None:
    cloud.on(UNLOCK, says(errcode=10004))

    fault = fault_of(lambda: client(cloud.url).unlock("1002", UNTIL))

    assert fault.permanent
    assert not fault.unclear
    assert ["grant_type" in form for form in cloud.forms(TOKEN)] == [True, False]
    assert len(cloud.forms(UNLOCK)) == 3


def test_wrong_password_is_permanent_and_tried_once(cloud: Loopback) -> None:
    cloud.on(TOKEN, says(errcode=10007, errmsg="invalid account or invalid password"))

    fault = fault_of(lambda: client(cloud.url, MemoryTokens()).put_code("1002", ORDER))

    assert fault.permanent
    assert "TTLOCK_PASSWORD" in fault.reason
    assert len(cloud.asked) == 1


def test_refused_password_is_not_sent_again_for_a_quarter_of_an_hour(cloud: Loopback) -> None:
    now = [NOW]
    tokens = MemoryTokens(EXPIRED)
    cloud.on(TOKEN, says(errcode=10007))
    faults = []
    for seconds in range(0, 900, 100):
        now[0] = NOW + timedelta(seconds=seconds)
        lock = client(cloud.url, tokens, lambda: now[0])  # be it in another process
        faults.append(fault_of(lambda lock=lock: lock.list_codes("1002")))  # type: ignore[misc]

    assert len({fault.reason for fault in faults}) == 1
    assert all(fault.permanent for fault in faults)
    assert ["grant_type" in form for form in cloud.forms(TOKEN)] == [True, False]

    now[0] = NOW + timedelta(minutes=15)
    cloud.on(TOKEN, NEW_TOKEN)
    cloud.on(CODES, says(list=[]))
    assert client(cloud.url, tokens, lambda: now[0]).list_codes("1002") == []
    assert tokens.token is not None
    assert tokens.token.refusal is None


def test_threads_that_wait_for_a_log_in_do_not_repeat_what_was_refused(cloud: Loopback) -> None:
    cloud.on(TOKEN, says(errcode=10007))
    lock = client(cloud.url, MemoryTokens())

    with ThreadPoolExecutor(8) as pool:
        faults = list(pool.map(lambda _: fault_of(lambda: lock.list_codes("1002")), range(8)))

    assert all(fault.permanent for fault in faults)
    assert len(cloud.forms(TOKEN)) == 1


def test_another_password_is_tried_at_once(cloud: Loopback) -> None:
    tokens = MemoryTokens()
    cloud.on(TOKEN, says(errcode=10007), NEW_TOKEN)
    cloud.on(UNLOCK, DONE)
    fault_of(lambda: client(cloud.url, tokens).unlock("1002", UNTIL))

    client(cloud.url, tokens, password="c0rrect-h0rse").unlock("1002", UNTIL)

    assert len(cloud.forms(TOKEN)) == 2


@pytest.mark.parametrize(
    "refusal",
    [says(400), says(401, error="invalid_grant"), says(404), says(500), says(502), Reply(b"{}"),
     Reply(b"<html>"), says(400, errcode=10011), says(access_token=""), says(302)],
)  # fmt: skip
def test_refresh_refused_in_any_form_is_followed_by_a_log_in(
    cloud: Loopback, refusal: Reply
) -> None:
    cloud.on(TOKEN, refusal, NEW_TOKEN)
    cloud.on(UNLOCK, DONE)

    client(cloud.url, MemoryTokens(EXPIRED)).unlock("1002", UNTIL)

    assert ["grant_type" in form for form in cloud.forms(TOKEN)] == [True, False]


@pytest.mark.parametrize("answer", [HANG, CUT, says(429)])
def test_refresh_that_is_not_answered_is_no_reason_to_log_in(
    cloud: Loopback, answer: Reply
) -> None:
    cloud.on(TOKEN, answer)

    fault = fault_of(
        lambda: client(cloud.url, MemoryTokens(EXPIRED), timeout=0.3).unlock("1002", UNTIL)
    )

    assert not fault.permanent
    assert len(cloud.forms(TOKEN)) == 1


@pytest.mark.parametrize("status", [400, 401, 403, 500])
@pytest.mark.parametrize("errcode", [10003, 10004])
def test_token_refused_under_another_status_is_refreshed_as_well(
    cloud: Loopback, status: int, errcode: int
) -> None:
    cloud.on(UNLOCK, says(status, errcode=errcode), DONE)

    client(cloud.url).unlock("1002", UNTIL)

    assert [form["accessToken"] for form in cloud.forms(UNLOCK)] == ["a-good-token", "a-new-token"]


@pytest.mark.parametrize("answer", [HANG, CUT, says(500), Reply(b"{}")])
def test_log_in_without_an_answer_leaves_nothing_unclear(cloud: Loopback, answer: Reply) -> None:
    cloud.on(TOKEN, answer)
    lock = client(cloud.url, MemoryTokens(), timeout=0.2)

    fault = fault_of(lambda: lock.unlock("1002", UNTIL))

    assert not fault.unclear
    assert not fault.permanent
    assert cloud.forms(UNLOCK) == []
