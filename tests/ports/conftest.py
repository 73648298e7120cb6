"""What the ports talk to in their tests."""

from collections.abc import Iterator

import pytest

from tests.ports.loopback import Loopback
from tests.ports.ttlock_world import NEW_TOKEN, TOKEN
from tests.support.mail_server import MailServer, dovecot


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
