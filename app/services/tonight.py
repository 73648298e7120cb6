"""Whether the arrivals of today and tomorrow will work: gathered in four statements."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, joinedload

from app.domain.tonight import readiness
from app.domain.tonight_facts import (
    ArrivalFacts,
    CodeFacts,
    CodeWord,
    DoorFacts,
    LinkFacts,
    LinkWord,
    MatchWord,
)
from app.domain.tonight_words import Outlook, Readiness
from app.domain.windows import Window
from app.models import (
    AccessCode,
    CodeState,
    Door,
    Guest,
    Medium,
    Message,
    MessageState,
    Property,
    Reservation,
    Room,
    Status,
)
from app.services.access import stay_window
from app.services.lock_zones import is_elsewhere, right_minutes
from app.services.messages import LINKS

EXPECTED = (Status.OPEN, Status.CONFIRMED, Status.DISPUTED)

NIGHT_ENDS = timedelta(hours=5)
"""Until five in the morning yesterday's guests are still expected: they come late, in the rain."""

WHOLE_HOURS = timedelta(hours=1)
"""A provider that makes codes by itself may begin them this much later than was asked for."""


@dataclass(frozen=True)
class Arrival:
    """One reservation, with its room and guest; its doors in the order in which they are passed."""

    stay: Reservation
    doors: Sequence[Door]
    codes: Mapping[int, AccessCode]
    """The current code of its guest on each of these doors."""
    facts: ArrivalFacts
    readiness: Readiness

    def code_on(self, door_id: int | None) -> AccessCode | None:
        """Return the code an item about this door is about."""
        return self.codes.get(door_id) if door_id is not None else None


@dataclass(frozen=True)
class Tonight:
    """Every arrival of today and tomorrow, soonest first."""

    today: date
    arrivals: Sequence[Arrival]

    def looking(self, outlook: Outlook) -> list[Arrival]:
        return [one for one in self.arrivals if one.readiness.outlook == outlook]


def tonight(session: Session, house: Property, now: datetime) -> Tonight:
    """Gather and weigh the arrivals of a property."""
    today = now.astimezone(house.zone).date()
    first = (now - NIGHT_ENDS).astimezone(house.zone).date()
    stays = session.scalars(
        select(Reservation)
        .join(Reservation.room)
        .where(
            Reservation.property_id == house.id,
            Reservation.arrival.between(first, today + timedelta(days=1)),
            Reservation.status.in_(EXPECTED),
        )
        .options(joinedload(Reservation.room), joinedload(Reservation.guest))
        .order_by(Reservation.arrival, Room.number, Reservation.id)
    ).all()
    gathered = _Gathered(session, house, stays, now)
    return Tonight(today, [gathered.arrival(stay) for stay in stays])


class _Gathered:
    """What the arrivals share: doors, codes, and messages with links."""

    def __init__(
        self, session: Session, house: Property, stays: Sequence[Reservation], now: datetime
    ) -> None:
        self.house, self.now = house, now
        self.right = right_minutes(house, now)
        rooms = {stay.room_id for stay in stays}
        guests = {stay.guest_id for stay in stays if stay.guest_id is not None}
        mine = or_(Door.room_id.is_(None), Door.room_id.in_(rooms))
        self.doors = session.scalars(
            select(Door)
            .where(Door.property_id == house.id, mine)
            .order_by(Door.room_id.is_not(None), Door.id)
        ).all()
        current = (CodeState.WANTED, CodeState.ACTIVE, CodeState.FAILED)
        self.codes: dict[tuple[int | None, int], AccessCode] = {
            (code.guest_id, code.door_id): code
            for code in session.scalars(
                select(AccessCode).where(
                    AccessCode.guest_id.in_(guests), AccessCode.state.in_(current)
                )
            )
        }
        self.links: dict[int | None, list[Message]] = defaultdict(list)
        for message in session.scalars(
            select(Message)
            .where(
                Message.guest_id.in_(guests),
                Message.template.in_(LINKS),
                Message.state != MessageState.DROPPED,
            )
            .order_by(Message.id.desc())
        ):
            self.links[message.guest_id].append(message)

    def arrival(self, stay: Reservation) -> Arrival:
        doors = [door for door in self.doors if door.room_id in (None, stay.room_id)]
        codes = {
            door.id: self.codes[stay.guest_id, door.id]
            for door in doors
            if (stay.guest_id, door.id) in self.codes
        }
        facts = self._facts(stay, doors, codes)
        return Arrival(stay, doors, codes, facts, readiness(facts, self.now))

    def _facts(
        self, stay: Reservation, doors: Sequence[Door], codes: Mapping[int, AccessCode]
    ) -> ArrivalFacts:
        window = stay_window(self.house, stay)
        guest = stay.guest
        own = [door for door in doors if door.room_id is not None] or doors
        return ArrivalFacts(
            window=window,
            match=_match(stay),
            has_phone=guest is not None and bool(guest.phone),
            has_mail=guest is not None and bool(guest.email),
            admitted=guest is not None and guest.is_admitted,
            checked_in_at=guest.checked_in_at if guest is not None else None,
            by_themselves=guest is not None and guest.agreed_to_rules_at is not None,
            doors=[_door(door, codes.get(door.id), window, self.right) for door in doors],
            link=_link(guest, self.links[stay.guest_id]) if guest is not None else None,
            page_seen_at=guest.page_seen_at if guest is not None else None,
            has_entered=any(
                code.used_at is not None for door in own if (code := codes.get(door.id))
            ),
        )


def _match(stay: Reservation) -> MatchWord:
    if stay.is_unconfirmed:
        return MatchWord.UNCONFIRMED
    if stay.status == Status.DISPUTED:
        return MatchWord.IN_DISPUTE
    return MatchWord.CERTAIN if stay.holds and stay.reference else MatchWord.NOBODY_KNOWN


def _door(door: Door, code: AccessCode | None, window: Window, right: Collection[int]) -> DoorFacts:
    return DoorFacts(
        id=door.id,
        name=door.name,
        gateway_online=door.gateway_online,
        seen_at=door.seen_at,
        battery_percent=door.battery_percent,
        in_other_zone=is_elsewhere(door, right),
        code=_code(code, window) if code is not None else None,
    )


def _code(code: AccessCode, window: Window) -> CodeFacts:
    if code.state == CodeState.FAILED:
        return CodeFacts(CodeWord.FAILED, code.created_at, code.fault)
    if code.state == CodeState.WANTED:
        return CodeFacts(CodeWord.COMING, code.created_at, code.fault)
    word = CodeWord.HELD if _opens_at_arrival(code, window) else CodeWord.CHANGING
    return CodeFacts(word, code.active_at or code.created_at, code.fault)


def _opens_at_arrival(code: AccessCode, window: Window) -> bool:
    """Tell whether what the lock has confirmed opens it when this stay begins."""
    if code.held_from is None or code.held_until is None:
        return code.is_held_as_wanted
    begins = window.valid_from + (WHOLE_HOURS if code.by_provider else timedelta())
    return code.held_from <= begins < code.held_until


_LINK_WORDS = {
    MessageState.WAITING: LinkWord.SENDING,
    MessageState.SENT: LinkWord.SENT,
    MessageState.DELIVERED: LinkWord.DELIVERED,
    MessageState.FAILED: LinkWord.FAILED,
}


def _link(guest: Guest, messages: Sequence[Message]) -> LinkFacts | None:
    """Tell what became of the latest of these messages, newest first."""
    if not messages:
        return None
    latest = messages[0]
    addresses = (guest.phone, guest.email)
    in_vain = 0
    for message in messages:
        if message.state != MessageState.FAILED:
            break
        in_vain += message.address == latest.address
    return LinkFacts(
        word=_LINK_WORDS[latest.state],
        at=latest.sent_at or latest.created_at,
        by_text=latest.medium == Medium.SMS,
        to_them=latest.address in addresses,
        tries=in_vain,
        fault=latest.fault,
    )
