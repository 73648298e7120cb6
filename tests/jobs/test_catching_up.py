"""Texts fetched after an outage: whatever is wrong with one, the others are heard."""

import hashlib
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.jobs.texts import CAUGHT_UP, catch_up
from app.models import Beat, Message
from app.services.inbound import said_at
from tests.conftest import BASE
from tests.factories import make_host, make_house
from tests.ports.loopback import Loopback, says
from tests.support.apps import MakeApp

pytestmark = pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)

ACCOUNT, OURS, SAM = "AC" + "0" * 32, "+447700900100", "+447700900123"
AWAY = timedelta(hours=2)


@pytest.fixture
def twilio() -> Iterator[Loopback]:
    one = Loopback()
    yield one
    one.close()


@pytest.fixture
def texting(
    database_url: str, redis_url: str, session: Session, twilio: Loopback, make_app: MakeApp
) -> Iterator[Flask]:
    """An app whose webhook nobody answered for two hours."""
    host = make_host(session, make_house(session))
    host.phone = SAM
    session.add(Beat(name=CAUGHT_UP, at=datetime.now(UTC) - AWAY))
    session.commit()
    env = {
        **BASE, "DATABASE_URL": database_url, "REDIS_URL": redis_url, "TWILIO_ACCOUNT_SID": ACCOUNT,
        "TWILIO_AUTH_TOKEN": "token", "TWILIO_FROM": OURS, "TWILIO_API_URL": twilio.url,
    }  # fmt: skip
    app = make_app(env)
    with app.app_context():
        yield app
        session.close()  # within this app it has used this app's connections


def text(body: str, minutes_ago: float | None, **changes: object) -> Mapping[str, object]:
    sent = None
    if minutes_ago is not None:
        sent = format_datetime(datetime.now(UTC) - timedelta(minutes=minutes_ago))
    sid = "SM" + hashlib.md5(body.encode(), usedforsecurity=False).hexdigest()
    return {
        "sid": sid, "status": "received", "direction": "inbound", "from": SAM, "to": OURS,
        "body": body, "date_sent": sent, "date_created": sent, **changes,
    }  # fmt: skip


def fetched(twilio: Loopback, session: Session, *texts: Mapping[str, object]) -> list[Message]:
    path = f"/2010-04-01/Accounts/{ACCOUNT}/Messages.json"
    twilio.on(path, says(messages=list(texts), page=0, page_size=50, next_page_uri=None))
    session.rollback()
    catch_up([])
    session.expire_all()
    return list(session.scalars(select(Message).order_by(Message.id)))


def test_text_that_cannot_be_stored_does_not_keep_the_others(
    texting: Flask, twilio: Loopback, session: Session
) -> None:
    broken = text("today\x00", 30)  # no database of this kind stores that
    heard = fetched(twilio, session, text("guide", 60), broken, text("tomorrow", 10))

    assert [one.body for one in heard] == ["guide", "tomorrow"]
    beat = session.get_one(Beat, CAUGHT_UP)
    assert beat.at < datetime.now(UTC) - timedelta(hours=1)


def test_once_all_are_stored_they_are_not_looked_for_again(
    texting: Flask, twilio: Loopback, session: Session
) -> None:
    fetched(twilio, session, text("guide", 60))

    assert session.get_one(Beat, CAUGHT_UP).at > datetime.now(UTC) - timedelta(minutes=1)


def test_text_without_a_date_is_taken_for_an_old_one(
    texting: Flask, twilio: Loopback, session: Session
) -> None:
    undated, dated = fetched(twilio, session, text("guide", 5), text("today", None))

    assert (undated.body, dated.body) == ("today", "guide")
    assert said_at(undated) < datetime.now(UTC) - AWAY
