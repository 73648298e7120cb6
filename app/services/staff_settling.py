"""Keeping staff codes on their doors, each within the stretch of its hours that is now or next."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, joinedload

from app.domain.staff_hours import StaffHours, window_for
from app.domain.windows import Window
from app.models import (
    AccessCode,
    CodeState,
    Door,
    Property,
    Purpose,
    StaffCode,
    StaffCodeDoor,
)
from app.seals import Seals
from app.services.code_steps import CURRENT, give_up, move_code, new_code, take_back
from app.services.digits import fresh_digits, taken_on
from app.services.history import CLOCK
from app.services.lanes import hold_property


def hours_of(house: Property, staff: StaffCode) -> StaffHours:
    """Put what is stored into the words of the rule."""
    return StaffHours(
        staff.days,
        staff.from_time,
        staff.until_time,
        staff.valid_from,
        staff.valid_until,
        house.zone,
    )


def doors_by_code(
    session: Session, house: Property, codes: Sequence[StaffCode]
) -> dict[int, list[Door]]:
    """Return the doors that each staff code is for, in the order of the doors page."""
    doors = session.scalars(
        select(Door)
        .where(Door.property_id == house.id)
        .order_by(Door.room_id.is_not(None), Door.room_id, Door.id)
    ).all()
    rows = session.execute(
        select(StaffCodeDoor.staff_code_id, StaffCodeDoor.door_id).where(
            StaffCodeDoor.staff_code_id.in_([staff.id for staff in codes])
        )
    )
    chosen = {(row.staff_code_id, row.door_id) for row in rows}
    return {
        staff.id: [door for door in doors if staff.all_doors or (staff.id, door.id) in chosen]
        for staff in codes
    }


def settle_staff(
    session: Session,
    house: Property,
    codes: Sequence[StaffCode],
    *,
    seals: Seals,
    now: datetime,
    actor: str,
    digits: str | None = None,
    remove_at: datetime | None = None,
) -> None:
    """Make what the locks should hold of these staff codes what their doors and hours say.

    With the property held. It changes nothing when nothing has changed. `digits`: what the codes
    that are made get; else those it has or had, or fresh ones. `remove_at`: leave what is no longer
    wanted on the locks until then, for an undo.
    """
    session.flush()
    doors = doors_by_code(session, house, codes)
    live = session.scalars(
        select(AccessCode)
        .where(
            AccessCode.staff_code_id.in_([staff.id for staff in codes]),
            AccessCode.state != CodeState.GONE,
        )
        .options(joinedload(AccessCode.door))
        .order_by(AccessCode.id)
    ).all()
    for staff in codes:
        own = [code for code in live if code.staff_code_id == staff.id]
        settling = _Settling(session, house, staff, own, seals, now, actor)
        settling.settle(doors[staff.id], digits, remove_at)
    session.flush()


class _Settling:
    """One staff code, on the way from what is stored to what is right."""

    def __init__(
        self,
        session: Session,
        house: Property,
        staff: StaffCode,
        live: Sequence[AccessCode],
        seals: Seals,
        now: datetime,
        actor: str,
    ) -> None:
        self.session, self.house, self.staff, self.live = session, house, staff, live
        self.seals, self.now, self.actor = seals, now, actor

    def settle(self, doors: Sequence[Door], digits: str | None, remove_at: datetime | None) -> None:
        """Move, make and give up its codes, door by door."""
        window = None
        if self.staff.ended_at is None:
            window = window_for(hours_of(self.house, self.staff), self.now)
        wanted = {door.id: door for door in doors} if window is not None else {}
        current = {code.door_id: code for code in self.live if code.state in CURRENT}
        for door_id, code in current.items():
            if door_id not in wanted:
                give_up(
                    self.session,
                    code,
                    now=self.now,
                    actor=self.actor,
                    remove_at=remove_at,
                )
        if window is None:
            return
        for code in current.values():
            if code.door_id in wanted and code.window != window:
                move_code(self.session, code, window, now=self.now, actor=self.actor)
        missing = [door for door_id, door in wanted.items() if door_id not in current]
        if missing:
            self._provide(missing, window, digits or self._digits() or self._drawn(missing))

    def _provide(self, doors: Sequence[Door], window: Window, digits: str) -> None:
        """Put the digits on more doors; where they cannot be (another's by now), that is shown."""
        taken = taken_on(self.session, [door.id for door in doors])
        for door in doors:
            if (given_up := self._given_up(door, digits)) is not None:
                take_back(self.session, given_up, window, now=self.now, actor=self.actor)
            elif taken.allows(self.seals, door.id, digits):
                new_code(
                    self.session,
                    door,
                    window,
                    digits,
                    house=self.house,
                    seals=self.seals,
                    now=self.now,
                    actor=self.actor,
                    purpose=Purpose.STAFF,
                    staff_code=self.staff,
                )

    def _given_up(self, door: Door, digits: str) -> AccessCode | None:
        """Return the code with these digits that is yet to be taken off the door."""
        return next(
            (
                code
                for code in self.live
                if code.door_id == door.id
                and code.may_be_kept
                and self.seals.unseal(code.sealed_digits) == digits
            ),
            None,
        )

    def _digits(self) -> str | None:
        """Return the digits this staff code has, or last had; None when they are erased."""
        current = [code.sealed_digits for code in self.live if code.state in CURRENT]
        sealed = current[0] if current else self._last_sealed()
        return self.seals.unseal(sealed) if sealed is not None else None

    def _drawn(self, doors: Sequence[Door]) -> str:
        door_ids = [door.id for door in doors]
        return fresh_digits(self.house, door_ids, taken_on(self.session, door_ids), self.seals)

    def _last_sealed(self) -> bytes | None:
        return self.session.scalar(
            select(AccessCode.sealed_digits)
            .where(AccessCode.staff_code_id == self.staff.id, AccessCode.sealed_digits.is_not(None))
            .order_by(AccessCode.id.desc())
            .limit(1)
        )


def roll_staff(session: Session, now: datetime, *, seals: Seals) -> int:
    """Give the staff codes whose stretch is over the next one; return how many that were."""
    over = (
        select(AccessCode.staff_code_id)
        .where(AccessCode.purpose == Purpose.STAFF)
        .where(AccessCode.state.in_(CURRENT), AccessCode.valid_until <= now)
    )
    due = select(StaffCode).where(StaffCode.id.in_(over)).order_by(StaffCode.id)
    property_ids = session.scalars(
        due.with_only_columns(StaffCode.property_id).order_by(None).distinct()
    ).all()
    count = 0
    for property_id in sorted(property_ids):
        house = hold_property(session, property_id)
        codes = session.scalars(due.where(StaffCode.property_id == property_id)).all()
        settle_staff(session, house, codes, seals=seals, now=now, actor=CLOCK)
        count += len(codes)
    return count


def settle_house(
    session: Session, house: Property, *, seals: Seals, now: datetime, actor: str
) -> None:
    """Bring all staff codes of a property in step: new doors, another time zone, a new month."""
    codes = session.scalars(
        select(StaffCode)
        .where(
            StaffCode.property_id == house.id,
            StaffCode.ended_at.is_(None),
            or_(StaffCode.valid_until.is_(None), StaffCode.valid_until > now),
        )
        .order_by(StaffCode.id)
    ).all()
    if codes:
        settle_staff(session, house, codes, seals=seals, now=now, actor=actor)


def houses_with_staff(session: Session) -> Sequence[int]:
    """Return the properties that have staff codes."""
    return session.scalars(
        select(StaffCode.property_id)
        .where(StaffCode.ended_at.is_(None))
        .distinct()
        .order_by(StaffCode.property_id)
    ).all()
