"""The meter hears of each request to TTLock's cloud before it is sent, and may forbid it."""

import pytest

from app.ports.errors import PortError
from app.ports.metering import CallKind
from tests.ports.faults import fault_of
from tests.ports.loopback import Loopback, says
from tests.ports.tokens import MemoryTokens
from tests.ports.ttlock_world import (
    ADD,
    CHANGE,
    CODES,
    COMMANDS,
    DELETE,
    DONE,
    EXPIRED,
    GET,
    NOW,
    QUERY_DATE,
    READS,
    RECORDS,
    SET_DATE,
    STAY,
    TOKEN,
    UNLOCK,
    UNTIL,
    Verb,
    client,
)

K = CallKind
CALLS: dict[str, tuple[Verb, list[CallKind]]] = {
    "put": (COMMANDS["put"][1], [K.PUT]),
    "change": (COMMANDS["change"][1], [K.PUT]),
    "remove": (COMMANDS["remove"][1], [K.REVOKE]),
    "unlock": (COMMANDS["unlock"][1], [K.UNLOCK]),
    "list": (READS["list"][1], [K.READ]),
    "records": (READS["records"][1], [K.READ]),
    "clock": (READS["clock"][1], [K.READ, K.PUT]),
    "offline": (lambda lock: lock.make_offline_code("1002", "lk-17", STAY), [K.PUT]),
}


@pytest.fixture
def ready(cloud: Loopback) -> Loopback:
    for path in (CHANGE, DELETE, UNLOCK, SET_DATE):
        cloud.on(path, DONE)
    for path in (CODES, RECORDS):
        cloud.on(path, says(list=[]))
    cloud.on(ADD, says(keyboardPwdId=1))
    cloud.on(GET, says(keyboardPwdId=1, keyboardPwd="0563456"))
    cloud.on(QUERY_DATE, says(date=0))
    return cloud


@pytest.mark.parametrize("verb", CALLS)
def test_each_request_is_counted_for_what_it_is_for(ready: Loopback, verb: str) -> None:
    counted: list[CallKind] = []
    call, kinds = CALLS[verb]

    call(client(ready.url, meter=counted.append))

    assert counted == kinds
    assert len(ready.asked) == len(kinds)


def test_log_ins_and_second_tries_are_counted(ready: Loopback) -> None:
    counted: list[CallKind] = []
    ready.on(UNLOCK, says(errcode=10004), says(errcode=80000), DONE)

    client(ready.url, MemoryTokens(EXPIRED), meter=counted.append).unlock("1002", UNTIL)

    assert counted == [K.TOKEN, K.UNLOCK, K.TOKEN, K.UNLOCK, K.UNLOCK]
    assert len(ready.asked) == 5


def test_every_page_is_counted(ready: Loopback) -> None:
    counted: list[CallKind] = []
    rows = [{"keyboardPwdId": n} for n in range(201)]
    ready.on(CODES, says(list=rows[:200], pages=2), says(list=rows[200:], pages=2))

    client(ready.url, meter=counted.append).list_codes("1002")

    assert counted == [K.READ, K.READ]


def test_a_list_is_counted_as_what_it_is_read_for(ready: Loopback) -> None:
    counted: list[CallKind] = []

    client(ready.url, meter=counted.append).list_codes("1002", K.REVOKE)

    assert counted == [K.REVOKE]


@pytest.mark.parametrize("verb", CALLS)
def test_nothing_is_sent_where_the_meter_forbids_it(ready: Loopback, verb: str) -> None:
    def spent(_: CallKind) -> None:
        raise PortError("The month's calls are spent.")

    fault = fault_of(lambda: CALLS[verb][0](client(ready.url, meter=spent)))

    assert fault.reason == "The month's calls are spent."
    assert not fault.unclear
    assert ready.asked == []


def test_log_in_that_is_forbidden_sends_neither_itself_nor_the_command(ready: Loopback) -> None:
    def no_tokens(kind: CallKind) -> None:
        if kind is K.TOKEN:
            raise PortError("The month's calls are spent.")

    fault_of(lambda: client(ready.url, MemoryTokens(), meter=no_tokens).unlock("1002", UNTIL))

    assert ready.forms(TOKEN) == []
    assert ready.forms(UNLOCK) == []


def test_unlock_held_up_by_the_meter_is_not_sent_late(ready: Loopback) -> None:
    now = [NOW]

    def slow(_: CallKind) -> None:
        now[0] = UNTIL

    fault = fault_of(
        lambda: client(ready.url, clock=lambda: now[0], meter=slow).unlock("1002", UNTIL)
    )

    assert not fault.unclear
    assert ready.forms(UNLOCK) == []
