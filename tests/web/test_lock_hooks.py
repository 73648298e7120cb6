"""Webhooks of the lock services: hints, of which nothing is believed and nothing kept."""

import base64
import hashlib
import hmac
import json
import logging
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from redis import Redis
from rq import Queue
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from app.db import db
from app.factory import create_app
from app.models import Door
from app.models.base import Base
from config import BadSetting, Settings
from tests.conftest import BASE
from tests.factories import make_house
from tests.support.apps import MakeApp
from tests.web.visitor import everything

TOKEN = "t0ken_-abcdefghijklmno"
SECRET = "whsec_" + base64.b64encode(b"a secret of the tests, 32 bytes!").decode()
PIN = "739105"
TTLOCK = f"/hooks/ttlock/{TOKEN}"


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, emptied: Callable[[str], str]) -> str:
    return emptied(request.param)


ONE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def env(database_url: str, redis_url: str) -> Mapping[str, str]:
    with Redis.from_url(redis_url) as redis:
        redis.flushdb()
    return {
        **BASE,
        "DATABASE_URL": database_url,
        "REDIS_URL": redis_url,
        "TTLOCK_CALLBACK_TOKEN": TOKEN,
        "SEAM_API_KEY": "seam_test_1234",
        "SEAM_WEBHOOK_SECRET": SECRET,
    }


@pytest.fixture
def app(env: Mapping[str, str]) -> Iterator[Flask]:
    app = create_app(Settings.from_environment(env))
    with app.app_context():
        yield app
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def door(session: Session) -> Door:
    house = make_house(session, rooms=0)
    one = session.query(Door).filter_by(property_id=house.id).one()
    one.lock_id, one.log_due_at = "1001", datetime.now(UTC) + timedelta(hours=5)
    session.commit()
    return one


def rung(redis_url: str) -> list[tuple[str, list[int]]]:
    """Return the jobs that workers were called for."""
    with Redis.from_url(redis_url) as redis:
        jobs = Queue("feeds", connection=redis, serializer="json").jobs
        return [(str(job.func_name).removeprefix("app.jobs."), job.args[0]) for job in jobs]


def post(app: Flask, path: str, data: Any = None, **more: Any) -> TestResponse:
    db.session.commit()
    with app.app_context():
        return app.test_client().post(path, data=data, **more)


def notice(lock_id: object = 1001, kind: object = 1, **fields: object) -> dict[str, object]:
    record = {
        "lockId": lock_id, "recordType": 4, "success": 1, "username": "Owner", "keyboardPwd": PIN,
        "lockDate": 1, "serverDate": 1, "electricQuantity": 3,
    }  # fmt: skip
    records = json.dumps([record])
    return {"notifyType": kind, "lockId": lock_id, "records": records, "admin": "x", **fields}


def unchanged_but_when(session: Session) -> dict[str, list[tuple[object, ...]]]:
    """Return all rows, but for when logs are read."""
    columns = [column.name for column in Base.metadata.tables["door"].columns]
    due = columns.index("log_due_at")
    rows = everything(session)
    rows["door"] = [(*row[:due], *row[due + 1 :]) for row in rows["door"]]
    return rows


@pytest.mark.parametrize("kind", [1, 4, 7])
def test_a_notice_about_a_lock_has_its_log_read(
    app: Flask, session: Session, door: Door, redis_url: str, kind: int
) -> None:
    answer = post(app, TTLOCK, notice(kind=kind))

    assert (answer.status_code, answer.text, answer.mimetype) == (200, "success", "text/plain")
    assert rung(redis_url) == [("lock_events.read_logs", [door.id])]
    session.refresh(door)
    assert door.log_due_at is not None
    assert door.log_due_at <= datetime.now(UTC) + timedelta(minutes=1)  # a lost ring is found


def test_nothing_of_a_notice_is_kept_or_logged(
    app: Flask, session: Session, door: Door, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    before = unchanged_but_when(session)

    post(app, TTLOCK, notice())

    assert unchanged_but_when(session) == before
    assert PIN not in caplog.text
    assert TOKEN not in caplog.text


@ONE
@pytest.mark.parametrize(
    "form",
    [
        {"notifyType": 2, "gatewayId": 501, "isOnline": 0},
        {"notifyType": 3, "lockId": 1001, "isOnline": 0},
    ],
)
def test_a_notice_of_a_gateway_or_a_lock_with_wifi_has_all_locks_looked_at_once(
    app: Flask, door: Door, redis_url: str, form: dict[str, object]
) -> None:
    answers = [post(app, TTLOCK, form).text for _ in range(3)]

    assert answers == ["success"] * 3
    assert rung(redis_url) == [("locks.refresh_doors", [])]


@ONE
def test_a_flood_of_notices_rings_once(app: Flask, door: Door, redis_url: str) -> None:
    for _ in range(20):
        post(app, TTLOCK, notice())

    assert len(rung(redis_url)) == 1


@ONE
def test_locks_are_found_in_the_records_too(app: Flask, door: Door, redis_url: str) -> None:
    records = json.dumps([{"lockId": 5}, {"lockId": "1001"}, {"lockId": True}, 7, None])

    post(app, TTLOCK, {"notifyType": 1, "lockId": "", "records": records})

    assert rung(redis_url) == [("lock_events.read_logs", [door.id])]


@ONE
@pytest.mark.parametrize(
    "data",
    [
        None,
        "",
        b"\xff\xfe\x00",
        "notifyType=1",
        {"notifyType": "1", "lockId": "1001 OR 1=1"},
        {"notifyType": "1", "lockId": "9" * 400, "records": "[" * 5000},
        {"notifyType": "1", "records": '[{"lockId": {"a": 1}}]'},
        {"notifyType": "1", "records": '[{"lockId": ' + "9" * 5000 + "}]"},
        {"notifyType": "99", "lockId": "1001"},
        {"notifyType": "1", "lockId": "424242"},
        {f"field-{number}": "x" for number in range(2000)},
    ],
)
def test_what_cannot_be_read_is_answered_and_changes_nothing(
    app: Flask, session: Session, door: Door, redis_url: str, data: object
) -> None:
    before = everything(session)

    answer = post(app, TTLOCK, data)

    assert (answer.status_code, answer.text) == (200, "success")
    assert everything(session) == before
    assert rung(redis_url) == []


@ONE
def test_a_notice_of_all_that_a_lock_wrote_meanwhile_is_read(
    app: Flask, door: Door, redis_url: str
) -> None:
    post(app, TTLOCK, notice(records=json.dumps([notice()] * 2000)))

    assert rung(redis_url) == [("lock_events.read_logs", [door.id])]


def test_a_notice_too_large_to_be_read_has_all_logs_read_soon_but_seldom(
    app: Flask, session: Session, door: Door, redis_url: str
) -> None:
    huge = notice(records="x" * 2_000_000)
    before = datetime.now(UTC)

    answer = post(app, TTLOCK, huge)

    assert (answer.status_code, answer.text) == (200, "success")
    session.refresh(door)
    assert door.log_due_at is not None
    assert door.log_due_at < before + timedelta(minutes=2)
    assert rung(redis_url) == []  # the scheduler rings
    door.log_due_at = later = before + timedelta(hours=5)
    session.commit()
    post(app, TTLOCK, huge)
    session.refresh(door)
    assert door.log_due_at == later


@ONE
@pytest.mark.parametrize("content_type", ["application/json", "multipart/form-data", "text/plain"])
def test_bodies_of_other_kinds_are_answered(
    app: Flask, door: Door, redis_url: str, content_type: str
) -> None:
    answer = post(app, TTLOCK, b"notifyType=1&lockId=1001", content_type=content_type)

    assert (answer.status_code, answer.text) == (200, "success")
    assert rung(redis_url) == []


@ONE
@pytest.mark.parametrize(
    "token", [TOKEN[:-1], TOKEN + "x", "x" * 22, "%00", "ä" * 22, TOKEN.upper()]
)
def test_another_token_is_404_and_rings_nobody(
    app: Flask, door: Door, redis_url: str, token: str
) -> None:
    assert post(app, f"/hooks/ttlock/{token}", notice()).status_code == 404
    assert rung(redis_url) == []


@ONE
def test_a_notice_is_a_post(app: Flask, door: Door) -> None:
    assert app.test_client().get(TTLOCK).status_code == 405


@ONE
def test_without_a_token_there_is_no_webhook(env: Mapping[str, str], make_app: MakeApp) -> None:
    bare = {name: env[name] for name in (*BASE, "DATABASE_URL", "REDIS_URL")}
    app = make_app(bare)

    for path in (TTLOCK, "/hooks/ttlock/None", "/hooks/seam"):
        assert app.test_client().post(path, data=notice()).status_code == 404


@ONE
@pytest.mark.parametrize("token", ["a/b", "x" * 21 + "!", "x" * 30 + " y", "ä" * 22])
def test_a_token_that_no_address_can_bear_stops_the_start(
    env: Mapping[str, str], token: str
) -> None:
    with pytest.raises(BadSetting, match="TTLOCK_CALLBACK_TOKEN"):
        Settings.from_environment({**env, "TTLOCK_CALLBACK_TOKEN": token})


@ONE
def test_a_token_that_can_be_guessed_is_warned_of(
    env: Mapping[str, str], caplog: pytest.LogCaptureFixture
) -> None:
    Settings.from_environment({**env, "TTLOCK_CALLBACK_TOKEN": "short"})

    assert "short enough to be guessed" in caplog.text


def sealed(event: Mapping[str, object], secret: str = SECRET) -> dict[str, Any]:
    """Sign a body as Svix does for Seam."""
    body = json.dumps(event)
    at = str(int(datetime.now(UTC).timestamp()))
    key = base64.b64decode(secret.removeprefix("whsec_"))
    digest = hmac.new(key, f"msg_1.{at}.{body}".encode(), hashlib.sha256).digest()
    signature = "v1," + base64.b64encode(digest).decode()
    headers = {"svix-id": "msg_1", "svix-timestamp": at, "svix-signature": signature}
    return {"data": body, "headers": headers, "content_type": "application/json"}


def unlocked(event_type: str = "lock.unlocked") -> dict[str, object]:
    return {
        "event_id": "e1", "event_type": event_type, "device_id": "device-1", "code": PIN,
        "workspace_id": "w1", "created_at": "2026-12-19T16:00:00.000Z",
        "occurred_at": "2026-12-19T16:00:00.000Z",
    }  # fmt: skip


@pytest.fixture
def seam_door(session: Session, door: Door) -> Door:
    door.provider, door.lock_id = "seam", "device-1"
    session.commit()
    return door


@ONE
def test_a_hint_that_seam_signed_has_the_log_read(
    app: Flask, seam_door: Door, redis_url: str
) -> None:
    answer = post(app, "/hooks/seam", **sealed(unlocked()))

    assert answer.status_code == 204
    assert rung(redis_url) == [("lock_events.read_logs", [seam_door.id])]


@ONE
def test_a_hint_of_a_battery_has_all_locks_looked_at(
    app: Flask, seam_door: Door, redis_url: str
) -> None:
    post(app, "/hooks/seam", **sealed(unlocked("device.low_battery")))

    assert rung(redis_url) == [("locks.refresh_doors", [])]


def compared_at(session: Session, door: Door) -> datetime | None:
    session.refresh(door)
    return door.sync_due_at


@pytest.mark.parametrize(
    "what",
    [
        *("set_on_device", "failed_to_set_on_device", "removed_from_device", "code_changed"),
        *("time_frame_changed", "modified_external_to_seam", "deleted_external_to_seam"),
    ],
)
@ONE
def test_a_hint_of_a_code_has_its_door_compared(
    app: Flask, session: Session, seam_door: Door, redis_url: str, what: str
) -> None:
    seam_door.sync_due_at = datetime.now(UTC) + timedelta(hours=5)

    answer = post(app, "/hooks/seam", **sealed(unlocked(f"access_code.{what}")))

    assert answer.status_code == 204
    due_at = compared_at(session, seam_door)
    assert due_at is not None
    assert due_at <= datetime.now(UTC)
    assert rung(redis_url) == []


@pytest.mark.parametrize("account", [True, False])
@ONE
def test_a_hint_of_a_way_that_is_open_again_has_its_doors_compared_and_looked_at(
    app: Flask, session: Session, seam_door: Door, redis_url: str, account: bool
) -> None:
    seam_door.sync_due_at = datetime.now(UTC) + timedelta(hours=5)
    event = unlocked("connected_account.successful_login" if account else "device.connected")
    if account:
        del event["device_id"]

    post(app, "/hooks/seam", **sealed(event))

    due_at = compared_at(session, seam_door)
    assert due_at is not None
    assert due_at <= datetime.now(UTC)
    assert rung(redis_url) == [("locks.refresh_doors", [])]


@ONE
def test_a_forged_hint_is_401_noted_and_rings_nobody(
    app: Flask, session: Session, seam_door: Door, redis_url: str,
    caplog: pytest.LogCaptureFixture,
) -> None:  # fmt: skip
    before = everything(session)
    forged = "whsec_" + base64.b64encode(b"another secret").decode()

    answers = [
        post(app, "/hooks/seam", **sealed(unlocked(), forged)),
        post(app, "/hooks/seam", json.dumps(unlocked())),
        post(app, "/hooks/seam", **{**sealed(unlocked()), "data": json.dumps(unlocked("x"))}),
    ]

    assert [answer.status_code for answer in answers] == [401] * 3
    assert caplog.text.count("without a valid signature") == 3
    assert PIN not in caplog.text
    assert everything(session) == before
    assert rung(redis_url) == []


@ONE
def test_a_signed_hint_that_cannot_be_read_is_accepted(
    app: Flask, seam_door: Door, redis_url: str
) -> None:
    answer = post(app, "/hooks/seam", **sealed({"event_type": "x"}))

    assert answer.status_code == 204
    assert rung(redis_url) == []
