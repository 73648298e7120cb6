"""The message that tells hosts of a guest before a door that does not open: the whole story."""

from dataclasses import dataclass
from datetime import datetime

from flask_babel import force_locale
from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from app import wording
from app.domain.ladder import Rung
from app.domain.sms_text import fitted
from app.door_wording import for_hosts
from app.models import DoorHelp, Guest, Reservation
from app.services.door_help import asked_of
from app.services.door_stories import Story, story
from app.texting.phrases import rooms

MOST_SEGMENTS = 4


@dataclass(frozen=True)
class Alarm:
    """The story as hosts read it: the first line is what happened."""

    lines: tuple[str, ...]

    def text(self, url: str) -> str:
        """Return it as a text message."""
        return fitted(
            [*self.lines, url], most_segments=MOST_SEGMENTS, more=lambda _count: f"More: {url}"
        )

    def body(self, url: str) -> str:
        """Return it as a mail's."""
        return "\n\n".join([*self.lines, f"Open the door or close this here:\n{url}"])


def alarm(session: Session, help_id: int, now: datetime) -> Alarm | None:
    """Tell the story as it is now; None when the door has opened, or somebody closed it."""
    asked = session.scalars(
        select(DoorHelp).where(DoorHelp.id == help_id).options(joinedload(DoorHelp.door))
    ).one()
    if asked.closed_at is not None:
        return None
    guest = session.scalars(
        select(Guest).where(Guest.id == asked.guest_id).options(joinedload(Guest.house))
    ).one()
    with force_locale("en"):
        told = story(session, asked_of(guest, asked), now)
        return Alarm(tuple(_lines(session, told, asked, now)))


def _lines(session: Session, told: Story, asked: DoorHelp, now: datetime) -> list[str]:
    guest, door, zone = told.guest, told.door, told.guest.house.zone
    who = guest.full_name or guest.reference
    stays = session.scalars(
        select(Reservation)
        .where(Reservation.guest_id == guest.id)
        .options(joinedload(Reservation.room))
    ).all()
    live = [stay for stay in stays if stay.is_stay or stay.is_unconfirmed]
    of = f" ({rooms(live)})" if live and door.is_shared else ""
    since = wording.recently(asked.asked_at, zone, now)
    return [
        f"{who}{of} cannot open {door.name} (asked for help at {since}).",
        _how_to_reach(guest),
        *(for_hosts(one, zone, now) for one in told.found),
        _lock(told, now),
        f"Offered so far: {_OFFERED[told.rung]}.",
    ]


def _how_to_reach(guest: Guest) -> str:
    if guest.phone is not None:
        return f"Call them: {wording.phone_text(guest.phone)}"
    if guest.email is not None:
        return f"They left no phone number. Mail: {guest.email}"
    return "They left no phone number."


def _lock(told: Story, now: datetime) -> str:
    door, zone = told.door, told.guest.house.zone
    battery = f"battery {door.battery_percent} %" if door.battery_percent is not None else None
    gateway = {True: "gateway online", False: "gateway offline", None: None}[door.gateway_online]
    seen_at = door.seen_at
    seen = f"last heard of {wording.recently(seen_at, zone, now)}" if seen_at is not None else None
    known = [part for part in (battery, gateway, seen) if part is not None]
    return f"Lock: {', '.join(known)}." if known else "Nothing is known of the lock."


_OFFERED = {
    Rung.OWN_CODE: "their code, step by step",
    Rung.SPARE_CODE: "a spare code",
    Rung.OFFLINE_CODE: "a code that needs no gateway",
    Rung.REMOTE_UNLOCK: "the Unlock button",
    Rung.HOST: "your number to call",
}
