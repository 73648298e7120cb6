"""What an owner does with staff codes: make one, change it, give it other digits, end it."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from app.domain.errors import DomainError
from app.models import AccessCode, Door, Host, Property, StaffCode
from app.seals import Seals
from app.services.code_steps import CURRENT, give_up
from app.services.history import by_host, record
from app.services.lanes import hold_property
from app.services.staff_settling import doors_by_code, settle_staff
from app.services.staff_wishes import (
    StaffCodeRefused,
    StaffWish,
    checked_digits,
    drawn_digits,
    take_doors,
    take_wish,
)

UNDO_LASTS = timedelta(minutes=1)


class NoSuchStaffCode(DomainError):
    """Not a staff code of this property."""

    code = "no-such-staff-code"


def create(
    session: Session,
    host: Host,
    wish: StaffWish,
    *,
    digits: str | None = None,
    seals: Seals,
    now: datetime,
) -> StaffCode:
    """Make a staff code, with these digits or with drawn ones, and order it onto its doors.

    Raises StaffCodeRefused, NoHours, DigitsNotTaken.
    """
    house = hold_property(session, host.property_id)
    staff = StaffCode(property_id=house.id, created_at=now)
    take_wish(house, staff, wish, now)
    session.add(staff)
    session.flush()
    take_doors(session, house, staff, wish)
    own = doors_by_code(session, house, [staff])[staff.id]
    chosen = _digits(session, house, own, digits, seals)
    actor = by_host(host.id)
    _note(session, staff, "staff-code-made", actor, now)
    settle_staff(session, house, [staff], seals=seals, now=now, actor=actor, digits=chosen)
    return staff


def change(
    session: Session,
    host: Host,
    staff_code_id: int,
    wish: StaffWish,
    *,
    seals: Seals,
    now: datetime,
) -> StaffCode:
    """Give a staff code other doors, days, hours or dates; the digits stay.

    A door where they are another code's by now goes without, until other digits are drawn. Raises
    NoSuchStaffCode, StaffCodeRefused, NoHours.
    """
    house, staff = _held(session, host, staff_code_id)
    if staff.ended_at is not None:
        raise StaffCodeRefused("This code has ended. Make a new one.")
    take_wish(house, staff, wish, now)
    take_doors(session, house, staff, wish)
    actor = by_host(host.id)
    _note(session, staff, "staff-code-changed", actor, now)
    settle_staff(session, house, [staff], seals=seals, now=now, actor=actor)
    return staff


def renew_digits(
    session: Session,
    host: Host,
    staff_code_id: int,
    *,
    digits: str | None = None,
    seals: Seals,
    now: datetime,
) -> StaffCode:
    """Give a staff code other digits on all its doors; the old ones are taken off at once.

    Raises NoSuchStaffCode, StaffCodeRefused, DigitsNotTaken.
    """
    house, staff = _held(session, host, staff_code_id)
    if staff.ended_at is not None:
        raise StaffCodeRefused("This code has ended. Make a new one.")
    own = doors_by_code(session, house, [staff])[staff.id]
    chosen = _digits(session, house, own, digits, seals)
    actor = by_host(host.id)
    _note(session, staff, "staff-code-renewed", actor, now)
    for code in _current(session, staff):
        give_up(session, code, now=now, actor=actor)
    settle_staff(session, house, [staff], seals=seals, now=now, actor=actor, digits=chosen)
    return staff


def end(session: Session, host: Host, staff_code_id: int, *, seals: Seals, now: datetime) -> None:
    """End a staff code; for a minute that can be taken back, until then the locks keep it."""
    house, staff = _held(session, host, staff_code_id)
    if staff.ended_at is not None:
        return
    staff.ended_at = now
    actor = by_host(host.id)
    _note(session, staff, "staff-code-ended", actor, now)
    settle_staff(
        session, house, [staff], seals=seals, now=now, actor=actor, remove_at=now + UNDO_LASTS
    )


def undo_end(
    session: Session, host: Host, staff_code_id: int, *, seals: Seals, now: datetime
) -> None:
    """Take the end of a staff code back. Raises StaffCodeRefused once the minute is over."""
    house, staff = _held(session, host, staff_code_id)
    if staff.ended_at is None:
        return
    if now >= staff.ended_at + UNDO_LASTS:
        raise StaffCodeRefused("The minute for taking this back is over. Make a new code.")
    staff.ended_at = None
    actor = by_host(host.id)
    _note(session, staff, "staff-code-kept", actor, now)
    settle_staff(session, house, [staff], seals=seals, now=now, actor=actor)


def reveal(
    session: Session, host: Host, staff_code_id: int, *, seals: Seals, now: datetime
) -> tuple[StaffCode, str]:
    """Return the digits, and write down who has seen them. Raises StaffCodeRefused."""
    staff = staff_code_of(session, host.property_id, staff_code_id)
    sealed = next((code.sealed_digits for code in _current(session, staff)), None)
    if sealed is None:
        raise StaffCodeRefused("This code is on no door now, so there are no digits to show.")
    _note(session, staff, "code-shown", by_host(host.id), now)
    return staff, seals.unseal(sealed)


def staff_code_of(session: Session, property_id: int, staff_code_id: int) -> StaffCode:
    """Return a staff code of the property. Raises NoSuchStaffCode."""
    found = session.scalar(
        select(StaffCode)
        .where(StaffCode.id == staff_code_id, StaffCode.property_id == property_id)
        .execution_options(populate_existing=True)
    )
    if found is None:
        raise NoSuchStaffCode("This code is not here any more.")
    return found


def _held(session: Session, host: Host, staff_code_id: int) -> tuple[Property, StaffCode]:
    house = hold_property(session, host.property_id)
    return house, staff_code_of(session, house.id, staff_code_id)


def _digits(
    session: Session, house: Property, doors: Sequence[Door], wished: str | None, seals: Seals
) -> str:
    if wished:
        return checked_digits(session, doors, wished, seals)
    return drawn_digits(session, house, doors, seals)


def _current(session: Session, staff: StaffCode) -> Sequence[AccessCode]:
    return session.scalars(
        select(AccessCode)
        .where(AccessCode.staff_code_id == staff.id, AccessCode.state.in_(CURRENT))
        .options(joinedload(AccessCode.door))
        .order_by(AccessCode.id)
    ).all()


def _note(session: Session, staff: StaffCode, what: str, actor: str, now: datetime) -> None:
    """Write it down, without the label: that is a name."""
    after = None
    if what in ("staff-code-made", "staff-code-changed"):
        after = {
            "days": staff.days,
            "from_time": staff.from_time,
            "until_time": staff.until_time,
            "from": staff.valid_from,
            "until": staff.valid_until,
        }
    record(session, staff, what, actor=actor, at=now, property_id=staff.property_id, after=after)
