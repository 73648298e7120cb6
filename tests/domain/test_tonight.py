"""Will it work: one word for an arrival, and what it rests on."""

from dataclasses import replace
from datetime import datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from app.domain.tonight import readiness
from app.domain.tonight_facts import (
    ArrivalFacts,
    CodeFacts,
    CodeWord,
    DoorFacts,
    LinkFacts,
    LinkWord,
    MatchWord,
)
from app.domain.tonight_words import Check, Outlook, State, Why
from tests.domain.arrivals import (
    BEGINS,
    DELIVERED,
    DUE,
    EARLY,
    EXPECTED,
    FINE,
    LATE,
    MINUTE,
    READY,
    link,
)


def test_guest_who_has_not_checked_in_needs_the_way_to_the_lock() -> None:
    offline = replace(FINE, gateway_online=False, code=None)
    assert readiness(replace(EXPECTED, doors=[offline]), EARLY).outlook == Outlook.NO_GO


def test_all_well_is_a_go() -> None:
    assert readiness(READY, EARLY).outlook == Outlook.GO
    assert {one.state for one in readiness(READY, EARLY).items} == {State.GO}


def test_guest_who_has_not_checked_in_is_normal_until_two_hours_before() -> None:
    assert readiness(EXPECTED, DUE - MINUTE).outlook == Outlook.WAITING
    late = readiness(EXPECTED, DUE)
    assert (late.outlook, [one.check for one in late.red]) == (Outlook.NO_GO, [Check.CONTACT])


def test_guest_who_has_not_checked_in_and_has_the_link_waits_until_they_come() -> None:
    reached = replace(EXPECTED, has_phone=True, link=DELIVERED)
    assert readiness(reached, LATE).outlook == Outlook.WAITING


def test_who_is_in_stands_before_no_closed_door() -> None:
    worst = replace(
        READY,
        match=MatchWord.IN_DISPUTE,
        doors=[replace(FINE, gateway_online=False, battery_percent=3)],
        link=link(LinkWord.FAILED),
        has_entered=True,
    )
    assert readiness(worst, LATE).outlook == Outlook.IN
    assert readiness(worst, LATE).red == ()


def test_what_nobody_can_say_stops_nothing() -> None:
    silent = replace(FINE, gateway_online=None, battery_percent=None, seen_at=None)
    assert readiness(replace(READY, doors=[silent]), LATE).outlook == Outlook.GO


def test_items_come_in_the_order_of_the_conditions_and_of_the_doors() -> None:
    front = replace(FINE, id=1, name="Front door")
    items = readiness(replace(READY, doors=[front, FINE]), EARLY).items
    assert [(one.check, one.door) for one in items] == [
        (Check.MATCH, None),
        (Check.CONTACT, None),
        (Check.CODE, "Front door"),
        (Check.CODE, "Room 2"),
        (Check.GATEWAY, "Front door"),
        (Check.GATEWAY, "Room 2"),
        (Check.BATTERY, "Front door"),
        (Check.BATTERY, "Room 2"),
        (Check.MESSAGE, None),
        (Check.PAGE, None),
    ]


instants = st.integers(-48 * 60, 24 * 60).map(lambda minutes: BEGINS + minutes * MINUTE)
codes = st.none() | st.builds(CodeFacts, st.sampled_from(CodeWord), instants, st.none())
doors = st.builds(
    DoorFacts,
    st.integers(1, 9),
    st.just("Door"),
    st.none() | st.booleans(),
    st.none() | instants,
    st.none() | st.integers(0, 100),
    codes,
)
links = st.none() | st.builds(
    LinkFacts,
    st.sampled_from(LinkWord),
    instants,
    by_text=st.booleans(),
    to_them=st.booleans(),
    tries=st.integers(1, 4),
)
arrivals = st.builds(
    ArrivalFacts,
    window=st.just(READY.window),
    match=st.sampled_from(MatchWord),
    has_phone=st.booleans(),
    has_mail=st.booleans(),
    admitted=st.booleans(),
    checked_in_at=st.none() | instants,
    by_themselves=st.booleans(),
    doors=st.lists(doors, max_size=3),
    link=links,
    page_seen_at=st.none() | instants,
    has_entered=st.booleans(),
)


@given(arrivals, instants)
def test_every_red_item_has_its_deadline_and_something_to_do(
    facts: ArrivalFacts, now: datetime
) -> None:
    found = readiness(facts, now)
    assert all(one.remedy is not None and one.by <= BEGINS for one in found.red)
    assert bool(found.red) == (found.outlook == Outlook.NO_GO)
    assert [list(Check).index(one.check) for one in found.items] == sorted(
        list(Check).index(one.check) for one in found.items
    )


@given(arrivals, instants)
def test_what_may_wait_turns_red_with_time_alone_only_at_its_deadline(
    facts: ArrivalFacts, now: datetime
) -> None:
    early = facts.deadline - timedelta(days=3)
    at_once = {Why.NOBODY_KNOWN, Why.UNCONFIRMED, Why.IN_DISPUTE, Why.FAILED, Why.OFFLINE}
    at_once |= {Why.LOW, Why.UNDELIVERED}
    assert {one.why for one in readiness(facts, min(now, early)).red} <= at_once
