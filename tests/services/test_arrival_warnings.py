"""Hosts are warned of an arrival that will not work: once at each threshold, whoever runs it."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from threading import Barrier

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.db import transaction
from app.models import (
    ArrivalWarning,
    Door,
    Effect,
    Host,
    Medium,
    Message,
    OutboxEntry,
    Property,
    Reservation,
    Role,
    Status,
)
from app.seals import Seals
from app.services.arrival_warnings import Ways, warn_hosts
from app.texting.tonight_words import warning_text
from tests.factories import NOW, TODAY, make_host, make_house, make_reservation

BEGINS = NOW.replace(hour=15)
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
BOTH = Ways(by_text=True, by_mail=True)
URL = "http://localhost/admin/tonight"


@pytest.fixture
def house(session: Session) -> Property:
    house = make_house(session)
    for door in session.scalars(select(Door)):
        door.battery_percent, door.gateway_online, door.seen_at = 90, True, BEGINS - 25 * HOUR
    return house


@pytest.fixture
def sam(session: Session, house: Property) -> Host:
    host = make_host(session, house)
    host.phone = "+447700900123"
    session.flush()
    return host


@pytest.fixture
def bob(session: Session, house: Property, sam: Host, seals: Seals) -> Reservation:
    """Bob, whose room has a flat battery."""
    stay = make_reservation(
        session, house, 2, seals=seals, reference="HMBOB22222", name="Bob Stone", arrival=TODAY
    )
    door_of(session, stay).battery_percent = 9
    session.flush()
    return stay


def door_of(session: Session, stay: Reservation) -> Door:
    return session.scalars(select(Door).filter_by(room_id=stay.room_id)).one()


def warn(session: Session, house: Property, now: datetime, ways: Ways = BOTH) -> list[Message]:
    messages = warn_hosts(session, house.id, now, ways=ways)
    session.flush()
    return messages


def hours(session: Session) -> list[int]:
    return list(session.scalars(select(ArrivalWarning.hours).order_by(ArrivalWarning.id)))


def test_each_threshold_is_told_once(session: Session, house: Property, bob: Reservation) -> None:
    told = []
    at = BEGINS - 25 * HOUR
    while at < BEGINS + HOUR:
        told += [at for _ in warn(session, house, at)]
        at += 30 * MINUTE

    assert told == [BEGINS - 24 * HOUR, BEGINS - 6 * HOUR, BEGINS - 2 * HOUR]
    assert hours(session) == [24, 6, 2]


@pytest.mark.parametrize(
    ("before", "expected"),
    [(23 * HOUR, 24), (6 * HOUR, 6), (3 * HOUR, 6), (2 * HOUR, 2), (MINUTE, 2)],
)
def test_only_the_nearest_threshold_is_told(
    session: Session, house: Property, bob: Reservation, before: timedelta, expected: int
) -> None:
    assert len(warn(session, house, BEGINS - before)) == 1
    assert warn(session, house, BEGINS - before + timedelta(seconds=30)) == []
    assert hours(session) == [expected]


@pytest.mark.parametrize("after", [timedelta(), HOUR, 20 * HOUR])
def test_the_past_is_never_warned_of(
    session: Session, house: Property, bob: Reservation, after: timedelta
) -> None:
    assert warn(session, house, BEGINS + after) == []


def test_what_is_right_waits_or_is_cancelled_is_not_warned_of(
    session: Session, house: Property, bob: Reservation
) -> None:
    door_of(session, bob).battery_percent = 80
    assert warn(session, house, BEGINS - 3 * HOUR) == []
    door_of(session, bob).battery_percent = 8
    bob.status = Status.CANCELLED
    assert warn(session, house, BEGINS - 3 * HOUR) == []
    assert hours(session) == []


def test_nobody_to_reach_is_warned_of_two_hours_before(
    session: Session, house: Property, bob: Reservation
) -> None:
    door_of(session, bob).battery_percent = 80
    assert warn(session, house, BEGINS - 2 * HOUR - MINUTE) == []
    assert len(warn(session, house, BEGINS - 2 * HOUR)) == 1


def test_a_stay_that_moved_is_warned_of_anew(
    session: Session, house: Property, bob: Reservation
) -> None:
    warn(session, house, BEGINS - 5 * HOUR)
    bob.arrival += timedelta(days=7)
    bob.departure += timedelta(days=7)
    session.flush()
    later = BEGINS + timedelta(days=7)
    assert warn(session, house, later - 25 * HOUR) == []
    assert len(warn(session, house, later - 5 * HOUR)) == 1
    assert warn(session, house, later - 4 * HOUR) == []
    assert hours(session) == [6]


def test_one_text_tells_of_several_arrivals(
    session: Session, house: Property, bob: Reservation, seals: Seals
) -> None:
    make_reservation(session, house, 1, seals=seals, reference=None, arrival=TODAY)
    [message] = warn(session, house, BEGINS - 3 * HOUR)

    said = warning_text(session, house, message.facts["reservations"], BEGINS - 3 * HOUR, URL)
    assert said is not None
    assert said.splitlines() == [
        "These 2 arrivals will not work as things are:",
        "Room 1 not known, today 15:00: we do not know who it is. Put right by 13:00.",
        "Room 2 Bob Stone, today 15:00: Room 2: battery 9 %. Put right by 15:00.",
    ]


def test_what_came_right_before_it_was_sent_is_not_said(
    session: Session, house: Property, bob: Reservation
) -> None:
    [message] = warn(session, house, BEGINS - 3 * HOUR)
    door_of(session, bob).battery_percent = 80
    session.flush()
    told = message.facts["reservations"]
    assert warning_text(session, house, told, BEGINS - 3 * HOUR, URL) is None


def test_nothing_is_said_once_they_are_due(
    session: Session, house: Property, bob: Reservation
) -> None:
    [message] = warn(session, house, BEGINS - MINUTE)
    assert warning_text(session, house, message.facts["reservations"], BEGINS, URL) is None


def test_hosts_with_phones_are_texted_and_others_only_where_there_is_none(
    session: Session, house: Property, bob: Reservation, sam: Host
) -> None:
    kim = make_host(session, house, Role.STAFF)
    make_host(session, house, Role.VIEWER)
    [text] = warn(session, house, BEGINS - 20 * HOUR)
    assert (text.medium, text.address) == (Medium.SMS, "+447700900123")

    sam.texts_stopped_at = NOW
    session.flush()
    mails = warn(session, house, BEGINS - 5 * HOUR)
    assert [(one.medium, one.address) for one in mails] == [
        (Medium.EMAIL, sam.email),
        (Medium.EMAIL, kim.email),
    ]


def test_texts_switched_off_go_by_mail_and_with_both_off_nothing_is_used_up(
    session: Session, house: Property, bob: Reservation
) -> None:
    at = BEGINS - 3 * HOUR
    assert warn(session, house, at, Ways(by_text=False, by_mail=False)) == []
    assert hours(session) == []
    [mail] = warn(session, house, at, Ways(by_text=False, by_mail=True))
    assert mail.medium == Medium.EMAIL


def test_ten_at_once_warn_once(
    app: Flask, session: Session, house: Property, bob: Reservation
) -> None:
    house_id = house.id
    session.commit()
    together = Barrier(10, timeout=30)

    def run(_: int) -> int:
        with app.app_context():
            together.wait()
            with transaction() as own:
                return len(warn_hosts(own, house_id, BEGINS - 3 * HOUR, ways=BOTH))

    with ThreadPoolExecutor(10) as pool:
        counts = list(pool.map(run, range(10)))

    session.expire_all()
    assert sorted(counts) == [0] * 9 + [1]
    assert hours(session) == [6]
    orders = session.scalars(select(OutboxEntry).filter_by(kind=Effect.SEND_MESSAGE)).all()
    assert len(orders) == len(session.scalars(select(Message)).all()) == 1


def test_a_process_that_dies_before_the_commit_has_told_nobody_and_the_next_one_does(
    app: Flask, session: Session, house: Property, bob: Reservation
) -> None:
    house_id = house.id
    session.commit()

    def dies() -> None:
        with transaction() as own:
            assert warn_hosts(own, house_id, BEGINS - 3 * HOUR, ways=BOTH)
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        dies()

    with transaction() as own:
        assert len(warn_hosts(own, house_id, BEGINS - 3 * HOUR + MINUTE, ways=BOTH)) == 1
    assert hours(session) == [6]
