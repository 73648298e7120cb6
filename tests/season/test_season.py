"""A few days of the season; the whole year is `make season`."""

import sys
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask

from app import clock
from app.db import db
from app.factory import create_app
from config import Settings
from tests.conftest import BASE
from tests.season.house import write_house
from tests.season.season import Season
from tests.support.simulator import Simulator


@pytest.fixture
def season_simulator(tmp_path: Path) -> Iterator[Simulator]:
    write_house(tmp_path / "season.toml")
    simulator = Simulator(sys.executable, tmp_path, tmp_path / "season.toml")
    yield simulator
    simulator.stop()


@pytest.fixture
def season_app(database_url: str, season_simulator: Simulator) -> Iterator[Flask]:
    """An app of its own: the season gives it another clock, doorbell and ports."""
    env = {**BASE, **season_simulator.env(), "DATABASE_URL": database_url}
    app = create_app(Settings.from_environment({**env, "REDIS_URL": "redis://127.0.0.1:1/0"}))
    with app.app_context():
        yield app
        db.session.remove()
        db.engine.dispose()


@pytest.mark.timeout(300)
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_days_full_of_trouble_break_no_rule_at_any_lock(
    season_app: Flask, season_simulator: Simulator
) -> None:
    season = Season(season_app, season_simulator, seed=3, spares=True)
    try:
        tally = season.run(40, timedelta(days=1))
    finally:
        season.stop()
        clock.tell_time_by(clock.real)

    assert tally.events == 40
    assert tally.kills > 0
    assert tally.codes_seen > 20
