"""POST /sms/inbound: who is heard, once, and how each text is answered, over HTTP."""

import base64
import hashlib
import hmac
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy import text as sql
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from app.db import db
from app.factory import create_app
from app.jobs.outbox import work
from app.models import Effect, HistoryEntry, Host, Message, MessageState, OutboxEntry, Role
from app.services.inbound import InboundText, take_text
from config import Settings
from tests.conftest import BASE
from tests.factories import make_host, make_house
from tests.support.waiting import eventually

TOKEN, ACCOUNT, OURS, SAM = "token", "AC" + "0" * 32, "+447700900100", "+447700900123"
TWILIO = {
    "TWILIO_ACCOUNT_SID": ACCOUNT,
    "TWILIO_AUTH_TOKEN": TOKEN,
    "TWILIO_FROM": OURS,
    "TWILIO_API_URL": "http://127.0.0.1:9",
}
URL = f"{BASE['PUBLIC_URL']}/sms/inbound"


@pytest.fixture(params=["postgresql"])
def database_url(request: pytest.FixtureRequest, emptied: Callable[[str], str]) -> str:
    return emptied(request.param)


@pytest.fixture
def texting(database_url: str, redis_url: str) -> Iterator[Flask]:
    env = {**BASE, **TWILIO, "DATABASE_URL": database_url, "REDIS_URL": redis_url}
    app = create_app(Settings.from_environment(env))
    with app.app_context():
        yield app
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def sam(texting: Flask) -> Host:
    session = db.session()
    host = make_host(session, make_house(session))
    host.phone = SAM
    session.commit()
    return host


def form(body: str, **fields: str) -> dict[str, str]:
    sid = "SM" + hashlib.md5(body.encode(), usedforsecurity=False).hexdigest()
    return {
        "MessageSid": sid,
        "AccountSid": ACCOUNT,
        "From": SAM,
        "To": OURS,
        "Body": body,
        "NumMedia": "0",
        **fields,
    }


def signature(fields: Mapping[str, str], token: str = TOKEN, url: str = URL) -> str:
    text = url + "".join(name + fields[name] for name in sorted(fields))
    return base64.b64encode(hmac.digest(token.encode(), text.encode(), hashlib.sha1)).decode()


def post(app: Flask, fields: Mapping[str, str], signed: str | None = None) -> TestResponse:
    headers = {"X-Twilio-Signature": signed if signed is not None else signature(fields)}
    with app.app_context():
        return app.test_client().post("/sms/inbound", data=fields, headers=headers)


def session_of(app: Flask) -> Session:
    session = db.session()
    session.rollback()
    return session


def stored(app: Flask) -> list[Message]:
    session = session_of(app)
    found = list(session.scalars(select(Message).order_by(Message.id)))
    session.expunge_all()
    session.rollback()
    return found


def read_all(app: Flask) -> None:
    """Do what a worker would."""
    session = session_of(app)
    texts = select(OutboxEntry.id).where(OutboxEntry.kind == Effect.READ_TEXT)
    entries = list(session.scalars(texts))
    session.rollback()
    work(entries)


def test_host_is_heard_and_answered_once(texting: Flask, sam: Host) -> None:
    answer = post(texting, form("guide"))
    read_all(texting)
    read_all(texting)

    assert (answer.status_code, answer.mimetype) == (200, "text/xml")
    assert "<Message" not in answer.text
    asked, replied = stored(texting)
    assert (asked.state, asked.body) == (MessageState.RECEIVED, "guide")
    assert (replied.reply_to_id, replied.address) == (asked.id, SAM)
    assert replied.body is not None
    assert "undo" in replied.body


@pytest.mark.parametrize(
    "signed", ["", "x", signature(form("OK"), "wrong"), signature(form("OK"), url="http://evil/")]
)
def test_forged_text_is_refused_and_not_stored(texting: Flask, sam: Host, signed: str) -> None:
    answer = post(texting, form("OK"), signed)

    assert answer.status_code == 403
    assert stored(texting) == []


def test_text_without_a_signature_is_refused(texting: Flask, sam: Host) -> None:
    assert texting.test_client().post("/sms/inbound", data=form("OK")).status_code == 403


def test_changed_body_breaks_the_signature(texting: Flask, sam: Host) -> None:
    answer = post(texting, form("OK B"), signature(form("OK A")))

    assert answer.status_code == 403


def test_unknown_field_is_accepted(texting: Flask, sam: Host) -> None:
    assert post(texting, form("guide", FutureField="1")).status_code == 200
    assert len(stored(texting)) == 1


def test_unknown_sender_gets_no_reply_and_leaves_nothing(texting: Flask, sam: Host) -> None:
    answer = post(texting, form("OK", From="+447700900999"))

    assert answer.status_code == 200
    assert stored(texting) == []


@pytest.mark.parametrize("role", [Role.CLEANER, Role.VIEWER])
def test_host_without_the_right_is_not_heard(texting: Flask, sam: Host, role: Role) -> None:
    sam.role = role
    db.session.commit()
    post(texting, form("unlock front"))

    assert stored(texting) == []


@pytest.mark.parametrize(
    "wrong",
    [
        {"AccountSid": "AC" + "1" * 32},
        {"To": "+447700900555"},
        {"MessageSid": "nonsense"},
        {"From": "Sam"},
    ],
)
def test_text_that_is_not_to_us_leaves_nothing(
    texting: Flask, sam: Host, wrong: dict[str, str]
) -> None:
    post(texting, form("OK", **wrong))

    assert stored(texting) == []


def test_same_message_three_times_is_one_command(texting: Flask, sam: Host) -> None:
    fields = form("guide")
    assert [post(texting, fields).status_code for _ in range(3)] == [200, 200, 200]
    read_all(texting)

    assert len(stored(texting)) == 2


def test_same_message_at_once_is_one_command(texting: Flask, sam: Host) -> None:
    fields = form("guide")
    with ThreadPoolExecutor(6) as pool:
        codes = list(pool.map(lambda _: post(texting, fields).status_code, range(6)))
    read_all(texting)

    assert set(codes) == {200}
    assert len(stored(texting)) == 2


def test_text_that_is_being_stored_by_another_is_answered_like_a_repeat(
    texting: Flask, sam: Host
) -> None:
    fields = form("STOP")
    text = InboundText(fields["MessageSid"], SAM, fields["Body"])
    with ThreadPoolExecutor(1) as pool, Session(db.engine) as other:
        take_text(other, text, now=datetime.now(UTC))
        late = pool.submit(post, texting, fields)
        eventually(lambda: is_waited_for(other))
        other.commit()
        answer = late.result()

    assert answer.status_code == 200
    assert len(stored(texting)) == 1
    told = session_of(texting).scalars(select(HistoryEntry.what).filter_by(what="texts-stopped"))
    assert len(told.all()) == 1


def is_waited_for(session: Session) -> bool:
    """Tell whether another transaction waits for this one.

    By the locks: a transaction sees pg_stat_activity as it was at its first look.
    """
    pid = session.scalar(select(func.pg_backend_pid()))
    waiting = sql(
        "SELECT count(*) FROM pg_locks WHERE NOT granted AND :pid = ANY(pg_blocking_pids(pid))"
    )
    return bool(session.execute(waiting, {"pid": pid}).scalar_one())


def test_text_that_ends_in_a_fault_of_ours_is_answered_after_some_tries(
    texting: Flask, sam: Host
) -> None:
    post(texting, form("guide"))
    session = session_of(texting)
    entry = session.scalars(select(OutboxEntry)).one()
    entry.attempts = 3
    session.commit()
    read_all(texting)

    replied = stored(texting)[1]
    assert replied.body is not None
    assert "nothing was changed" in replied.body


def test_carrier_word_is_stored_and_not_answered(texting: Flask, sam: Host) -> None:
    post(texting, form("STOP", OptOutType="STOP"))
    read_all(texting)

    [message] = stored(texting)
    assert message.body == "STOP"
    assert session_of(texting).scalars(select(Host)).one().texts_stopped_at is not None


@pytest.mark.parametrize(("word", "kind"), [("ALTO", "STOP"), ("SEGUIR", "START"), ("OK", "HELP")])
def test_word_that_the_text_service_took_for_its_own_is_not_answered(
    texting: Flask, sam: Host, word: str, kind: str
) -> None:
    post(texting, form(word, OptOutType=kind))
    read_all(texting)

    assert [one.body for one in stored(texting)] == [word]
    stopped_at = session_of(texting).scalars(select(Host)).one().texts_stopped_at
    assert (stopped_at is not None) == (kind == "STOP")


def test_unknown_kind_of_carrier_word_is_no_reason_for_silence(texting: Flask, sam: Host) -> None:
    post(texting, form("guide", OptOutType="NEWKIND"))
    read_all(texting)

    assert len(stored(texting)) == 2


def test_long_answer_is_cut_so_that_it_is_sent_at_all(texting: Flask, sam: Host) -> None:
    post(texting, form("\n".join(f"1234567890: what is this {number}" for number in range(28))))
    read_all(texting)

    replied = stored(texting)[1]
    assert replied.body is not None
    assert len(replied.body) < 1000
    assert "more lines.\nNothing was changed." in replied.body
