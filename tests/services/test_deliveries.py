"""What became of texts: reports late, twice and out of order; one more try, or a mail instead."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.models import (
    EarlyReport,
    Effect,
    Guest,
    Medium,
    Message,
    MessageState,
    OutboxEntry,
    Property,
    TextStep,
    TextTrouble,
)
from app.ports.sms import DeliveryFault
from app.seals import Seals
from app.services.check_in import Details, check_in
from app.services.deliveries import (
    forget_early_reports,
    record_delivery,
    take_early_report,
)
from app.services.lanes import hold_property
from app.services.questions import ask_hosts
from app.services.text_troubles import note_trouble
from tests.factories import ALICE, NOW, booking_mail, make_host, make_house, make_reservation
from tests.support.desk import Desk

LATER = timedelta(minutes=5)
OFF = DeliveryFault("The phone could not be reached.", LATER)
SPAM = DeliveryFault("Taken for spam.")
WHO = Details("Alice Moore", "alice@example.com", "+447700900417", 2, None, None, "en")


@pytest.fixture
def text(session: Session, seals: Seals) -> Message:
    """The link that a guest was texted."""
    house = make_house(session)
    make_reservation(session, house, 1, seals=seals)
    check_in(session, house.id, ALICE, WHO, seals=seals, now=NOW)
    message = session.scalars(select(Message)).one()
    message.state, message.provider_ref = MessageState.SENT, "SM1"
    session.flush()
    return message


def reported(session: Session, status: str, fault: DeliveryFault = SPAM) -> list[Message]:
    record_delivery(session, "SM1", status, fault, now=NOW)
    session.flush()
    return list(session.scalars(select(Message).order_by(Message.id)))


def test_delivered_text_stays_delivered(session: Session, text: Message) -> None:
    reported(session, "delivered")
    messages = reported(session, "undelivered")

    assert [one.state for one in messages] == [MessageState.DELIVERED]


def test_text_that_can_never_arrive_goes_by_mail_once(session: Session, text: Message) -> None:
    reported(session, "undelivered")
    first, letter = reported(session, "undelivered")

    assert (first.state, first.fault) == (MessageState.FAILED, SPAM.sentence)
    assert (letter.medium, letter.address) == (Medium.EMAIL, "alice@example.com")


def test_phone_that_was_off_is_tried_once_more_a_while_later(
    session: Session, text: Message
) -> None:
    _first, again = reported(session, "failed", OFF)
    order = session.scalars(
        select(OutboxEntry).filter_by(subject_id=again.id, kind=Effect.SEND_MESSAGE)
    ).one()
    assert (again.medium, order.due_at) == (Medium.SMS, NOW + LATER)

    again.state, again.provider_ref = MessageState.SENT, "SM2"
    session.flush()
    record_delivery(session, "SM2", "failed", OFF, now=NOW)
    session.flush()
    last = list(session.scalars(select(Message).order_by(Message.id)))[-1]
    assert last.medium == Medium.EMAIL


def test_report_that_comes_before_its_text_is_recorded_is_kept_once_for_a_day(
    session: Session, text: Message
) -> None:
    for status in ("sent", "undelivered", "delivered"):
        record_delivery(session, "SM9", status, DeliveryFault("Spam.", None, "30007"), now=NOW)
    early = take_early_report(session, "SM9")
    session.flush()

    assert early is not None
    assert (early.status, early.error_code) == ("undelivered", "30007")
    assert take_early_report(session, "SM9") is None
    assert text.state == MessageState.SENT


def test_report_on_a_text_that_never_was_ours_is_forgotten(session: Session) -> None:
    record_delivery(session, "SM9", "failed", SPAM, now=NOW)
    forget_early_reports(session, NOW + timedelta(hours=23))
    assert session.scalars(select(EarlyReport.sid)).all() == ["SM9"]
    forget_early_reports(session, NOW + timedelta(hours=25))

    assert session.scalars(select(EarlyReport.sid)).all() == []


def test_text_waits_a_while_for_an_account_to_be_mended_and_then_goes_by_mail(
    session: Session, text: Message
) -> None:
    unregistered = DeliveryFault("Register the number.", timedelta(minutes=15), of_account=True)
    _first, again = reported(session, "undelivered", unregistered)
    trouble = session.scalars(select(TextTrouble)).one()
    assert (trouble.step, trouble.fault) == (TextStep.DELIVERY, "Register the number.")
    assert again.medium == Medium.SMS

    again.state, again.provider_ref = MessageState.SENT, "SM2"
    session.flush()
    late = NOW + timedelta(minutes=50)
    record_delivery(session, "SM2", "undelivered", unregistered, now=late)
    session.flush()
    last = list(session.scalars(select(Message).order_by(Message.id)))[-1]
    assert (last.medium, last.address) == (Medium.EMAIL, "alice@example.com")


def test_text_that_can_go_no_other_way_is_tried_for_a_day_less_and_less_often(
    session: Session, text: Message
) -> None:
    session.get_one(Guest, text.guest_id).email = None
    suspended = DeliveryFault("Suspended.", timedelta(minutes=15), of_account=True)
    at, dues = NOW, []
    for number in range(1, 20):
        record_delivery(session, f"SM{number}", "failed", suspended, now=at)
        session.flush()
        last = session.scalars(select(Message).order_by(Message.id.desc())).first()
        assert last is not None
        if last.state != MessageState.WAITING:
            break
        order = session.scalars(select(OutboxEntry).filter_by(subject_id=last.id)).all()[-1]
        dues.append(order.due_at - at)
        last.state, last.provider_ref, at = MessageState.SENT, f"SM{number + 1}", order.due_at
        session.flush()

    assert dues == [timedelta(minutes=15) * 2**n for n in range(6)]


def test_text_that_arrives_ends_the_trouble(session: Session, text: Message) -> None:
    note_trouble(session, TextStep.DELIVERY, "Suspended.", NOW)
    reported(session, "delivered")

    assert session.scalars(select(TextTrouble)).all() == []


def test_host_who_cannot_be_texted_is_asked_by_mail(session: Session, seals: Seals) -> None:
    desk = Desk(session, seals)
    desk.closed(1), desk.closed(2)
    desk.mail(booking_mail("5100200301"))
    asked = session.scalars(select(Message)).one()
    asked.state, asked.provider_ref = MessageState.SENT, "SM1"
    session.flush()
    letter = reported(session, "undelivered")[-1]

    assert (letter.medium, letter.address) == (Medium.EMAIL, desk.host.email)
    assert letter.facts["questions"] == asked.facts["questions"]


def test_host_whose_phone_stopped_us_is_not_texted(session: Session, seals: Seals) -> None:
    desk = Desk(session, seals)
    desk.host.texts_stopped_at = NOW
    house = hold_property(session, desk.house.id)

    assert ask_hosts(session, house, desk.tend(), now=NOW) == []


def test_host_whose_phone_refused_a_text_on_the_way_is_not_texted(
    session: Session, seals: Seals
) -> None:
    desk = Desk(session, seals)
    desk.closed(1), desk.closed(2)
    desk.mail(booking_mail("5100200301"))
    asked = session.scalars(select(Message)).one()
    asked.state, asked.provider_ref = MessageState.SENT, "SM1"
    session.flush()
    reported(session, "undelivered", DeliveryFault("STOP.", is_opt_out=True))

    assert desk.host.texts_stopped_at == NOW


def test_guest_who_refused_a_text_stops_no_host(session: Session, text: Message) -> None:
    host = make_host(session, session.get_one(Property, text.property_id))
    reported(session, "undelivered", DeliveryFault("STOP.", is_opt_out=True))

    assert host.texts_stopped_at is None
