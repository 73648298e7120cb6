"""An app as Twilio sees it: it hears signed forms, and answers as it is told."""

from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from queue import Queue
from threading import Event, Thread
from urllib.parse import parse_qsl

TWIML = '<?xml version="1.0" encoding="UTF-8"?><Response>{}</Response>'


@dataclass(frozen=True)
class Heard:
    """One post: its form, its signature (None: unsigned) and its other headers."""

    form: dict[str, str]
    signature: str | None
    headers: dict[str, str]


class Webhook:
    """Listens on a port of its own; `heard` is what came."""

    def __init__(self) -> None:
        self.heard: Queue[Heard] = Queue()
        self._status, self._body, self._media_type, self._cut = 200, "", "text/xml", False
        self._let_go = Event()
        self._let_go.set()
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"])).decode()
                form = dict(parse_qsl(body, keep_blank_values=True))
                signature = self.headers["X-Twilio-Signature"]
                outer.heard.put(Heard(form, signature, dict(self.headers)))
                outer._let_go.wait()
                if outer._cut:
                    return
                self.send_response(outer._status)
                self.send_header("Content-Type", outer._media_type)
                self.send_header("Location", "/elsewhere")
                self.end_headers()
                self.wfile.write(outer._body.encode())

            def log_message(self, format: str, *args: object) -> None:
                pass

        self._http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._http.server_port}/texts/status?of=17"
        serve = {"poll_interval": 0.01}
        Thread(target=self._http.serve_forever, kwargs=serve, daemon=True).start()

    def replies(self, *texts: str) -> None:
        """Answer with TwiML that texts back; markup in the texts is up to the caller."""
        self.answers(TWIML.format("".join(f"<Message>{text}</Message>" for text in texts)))

    def answers(self, body: str = "", status: int = 200, media_type: str = "text/xml") -> None:
        self._body, self._status, self._media_type = body, status, media_type

    def cuts(self) -> None:
        """Close the connection without an answer."""
        self._cut = True

    def hangs(self) -> None:
        """Do not answer before `lets_go`."""
        self._let_go.clear()

    def lets_go(self) -> None:
        self._let_go.set()

    def forms(self) -> list[dict[str, str]]:
        """Return all forms heard since the last look."""
        return [self.heard.get_nowait().form for _ in range(self.heard.qsize())]

    def close(self) -> None:
        self.lets_go()
        self._http.shutdown()
        self._http.server_close()
