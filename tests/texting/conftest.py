"""Texts are tried on PostgreSQL; what is under them is tried on both databases elsewhere."""

from collections.abc import Iterator

import pytest


@pytest.fixture(params=["postgresql"])
def database_url(request: pytest.FixtureRequest) -> Iterator[str]:
    yield from request.getfixturevalue(f"fresh_{request.param}")()
