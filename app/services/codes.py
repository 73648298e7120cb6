"""Keeping guests' codes in step with who may open what."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from app.domain.access import Because
from app.domain.windows import Window
from app.models import AccessCode, CodeState, Door, Guest, Property
from app.seals import Seals
from app.services.access import GuestAccess, access_of
from app.services.code_steps import (
    CURRENT,
    give_up,
    move_code,
    new_code,
    remove_now,
    take_back,
)
from app.services.digits import fresh_digits, taken_on
from app.services.history import CLOCK
from app.services.lanes import hold_property

AT_ONCE = 200
"""Guests whose codes end in one transaction; the rest follow in the next."""


def settle_codes(
    session: Session,
    house: Property,
    guests: Sequence[Guest],
    *,
    seals: Seals,
    now: datetime,
    actor: str,
    remove_at: datetime | None = None,
) -> None:
    """Make the wanted codes of these guests what may_open says, and order what that takes.

    Call it, with the property held, after anything that bears on access: a check-in, changed dates,
    a cancellation, an undo, the end of a window. It changes nothing when nothing has changed.
    `remove_at`: leave what is no longer wanted on the locks until then, for an undo.
    """
    session.flush()
    codes = _live_codes(session, [guest.id for guest in guests])
    for access in access_of(session, house, guests, now):
        own = [code for code in codes if code.guest_id == access.guest.id]
        settling = _Settling(session, house, access, own, seals, now, actor)
        settling.provide()
        settling.withdraw(remove_at)
    session.flush()


def _live_codes(session: Session, guest_ids: Sequence[int]) -> Sequence[AccessCode]:
    live = (AccessCode.guest_id.in_(guest_ids)) & (AccessCode.state != CodeState.GONE)
    return session.scalars(
        select(AccessCode).where(live).options(joinedload(AccessCode.door)).order_by(AccessCode.id)
    ).all()


class _Settling:
    """The codes of one guest, on the way from what is stored to what is right."""

    def __init__(
        self,
        session: Session,
        house: Property,
        access: GuestAccess,
        codes: Sequence[AccessCode],
        seals: Seals,
        now: datetime,
        actor: str,
    ) -> None:
        self.session, self.house, self.access = session, house, access
        self.codes, self.seals, self.now, self.actor = codes, seals, now, actor
        self.current = {code.door_id: code for code in codes if code.state in CURRENT}
        self.made: list[AccessCode] = []
        self.wanted: dict[int, tuple[Door, Window]] = {
            door.id: (door, verdict.window)
            for door, verdict in access.verdicts
            if verdict.wants_code and verdict.window is not None
        }

    def provide(self) -> None:
        """Ask for the codes that are missing, and for other windows where they have moved."""
        missing: list[tuple[Door, Window]] = []
        for door_id, (door, window) in self.wanted.items():
            code = self.current.get(door_id) or self._given_up(door_id)
            if code is None:
                missing.append((door, window))
            elif code.state == CodeState.UNWANTED:
                take_back(self.session, code, window, now=self.now, actor=self.actor)
            elif code.window != window:
                move_code(self.session, code, window, now=self.now, actor=self.actor)
        for door, window, digits in self._with_digits(missing):
            self._create(door, window, digits)

    def withdraw(self, remove_at: datetime | None) -> None:
        """Give up what is no longer wanted.

        Whoever is moved to another room while in house keeps the old room's code until the new
        one's is on its lock, so that no outage leaves them without a room.
        """
        for door_id, code in self.current.items():
            if door_id in self.wanted:
                continue
            give_up(
                self.session,
                code,
                now=self.now,
                actor=self.actor,
                remove_at=remove_at,
                stays_for=self._new_room(code) if remove_at is None else None,
            )
        kept = {code.id for door_id, code in self.current.items() if door_id in self.wanted}
        kept |= {code.id for code in self.made}
        left = [
            code
            for code in self.codes
            if code.state == CodeState.UNWANTED
            and code.stays_for_id is not None
            and code.stays_for_id not in kept
        ]
        if left:
            remove_now(self.session, left, self.now)

    def _new_room(self, old: AccessCode) -> AccessCode | None:
        """Return the code of the room that takes the old one's place, if this is a move."""
        verdict = self.access.verdict(old.door_id)
        still_a_guest = verdict is None or verdict.because == Because.NOT_THEIRS
        in_use = old.state == CodeState.ACTIVE and self.now in old.window
        if old.door.is_shared or not (still_a_guest and in_use):
            return None
        return next(
            (code for code in self.made if not code.door.is_shared and self.now in code.window),
            None,
        )

    def _given_up(self, door_id: int) -> AccessCode | None:
        """Return a code of theirs that is to go and, as far as we know, is still on its lock."""
        for code in self.codes:
            if code.door_id == door_id and code.may_be_kept and code.provider_ref:
                return code
        return None

    def _with_digits(
        self, missing: Sequence[tuple[Door, Window]]
    ) -> Iterable[tuple[Door, Window, str]]:
        """Give all of a guest's doors the same digits where they can be, others where not."""
        if not missing:
            return
        taken = taken_on(self.session, [door.id for door, _ in missing])
        shared = self._digits_in_use()
        if shared is None:
            doors = [door.id for door, _ in missing]
            shared = fresh_digits(self.house, doors, taken, self.seals)
        for door, window in missing:
            digits = shared
            if not taken.allows(self.seals, door.id, shared):
                digits = fresh_digits(self.house, [door.id], taken, self.seals)
            yield door, window, digits

    def _digits_in_use(self) -> str | None:
        """Return the digits the guest has already; not those a lock's provider chose for it."""
        return next(
            (
                self.seals.unseal(code.sealed_digits)
                for code in self.current.values()
                if code.sealed_digits is not None and not code.by_provider
            ),
            None,
        )

    def _create(self, door: Door, window: Window, digits: str) -> None:
        _clear_room_for_the_next(self.session, door, self.access.guest, self.now)
        code = new_code(
            self.session,
            door,
            window,
            digits,
            house=self.house,
            seals=self.seals,
            now=self.now,
            actor=self.actor,
            guest=self.access.guest,
        )
        self.made.append(code)


def _clear_room_for_the_next(session: Session, door: Door, guest: Guest, now: datetime) -> None:
    """End at once what a guest who moved out was left with here: the room is another's now."""
    if door.is_shared:
        return
    left = session.scalars(
        select(AccessCode).where(
            AccessCode.door_id == door.id,
            AccessCode.guest_id != guest.id,
            AccessCode.state == CodeState.UNWANTED,
            AccessCode.stays_for_id.is_not(None),
        )
    ).all()
    if left:
        remove_now(session, list(left), now)


def end_windows(session: Session, now: datetime, *, seals: Seals) -> int:
    """Give up the guests' codes whose window is over; return how many guests that concerned."""
    ended = AccessCode.state.in_(CURRENT) & (AccessCode.valid_until <= now)
    concerned = select(Guest).join(AccessCode, AccessCode.guest_id == Guest.id).where(ended)
    property_ids = session.scalars(
        concerned.with_only_columns(Guest.property_id).distinct().order_by(Guest.property_id)
    ).all()
    count = 0
    for property_id in property_ids:
        house = hold_property(session, property_id)
        guests = session.scalars(
            concerned.where(Guest.property_id == property_id).distinct().limit(AT_ONCE)
        ).all()
        settle_codes(session, house, guests, seals=seals, now=now, actor=CLOCK)
        count += len(guests)
    return count
