"""A house lived in, and visitors to its pages."""

from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from app.models import Role
from app.seals import Seals
from tests.factories import make_host
from tests.support.databases import SqliteDatabase
from tests.web.harbour import Harbour, make_harbour
from tests.web.houses import Lived, make_lived
from tests.web.lived_houses import LivedHouses, has_none
from tests.web.visitor import Visitor

SignIn = Callable[[Role], Visitor]


@pytest.fixture(params=["sqlite"])
def database_url(request: pytest.FixtureRequest, emptied: Callable[[str], str]) -> str:
    """Pages do not know which database is under them; those that might are tried on both."""
    return emptied(request.param)


@pytest.fixture(scope="session")
def lived_houses(sqlite_database: SqliteDatabase, folder: Path) -> LivedHouses:
    return LivedHouses(sqlite_database, folder)


@pytest.fixture
def lived(
    session: Session, seals: Seals, database_url: str, request: pytest.FixtureRequest
) -> Lived:
    if database_url.startswith("sqlite") and has_none(session):
        houses: LivedHouses = request.getfixturevalue("lived_houses")
        return houses.lived(session, seals)
    return make_lived(session, seals)


@pytest.fixture
def visitor(app: Flask) -> Visitor:
    return Visitor(app)


@pytest.fixture
def sign_in(app: Flask, session: Session, lived: Lived) -> SignIn:
    """Sign in somebody of a role at the house lived in."""

    def sign_in(role: Role) -> Visitor:
        one = Visitor(app)
        assert one.sign_in(make_host(session, lived.house, role)).status_code == 303
        return one

    return sign_in


@pytest.fixture
def staff(sign_in: SignIn) -> Visitor:
    return sign_in(Role.STAFF)


@pytest.fixture
def harbour(session: Session, seals: Seals) -> Harbour:
    return make_harbour(session, seals)


@pytest.fixture
def come(app: Flask, session: Session, harbour: Harbour) -> SignIn:
    """Sign in somebody of a role at the harbour's house."""

    def sign_in(role: Role) -> Visitor:
        one = Visitor(app)
        assert one.sign_in(make_host(session, harbour.house, role)).status_code == 303
        return one

    return sign_in


@pytest.fixture
def host(come: SignIn) -> Visitor:
    return come(Role.STAFF)
