"""From what sources say to what reservations are: weighing, storing, and what follows."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session, joinedload
from sqlalchemy.orm.attributes import set_committed_value

from app.domain.nights import Nights
from app.domain.standing import Standing, Testimony, Word, standing
from app.models import Guest, Property, Reservation, Sighting, Status
from app.seals import Seals
from app.services.codes import settle_codes
from app.services.guests import dates_told
from app.services.history import record
from app.services.messages import Event, tell

DOUBLE_BOOKED = "This room is booked twice for these nights. Which booking is right?"


def restand(
    session: Session,
    house: Property,
    room_ids: Iterable[int],
    touched: Iterable[Reservation],
    *,
    seals: Seals,
    now: datetime,
    actor: str,
) -> list[Reservation]:
    """Weigh the touched reservations of these rooms anew; return those that changed.

    The rooms' open disputes are weighed with them: what is settled for one may settle the other.
    Codes are moved and guests told in the same transaction. The caller holds the property.
    """
    session.flush()
    today = now.astimezone(house.zone).date()
    wanted = {stay.id for stay in touched}
    in_rooms = Reservation.room_id.in_(list(room_ids)) & (Reservation.departure >= today)
    weighed = session.scalars(
        select(Reservation)
        .where(
            or_(
                Reservation.id.in_(wanted),
                in_rooms & (Reservation.status == Status.DISPUTED),
            )
        )
        .options(joinedload(Reservation.room), joinedload(Reservation.guest))
        .order_by(Reservation.confirmed_at.is_(None), Reservation.confirmed_at, Reservation.id)
    ).all()
    words = _testimonies(session, weighed)
    settled = session.execute(
        select(Reservation.room_id, Reservation.arrival, Reservation.departure).where(
            in_rooms, Reservation.status == Status.CONFIRMED, Reservation.id.not_in(wanted)
        )
    )
    taken = _Taken((room_id, Nights(first, last)) for room_id, first, last in settled)
    verdicts: list[tuple[Reservation, Standing]] = []
    for row in weighed:
        if not words[row.id]:
            continue
        is_here = row.guest is not None and row.guest.checked_in_at is not None
        verdict = standing(
            words[row.id],
            has_begun=row.arrival <= today,
            has_arrived=row.arrival < today or (row.arrival == today and is_here),
        )
        verdicts.append((row, taken.unless_booked_twice(row.room_id, verdict)))
    return _apply(session, house, verdicts, seals=seals, now=now, actor=actor)


def _testimonies(session: Session, rows: Sequence[Reservation]) -> dict[int, list[Testimony]]:
    by_reservation: dict[int, list[Testimony]] = defaultdict(list)
    ids = [row.id for row in rows]
    for one in session.scalars(select(Sighting).where(Sighting.reservation_id.in_(ids))):
        by_reservation[one.reservation_id].append(
            Testimony(
                word=Word(one.origin),
                kind=one.kind,
                nights=one.nights,
                said_at=one.withdrawn_at or one.last_seen_at,
                asserted=one.is_asserted,
                reference=one.reference,
                name=one.name,
                phone_ending=one.phone_ending,
            )
        )
    return by_reservation


class _Taken:
    """The nights of certain stays, by room: the earlier of two stands, the later is a question."""

    def __init__(self, settled: Iterable[tuple[int, Nights]]) -> None:
        self._nights: dict[int, set[date]] = defaultdict(set)
        for room_id, nights in settled:
            self._nights[room_id].update(nights)

    def unless_booked_twice(self, room_id: int, verdict: Standing) -> Standing:
        """Return the verdict, or a dispute where a stay before it has one of its nights."""
        if verdict.status != Status.CONFIRMED:
            return verdict
        nights = self._nights[room_id]
        if nights.isdisjoint(verdict.nights):
            nights.update(verdict.nights)
            return verdict
        return replace(verdict, status=Status.DISPUTED, question=DOUBLE_BOOKED)


def _apply(
    session: Session,
    house: Property,
    verdicts: Sequence[tuple[Reservation, Standing]],
    *,
    seals: Seals,
    now: datetime,
    actor: str,
) -> list[Reservation]:
    changed = [(row, verdict) for row, verdict in verdicts if _differs(row, verdict)]
    befores = [(_public_facts(row), _access(row)) for row, _verdict in changed]
    step_aside(session, [row for row, _verdict in changed if row.status == Status.CONFIRMED])
    lost_room: dict[Guest, bool] = {}
    gained: set[Guest] = set()
    for (row, verdict), (before, had) in zip(changed, befores, strict=True):
        _store(row, verdict, now)
        after = _public_facts(row)
        record(
            session,
            row,
            "reservation-" + row.status,
            actor=actor,
            at=now,
            property_id=house.id,
            before={name: value for name, value in before.items() if after[name] != value},
            after={name: value for name, value in after.items() if before[name] != value},
            why=row.question,
        )
        if row.guest is not None and _access(row) != had:
            lost = had.is_stay != row.is_stay
            lost_room[row.guest] = lost_room.get(row.guest, False) or lost
            if row.holds and not had.holds:
                gained.add(row.guest)
    session.flush()
    follow_changes(session, house, lost_room, gained, seals=seals, now=now, actor=actor)
    return [row for row, _verdict in changed]


class _Access(NamedTuple):
    """What bears on which doors a reservation opens, and when."""

    nights: Nights
    is_stay: bool
    holds: bool


def _access(row: Reservation) -> _Access:
    return _Access(row.nights, row.is_stay, row.holds)


def step_aside(session: Session, rows: Sequence[Reservation]) -> None:
    """Free the nights of stays about to move, so that two may change places in one transaction."""
    if not rows:
        return
    ids = [row.id for row in rows]
    aside = update(Reservation).where(Reservation.id.in_(ids)).values(status=Status.DISPUTED)
    session.execute(aside.execution_options(synchronize_session=False))
    for row in rows:
        set_committed_value(row, "status", Status.DISPUTED)


def _differs(row: Reservation, verdict: Standing) -> bool:
    stored = (row.status, row.nights, row.reference, row.name, row.phone_ending, row.question)
    return stored != (
        verdict.status,
        verdict.nights,
        verdict.reference or row.reference,
        verdict.name or row.name,
        verdict.phone_ending or row.phone_ending,
        verdict.question,
    )


def _store(row: Reservation, verdict: Standing, now: datetime) -> None:
    row.status = verdict.status
    row.arrival, row.departure = verdict.nights.arrival, verdict.nights.departure
    row.reference = verdict.reference or row.reference
    row.name = verdict.name or row.name
    row.phone_ending = verdict.phone_ending or row.phone_ending
    row.question = verdict.question
    if row.status == Status.CONFIRMED and row.confirmed_at is None:
        row.confirmed_at = now


def _public_facts(row: Reservation) -> dict[str, object]:
    """Return what history may keep: no names, no numbers of people."""
    return {
        "status": str(row.status),
        "arrival": row.arrival,
        "departure": row.departure,
        "reference": row.reference,
    }


def follow_changes(
    session: Session,
    house: Property,
    lost_room: Mapping[Guest, bool],
    gained: Collection[Guest] = (),
    *,
    seals: Seals,
    now: datetime,
    actor: str,
) -> None:
    """Move the codes of guests whose stays changed, and tell each once.

    `lost_room` says of each whether a room came or went, rather than only dates; `gained`: those
    who had waited for a room of theirs to be certain.
    """
    guests = list(lost_room)
    if not guests:
        return
    settle_codes(session, house, guests, seals=seals, now=now, actor=actor)
    today = now.astimezone(house.zone).date()
    stays = session.scalars(
        select(Reservation).where(Reservation.guest_id.in_([guest.id for guest in guests]))
    ).all()
    for guest in guests:
        own = [stay for stay in stays if stay.guest_id == guest.id]
        left = [stay for stay in own if stay.is_stay]
        told = left or own
        if not told or max(stay.departure for stay in told) < today:
            continue
        event = Event.ROOMS_CHANGED if lost_room[guest] else Event.DATES_CHANGED
        if guest in gained:
            event = Event.ROOMS_CONFIRMED
        tell(session, guest, event if left else Event.STAY_CANCELLED, now, dates_told(told))
