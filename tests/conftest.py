"""What tests stand on: real PostgreSQL and SQLite, real Redis, the app. The rest: `running`."""

import gc
import os
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from zlib import crc32

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from app.db import db
from app.factory import create_app
from app.seals import Seals
from app.services import hosts
from config import Settings
from tests.factories import cheap_hasher
from tests.support.apps import MakeApp
from tests.support.databases import (
    Database,
    PostgresDatabase,
    SqliteDatabase,
    dump,
    into_one_file,
    load,
    made_once,
    make_on_server,
    migrate,
)
from tests.support.examples import load_profile
from tests.support.servers import postgresql, redis_server

pytest_plugins = ["tests.support.running"]

load_profile()

BASE = {
    "SECRET_KEY": "a-secret-key-for-tests-0123456789abcdef",
    "CODES_KEY": "a2V5IGZvciB0ZXN0cywgMzIgYnl0ZXMgbG9uZyEhISE=",
    "PUBLIC_URL": "http://localhost",
}

ON_BOTH = (
    *("models/", "cli/", "services/test_check_in", "services/test_codes"),
    *("services/test_exports_at_once", "services/test_outbox", "services/test_throttle"),
    "services/test_unlocks",
)
"""How modules begin that are tried on both databases: constraints, and what many do at once.

Of all others, each test is tried on one of the two, half of them on each.
"""


def pytest_collection_finish() -> None:
    """Spare the garbage collector the thousands of tests, which are not garbage until the end."""
    gc.collect()
    gc.freeze()


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what the other database is for; begin with what needs all processes."""
    all_of_them = {item.nodeid for item in items}
    left_out = [item for item in items if _twin_of(item) in all_of_them]
    if left_out:
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if item not in set(left_out)]
    # One worker takes the first: so that few of them start a world, and none has it stand idle.
    items.sort(key=lambda item: "world" not in getattr(item, "fixturenames", ()))


def _twin_of(item: pytest.Item) -> str | None:
    """Return which test is run instead, where it is the same on the other database."""
    if f"{item.path.parent.name}/{item.path.stem}".startswith(ON_BOTH):
        return None
    if not isinstance(item, pytest.Function) or not hasattr(item, "callspec"):
        return None
    on = item.callspec.params.get("database_url", item.callspec.params.get("world"))
    chosen = ("sqlite", "postgresql")[crc32(item.originalname.encode()) % 2]
    if on not in ("sqlite", "postgresql") or on == chosen:
        return None
    return item.nodeid.replace(on, chosen)


@pytest.fixture(scope="session", autouse=True)
def hashes_are_cheap() -> Iterator[None]:
    """Have passwords hashed by the same library with less work, but for a world's processes."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(hosts, "PasswordHasher", cheap_hasher)
        yield


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("servers")


@pytest.fixture(scope="session")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of all the processes of this run."""
    base = tmp_path_factory.getbasetemp()
    return base.parent if "PYTEST_XDIST_WORKER" in os.environ else base


@pytest.fixture(scope="session")
def redis_url(folder: Path) -> Iterator[str]:
    with redis_server(folder) as url:
        yield url


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    with postgresql() as url:
        yield url


@pytest.fixture(scope="session")
def make_sqlite(folder: Path, shared: Path) -> Callable[[str], Database]:
    """Makes SQLite databases with all tables, by name."""

    def make_template(path: Path) -> None:
        _migrate(f"sqlite:///{path}")
        into_one_file(path)

    template = made_once(shared / "template.db", make_template)

    def make(name: str) -> Database:
        database = SqliteDatabase(template, folder / f"{name}.db")
        database.empty()
        return database

    return make


@pytest.fixture(scope="session")
def make_postgresql(postgres_url: str, shared: Path) -> Callable[[str], Database]:
    """Makes PostgreSQL databases with all tables, by name."""
    template = f"template_{os.getpid()}"

    def make_template(path: Path) -> None:
        first = make_on_server(postgres_url, f"first_{os.getpid()}")
        _migrate(first)
        dump(first, path)

    tables = made_once(shared / "template.sql", make_template)
    load(make_on_server(postgres_url, template), tables)

    def make(name: str) -> Database:
        named = f"{name.replace('-', '_')}_{os.getpid()}"
        return PostgresDatabase(make_on_server(postgres_url, named, template))

    return make


@pytest.fixture(scope="session")
def sqlite_database(make_sqlite: Callable[[str], Database]) -> Database:
    """The SQLite database that tests use one after the other."""
    return make_sqlite("test")


@pytest.fixture(scope="session")
def postgresql_database(make_postgresql: Callable[[str], Database]) -> Iterator[Database]:
    """The PostgreSQL database that tests use one after the other."""
    database = make_postgresql("test")
    yield database
    database.close()


@pytest.fixture
def emptied(request: pytest.FixtureRequest) -> Callable[[str], str]:
    """Empties the database of a kind, `sqlite` or `postgresql`, and returns its URL."""

    def emptied(kind: str) -> str:
        database: Database = request.getfixturevalue(f"{kind}_database")
        database.empty()
        return database.url

    return emptied


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, emptied: Callable[[str], str]) -> str:
    """An empty database with all tables, of one kind or, see ON_BOTH, of each."""
    return emptied(request.param)


@pytest.fixture(scope="session")
def app_on(redis_url: str) -> Iterator[Callable[[str], Flask]]:
    """The app on a database: made once, as its routes and templates are dear to compile."""
    made: dict[str, Flask] = {}

    def app_on(database_url: str) -> Flask:
        if database_url not in made:
            env = {**BASE, "DATABASE_URL": database_url, "REDIS_URL": redis_url}
            made[database_url] = create_app(Settings.from_environment(env))
        return made[database_url]

    yield app_on
    for app in made.values():
        with app.app_context():
            db.engine.dispose()


@pytest.fixture
def app(database_url: str, app_on: Callable[[str], Flask]) -> Iterator[Flask]:
    """The app on an empty database, in its context. It is every test's: none may change it."""
    app = app_on(database_url)
    with app.app_context():
        yield app
        db.session.remove()


@pytest.fixture
def make_app() -> Iterator[MakeApp]:
    """Makes apps that one test has to itself; their connections are closed after it."""
    made: list[Flask] = []

    def make(env: Mapping[str, str]) -> Flask:
        made.append(create_app(Settings.from_environment(env)))
        return made[-1]

    yield make
    for app in made:
        with app.app_context():
            db.session.remove()
            db.engine.dispose()


@pytest.fixture
def session(app: Flask) -> Session:
    return db.session()


@pytest.fixture
def seals(app: Flask) -> Seals:
    seals: Seals = app.extensions["seals"]
    return seals


def _migrate(url: str) -> None:
    migrate(url, {**BASE, "REDIS_URL": "redis://127.0.0.1:1/0"})
