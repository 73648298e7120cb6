"""Filling the stay page from what is stored."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from app import wording
from app.domain.access import Because, Verdict
from app.models import (
    AccessCode,
    CodeState,
    Door,
    Guest,
    Reservation,
    UnlockRequest,
)
from app.seals import Seals
from app.services.access import GuestAccess, access_of, stay_window
from app.web.guest.house_view import house_on_page, room_on_page
from app.web.guest.pages import (
    Code,
    DoorOnPage,
    DoorState,
    Pace,
    StayPage,
    StayPanel,
    StayState,
    Unlock,
)
from app.web.unlock_button import ANSWER_SHOWN, step_of

PATIENCE = timedelta(minutes=2)
"""After this a code that is not there is late, and the page says whom to phone."""


class StayView:
    """The stay page of one guest at one instant: five statements, however many rooms and doors."""

    def __init__(
        self, session: Session, guest: Guest, token: str, *, seals: Seals, now: datetime
    ) -> None:
        self.guest, self.house, self.token = guest, guest.house, token
        self.seals, self.now = seals, now
        [self.access] = access_of(session, self.house, [guest], now)
        self.stays = _with_rooms(session, self.access)
        self.codes = _codes(session, guest)
        self.unlocks = _unlocks(session, guest, now)

    def page(self) -> StayPage:
        """Return the whole page."""
        return StayPage(house=house_on_page(self.house), panel=self.panel())

    def panel(self) -> StayPanel:
        """Return the part that changes by itself."""
        state = self._state()
        shown = state in (StayState.OPEN, StayState.EARLY)
        doors = self._doors() if shown else ()
        is_late = any(door.state == DoorState.SILENT for door in doors)
        rooms = tuple(room_on_page(self.house, stay, self.now) for stay in self.stays)
        same = len({(room.arrival_text, room.departure_text) for room in rooms}) == 1
        return StayPanel(
            token=self.token,
            house=house_on_page(self.house),
            state=state,
            rooms=rooms,
            reference=self.guest.reference,
            guest_name=self.guest.full_name,
            arrival_text=rooms[0].arrival_text if same else None,
            departure_text=rooms[0].departure_text if same else None,
            nights=rooms[0].nights if same else None,
            doors=doors,
            codes_show_text=self._codes_show_text() if state == StayState.EARLY else None,
            pace=self._pace(state, doors, is_late=is_late),
            is_late=is_late,
        )

    def unlock(self, door: Door) -> Unlock:
        """Return the button of one door, and what came of its last tap."""
        request = self.unlocks.get(door.id)
        step = step_of(request, self.now)
        can = door.opens_remotely is not False
        out_of_reach = door.gateway_online is False or not can
        return Unlock(door.id, door.name, step, out_of_reach, is_offered=can)

    def door(self, door_id: int) -> tuple[Door, Verdict] | None:
        """Return a door of this guest's; None when it is none of theirs."""
        return next((pair for pair in self.access.verdicts if pair[0].id == door_id), None)

    def door_on_page(self, door_id: int) -> DoorOnPage | None:
        """Return one door as the panel shows it; None where it has no window for them."""
        return next((door for door in self._doors() if door.id == door_id), None)

    def _state(self) -> StayState:
        if self.guest.checked_in_at is None:
            return StayState.NOT_CHECKED_IN
        if not self.access.stays:
            return StayState.SORTING
        live = [stay for stay in self.access.stays if stay.is_stay or stay.is_unconfirmed]
        if not live:
            return StayState.CANCELLED
        if all(self.now >= stay_window(self.house, stay).valid_until for stay in live):
            return StayState.OVER
        if not any(stay.holds and not stay.is_unconfirmed for stay in live):
            return StayState.CONFIRMING
        if any(verdict.allowed for _door, verdict in self.access.verdicts):
            return StayState.OPEN
        return StayState.EARLY

    def _doors(self) -> tuple[DoorOnPage, ...]:
        room_numbers = {stay.room_id: stay.room.number for stay in self.stays}
        return tuple(
            self._door_on_page(door, verdict, room_numbers)
            for door, verdict in self.access.verdicts
            if verdict.window is not None
        )

    def _door_on_page(
        self, door: Door, verdict: Verdict, room_numbers: dict[int, int]
    ) -> DoorOnPage:
        window = verdict.window
        code = self.codes.get(door.id)
        state = _door_state(verdict, code, self.now)
        is_ready = state == DoorState.READY and code is not None
        unlock = self.unlock(door)
        shows_unlock = verdict.allowed and (unlock.is_offered or not unlock.is_idle)
        zone = self.house.zone
        return DoorOnPage(
            id=door.id,
            name=door.name,
            state=state,
            room_number=None if door.room_id is None else room_numbers.get(door.room_id),
            from_text=wording.moment(window.valid_from, zone, self.now) if window else None,
            until_text=wording.moment(window.valid_until, zone, self.now) if window else None,
            code=Code(self.seals.unseal(code.sealed_digits)) if is_ready and code else None,
            code_id=code.id if code is not None else None,
            unlock=unlock if shows_unlock else None,
            is_away=door.gateway_online is False,
        )

    def _codes_show_text(self) -> str | None:
        starts = [
            verdict.window.valid_from
            for _door, verdict in self.access.verdicts
            if verdict.window is not None and verdict.because == Because.TOO_EARLY
        ]
        return wording.moment(min(starts), self.house.zone, self.now) if starts else None

    def _pace(self, state: StayState, doors: Sequence[DoorOnPage], *, is_late: bool) -> Pace:
        if state in (StayState.CONFIRMING, StayState.SORTING):
            return Pace.FAST if self._has_just_come() else Pace.SLOW
        if state == StayState.EARLY or is_late:
            return Pace.SLOW
        if any(door.state == DoorState.COMING for door in doors):
            return Pace.FAST
        if any(door.state == DoorState.EARLY for door in doors):
            return Pace.SLOW
        # Hosts move guests to other rooms, and agree on other times, while the page lies open.
        return Pace.SLOW if state == StayState.OPEN else Pace.STOPPED

    def _has_just_come(self) -> bool:
        """Tell whether they checked in within the time that people keep looking at a page."""
        checked_in_at = self.guest.checked_in_at
        return checked_in_at is not None and self.now - checked_in_at < PATIENCE


def _door_state(verdict: Verdict, code: AccessCode | None, now: datetime) -> DoorState:
    if verdict.because == Because.TOO_EARLY:
        return DoorState.EARLY
    if not verdict.allowed:
        return DoorState.ENDED
    if code is None:
        return DoorState.COMING
    if code.opens_at(now):
        return DoorState.READY
    waited = now - max(code.created_at, code.active_at or code.created_at)
    if code.state == CodeState.FAILED or code.fault is not None or waited > PATIENCE:
        return DoorState.SILENT
    return DoorState.COMING


def _with_rooms(session: Session, access: GuestAccess) -> Sequence[Reservation]:
    ids = [stay.id for stay in access.stays]
    return session.scalars(
        select(Reservation)
        .where(Reservation.id.in_(ids))
        .options(joinedload(Reservation.room))
        .order_by(Reservation.arrival, Reservation.room_id)
        .execution_options(populate_existing=True)
    ).all()


def _codes(session: Session, guest: Guest) -> dict[int, AccessCode]:
    current = (CodeState.WANTED, CodeState.ACTIVE, CodeState.FAILED)
    rows = session.scalars(
        select(AccessCode).where(AccessCode.guest_id == guest.id, AccessCode.state.in_(current))
    )
    return {code.door_id: code for code in rows}


def _unlocks(session: Session, guest: Guest, now: datetime) -> dict[int, UnlockRequest]:
    rows = session.scalars(
        select(UnlockRequest)
        .where(
            UnlockRequest.guest_id == guest.id,
            UnlockRequest.requested_at > now - ANSWER_SHOWN,
        )
        .order_by(UnlockRequest.id)
    )
    return {request.door_id: request for request in rows}
