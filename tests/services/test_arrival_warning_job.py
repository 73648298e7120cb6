"""The recurring job of warnings, and the words that go out."""

from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.jobs.arrivals import warn_of_arrivals
from app.jobs.message_words import words_for_host
from app.models import ArrivalWarning, Door, HistoryEntry, Medium, Message, Property
from app.seals import Seals
from app.services.arrival_warnings import WARNING
from tests.conftest import BASE
from tests.factories import make_host, make_house, make_reservation
from tests.support.apps import MakeApp

TEXTING = {
    "TWILIO_ACCOUNT_SID": "AC" + "0" * 32,
    "TWILIO_AUTH_TOKEN": "token",
    "TWILIO_FROM": "+447700900100",
}


@pytest.fixture
def house(session: Session, seals: Seals) -> Property:
    """A house with a flat battery, where somebody comes in three hours."""
    at = datetime.now(UTC)
    house = make_house(session)
    make_host(session, house).phone = "+447700900123"
    begins = (at + timedelta(hours=3)).astimezone(house.zone)
    house.check_in = begins.time().replace(tzinfo=None)
    for door in session.scalars(select(Door)):
        door.battery_percent = 90 if door.room_id is None else 3
    make_reservation(
        session, house, 1, seals=seals, name="Alice Moore", arrival=begins.date(), now=at
    )
    session.commit()
    return house


@pytest.fixture
def texting(database_url: str, redis_url: str, make_app: MakeApp) -> Flask:
    return make_app({**BASE, **TEXTING, "DATABASE_URL": database_url, "REDIS_URL": redis_url})


def test_job_run_twice_tells_once(texting: Flask, session: Session, house: Property) -> None:
    with texting.app_context():
        warn_of_arrivals()
        warn_of_arrivals()

    session.expire_all()
    [message] = session.scalars(select(Message))
    assert (message.template, message.medium) == (WARNING, Medium.SMS)
    assert [row.hours for row in session.scalars(select(ArrivalWarning))] == [6]
    assert len(session.scalars(select(HistoryEntry).filter_by(what="hosts-warned")).all()) == 1


def test_job_without_a_way_to_tell_leaves_it_for_later(session: Session, house: Property) -> None:
    warn_of_arrivals()
    session.expire_all()
    assert session.scalars(select(ArrivalWarning)).all() == []


def test_words_of_text_and_mail(texting: Flask, session: Session, house: Property) -> None:
    with texting.app_context():
        warn_of_arrivals()
    session.expire_all()
    [message] = session.scalars(select(Message))
    at = datetime.now(UTC)

    text = words_for_host(session, message, at)
    assert text is not None
    assert "Alice Moore" in text.body
    assert "battery 3 %" in text.body

    message.medium = Medium.EMAIL
    letter = words_for_host(session, message, at)
    assert letter is not None
    assert letter.subject == "Canal House: an arrival needs you"
    assert letter.body.endswith("http://localhost/admin/tonight")

    for door in session.scalars(select(Door)):
        door.battery_percent = 90
    session.flush()
    assert words_for_host(session, message, at) is None
