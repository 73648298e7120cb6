"""TTLock's commands: what is sent, and what is made of the answers, be they none."""

import logging
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from app.ports.errors import PortError
from app.ports.locks import CannotDo, CannotMove, DigitsRefused, DigitsTaken, LockFull, LockOffline
from app.ports.locks.ttlock_errors import FAULTS, WINDOW_SPENT
from tests.ports.faults import fault_of
from tests.ports.loopback import CUT, HANG, Loopback, Reply, closed_port, says
from tests.ports.tokens import MemoryTokens
from tests.ports.ttlock_world import (
    ADD,
    CHANGE,
    CODES,
    COMMANDS,
    DELETE,
    DONE,
    GOOD,
    NEW_TOKEN,
    NOW,
    NOW_MS,
    ORDER,
    READS,
    STAY,
    TOKEN,
    UNLOCK,
    UNTIL,
    client,
)

# What is sent


def test_code_is_put_for_a_period_through_the_gateway_with_its_leading_zero(
    cloud: Loopback,
) -> None:
    cloud.on(ADD, says(keyboardPwdId=24242))

    ref = client(cloud.url).put_code("1002", ORDER)

    assert ref == "24242"
    assert cloud.forms(ADD) == [
        {
            "clientId": "the-client",
            "accessToken": "a-good-token",
            "date": NOW_MS,
            "lockId": "1002",
            "keyboardPwd": "048213",
            "keyboardPwdName": "lk-17",
            "keyboardPwdType": "3",
            "startDate": "1795446000000",
            "endDate": "1795604400000",
            "addType": "2",
        }
    ]


def test_change_sends_both_dates_through_the_gateway(cloud: Loopback) -> None:
    cloud.on(CHANGE, DONE)

    client(cloud.url).change_window("1002", "71", STAY)

    (form,) = cloud.forms(CHANGE)
    sent = {name: form.get(name) for name in ("changeType", "startDate", "endDate")}
    assert sent == {"changeType": "2", "startDate": "1795446000000", "endDate": "1795604400000"}


def test_remove_goes_through_the_gateway(cloud: Loopback) -> None:
    cloud.on(DELETE, DONE)

    client(cloud.url).remove_code("1002", "71")

    assert cloud.forms(DELETE)[0]["deleteType"] == "2"


def test_code_that_is_not_there_counts_as_removed(cloud: Loopback) -> None:
    cloud.on(DELETE, says(errcode=-2009, errmsg="Invalid Password"))

    client(cloud.url).remove_code("1002", "71")


def test_neither_token_nor_digits_are_in_an_address_or_a_log(
    cloud: Loopback, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    cloud.on(ADD, says(keyboardPwdId=24242))
    tokens = MemoryTokens()

    client(cloud.url, tokens).put_code("1002", ORDER)

    told = caplog.text + repr([vars(one) for one in caplog.records]) + repr((tokens.token, ORDER))
    assert not any(cloud.queries)
    assert all(secret not in told for secret in ("048213", "a-new-", "the-secret", "Tr0ub4dor"))


# What answers mean


@pytest.mark.parametrize(
    ("errcode", "kind", "permanent"),
    [
        (-3007, DigitsTaken, True),
        (-2032, DigitsRefused, True),
        (-3006, PortError, True),
        (-3009, LockFull, False),
        (-4056, LockFull, False),
        (-3002, LockOffline, False),
        (-2012, LockOffline, False),
        (-3036, LockOffline, False),
        (-3003, PortError, False),
        (-3037, PortError, False),
        (-2018, PortError, True),
        (-3008, CannotMove, True),
        (20004, PortError, True),
        (-1007, CannotDo, True),
        (-4043, CannotDo, True),
        (20002, PortError, True),
        (30006, PortError, False),
        (30008, PortError, True),
    ],
)
def test_refusal_is_clear_and_of_its_kind(
    cloud: Loopback, errcode: int, kind: type[PortError], permanent: bool
) -> None:
    cloud.on(ADD, says(errcode=errcode, errmsg="refused", description="拒绝"))

    fault = fault_of(lambda: client(cloud.url).put_code("1002", ORDER))

    assert (type(fault), fault.permanent, fault.unclear) == (kind, permanent, False)
    assert str(errcode) in fault.reason


@pytest.mark.parametrize("errcode", [1, 90000, -99999, 424242])
@pytest.mark.parametrize("verb", COMMANDS)
def test_answer_that_says_neither_yes_nor_no_is_unclear(
    cloud: Loopback, verb: str, errcode: int
) -> None:
    path, call = COMMANDS[verb]
    cloud.on(path, says(errcode=errcode))

    fault = fault_of(lambda: call(client(cloud.url)))

    assert fault.unclear
    assert not fault.permanent


def test_busy_gateway_is_tried_sooner_than_one_offline_and_a_call_limit_last(
    cloud: Loopback,
) -> None:
    waits = []
    for errcode in (-3003, -3002, 30006):
        cloud.on(ADD, says(errcode=errcode))
        waits.append(fault_of(lambda: client(cloud.url).put_code("1002", ORDER)).retry_after)

    assert waits == [timedelta(seconds=3), timedelta(seconds=30), timedelta(minutes=2)]


@pytest.mark.parametrize(
    ("now", "wait"),
    [
        (datetime(2026, 11, 23, 14, tzinfo=UTC), timedelta(hours=1)),
        (datetime(2026, 11, 30, 15, 59, tzinfo=UTC), timedelta(minutes=1)),
        (datetime(2026, 11, 30, 16, tzinfo=UTC), timedelta(hours=1)),
        (datetime(2026, 12, 31, 15, 30, tzinfo=UTC), timedelta(minutes=30)),
    ],
)
def test_used_up_quota_is_asked_for_again_within_the_hour_or_on_the_first_in_beijing(
    cloud: Loopback, now: datetime, wait: timedelta
) -> None:
    cloud.on(ADD, says(errcode=30007))

    lock = client(
        cloud.url, MemoryTokens(replace(GOOD, expires_at=now + timedelta(days=1))), lambda: now
    )
    fault = fault_of(lambda: lock.put_code("1002", ORDER))

    assert fault.permanent
    assert fault.retry_after == wait


def test_every_sentence_for_a_person_says_where_to_act() -> None:
    places = (
        "TTLock app",
        "TTLOCK_",
        "developer site",
        "settings page",
        "setup file",
        "report",
        "owner",
    )
    vague = [
        errcode
        for errcode, fault in FAULTS.items()
        if fault.permanent
        and fault.error in (PortError, CannotDo)
        and errcode != WINDOW_SPENT
        and not any(place in fault.sentence for place in places)
        and "extended" not in fault.sentence
    ]
    assert vague == []


# What is no answer


ODD = {
    "hang": HANG,
    "cut": CUT,
    "http-500": says(500, errcode=0),
    "http-502": Reply(b"<html>Bad gateway</html>", 502, content_type="text/html"),
    "html": Reply(b"<html>Welcome to the hotel's Wi-Fi</html>", content_type="text/html"),
    "a-list": Reply(b"[]"),
    "a-number": Reply(b"0"),
    "half": Reply(b'{"errcode": 0, "err'),
    "errcode-no-number": Reply(b'{"errcode": "maybe"}'),
    "empty": Reply(b""),
    "nothing-said": Reply(b"{}"),
}


@pytest.mark.parametrize("answer", ODD)
@pytest.mark.parametrize("verb", COMMANDS)
def test_command_without_a_proper_answer_is_unclear_and_was_sent_once(
    cloud: Loopback, verb: str, answer: str
) -> None:
    path, call = COMMANDS[verb]
    cloud.on(path, ODD[answer])
    lock = client(cloud.url, timeout=0.6 if answer == "hang" else 5.0)

    fault = fault_of(lambda: call(lock))

    assert fault.unclear
    assert not fault.permanent
    assert len(cloud.forms(path)) == 1


@pytest.mark.parametrize("answer", ODD)
@pytest.mark.parametrize("verb", READS)
def test_read_without_a_proper_answer_fails_but_is_never_unclear(
    cloud: Loopback, verb: str, answer: str
) -> None:
    path, call = READS[verb]
    cloud.on(path, ODD[answer])
    lock = client(cloud.url, timeout=0.6 if answer == "hang" else 5.0)

    fault = fault_of(lambda: call(lock))

    assert not fault.unclear
    assert not fault.permanent


SLOW = {
    "headers": Reply(b"HTTP/1.1 200 O", drip=True),
    "a body": Reply(b'HTTP/1.1 200 OK\r\n\r\n{"errcode": 0}', drip=True),
}


@pytest.mark.parametrize("slow", SLOW)
@pytest.mark.parametrize("verb", [*COMMANDS, *READS])
def test_answer_that_drips_is_none_once_its_time_is_over(
    cloud: Loopback, verb: str, slow: str
) -> None:
    path, call = {**COMMANDS, **READS}[verb]
    cloud.on(path, SLOW[slow])
    began = time.monotonic()

    fault = fault_of(lambda: call(client(cloud.url, timeout=0.5)))

    assert time.monotonic() - began < 5
    assert "in time" in fault.reason
    assert fault.unclear == (verb in COMMANDS)


def test_connection_kept_from_before_is_watched_as_well(cloud: Loopback) -> None:
    cloud.keeps_connections = True
    cloud.on(CODES, says(list=[]), SLOW["headers"], says(list=[]))
    lock = client(cloud.url, timeout=0.5)
    lock.list_codes("1002")

    fault = fault_of(lambda: lock.list_codes("1002"))

    assert cloud.callers[0] == cloud.callers[1]
    assert "in time" in fault.reason
    assert lock.list_codes("1002") == []


@pytest.mark.parametrize("verb", ["unlock", "list"])
def test_answer_without_an_end_is_not_read_to_it(cloud: Loopback, verb: str) -> None:
    path, call = {**COMMANDS, **READS}[verb]
    cloud.on(path, Reply(b'{"errcode": 0, "list": [], "more": "' + b"x" * 6_000_000 + b'"}'))

    fault = fault_of(lambda: call(client(cloud.url)))

    assert "cannot be read" in fault.reason
    assert fault.unclear == (verb == "unlock")


@pytest.mark.parametrize("verb", COMMANDS)
def test_command_that_never_left_is_not_unclear(verb: str) -> None:
    _, call = COMMANDS[verb]

    fault = fault_of(lambda: call(client(f"http://127.0.0.1:{closed_port()}")))

    assert not fault.unclear
    assert not fault.permanent


def test_unknown_host_is_not_unclear() -> None:
    fault = fault_of(lambda: client("http://locks.invalid").unlock("1002", UNTIL))

    assert not fault.unclear


def test_redirect_is_not_followed_with_our_token(cloud: Loopback) -> None:
    cloud.on(UNLOCK, Reply(status=307, location=f"{cloud.url}/elsewhere"))
    cloud.on("/elsewhere", DONE)

    fault = fault_of(lambda: client(cloud.url).unlock("1002", UNTIL))

    assert not fault.unclear
    assert cloud.forms("/elsewhere") == []


def test_command_never_goes_over_a_connection_that_may_have_died_meanwhile(
    cloud: Loopback,
) -> None:
    cloud.keeps_connections = True
    cloud.on(CODES, says(list=[]))
    cloud.on(UNLOCK, DONE)
    lock = client(cloud.url)

    lock.list_codes("1002")
    lock.list_codes("1002")
    lock.unlock("1002", UNTIL)
    lock.unlock("1002", UNTIL)

    assert [asked for asked, _ in cloud.asked] == [CODES, CODES, UNLOCK, UNLOCK]
    assert cloud.callers[0] == cloud.callers[1]
    assert len(set(cloud.callers)) == 3


# Dates


def test_refused_date_is_sent_anew_once_with_the_time_as_it_is_then(cloud: Loopback) -> None:
    times = iter(NOW + timedelta(seconds=second) for second in range(10))
    cloud.on(UNLOCK, says(errcode=80000), DONE)

    client(cloud.url, clock=lambda: next(times)).unlock("1002", UNTIL)

    first, second = (int(form["date"]) for form in cloud.forms(UNLOCK))
    assert first < second


def test_date_refused_twice_tells_that_our_clock_is_wrong(cloud: Loopback) -> None:
    cloud.on(UNLOCK, says(errcode=80000))

    fault = fault_of(lambda: client(cloud.url).unlock("1002", UNTIL))

    assert "clock" in fault.reason
    assert not fault.unclear
    assert len(cloud.forms(UNLOCK)) == 2


def test_unlock_held_up_by_the_log_in_is_not_sent_late(cloud: Loopback) -> None:
    now = [NOW]

    def slowly(_: dict[str, str]) -> Reply:
        now[0] = UNTIL
        return NEW_TOKEN

    cloud.on(TOKEN, slowly)
    cloud.on(UNLOCK, DONE)

    fault = fault_of(
        lambda: client(cloud.url, MemoryTokens(), lambda: now[0]).unlock("1002", UNTIL)
    )

    assert not fault.unclear
    assert cloud.forms(UNLOCK) == []
