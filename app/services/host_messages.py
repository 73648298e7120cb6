"""Messages to hosts: who may be told and act, and one message to each of them."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.models import Host, Medium, Message, MessageState, Role
from app.services.messages import order_message

ANSWERING = (Role.OWNER, Role.STAFF)
"""Roles that may command by text, and act on what they are told."""


def answering_hosts(session: Session, property_id: int) -> Sequence[Host]:
    """Return the hosts who may act."""
    wanted = select(Host).where(Host.property_id == property_id, Host.role.in_(ANSWERING))
    return session.scalars(wanted.order_by(Host.id)).all()


def takes_texts(host: Host) -> bool:
    """Tell whether texts reach this host: their number is known, and they have not stopped them."""
    return host.phone is not None and host.texts_stopped_at is None


def way_to(host: Host) -> tuple[Host, Medium, str]:
    """Return how to reach a host: by text, or by mail where texts do not reach them."""
    if host.phone is not None and takes_texts(host):
        return host, Medium.SMS, host.phone
    return host, Medium.EMAIL, host.email


def write_to(
    session: Session,
    hosts: Iterable[tuple[Host, Medium, str]],
    template: str,
    facts: Mapping[str, Any],
    now: datetime,
) -> list[Message]:
    """Order one message to each host, the way that is said; its words are made when it is sent."""
    messages = [
        Message(
            property_id=host.property_id,
            host_id=host.id,
            medium=medium,
            address=address,
            template=template,
            facts=dict(facts),
            state=MessageState.WAITING,
            created_at=now,
        )
        for host, medium, address in hosts
    ]
    for message in messages:
        order_message(session, message, now)
    return messages
