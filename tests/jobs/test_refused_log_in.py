"""A lock cloud that refuses our password is not asked for ever, by whichever process."""

from collections.abc import Mapping

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.jobs.lock_events import read_log
from app.models import Door
from app.ports.errors import PortError
from tests.conftest import BASE
from tests.factories import make_house
from tests.support.apps import MakeApp
from tests.support.simulator import Simulator

WRONG = "not-the-password"


@pytest.fixture
def more_settings() -> Mapping[str, str]:
    return {"TTLOCK_PASSWORD": WRONG}


def test_a_refused_password_is_remembered_by_all_processes(
    simulated_app: Flask,
    session: Session,
    simulator: Simulator,
    database_url: str,
    redis_url: str,
    make_app: MakeApp,
) -> None:
    make_house(session, rooms=2)
    doors = session.scalars(select(Door.id)).all()
    session.commit()
    settings = {**BASE, **simulator.env(), "TTLOCK_PASSWORD": WRONG}
    another = make_app({**settings, "DATABASE_URL": database_url, "REDIS_URL": redis_url})

    faults = []
    for app in (simulated_app, another):
        for one in doors:
            with app.app_context(), pytest.raises(PortError) as caught:
                read_log(one, app.extensions["ports"])
            faults.append(caught.value)

    assert {fault.permanent for fault in faults} == {True}
    assert [call["outcome"] for call in simulator.calls("oauth2/token")] == ["10007"]
