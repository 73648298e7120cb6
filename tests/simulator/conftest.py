"""An account at the simulated lock cloud."""

import pytest

from tests.simulator.test_lock_cloud import Account
from tests.support.simulator import Simulator


@pytest.fixture
def account(simulator: Simulator) -> Account:
    return Account(simulator)
