"""A running house for all cases at once."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import BASE
from tests.faults.world import FaultWorld, fault_world

OWN_REDIS = 9
"""A database that is emptied on the way, and no other test's."""


@pytest.fixture
def world(database_url: str, redis_url: str, tmp_path: Path) -> Iterator[FaultWorld]:
    env = {
        **BASE,
        "DATABASE_URL": database_url,
        "REDIS_URL": f"{redis_url.rpartition('/')[0]}/{OWN_REDIS}",
        "PATH": os.environ["PATH"],
    }
    with fault_world(env, tmp_path) as one:
        yield one
