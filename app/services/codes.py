"""Keeping the wanted codes in step with who may open what."""

import secrets
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from app.domain.codes import choose_digits
from app.domain.windows import Window
from app.models import AccessCode, CodeState, Door, Effect, Guest, Property
from app.seals import Seals
from app.services.access import GuestAccess, access_of
from app.services.digits import digits_hash, fresh_digits, taken_on
from app.services.history import CLOCK, record
from app.services.lanes import hold_property
from app.services.outbox import order

CURRENT = (CodeState.WANTED, CodeState.ACTIVE, CodeState.FAILED)

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
        settling.withdraw(remove_at)
        settling.provide()
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
        self.wanted: dict[int, tuple[Door, Window]] = {
            door.id: (door, verdict.window)
            for door, verdict in access.verdicts
            if verdict.wants_code and verdict.window is not None
        }

    def withdraw(self, remove_at: datetime | None) -> None:
        """Mark what is no longer wanted; it stays ours until the lock has let it go."""
        for door_id, code in self.current.items():
            if door_id in self.wanted:
                continue
            code.state = CodeState.UNWANTED
            code.version += 1
            self._note(code, "code-unwanted", before={"until": code.valid_until})
            order(
                self.session,
                Effect.REMOVE_CODE,
                code.id,
                key=f"remove-code:{code.id}:v{code.version}",
                now=self.now,
                lane=code.door.lane,
                due_at=remove_at,
            )

    def provide(self) -> None:
        """Ask for the codes that are missing, and for other windows where they have moved."""
        missing: list[tuple[Door, Window]] = []
        for door_id, (door, window) in self.wanted.items():
            code = self.current.get(door_id)
            if code is None and (code := self._reprieved(door_id)) and not code.is_held_as_wanted:
                self._move(code, window)
            if code is None:
                missing.append((door, window))
            elif code.window != window:
                self._move(code, window)
        for door, window, digits in self._with_digits(missing):
            self._create(door, window, digits)

    def _reprieved(self, door_id: int) -> AccessCode | None:
        """Take back a code that was given up but, as far as we know, is still on its lock."""
        for code in self.codes:
            if code.door_id == door_id and code.state == CodeState.UNWANTED and code.provider_ref:
                code.state = CodeState.ACTIVE
                self._note(code, "code-kept")
                return code
        return None

    def _move(self, code: AccessCode, window: Window) -> None:
        before = {"from": code.valid_from, "until": code.valid_until}
        code.window = window
        code.version += 1
        after = {"from": window.valid_from, "until": window.valid_until}
        self._note(code, "code-moved", before=before, after=after)
        if code.state == CodeState.ACTIVE:
            order_code(self.session, Effect.CHANGE_CODE, code, self.now)
        else:
            code.state = CodeState.WANTED
            order_code(self.session, Effect.PUT_CODE, code, self.now)

    def _with_digits(
        self, missing: Sequence[tuple[Door, Window]]
    ) -> Iterable[tuple[Door, Window, str]]:
        """Give all of a guest's doors the same digits where they are free, others where not."""
        if not missing:
            return
        taken = taken_on(self.session, [door.id for door, _ in missing])
        shared = next(
            (self.seals.unseal(code.sealed_digits) for code in self.current.values()), None
        )
        if shared is None:
            shared = choose_digits(
                self.house.code_length,
                lambda digits: not any(self._is_taken(digits, door, taken) for door, _ in missing),
            )
        for door, window in missing:
            digits = shared
            if self._is_taken(shared, door, taken):
                digits = fresh_digits(self.house, door.id, taken, self.seals)
            yield door, window, digits

    def _is_taken(self, digits: str, door: Door, taken: set[tuple[int, str]]) -> bool:
        return (door.id, digits_hash(self.seals, digits)) in taken

    def _create(self, door: Door, window: Window, digits: str) -> None:
        guest = self.access.guest
        code = AccessCode(
            door_id=door.id,
            door=door,
            guest_id=guest.id,
            name=f"Latchkey {guest.reference} {secrets.token_hex(4)}",
            sealed_digits=self.seals.seal(digits),
            digits_hash=digits_hash(self.seals, digits),
            state=CodeState.WANTED,
            valid_from=window.valid_from,
            valid_until=window.valid_until,
            version=1,
            created_at=self.now,
        )
        self.session.add(code)
        self.session.flush()
        after = {"door": door.name, "from": window.valid_from, "until": window.valid_until}
        self._note(code, "code-wanted", after=after)
        order_code(self.session, Effect.PUT_CODE, code, self.now)

    def _note(self, code: AccessCode, what: str, **facts: Mapping[str, object]) -> None:
        record(
            self.session,
            code,
            what,
            actor=self.actor,
            at=self.now,
            property_id=self.house.id,
            before=facts.get("before"),
            after=facts.get("after"),
        )


def order_code(session: Session, effect: Effect, code: AccessCode, now: datetime) -> None:
    """Order one step of a code's life; each version of what is wanted is ordered once."""
    key = f"{effect}:{code.id}:v{code.version}"
    order(session, effect, code.id, key=key, now=now, lane=code.door.lane)


def redraw(
    session: Session, house: Property, code: AccessCode, seals: Seals, now: datetime
) -> None:
    """Give a code that nobody has been told other digits, and order it anew."""
    digits = fresh_digits(house, code.door_id, taken_on(session, [code.door_id]), seals)
    code.sealed_digits = seals.seal(digits)
    code.digits_hash = digits_hash(seals, digits)
    code.state = CodeState.WANTED
    code.version += 1
    order_code(session, Effect.PUT_CODE, code, now)


def retry_code(
    session: Session, house: Property, code: AccessCode, *, now: datetime, actor: str
) -> None:
    """Order a code that failed, or has not come, once more."""
    if code.state not in (CodeState.FAILED, CodeState.WANTED):
        return
    code.state, code.fault = CodeState.WANTED, None
    code.version += 1
    record(session, code, "code-retried", actor=actor, at=now, property_id=house.id)
    order_code(session, Effect.PUT_CODE, code, now)


def end_windows(session: Session, now: datetime, *, seals: Seals) -> int:
    """Give up the codes whose window is over; return how many guests that concerned."""
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
