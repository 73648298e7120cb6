"""What stands at the other ends: an account at the lock cloud, an app that Twilio posts to."""

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.simulator.test_lock_cloud import Account
from tests.simulator.webhook import Webhook
from tests.support.simulator import Simulator


@pytest.fixture
def account(simulator: Simulator) -> Account:
    return Account(simulator)


@pytest.fixture
def webhook() -> Iterator[Webhook]:
    one = Webhook()
    yield one
    one.close()


@pytest.fixture
def own(tmp_path: Path) -> Iterator[Simulator]:
    """A world for one test, which may stop and start it."""
    one = Simulator(sys.executable, tmp_path)
    yield one
    one.stop()
