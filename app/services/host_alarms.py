"""Waking hosts: what cannot wait goes to each of them at once, by text, or by mail without one."""

from datetime import datetime

from sqlalchemy.orm import Session

from app.models import DoorHelp, Message
from app.services.host_messages import answering_hosts, way_to, write_to

DOOR_HELP = "door_help"
"""The template's name of the message on a door that does not open."""

URGENT = (DOOR_HELP,)
"""What goes by mail where texts are not set up; anything else waits on the dashboard."""


def alarm_hosts(session: Session, asked: DoorHelp, now: datetime) -> list[Message]:
    """Order one message to every host who may act; its words are made when it is sent."""
    hosts = [way_to(host) for host in answering_hosts(session, asked.property_id)]
    return write_to(session, hosts, DOOR_HELP, {"help": asked.id}, now)
