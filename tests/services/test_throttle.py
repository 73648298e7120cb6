"""Guessing is counted, by reference and by address, and locked out for a while."""

from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from app.seals import Seals
from app.services.throttle import LIMITS, PERIOD, Key, LockedOut, Tries, address_key
from tests.factories import NOW

REFERENCE = Key("reference", "HMALICE111")
HOME = address_key("203.0.113.7")


def fail(session: Session, seals: Seals, *keys: Key, times: int = 1) -> None:
    for _ in range(times):
        Tries(session, keys, seals=seals, now=NOW).failed()
        session.flush()


def test_reference_is_locked_after_five_failures(session: Session, seals: Seals) -> None:
    fail(session, seals, REFERENCE, times=LIMITS["reference"])

    with pytest.raises(LockedOut) as caught:
        Tries(session, [REFERENCE], seals=seals, now=NOW)
    assert caught.value.until == NOW + PERIOD


def test_lockout_ends_after_fifteen_minutes(session: Session, seals: Seals) -> None:
    fail(session, seals, REFERENCE, times=LIMITS["reference"])

    Tries(session, [REFERENCE], seals=seals, now=NOW + PERIOD)


def test_address_is_locked_after_twenty_failures_over_many_references(
    session: Session, seals: Seals
) -> None:
    for number in range(LIMITS["address"]):
        fail(session, seals, HOME, Key("reference", f"REF{number}"))

    with pytest.raises(LockedOut):
        Tries(session, [HOME, Key("reference", "ANOTHER")], seals=seals, now=NOW)


def test_success_forgets_the_reference_but_not_the_address(session: Session, seals: Seals) -> None:
    fail(session, seals, HOME, REFERENCE, times=4)
    Tries(session, [HOME, REFERENCE], seals=seals, now=NOW).succeeded()

    fail(session, seals, REFERENCE, times=4)
    fail(session, seals, HOME, times=16)
    with pytest.raises(LockedOut):
        Tries(session, [HOME], seals=seals, now=NOW)


def test_failures_long_ago_do_not_count(session: Session, seals: Seals) -> None:
    fail(session, seals, REFERENCE, times=4)
    later = NOW + PERIOD + timedelta(seconds=1)
    Tries(session, [REFERENCE], seals=seals, now=later).failed()

    Tries(session, [REFERENCE], seals=seals, now=later)


def test_ipv6_addresses_of_one_home_count_together() -> None:
    assert address_key("2001:db8::1") == address_key("2001:db8::ffff:1")
    assert address_key("2001:db8::1") != address_key("2001:db8:0:1::1")
