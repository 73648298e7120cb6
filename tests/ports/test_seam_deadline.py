"""Answers that never end, though each piece of them comes in time."""

import threading
import time
from collections.abc import Iterator
from socketserver import BaseRequestHandler, ThreadingTCPServer

import pytest

from tests.ports.faults import fault_of
from tests.ports.loopback import closed_port
from tests.ports.seam_world import ROOM_1, client
from tests.support.waiting import eventually, pause

TIMEOUT, PATIENCE = 0.4, 8.0
"""Seconds: what our client gives each piece of an answer, and what a whole one may last here."""
HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 100000\r\n\r\n"


class Dripping(BaseRequestHandler):
    begins_with = b""

    def handle(self) -> None:
        self.request.recv(65536)
        try:
            self.request.sendall(self.begins_with)
            for _ in range(300):
                self.request.sendall(b" ")
                pause(TIMEOUT / 4)
        except OSError:
            pass


@pytest.fixture(params=[HEAD, b"HTTP/1.1 200 OK\r\nX-Slow: "], ids=["body", "header"])
def url(request: pytest.FixtureRequest) -> Iterator[str]:
    """A server whose answer comes letter by letter, from here on."""
    handler = type("Handler", (Dripping,), {"begins_with": request.param})
    server = ThreadingTCPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    server.server_close()


def test_answer_that_does_not_end_is_none_and_holds_nobody_up(url: str) -> None:
    fault_of(client(f"http://127.0.0.1:{closed_port()}").statuses)  # the SDK takes time to load
    began = time.monotonic()

    fault = fault_of(client(url, TIMEOUT).statuses)

    assert time.monotonic() - began < PATIENCE
    assert "in time" in fault.reason
    assert not fault.permanent


@pytest.mark.parametrize("url", [HEAD], indirect=True)
def test_removal_whose_answer_does_not_end_is_unclear_and_leaves_no_thread_behind(url: str) -> None:
    port = client(url, TIMEOUT)
    fault_of(port.statuses)
    before = threading.active_count()

    fault = fault_of(lambda: port.remove_code(ROOM_1, "a-code"))

    assert fault.unclear
    eventually(lambda: threading.active_count() <= before)
