"""Will it work: every condition, in every state, on both sides of its deadline."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from app.domain.tonight import readiness
from app.domain.tonight_facts import (
    ArrivalFacts,
    CodeFacts,
    CodeWord,
    LinkFacts,
    LinkWord,
    MatchWord,
)
from app.domain.tonight_words import Check, Item, Remedy, State, Why
from tests.domain.arrivals import (
    BEGINS,
    DUE,
    EARLY,
    EXPECTED,
    FINE,
    HELD,
    LATE,
    MINUTE,
    READY,
    link,
)

GO, WAITING, NO_GO, UNKNOWN = State.GO, State.WAITING, State.NO_GO, State.UNKNOWN
AGAIN, GATEWAY, RETRY = Remedy.SEND_LINK_AGAIN, Remedy.SEE_GATEWAY, Remedy.RETRY_CODE

CHANGING = CodeFacts(CodeWord.CHANGING, EARLY)
TO_ANOTHER = replace(link(LinkWord.FAILED), to_them=False)


def coming(since: datetime) -> CodeFacts:
    return CodeFacts(CodeWord.COMING, since)


def item(facts: ArrivalFacts, check: Check, now: datetime) -> Item:
    return next(one for one in readiness(facts, now).items if one.check == check)


def told(facts: ArrivalFacts, check: Check, now: datetime) -> tuple[State, Why, Remedy | None]:
    one = item(facts, check, now)
    return one.state, one.why, one.remedy


@pytest.mark.parametrize("now", [EARLY, DUE, LATE])
@pytest.mark.parametrize(
    ("match", "expected"),
    [
        (MatchWord.CERTAIN, (GO, Why.CERTAIN, None)),
        (MatchWord.NOBODY_KNOWN, (NO_GO, Why.NOBODY_KNOWN, Remedy.SAY_WHO)),
        (MatchWord.UNCONFIRMED, (NO_GO, Why.UNCONFIRMED, Remedy.CONFIRM)),
        (MatchWord.IN_DISPUTE, (NO_GO, Why.IN_DISPUTE, Remedy.SETTLE)),
    ],
)
def test_match(match: MatchWord, now: datetime, expected: object) -> None:
    assert told(replace(READY, match=match), Check.MATCH, now) == expected


@pytest.mark.parametrize(
    ("phone", "mail", "now", "expected"),
    [
        (True, False, LATE, (GO, Why.PHONE_KNOWN, None)),
        (False, True, LATE, (GO, Why.MAIL_KNOWN, None)),
        (True, True, EARLY, (GO, Why.PHONE_KNOWN, None)),
        (False, False, EARLY, (WAITING, Why.NO_CONTACT, Remedy.ADD_CONTACT)),
        (False, False, DUE - MINUTE, (WAITING, Why.NO_CONTACT, Remedy.ADD_CONTACT)),
        (False, False, DUE, (NO_GO, Why.NO_CONTACT, Remedy.ADD_CONTACT)),
        (False, False, LATE, (NO_GO, Why.NO_CONTACT, Remedy.ADD_CONTACT)),
    ],
)
def test_contact(phone: bool, mail: bool, now: datetime, expected: object) -> None:
    facts = replace(EXPECTED, has_phone=phone, has_mail=mail)
    assert told(facts, Check.CONTACT, now) == expected


def test_whose_stay_is_not_known_is_not_asked_for_a_phone_number() -> None:
    facts = replace(EXPECTED, match=MatchWord.NOBODY_KNOWN)
    assert told(facts, Check.CONTACT, LATE) == (WAITING, Why.NOT_CERTAIN, None)
    assert told(facts, Check.MESSAGE, LATE) == (WAITING, Why.NOT_CERTAIN, None)
    assert told(facts, Check.CODE, LATE) == (WAITING, Why.NOT_CERTAIN, None)


@pytest.mark.parametrize("check", [Check.CONTACT, Check.MESSAGE, Check.PAGE])
def test_who_was_checked_in_at_the_desk_needs_no_message(check: Check) -> None:
    came = DUE + MINUTE
    facts = replace(EXPECTED, admitted=True, checked_in_at=came)
    one = item(facts, check, came)
    assert (one.state, one.why, one.at) == (GO, Why.AT_THE_DESK, came)


@pytest.mark.parametrize("check", [Check.CONTACT, Check.MESSAGE, Check.PAGE])
def test_who_was_checked_in_by_a_host_beforehand_does(check: Check) -> None:
    facts = replace(EXPECTED, admitted=True, checked_in_at=DUE - MINUTE)
    assert item(facts, check, LATE).state != GO


@pytest.mark.parametrize(
    ("code", "now", "expected"),
    [
        (HELD, LATE, (GO, Why.ON_ITS_LOCK, None)),
        (coming(EARLY), EARLY, (WAITING, Why.ON_ITS_WAY, RETRY)),
        (coming(EARLY), DUE - MINUTE, (WAITING, Why.ON_ITS_WAY, RETRY)),
        (coming(EARLY), DUE, (NO_GO, Why.ON_ITS_WAY, RETRY)),
        (coming(LATE - MINUTE), LATE, (WAITING, Why.ON_ITS_WAY, RETRY)),
        (coming(LATE - 2 * MINUTE), LATE, (NO_GO, Why.ON_ITS_WAY, RETRY)),
        (CHANGING, EARLY, (WAITING, Why.ON_ITS_WAY, Remedy.LOOK)),
        (CHANGING, DUE, (NO_GO, Why.ON_ITS_WAY, Remedy.LOOK)),
        (CodeFacts(CodeWord.FAILED, EARLY), EARLY, (NO_GO, Why.FAILED, RETRY)),
        (CodeFacts(CodeWord.FAILED, EARLY), LATE, (NO_GO, Why.FAILED, RETRY)),
        (None, EARLY, (WAITING, Why.MISSING, Remedy.LOOK)),
        (None, DUE, (NO_GO, Why.MISSING, Remedy.LOOK)),
    ],
)  # fmt: skip
def test_code(code: CodeFacts | None, now: datetime, expected: object) -> None:
    facts = replace(READY, doors=[replace(FINE, code=code)])
    assert told(facts, Check.CODE, now) == expected


@pytest.mark.parametrize("now", [EARLY, DUE, LATE])
def test_no_code_before_check_in_waits_for_the_guest_however_late(now: datetime) -> None:
    assert told(EXPECTED, Check.CODE, now) == (WAITING, Why.NOT_CHECKED_IN, None)


def test_what_the_lock_said_is_told() -> None:
    failed = CodeFacts(CodeWord.FAILED, EARLY, "The lock is full.")
    one = item(replace(READY, doors=[replace(FINE, code=failed)]), Check.CODE, EARLY)
    assert (one.detail, one.door, one.door_id, one.by) == ("The lock is full.", "Room 2", 7, DUE)


@pytest.mark.parametrize(
    ("online", "seen", "code", "expected"),
    [
        (True, EARLY, HELD, (GO, Why.ONLINE, None)),
        (True, EARLY, None, (GO, Why.ONLINE, None)),
        (True, EARLY - timedelta(days=1), HELD, (UNKNOWN, Why.NOT_HEARD, GATEWAY)),
        (True, None, HELD, (UNKNOWN, Why.NOT_HEARD, GATEWAY)),
        (None, EARLY, None, (UNKNOWN, Why.NOT_TOLD, None)),
        (False, EARLY, HELD, (WAITING, Why.OFFLINE_BUT_CODED, GATEWAY)),
        (False, EARLY, coming(EARLY), (NO_GO, Why.OFFLINE, GATEWAY)),
        (False, EARLY, replace(HELD, word=CodeWord.FAILED), (NO_GO, Why.OFFLINE, GATEWAY)),
        (False, EARLY, CHANGING, (NO_GO, Why.OFFLINE, GATEWAY)),
        (False, None, None, (NO_GO, Why.OFFLINE, GATEWAY)),
    ],
)  # fmt: skip
def test_gateway(
    online: bool | None, seen: datetime | None, code: CodeFacts | None, expected: object
) -> None:
    door = replace(FINE, gateway_online=online, seen_at=seen, code=code)
    assert told(replace(READY, doors=[door]), Check.GATEWAY, EARLY) == expected


@pytest.mark.parametrize("now", [EARLY, DUE, LATE])
@pytest.mark.parametrize("code", [None, HELD, CHANGING])
def test_lock_of_another_time_zone(code: CodeFacts | None, now: datetime) -> None:
    door = replace(FINE, in_other_zone=True, code=code)
    expected = (NO_GO, Why.OTHER_ZONE, Remedy.SEE_ZONE)
    assert told(replace(READY, doors=[door]), Check.CODE, now) == expected


def test_failed_code_is_told_first_whatever_the_time_zone() -> None:
    failed = CodeFacts(CodeWord.FAILED, EARLY, "The lock is full.")
    door = replace(FINE, in_other_zone=True, code=failed)
    assert told(replace(READY, doors=[door]), Check.CODE, EARLY)[1] == Why.FAILED


@pytest.mark.parametrize("now", [EARLY, DUE, LATE])
@pytest.mark.parametrize(
    ("percent", "expected"),
    [
        (100, (GO, Why.CHARGED, None)),
        (20, (GO, Why.CHARGED, None)),
        (19, (NO_GO, Why.LOW, Remedy.CHANGE_BATTERY)),
        (0, (NO_GO, Why.LOW, Remedy.CHANGE_BATTERY)),
        (None, (UNKNOWN, Why.NOT_TOLD, None)),
    ],
)
def test_battery(percent: int | None, now: datetime, expected: object) -> None:
    facts = replace(READY, doors=[replace(FINE, battery_percent=percent)])
    assert told(facts, Check.BATTERY, now) == expected
    assert item(facts, Check.BATTERY, now).by == BEGINS


@pytest.mark.parametrize(
    ("sent", "now", "expected"),
    [
        (link(LinkWord.DELIVERED), LATE, (GO, Why.DELIVERED, None)),
        (link(LinkWord.SENT, by_text=False), LATE, (GO, Why.HANDED_OVER, None)),
        (link(LinkWord.SENT), EARLY + MINUTE, (WAITING, Why.UNREPORTED, None)),
        (link(LinkWord.SENT), EARLY + 60 * MINUTE, (UNKNOWN, Why.UNREPORTED, AGAIN)),
        (link(LinkWord.SENDING), DUE - MINUTE, (WAITING, Why.ON_ITS_WAY, Remedy.CALL_GUEST)),
        (link(LinkWord.SENDING), DUE, (NO_GO, Why.ON_ITS_WAY, Remedy.CALL_GUEST)),
        (link(LinkWord.SENDING, DUE - MINUTE), DUE, (WAITING, Why.ON_ITS_WAY, Remedy.CALL_GUEST)),
        (link(LinkWord.FAILED), EARLY, (NO_GO, Why.UNDELIVERED, AGAIN)),
        (link(LinkWord.FAILED, tries=2), EARLY, (NO_GO, Why.UNDELIVERED, Remedy.CALL_GUEST)),
        (None, DUE - MINUTE, (WAITING, Why.NOT_SENT, Remedy.SEND_LINK)),
        (None, DUE, (NO_GO, Why.NOT_SENT, Remedy.SEND_LINK)),
        (TO_ANOTHER, DUE, (NO_GO, Why.NOT_SENT, Remedy.SEND_LINK)),
    ],
)  # fmt: skip
def test_message(sent: LinkFacts | None, now: datetime, expected: object) -> None:
    assert told(replace(READY, link=sent), Check.MESSAGE, now) == expected


def test_mail_that_came_back_twice_asks_for_another_way_to_reach_them() -> None:
    facts = replace(READY, has_phone=False, has_mail=True, link=link(LinkWord.FAILED, tries=2))
    assert told(facts, Check.MESSAGE, EARLY) == (NO_GO, Why.UNDELIVERED, Remedy.ADD_CONTACT)


def test_nobody_to_write_to_is_said_once() -> None:
    assert told(EXPECTED, Check.MESSAGE, LATE) == (WAITING, Why.NO_CONTACT, None)


@pytest.mark.parametrize(
    ("facts", "now", "expected"),
    [
        (READY, LATE, (GO, Why.OPENED, None)),
        (replace(READY, page_seen_at=None), LATE, (GO, Why.CHECKED_IN_THERE, None)),
        (EXPECTED, LATE, (WAITING, Why.NOT_OPENED, None)),
        (replace(EXPECTED, has_phone=True), DUE - MINUTE, (WAITING, Why.NOT_OPENED, None)),
        (replace(EXPECTED, has_phone=True), DUE, (WAITING, Why.NOT_OPENED, Remedy.CALL_GUEST)),
    ],
)
def test_page(facts: ArrivalFacts, now: datetime, expected: object) -> None:
    assert told(facts, Check.PAGE, now) == expected
