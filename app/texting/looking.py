"""Looking things up by text: one booking, and the day."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from app.domain.enrichment import Ask
from app.domain.sms_text import fitted
from app.models import (
    AccessCode,
    CodeState,
    Guest,
    Host,
    Notice,
    Property,
    Reservation,
    Role,
    Status,
)
from app.services.attention import Concerns, concerns
from app.services.board import board
from app.services.questions import open_questions
from app.services.settling import CannotSettle
from app.texting.phrases import dates, day, local_day

DAY_SEGMENTS = 3

CODE_WORDS = {
    CodeState.WANTED: "not on its lock yet",
    CodeState.ACTIVE: "on its lock",
    CodeState.UNWANTED: "being taken off",
    CodeState.FAILED: "FAILED, see the dashboard",
}


@dataclass(frozen=True)
class Found:
    """What is told of a booking. `codes` are to be shown, to an owner."""

    text: str
    codes: tuple[int, ...] = ()


def check(session: Session, house: Property, host: Host, reference: str, now: datetime) -> Found:
    """Tell rooms, dates, guest, and the state of the code on each door. Raises CannotSettle."""
    today = local_day(house, now)
    stays = session.scalars(
        select(Reservation)
        .where(Reservation.property_id == house.id, Reservation.reference == reference)
        .options(joinedload(Reservation.room), joinedload(Reservation.guest))
        .order_by(Reservation.arrival, Reservation.room_id)
    ).all()
    shown = [stay for stay in stays if stay.departure >= today] or list(stays[-3:])
    if not shown:
        raise CannotSettle(_unknown(session, house, reference, today))
    lines = [f"{reference}: {_who(shown)}"]
    lines += [_stay_line(stay, today) for stay in shown]
    guest = next((stay.guest for stay in shown if stay.guest is not None), None)
    codes = _codes(session, guest)
    lines += [
        f"{code.door.name}: code {CODE_WORDS[code.state]}"
        + (f" ({code.fault})" if code.fault and code.state != CodeState.ACTIVE else "")
        for code in codes
    ]
    if not codes:
        lines.append("No codes yet.")
    text = fitted(lines, most_segments=DAY_SEGMENTS, more=lambda n: f"And {n} more lines.")
    may_see = host.role == Role.OWNER
    return Found(text, tuple(code.id for code in codes if may_see and code.state in _SHOWN))


_SHOWN = (CodeState.ACTIVE,)


def _unknown(session: Session, house: Property, reference: str, today: date) -> str:
    notice = session.scalar(select(Notice).filter_by(property_id=house.id, reference=reference))
    if notice is not None and notice.arrival is not None:
        return (
            f"{reference} arrives {day(notice.arrival, today)}, says a {notice.origin}; which room "
            "it has is not known yet."
        )
    return f"We know no booking {reference}."


def _who(stays: Sequence[Reservation]) -> str:
    guest = next((stay.guest for stay in stays if stay.guest is not None), None)
    name = (guest.full_name if guest else None) or next((s.name for s in stays if s.name), None)
    if guest is not None and guest.checked_in_at is not None:
        return f"{name or 'guest'}, checked in"
    return f"{name or 'name not known'}, not checked in"


def _stay_line(stay: Reservation, today: date) -> str:
    state = ""
    if stay.is_unconfirmed:
        state = " (waits for your OK)"
    elif stay.status != Status.CONFIRMED:
        state = f" ({stay.status})"
    return f"Room {stay.room.number}, {dates(stay.nights, today)}{state}"


def _codes(session: Session, guest: Guest | None) -> Sequence[AccessCode]:
    if guest is None:
        return ()
    return session.scalars(
        select(AccessCode)
        .where(AccessCode.guest_id == guest.id, AccessCode.state != CodeState.GONE)
        .options(joinedload(AccessCode.door))
        .order_by(AccessCode.door_id)
    ).all()


def of_day(session: Session, house: Property, now: datetime, *, ahead: int) -> str:
    """Tell arrivals and departures of today (0) or tomorrow (1), and what needs attention."""
    when = local_day(house, now) + timedelta(days=ahead)
    day_board = board(session, house, now)
    arriving, leaving = (
        day_board.arriving(when),
        [stay for stay in day_board.stays if stay.departure == when],
    )
    lines = [f"{'Tomorrow' if ahead else 'Today'} {when:%a} {when.day} {when:%b}"]
    lines.append("Arriving: " + ("; ".join(map(_arriving, arriving)) or "nobody"))
    lines.append("Leaving: " + (", ".join(f"room {s.room.number}" for s in leaving) or "nobody"))
    lines += _open(session, house)
    lines += _troubles(concerns(session, house, now))
    return fitted(
        lines, most_segments=DAY_SEGMENTS, more=lambda n: f"And {n} more, on the dashboard."
    )


def _arriving(stay: Reservation) -> str:
    guest = stay.guest
    name = (guest.full_name if guest is not None else None) or stay.name or stay.reference
    state = ", here" if guest is not None and guest.checked_in_at is not None else ""
    return f"{stay.room.number} {name or 'not known'}{state}"


def _open(session: Session, house: Property) -> list[str]:
    asked = {
        Ask.SEVERAL_ROOMS: "several rooms, OK?",
        Ask.LONE: "OK?",
        Ask.COLLISION: "which is whose?",
        Ask.MISSING: "whose?",
        Ask.CLAIM: "a guest's claim, OK?",
        Ask.MOVED: "changed dates, OK?",
        Ask.UNPLACED: "which room?",
    }
    return [
        f"{one.ticket}: {one.arrival.day} {one.arrival:%b} "
        + (f"{one.reference} " if one.reference else "")
        + asked[one.ask]
        for one in open_questions(session, house)
    ]


def _of_code(code: AccessCode) -> str:
    is_there = code.state == CodeState.ACTIVE
    return "code with earlier times there" if is_there else "code not on its lock"


def _troubles(found: Concerns) -> list[str]:
    lines = [f"{code.door.name}: {_of_code(code)}" for code in found.codes_missing]
    lines += [f"{code.door.name}: ended code still there" for code in found.codes_lingering]
    lines += [f"Room {stay.room.number}: in dispute" for stay in found.disputed]
    lines += [f"Room {feed.room.number}: calendar fails" for feed in found.feeds_failing]
    lines += [f"Room {feed.room.number}: bookings vanished" for feed in found.feeds_held]
    lines += [f"{door.name}: battery {door.battery_percent} %" for door in found.doors_weak]
    lines += [f"{door.name}: gateway offline" for door in found.doors_offline]
    lines += [f"{door.name}: lock in another time zone" for door in found.doors_elsewhere]
    if found.messages_failed:
        lines.append(f"{len(found.messages_failed)} messages not delivered")
    return lines
