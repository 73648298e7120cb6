"""Opening a door by text: the one that the host's words name, at once or not at all."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from app.domain.door_words import DoorName, pick_door
from app.models import Door, Host, Message
from app.services.inbound import said_at
from app.services.settling import CannotSettle
from app.services.unlocks import TAP_LASTS, request_by_host
from app.texting.phrases import listed


def unlock(session: Session, host: Host, message: Message, words: str, now: datetime) -> None:
    """Order the unlock that a text asks for; the text is answered when the door has answered.

    Raises CannotSettle.
    """
    if said_at(message) < now - TAP_LASTS:
        raise CannotSettle("That text came too late; the door was not opened. Send it again.")
    doors = session.scalars(
        select(Door)
        .where(Door.property_id == host.property_id)
        .options(joinedload(Door.room))
        .order_by(Door.id)
    ).all()
    named = [
        DoorName(
            door.id,
            door.name,
            door.room.number if door.room is not None else None,
            door.room.name if door.room is not None else None,
        )
        for door in doors
    ]
    found = pick_door(words, named)
    if len(found) != 1:
        known = listed([one.name for one in (found or named)])
        raise CannotSettle(
            f"Which door? {known}." if found else f"There is no door {words}. There are {known}."
        )
    door = next(one for one in doors if one.id == found[0].door_id)
    request = request_by_host(session, host, door, now)
    request.asked_by_id = message.id
