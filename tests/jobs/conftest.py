"""A simulated house, and a guest in it, for jobs that reach its locks."""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.jobs.outbox import work
from app.models import AccessCode, CodeState, Door, Guest, OutboxEntry
from app.seals import Seals
from app.services.check_in import Details, check_in
from tests.conftest import BASE
from tests.factories import ALICE, make_host, make_house, make_reservation
from tests.support.apps import MakeApp
from tests.support.simulator import Simulator

LOCKS = {"Front door": "1001", "Room 1": "1002", "Room 2": "1003"}
WHO = Details("Alice Moore", None, "+447700900417", 2, None, None, "en")


@pytest.fixture
def more_settings() -> Mapping[str, str]:
    """What the simulated app is told beside the way into its world; some tests say more."""
    return {}


@pytest.fixture
def simulated_app(
    database_url: str,
    redis_url: str,
    simulator: Simulator,
    more_settings: Mapping[str, str],
    make_app: MakeApp,
) -> Iterator[Flask]:
    """An app in the simulated world, in its context."""
    env = {**BASE, **simulator.env(), "DATABASE_URL": database_url, "REDIS_URL": redis_url}
    app = make_app({**env, **more_settings})
    with app.app_context():
        yield app


@pytest.fixture
def alice(session: Session, seals: Seals) -> Guest:
    """Alice, in house since yesterday: her codes are on the locks of room 1 and the front door."""
    house = make_house(session, rooms=2)
    make_host(session, house)
    doors = session.scalars(select(Door)).all()
    for prefix in ("new ", ""):  # two locks that exchange their ids would be the same for a while
        for door in doors:
            door.lock_id = prefix + LOCKS[door.name]
        session.flush()
    at = datetime.now(UTC)
    since = at.date() - timedelta(days=1)
    until = since + timedelta(days=4)
    make_reservation(session, house, 1, seals=seals, arrival=since, departure=until, now=at)
    guest = check_in(session, house.id, ALICE, WHO, seals=seals, now=at)
    session.commit()
    ordered = session.scalars(select(OutboxEntry.id).where(OutboxEntry.lane.like("ttlock%"))).all()
    session.rollback()  # SQLite lets one write at a time
    work(list(ordered))
    assert set(session.scalars(select(AccessCode.state))) == {CodeState.ACTIVE}
    return guest
