"""A house lived in, and visitors to its pages."""

from collections.abc import Callable, Iterator

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from app.models import Role
from app.seals import Seals
from tests.factories import make_host
from tests.web.houses import Lived, make_lived
from tests.web.visitor import Visitor

SignIn = Callable[[Role], Visitor]


@pytest.fixture(params=["sqlite"])
def database_url(request: pytest.FixtureRequest) -> Iterator[str]:
    """Pages do not know which database is under them; those that might are tried on both."""
    yield from request.getfixturevalue(f"fresh_{request.param}")()


@pytest.fixture
def lived(session: Session, seals: Seals) -> Lived:
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
