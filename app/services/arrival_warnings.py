"""Telling hosts of an arrival that will not work: 24, 6 and 2 hours before it, once each."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.tonight_words import Outlook
from app.models import ArrivalWarning, Host, Medium, Message, Property, Reservation
from app.services.history import CLOCK, record
from app.services.host_messages import answering_hosts, takes_texts, way_to, write_to
from app.services.lanes import hold_property
from app.services.tonight import tonight

WARNING = "arrival_warning"
"""The template of the message; its words are made when it is sent, of what is wrong by then."""

HOURS = (2, 6, 24)


@dataclass(frozen=True)
class Ways:
    """How hosts can be told at all: what is switched off tells nobody."""

    by_text: bool
    by_mail: bool


@dataclass(frozen=True)
class Due:
    """A warning to be given. `told` is that of earlier dates, where the stay has moved since."""

    stay: Reservation
    hours: int
    told: ArrivalWarning | None


def due_warnings(session: Session, house: Property, now: datetime) -> list[Due]:
    """Return what hosts are to be told of now, the nearest threshold of each arrival alone."""
    soon: list[tuple[Reservation, int, datetime]] = []
    for one in tonight(session, house, now).looking(Outlook.NO_GO):
        begins = one.facts.window.valid_from
        hours = next((hours for hours in HOURS if begins - timedelta(hours=hours) <= now), None)
        if hours is not None and now < begins:
            soon.append((one.stay, hours, begins))
    if not soon:
        return []
    rows = session.scalars(
        select(ArrivalWarning).where(
            ArrivalWarning.reservation_id.in_([stay.id for stay, _, _ in soon])
        )
    )
    told = {(row.reservation_id, row.hours): row for row in rows}
    return [
        Due(stay, hours, row)
        for stay, hours, begins in soon
        if (row := told.get((stay.id, hours))) is None or _is_of_other_dates(row, begins)
    ]


def _is_of_other_dates(row: ArrivalWarning, begins: datetime) -> bool:
    """Tell whether it was given when this threshold of the arrival, as it is now, was far off."""
    return row.told_at < begins - timedelta(hours=row.hours)


def warn_hosts(session: Session, property_id: int, now: datetime, *, ways: Ways) -> list[Message]:
    """Order one message, to each host who can be told, of all warnings that are due."""
    house = hold_property(session, property_id)
    due = due_warnings(session, house, now)
    told = _whom_to_tell(session, house, ways) if due else []
    if not told:
        return []
    for one in due:
        _note(session, house, one, now)
    return write_to(session, told, WARNING, {"reservations": [one.stay.id for one in due]}, now)


def _note(session: Session, house: Property, due: Due, now: datetime) -> None:
    if due.told is not None:
        due.told.told_at = now
    else:
        session.add(
            ArrivalWarning(
                property_id=house.id, reservation_id=due.stay.id, hours=due.hours, told_at=now
            )
        )
    record(session, due.stay, "hosts-warned", actor=CLOCK, at=now, property_id=house.id)


def _whom_to_tell(session: Session, house: Property, ways: Ways) -> list[tuple[Host, Medium, str]]:
    """Choose texts to hosts with phones; mails where there are none, or texts are switched off."""
    hosts = answering_hosts(session, house.id)
    texted = [way_to(host) for host in hosts if takes_texts(host)] if ways.by_text else []
    if not texted and ways.by_mail:
        return [(host, Medium.EMAIL, host.email) for host in hosts]
    return texted
