"""Staff codes with all there is to show of them, in a fixed number of statements."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session, joinedload

from app.models import AccessCode, CodeState, Door, LockEvent, Property, StaffCode
from app.services.code_steps import CURRENT
from app.services.staff_codes import UNDO_LASTS
from app.services.staff_settling import doors_by_code


@dataclass(frozen=True)
class StaffBoard:
    """What is known of some staff codes."""

    codes: Sequence[StaffCode]
    doors: Mapping[int, Sequence[Door]]
    """Those each is for, by its id."""
    live: Mapping[int, Sequence[AccessCode]]
    """What locks hold of each, or should, or still do."""
    used: Mapping[int, datetime]
    """When each last opened a door."""

    def current(self, staff: StaffCode) -> dict[int, AccessCode]:
        """Return its wanted codes by door."""
        return {code.door_id: code for code in self.live.get(staff.id, ()) if code.state in CURRENT}


def staff_board(session: Session, house: Property, now: datetime) -> StaffBoard:
    """Return the codes that have not ended, and those ended that are still on a lock."""
    on_locks = select(AccessCode.staff_code_id).where(
        AccessCode.state != CodeState.GONE, AccessCode.staff_code_id.is_not(None)
    )
    codes = session.scalars(
        select(StaffCode)
        .where(
            StaffCode.property_id == house.id,
            or_(
                StaffCode.ended_at.is_(None),
                StaffCode.ended_at > now - UNDO_LASTS,
                StaffCode.id.in_(on_locks),
            ),
        )
        .order_by(func.lower(StaffCode.label), StaffCode.id)
    ).all()
    return board_of(session, house, codes)


def board_of(session: Session, house: Property, codes: Sequence[StaffCode]) -> StaffBoard:
    """Return what is known of these."""
    ids = [staff.id for staff in codes]
    live: dict[int, list[AccessCode]] = {}
    for code in session.scalars(
        select(AccessCode)
        .where(AccessCode.staff_code_id.in_(ids), AccessCode.state != CodeState.GONE)
        .options(joinedload(AccessCode.door))
        .order_by(AccessCode.id)
    ):
        live.setdefault(code.staff_code_id or 0, []).append(code)
    used = session.execute(
        select(AccessCode.staff_code_id, func.max(LockEvent.at))
        .join(LockEvent, LockEvent.code_id == AccessCode.id)
        .where(
            AccessCode.staff_code_id.in_(ids),
            LockEvent.refusal.is_(None),
            LockEvent.mistake.is_(None),
        )
        .group_by(AccessCode.staff_code_id)
    )
    return StaffBoard(
        codes,
        doors_by_code(session, house, codes),
        live,
        {staff_code_id: at for staff_code_id, at in used if staff_code_id is not None},
    )
