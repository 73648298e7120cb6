"""Texts are tried on PostgreSQL; what is under them is tried on both databases elsewhere."""

from collections.abc import Callable

import pytest


@pytest.fixture(params=["postgresql"])
def database_url(request: pytest.FixtureRequest, emptied: Callable[[str], str]) -> str:
    return emptied(request.param)
