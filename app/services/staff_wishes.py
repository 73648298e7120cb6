"""What an owner wishes of a staff code, and whether it can be had."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from app.domain.codes import NoDigitsLeft, is_too_simple
from app.domain.errors import DomainError
from app.domain.staff_hours import StaffHours, window_for
from app.domain.windows import first_instant
from app.models import Door, Property, StaffCode, StaffCodeDoor
from app.seals import Seals
from app.services.digits import fresh_digits, taken_on


class StaffCodeRefused(DomainError):
    """It cannot be so; the message says why."""

    code = "staff-code-refused"


class DigitsNotTaken(StaffCodeRefused):
    """The digits that were wished for cannot be had."""

    code = "digits-not-taken"


@dataclass(frozen=True)
class StaffWish:
    """What an owner asks for. Days and times are the property's own."""

    label: str
    door_ids: frozenset[int] | None
    """None for every door, those added later too."""
    first_day: date
    last_day: date | None
    """The last day it opens on; None until it is ended."""
    days: int
    """Bits: 1 is Monday, 64 Sunday."""
    from_time: time | None = None
    until_time: time | None = None


def take_wish(house: Property, staff: StaffCode, wish: StaffWish, now: datetime) -> None:
    """Store what is wished for, but the doors. Raises StaffCodeRefused, NoHours."""
    begins = first_instant(wish.first_day, time(), house.zone)
    ends = None
    if wish.last_day is not None:
        if wish.last_day < wish.first_day:
            raise StaffCodeRefused("The last day is before the first.")
        ends = first_instant(wish.last_day + timedelta(days=1), time(), house.zone)
    hours = StaffHours(wish.days, wish.from_time, wish.until_time, begins, ends, house.zone)
    if window_for(hours, now) is None:
        raise StaffCodeRefused("On these days the code would never open. Choose others.")
    staff.label, staff.all_doors, staff.days = wish.label, wish.door_ids is None, wish.days
    staff.from_time, staff.until_time = wish.from_time, wish.until_time
    staff.valid_from, staff.valid_until = begins, ends


def take_doors(session: Session, house: Property, staff: StaffCode, wish: StaffWish) -> None:
    """Store which doors it is for. Raises StaffCodeRefused."""
    wanted = wish.door_ids or frozenset()
    known = set(session.scalars(select(Door.id).where(Door.property_id == house.id)))
    if not known or (wish.door_ids is not None and not wanted):
        raise StaffCodeRefused("Choose the doors it opens.")
    if not wanted <= known:
        raise StaffCodeRefused("One of the doors is not here any more. Look at them again.")
    session.execute(delete(StaffCodeDoor).where(StaffCodeDoor.staff_code_id == staff.id))
    session.add_all(StaffCodeDoor(staff_code_id=staff.id, door_id=door_id) for door_id in wanted)
    session.flush()


def checked_digits(session: Session, doors: Sequence[Door], digits: str, seals: Seals) -> str:
    """Return digits that a person chose, if a code may have them. Raises DigitsNotTaken."""
    if not (digits.isascii() and digits.isdecimal() and 4 <= len(digits) <= 9):
        raise DigitsNotTaken("A code has 4 to 9 digits.")
    if is_too_simple(digits):
        raise DigitsNotTaken("These digits are too easy to guess. Choose others.")
    taken = taken_on(session, [door.id for door in doors])
    for door in doors:
        if not taken.can_type(door.id, digits):
            keys = ", ".join(taken.keypads[door.id])
            raise DigitsNotTaken(f"{door.name} has only the keys {keys}. Choose other digits.")
    if on := [door.name for door in doors if taken.holds(seals, door.id, digits)]:
        raise DigitsNotTaken(f"These digits are taken on {', '.join(on)}. Choose others.")
    return digits


def drawn_digits(session: Session, house: Property, doors: Sequence[Door], seals: Seals) -> str:
    """Draw digits for a code. Raises DigitsNotTaken."""
    door_ids = [door.id for door in doors]
    try:
        return fresh_digits(house, door_ids, taken_on(session, door_ids), seals)
    except NoDigitsLeft:
        raise DigitsNotTaken("No digits are free on all of these doors.") from None
