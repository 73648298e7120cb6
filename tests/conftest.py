"""What tests stand on: real PostgreSQL and SQLite, real Redis, the simulated world, a browser."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from zlib import crc32

import psycopg
import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, sync_playwright
from psycopg import sql
from redis import Redis
from sqlalchemy.orm import Session

from app.db import db
from app.factory import create_app
from app.models import Base
from app.seals import Seals
from config import Settings
from tests.support.processes import ROOT
from tests.support.servers import postgresql, redis_server
from tests.support.simulator import Simulator
from tests.support.system import find_chromium
from tests.support.world import World

BASE = {
    "SECRET_KEY": "a-secret-key-for-tests-0123456789abcdef",
    "CODES_KEY": "a2V5IGZvciB0ZXN0cywgMzIgYnl0ZXMgbG9uZyEhISE=",
    "PUBLIC_URL": "http://localhost",
}


ON_EITHER = frozenset(
    {
        *("test_claims", "test_corrections", "test_deliveries", "test_exports"),
        *("test_exports_and_calendars", "test_mail_in"),
    }
)
"""Modules of tests/services of which half is tried on each database: what they call is tried on
both in other modules, and there are many of them."""


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    left_out = [item for item in items if _is_for_the_other_database(item)]
    if left_out:
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if item not in set(left_out)]


def _is_for_the_other_database(item: pytest.Item) -> bool:
    if item.path.stem not in ON_EITHER or item.path.parent.name != "services":
        return False
    if not isinstance(item, pytest.Function) or not hasattr(item, "callspec"):
        return False
    on = item.callspec.params.get("database_url")
    chosen = ("sqlite", "postgresql")[crc32(item.originalname.encode()) % 2]
    return on in ("sqlite", "postgresql") and on != chosen


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("servers")


@pytest.fixture(scope="session")
def redis_url(folder: Path) -> Iterator[str]:
    with redis_server(folder) as url:
        yield url


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    with postgresql() as url:
        yield url


@pytest.fixture(scope="session")
def migrated_sqlite(folder: Path) -> Path:
    """A SQLite file with all tables, copied for each test."""
    path = folder / "template.db"
    _migrate(f"sqlite:///{path}")
    return path


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest) -> Iterator[str]:
    """A fresh database with all tables; every test runs on both kinds."""
    make: Callable[[], Iterator[str]] = request.getfixturevalue(f"fresh_{request.param}")
    yield from make()


@pytest.fixture
def fresh_sqlite(migrated_sqlite: Path, tmp_path: Path) -> Callable[[], Iterator[str]]:
    def make() -> Iterator[str]:
        path = tmp_path / "test.db"
        shutil.copy(migrated_sqlite, path)
        yield f"sqlite:///{path}"

    return make


@pytest.fixture(scope="session")
def shared_postgres(postgres_url: str) -> str:
    """The URL of a PostgreSQL database that tests use one after the other, emptied after each."""
    name = f"test_{os.getpid()}"
    _on_server(postgres_url, f"CREATE DATABASE {name}")
    url = postgres_url.rpartition("/")[0] + f"/{name}"
    _migrate(url)
    return url


@pytest.fixture
def fresh_postgresql(request: pytest.FixtureRequest) -> Callable[[], Iterator[str]]:
    def make() -> Iterator[str]:
        url: str = request.getfixturevalue("shared_postgres")
        yield url
        _empty(url)

    return make


@pytest.fixture
def app(database_url: str, redis_url: str) -> Iterator[Flask]:
    """An app on a fresh database, in its context."""
    env = {**BASE, "DATABASE_URL": database_url, "REDIS_URL": redis_url}
    app = create_app(Settings.from_environment(env))
    with app.app_context():
        yield app
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def session(app: Flask) -> Session:
    return db.session()


@pytest.fixture
def seals(app: Flask) -> Seals:
    seals: Seals = app.extensions["seals"]
    return seals


@pytest.fixture(scope="session")
def simulator_process(folder: Path) -> Iterator[Simulator]:
    one = Simulator(sys.executable, folder)
    yield one
    one.stop()


@pytest.fixture
def simulator(simulator_process: Simulator) -> Simulator:
    """The simulated world, as its house file says."""
    simulator_process.reset()
    for gateway in (501, 502, 503):
        simulator_process.gateway(gateway, delay_seconds=0.1)
    return simulator_process


@pytest.fixture
def world(
    database_url: str, redis_url: str, simulator: Simulator, tmp_path: Path
) -> Iterator[World]:
    """All processes, running, with the demo property."""
    with Redis.from_url(redis_url) as redis:
        redis.flushall()
    env = {
        **BASE,
        **simulator.env(),
        "TWILIO_SEGMENTS_PER_SECOND": "100",
        "DATABASE_URL": database_url,
        "REDIS_URL": redis_url,
        "PATH": os.environ["PATH"],
    }
    one = World(env, simulator, tmp_path)
    try:
        one.start()
        yield one
    finally:
        one.stop()


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    program = find_chromium()
    assert program is not None, "Chromium is missing; run `make test`, which sees to that."
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=program, args=["--no-sandbox", "--disable-dev-shm-usage"]
        )
        yield browser
        browser.close()


@pytest.fixture
def phone_page(chromium: Browser) -> Iterator[Page]:
    """A page on a phone, which may talk to loopback only; nothing may be refused on it."""
    context = chromium.new_context(viewport={"width": 390, "height": 844}, has_touch=True)
    page = context.new_page()
    outside: list[str] = []
    faults: list[str] = []

    def only_loopback(route: object) -> None:
        address = route.request.url  # type: ignore[attr-defined]
        if address.startswith("http://127.0.0.1:"):
            route.continue_()  # type: ignore[attr-defined]
        else:
            outside.append(address)
            route.abort()  # type: ignore[attr-defined]

    page.route("**/*", only_loopback)
    page.on(
        "console",
        lambda message: faults.append(message.text) if "Content Security" in message.text else None,
    )
    page.on("pageerror", lambda fault: faults.append(str(fault)))
    yield page
    context.close()
    assert outside == []
    assert faults == []


def _migrate(url: str) -> None:
    env = {**BASE, "DATABASE_URL": url, "REDIS_URL": "redis://127.0.0.1:1/0"}
    flask = str(Path(sys.executable).parent / "flask")
    done = subprocess.run(
        [flask, "db", "upgrade"], cwd=ROOT, env={**env, "PATH": os.environ["PATH"]},
        capture_output=True, text=True,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr


def _empty(url: str) -> None:
    """Empty every table that holds anything, whatever still holds on to it."""
    with psycopg.connect(url.replace("+psycopg", ""), autocommit=True) as connection:
        connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
        tables = [table.name for table in Base.metadata.sorted_tables]
        asked = sql.SQL(" UNION ALL ").join(
            sql.SQL("SELECT {0} WHERE EXISTS (SELECT 1 FROM {1})").format(
                sql.Literal(name), sql.Identifier(name)
            )
            for name in tables
        )
        filled = [str(row[0]) for row in connection.execute(asked)]
        if filled:
            listed = sql.SQL(", ").join(map(sql.Identifier, filled))
            connection.execute(sql.SQL("TRUNCATE {} RESTART IDENTITY CASCADE").format(listed))


def _on_server(url: str, statement: str) -> None:
    with psycopg.connect(url.replace("+psycopg", ""), autocommit=True) as connection:
        connection.execute(statement.encode())
