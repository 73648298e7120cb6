"""Posts of Seam's: believed only when signed, and then only that something happened."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from queue import Queue
from threading import Thread

import pytest
from svix.webhooks import Webhook

from app.ports.locks.seam_webhook import ForgedHint, SeamHint, UnreadableHint, read_hint
from tests.ports.seam_world import NUMBER, ROOM_1, WEBHOOK_SECRET
from tests.support.simulator import Simulator

EVENT = {
    "event_id": "5e3f", "event_type": "lock.unlocked", "device_id": ROOM_1,
    "occurred_at": "2026-11-23T15:04:05.000Z", "created_at": "2026-11-23T15:04:09.000Z",
    "code": "048213",
}  # fmt: skip
HINT = SeamHint(ROOM_1, "lock.unlocked", datetime(2026, 11, 23, 15, 4, 5, tzinfo=UTC))
ANOTHER_SECRET = "whsec_bm90IHRoZSBzZWNyZXQgb2YgdGhpcyBob3VzZQ=="


def signed(
    body: str, secret: str = WEBHOOK_SECRET, at: datetime | None = None, prefix: str = "svix-"
) -> dict[str, str]:
    when = at or datetime.now(UTC)
    return {
        f"{prefix}id": "msg_1",
        f"{prefix}timestamp": str(int(when.timestamp())),
        f"{prefix}signature": Webhook(secret).sign("msg_1", when, body),
    }


def test_signed_event_tells_which_device_to_look_at() -> None:
    body = json.dumps(EVENT)

    assert read_hint(body.encode(), signed(body), WEBHOOK_SECRET) == HINT


def test_headers_are_known_whatever_their_case() -> None:
    body = json.dumps(EVENT)

    assert read_hint(body.encode(), signed(body, prefix="Svix-"), WEBHOOK_SECRET) == HINT


def test_event_of_a_kind_that_is_new_is_a_hint_all_the_same() -> None:
    body = json.dumps({**EVENT, "event_type": "lock.something_new"})

    assert read_hint(body.encode(), signed(body), WEBHOOK_SECRET).device_id == ROOM_1


def test_event_of_no_device_names_none() -> None:
    event = {key: value for key, value in EVENT.items() if key != "device_id"}
    body = json.dumps({**event, "event_type": "connected_account.disconnected"})

    assert read_hint(body.encode(), signed(body), WEBHOOK_SECRET).device_id is None


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"svix-id": "msg_1", "svix-timestamp": "now", "svix-signature": "v1,abc"},
        {**signed(json.dumps(EVENT)), "svix-signature": "v1"},
        {**signed(json.dumps(EVENT)), "svix-signature": "v1,not base64!"},
        {**signed(json.dumps(EVENT)), "svix-signature": "v0,abcd"},
        {**signed(json.dumps(EVENT)), "svix-id": "msg_2"},
        signed(json.dumps(EVENT), ANOTHER_SECRET),
        signed(json.dumps({**EVENT, "device_id": "another"})),
        signed(json.dumps(EVENT), at=datetime.now(UTC) - timedelta(hours=2)),
        signed(json.dumps(EVENT), at=datetime.now(UTC) + timedelta(hours=2)),
    ],
)
def test_what_is_not_signed_so_is_refused(headers: dict[str, str]) -> None:
    with pytest.raises(ForgedHint):
        read_hint(json.dumps(EVENT).encode(), headers, WEBHOOK_SECRET)


def test_bytes_that_are_no_text_are_refused() -> None:
    with pytest.raises(ForgedHint):
        read_hint(b"\xff\xfe", signed("x"), WEBHOOK_SECRET)


@pytest.mark.parametrize(
    "body",
    [
        "{not json",
        "[]",
        "null",
        "{}",
        json.dumps({**EVENT, "event_type": 17}),
        json.dumps({**EVENT, "occurred_at": "yesterday"}),
        json.dumps({**EVENT, "device_custom_metadata": "a text"}),
    ],
)
def test_what_is_signed_and_no_event_is_told_apart_from_forgery(body: str) -> None:
    with pytest.raises(UnreadableHint):
        read_hint(body.encode(), signed(body), WEBHOOK_SECRET)


def test_neither_digits_nor_the_secret_are_in_what_is_raised() -> None:
    body = json.dumps({**EVENT, "occurred_at": "048213"})

    with pytest.raises(UnreadableHint) as caught:
        read_hint(body.encode(), signed(body), WEBHOOK_SECRET)

    assert "048213" not in f"{caught.value!r} {caught.value.__cause__!r}"


@pytest.fixture
def heard() -> Iterator[tuple[str, Queue[tuple[bytes, dict[str, str]]]]]:
    """An app that is posted to: its address, and what came."""
    posts: Queue[tuple[bytes, dict[str, str]]] = Queue()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            posts.put((body, dict(self.headers)))
            self.send_response(204)
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/hooks/seam", posts
    server.shutdown()
    server.server_close()


def test_the_simulated_seam_posts_what_locks_do(
    seam_simulator: Simulator, heard: tuple[str, Queue[tuple[bytes, dict[str, str]]]]
) -> None:
    url, posts = heard
    seam_simulator.seam(webhook_url=url)

    seam_simulator.keypad(NUMBER, "111222")
    body, headers = posts.get(timeout=20)

    hint = read_hint(body, headers, WEBHOOK_SECRET)
    assert (hint.device_id, hint.event_type) == (ROOM_1, "lock.access_denied")
