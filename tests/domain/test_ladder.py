"""Which way in comes next."""

from itertools import product

import pytest

from app.domain.ladder import Rung, Ways, next_rung


@pytest.mark.parametrize(("spare", "offline", "remote"), list(product([True, False], repeat=3)))
def test_best_way_that_there_is_comes_next(spare: bool, offline: bool, remote: bool) -> None:
    ways = [
        (spare, Rung.SPARE_CODE),
        (offline, Rung.OFFLINE_CODE),
        (remote, Rung.REMOTE_UNLOCK),
        (True, Rung.HOST),
    ]

    assert next_rung(Ways(spare, offline, remote)) == next(rung for there, rung in ways if there)
