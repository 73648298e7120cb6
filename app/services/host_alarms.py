"""Waking hosts: what cannot wait goes to each of them at once, by text, or by mail without one."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.models import DoorHelp, Host, Medium, Message, MessageState
from app.services.questions import ANSWERING, send_all

DOOR_HELP = "door_help"
"""The template's name of the message on a door that does not open."""

URGENT = (DOOR_HELP,)
"""What goes by mail where texts are not set up; anything else waits on the dashboard."""


def alarm_hosts(session: Session, asked: DoorHelp, now: datetime) -> list[Message]:
    """Order one message to every host who may act; its words are made when it is sent."""
    messages = [
        Message(
            property_id=asked.property_id,
            host_id=host.id,
            medium=medium,
            address=address,
            template=DOOR_HELP,
            facts={"help": asked.id},
            state=MessageState.WAITING,
            created_at=now,
        )
        for host in _who_may_act(session, asked.property_id)
        for medium, address in [_way_to(host)]
    ]
    return send_all(session, messages, now)


def _who_may_act(session: Session, property_id: int) -> Sequence[Host]:
    wanted = select(Host).where(Host.property_id == property_id, Host.role.in_(ANSWERING))
    return session.scalars(wanted.order_by(Host.id)).all()


def _way_to(host: Host) -> tuple[Medium, str]:
    if host.phone is not None and host.texts_stopped_at is None:
        return Medium.SMS, host.phone
    return Medium.EMAIL, host.email
