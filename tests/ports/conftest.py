"""What the ports talk to in their tests."""

import sys
from collections.abc import Iterator

import pytest

from tests.ports.loopback import Loopback
from tests.ports.seam_world import HOUSE
from tests.ports.ttlock_world import NEW_TOKEN, TOKEN
from tests.support.mail_server import MailServer, dovecot
from tests.support.simulator import Simulator


@pytest.fixture
def cloud() -> Iterator[Loopback]:
    """A TTLock cloud that lets everybody log in, and is told what else to answer."""
    one = Loopback()
    one.on(TOKEN, NEW_TOKEN)
    yield one
    one.close()


@pytest.fixture(scope="session")
def mail_server() -> Iterator[MailServer]:
    with dovecot() as server:
        yield server


@pytest.fixture(scope="session")
def seam_process(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Simulator]:
    one = Simulator(sys.executable, tmp_path_factory.mktemp("seam"), HOUSE)
    yield one
    one.stop()


@pytest.fixture
def seam_simulator(seam_process: Simulator) -> Simulator:
    """The simulated world of a house whose locks are reached by Seam."""
    seam_process.reset()
    return seam_process
