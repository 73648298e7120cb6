"""Texts on their way out: each goes once, and none holds up the rest."""

from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.jobs.deliveries import heed_early_reports
from app.jobs.outbox import work
from app.models import Effect, Host, Medium, Message, MessageState, OutboxEntry, TextTrouble
from app.ports.sms import DeliveryFault
from app.seals import Seals
from app.services.deliveries import record_delivery
from app.services.host_messages import way_to
from app.services.messages import TEXTS_OUT, order_message
from app.services.outbox import order
from tests.factories import make_host, make_house
from tests.jobs.test_host_alarms import alarm
from tests.support.simulator import HOST_PHONE, Simulator
from tests.web.houses import make_lived

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def more_settings() -> dict[str, str]:
    return {"TWILIO_SEGMENTS_PER_SECOND": "100"}


@pytest.fixture
def sam(session: Session, simulated_app: Flask) -> Host:
    host = make_host(session, make_house(session))
    host.phone = HOST_PHONE
    session.commit()
    return host


def text_to(session: Session, host: Host, body: str, at: datetime | None = None) -> Message:
    at = at or datetime.now(UTC)
    message = Message(
        property_id=host.property_id, host_id=host.id, medium=Medium.SMS, address=HOST_PHONE,
        body=body, state=MessageState.WAITING, created_at=at,
    )  # fmt: skip
    session.add(message)
    session.flush()
    order_message(session, message, at)
    session.commit()
    return message


def send_all(session: Session) -> list[Message]:
    """Do what a worker would once all pauses are over; return the messages."""
    past = datetime.now(UTC) - timedelta(seconds=1)
    waiting = OutboxEntry.done_at.is_(None)
    session.execute(update(OutboxEntry).where(waiting).values(due_at=past))
    ids = list(session.scalars(select(OutboxEntry.id).where(waiting)))
    session.commit()
    work(ids)
    session.rollback()
    session.expire_all()
    return list(session.scalars(select(Message).order_by(Message.id)))


def test_two_texts_with_the_same_words_both_go_out_after_an_outage(
    sam: Host, session: Session, simulator: Simulator
) -> None:
    text_to(session, sam, "Front door is open."), text_to(session, sam, "Front door is open.")
    simulator.fault("down", service="twilio", times=2)
    assert {one.state for one in send_all(session)} == {MessageState.WAITING}
    first, second = send_all(session)

    assert (first.state, second.state) == (MessageState.SENT, MessageState.SENT)
    assert first.provider_ref != second.provider_ref
    assert simulator.texts(HOST_PHONE) == ["Front door is open."] * 2


def test_effect_that_breaks_is_put_off_and_holds_up_nothing(
    sam: Host, session: Session, simulator: Simulator
) -> None:
    at = datetime.now(UTC)
    broken = order(session, Effect.SEND_MESSAGE, 999_999, key="broken", now=at, lane=TEXTS_OUT)
    session.commit()
    text_to(session, sam, "Good morning.")
    [message] = send_all(session)

    assert message.state == MessageState.SENT
    assert (broken.leased_until, broken.done_at) == (None, None)
    assert broken.due_at > at
    assert broken.fault


def test_effect_that_goes_on_breaking_is_tried_less_and_less_often(
    sam: Host, session: Session
) -> None:
    broken = order(session, Effect.SEND_MESSAGE, 999_999, key="broken", now=datetime.now(UTC))
    broken.attempts = 12
    session.commit()
    send_all(session)

    assert broken.due_at > datetime.now(UTC) + timedelta(minutes=1)


def test_report_that_overtook_the_answer_is_heeded_once_the_text_is_recorded(
    sam: Host, session: Session, simulator: Simulator
) -> None:
    text_to(session, sam, "Good morning.")
    simulator.fault("cut_after", service="twilio", times=1)
    send_all(session)
    [taken] = simulator.state()["texts"]
    spam = DeliveryFault("Spam.", None, "30007")
    record_delivery(session, taken["sid"], "undelivered", spam, now=datetime.now(UTC))
    session.commit()
    [message] = send_all(session)

    assert (message.provider_ref, message.state) == (taken["sid"], MessageState.FAILED)
    assert "spam" in (message.fault or "")


def test_report_that_came_as_its_text_was_recorded_is_heeded_soon(
    sam: Host, session: Session
) -> None:
    message = text_to(session, sam, "Good morning.")
    record_delivery(session, "SM1", "delivered", DeliveryFault(""), now=datetime.now(UTC))
    message.state, message.provider_ref = MessageState.SENT, "SM1"
    session.commit()
    heed_early_reports()
    session.expire_all()

    assert message.state == MessageState.DELIVERED


def test_text_waits_while_the_account_is_at_fault_and_goes_once_it_is_mended(
    sam: Host, session: Session, simulator: Simulator
) -> None:
    text_to(session, sam, "Good morning.")
    simulator.fault("errcode", service="twilio", errcode=20003, status=401, times=1)
    [message] = send_all(session)
    [entry] = session.scalars(select(OutboxEntry))
    trouble = session.scalars(select(TextTrouble)).one()

    assert message.state == MessageState.WAITING
    pause = entry.due_at - datetime.now(UTC)
    assert timedelta(minutes=10) < pause < timedelta(minutes=30)
    assert "TWILIO_AUTH_TOKEN" in trouble.fault
    [message] = send_all(session)
    assert message.state == MessageState.SENT
    assert session.scalars(select(TextTrouble)).all() == []


def test_all_that_wait_go_as_soon_as_one_went(
    sam: Host, session: Session, simulator: Simulator
) -> None:
    text_to(session, sam, "One."), text_to(session, sam, "Two.")
    simulator.fault("errcode", service="twilio", errcode=21606, times=2)
    send_all(session)
    text_to(session, sam, "Three.")
    newest = session.scalars(select(OutboxEntry.id).order_by(OutboxEntry.id.desc())).first()
    assert newest is not None
    session.rollback()
    work([newest])

    assert sorted(simulator.texts(HOST_PHONE)) == ["One.", "Three.", "Two."]


def test_text_that_waited_for_a_day_is_given_up(
    sam: Host, session: Session, simulator: Simulator
) -> None:
    text_to(session, sam, "Good morning.", datetime.now(UTC) - timedelta(hours=25))
    simulator.fault("errcode", service="twilio", errcode=20003, status=401, times=1)
    [message] = send_all(session)

    assert message.state == MessageState.FAILED


def test_alarm_goes_by_mail_at_once_and_once_where_the_account_is_at_fault(
    session: Session, seals: Seals, simulated_app: Flask, simulator: Simulator
) -> None:
    alarm(session, make_lived(session, seals))
    alarms = select(Message).filter_by(template="door_help").order_by(Message.id)
    simulator.fault("errcode", service="twilio", errcode=20003, status=401)
    send_all(session), send_all(session)
    text, letter = session.scalars(alarms)
    assert (text.state, letter.medium) == (MessageState.WAITING, Medium.EMAIL)

    simulator.clear_faults()
    send_all(session)
    assert text.state == MessageState.SENT
    assert len(session.scalars(alarms).all()) == 2


def test_phone_that_refuses_our_texts_is_written_to_by_mail_from_now_on(
    sam: Host, session: Session, simulator: Simulator
) -> None:
    simulator.phone(HOST_PHONE, opted_out=True)
    text_to(session, sam, "Good morning.")
    [message] = send_all(session)

    assert message.state == MessageState.FAILED
    assert sam.texts_stopped_at is not None
    assert way_to(sam)[1] == Medium.EMAIL
