"""An alarm finds its way to a host, whatever is set up."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.clock import now
from app.jobs.outbox import work
from app.models import (
    Door,
    DoorHelp,
    Effect,
    Host,
    Medium,
    Message,
    MessageState,
    OutboxEntry,
)
from app.seals import Seals
from app.services.host_alarms import alarm_hosts
from tests.web.houses import Lived, make_lived

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def alarm(session: Session, lived: Lived) -> int:
    """Have the hosts told, of whom one has a phone; return the order of the text."""
    session.scalars(select(Host)).one().phone = "+447700900123"
    door = session.scalars(select(Door).filter_by(id=lived.door.id)).one()
    asked = DoorHelp(
        property_id=lived.house.id, door_id=door.id, guest_id=lived.guest.id,
        asked_at=now() - timedelta(minutes=1),
    )  # fmt: skip
    session.add(asked)
    session.flush()
    [message] = alarm_hosts(session, asked, now())
    entry = session.scalars(
        select(OutboxEntry.id).filter_by(kind=Effect.SEND_MESSAGE, subject_id=message.id)
    ).one()
    session.commit()
    return entry


def test_an_alarm_goes_by_mail_where_texts_are_not_set_up(
    app: Flask, session: Session, seals: Seals
) -> None:
    entry = alarm(session, make_lived(session, seals))

    work([entry])

    session.rollback()
    text, mail = session.scalars(
        select(Message).filter_by(template="door_help").order_by(Message.id)
    )
    assert (text.medium, text.state) == (Medium.SMS, MessageState.DROPPED)
    assert (mail.medium, mail.state, mail.host_id) == (
        Medium.EMAIL, MessageState.WAITING, text.host_id,
    )  # fmt: skip
    assert session.scalars(
        select(OutboxEntry).filter_by(kind=Effect.SEND_MESSAGE, subject_id=mail.id)
    ).one()


def test_an_alarm_of_a_closed_asking_is_not_sent(
    app: Flask, session: Session, seals: Seals
) -> None:
    entry = alarm(session, make_lived(session, seals))
    asked = session.scalars(select(DoorHelp).filter_by(closed_at=None)).one()
    asked.closed_at, asked.closed_how = now(), "guest"
    session.commit()

    work([entry])

    session.rollback()
    [message] = session.scalars(select(Message).filter_by(template="door_help"))
    assert message.state == MessageState.DROPPED
