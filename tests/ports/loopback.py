"""A small HTTP server on the loopback, for answers that no well-behaved service gives."""

import json
import socket
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Lock, Thread
from urllib.parse import parse_qs, urlsplit

Form = dict[str, str]


@dataclass(frozen=True)
class Reply:
    """What to answer: `hang` never does, `cut` closes the connection instead.

    `drip` goes on for ever with a byte now and then: after `body`, as it is, status line and all.
    """

    body: bytes = b""
    status: int = 200
    hang: bool = False
    cut: bool = False
    content_type: str = "application/json"
    location: str | None = None
    retry_after: str | None = None
    drip: bool = False


def says(status: int = 200, /, **fields: object) -> Reply:
    return Reply(json.dumps(fields).encode(), status)


HANG = Reply(hang=True)
CUT = Reply(cut=True)

Answer = Reply | Callable[[Form], Reply]


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 64
    """A full queue makes the kernel try again a second later."""


class Loopback:
    """Answers by path; `asked` is what came, in order, and `callers` from where."""

    def __init__(self) -> None:
        self.answers: dict[str, list[Answer]] = {}
        self.asked: list[tuple[str, Form]] = []
        self.queries: list[str] = []
        self.callers: list[tuple[str, int]] = []
        self.keeps_connections = False
        self._guard = Lock()
        self._over = Event()
        outer = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                length = int(self.headers.get("Content-Length") or 0)
                self._answer(self.rfile.read(length).decode())

            def do_GET(self) -> None:
                self._answer(urlsplit(self.path).query)

            def do_PATCH(self) -> None:
                self.do_POST()

            def do_DELETE(self) -> None:
                self.do_GET()

            def _answer(self, encoded: str) -> None:
                form = {
                    name: values[0]
                    for name, values in parse_qs(encoded, keep_blank_values=True).items()
                }
                self.close_connection = not outer.keeps_connections
                outer.callers.append(self.client_address)
                reply = outer._reply(self.path, form)
                if reply.hang or reply.cut:
                    self.close_connection = True
                if reply.hang:
                    outer._over.wait()
                elif reply.drip:
                    self._drip(reply.body)
                elif not reply.cut:
                    self.send_response(reply.status)
                    if reply.location:
                        self.send_header("Location", reply.location)
                    if reply.retry_after:
                        self.send_header("Retry-After", reply.retry_after)
                    if self.close_connection:
                        self.send_header("Connection", "close")
                    self.send_header("Content-Type", reply.content_type)
                    self.send_header("Content-Length", str(len(reply.body)))
                    self.end_headers()
                    self.wfile.write(reply.body)

            def _drip(self, head: bytes) -> None:
                self.close_connection = True
                with suppress(OSError):
                    self.wfile.write(head)
                    while not outer._over.wait(0.05):
                        self.wfile.write(b" ")

            def log_message(self, format: str, *args: object) -> None:
                pass

        self._http = _Server(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._http.server_address[1]}"
        serve = {"poll_interval": 0.005}
        Thread(target=self._http.serve_forever, kwargs=serve, daemon=True).start()

    def on(self, path: str, *answers: Answer) -> None:
        """Answer this path so, one after the other; the last one stays."""
        self.answers[path] = list(answers)

    def forms(self, path: str) -> list[Form]:
        return [form for asked, form in self.asked if asked == path]

    def close(self) -> None:
        self._over.set()
        self._http.shutdown()
        self._http.server_close()

    def _reply(self, target: str, form: Form) -> Reply:
        parts = urlsplit(target)
        with self._guard:
            self.asked.append((parts.path, form))
            self.queries.append(parts.query)
            answers = self.answers.get(parts.path) or [says(404)]
            answer = answers.pop(0) if len(answers) > 1 else answers[0]
        return answer(form) if callable(answer) else answer


def closed_port() -> int:
    """Return a port on which nothing listens."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port: int = one.getsockname()[1]
        return port
