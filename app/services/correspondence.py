"""What was said to whom lately: messages out and in, in two statements."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.models import Guest, Host, Message, Property

SHOWN = 200


@dataclass(frozen=True)
class Correspondence:
    """The latest messages, newest first, and the people they were with."""

    messages: Sequence[Message]
    guests: Mapping[int, Guest]
    hosts: Mapping[int, Host]


def correspondence(session: Session, house: Property) -> Correspondence:
    """Load the latest messages of a property."""
    messages = session.scalars(
        select(Message)
        .where(Message.property_id == house.id)
        .order_by(Message.id.desc())
        .limit(SHOWN)
    ).all()
    guests = session.scalars(
        select(Guest).where(Guest.id.in_({one.guest_id for one in messages} - {None}))
    )
    hosts = session.scalars(select(Host).where(Host.property_id == house.id))
    return Correspondence(
        messages, {guest.id: guest for guest in guests}, {host.id: host for host in hosts}
    )
