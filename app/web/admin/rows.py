"""Lines of the board: from reservations and codes to what a row shows and offers."""

from datetime import datetime, timedelta

from flask_babel import gettext as _

from app import wording
from app.models import AccessCode, Property, Reservation, Role, Status
from app.models import CodeState as Stored
from app.services.board import Board
from app.services.host_check_in import UNDO_LASTS
from app.web.admin.pages import CodeState, DoorMark, ReservationRow, RowAction, WhoAnswer
from app.web.admin.sessions import SignedIn
from app.web.guest.pages import Pace

CODE_STATES = {
    Stored.WANTED: CodeState.COMING,
    Stored.ACTIVE: CodeState.READY,
    Stored.UNWANTED: CodeState.LEAVING,
    Stored.FAILED: CodeState.FAILED,
    Stored.GONE: CodeState.GONE,
}


def code_state(code: AccessCode) -> CodeState:
    """Return a code's state in the words of the pages; a window on its way is not ready."""
    if code.state == Stored.ACTIVE and not code.is_held_as_wanted:
        return CodeState.COMING
    return CODE_STATES[code.state]


def reservation_row(
    house: Property,
    board: Board,
    stay: Reservation,
    host: SignedIn,
    now: datetime,
    *,
    answer: WhoAnswer | None = None,
    problem: str | None = None,
) -> ReservationRow:
    """Fill one line."""
    guest = stay.guest
    codes = board.codes_of(stay)
    marks = tuple(DoorMark(code.door.name, code_state(code)) for code in codes)
    action = row_action(stay, host, board.today, now)
    checked_in_at = guest.checked_in_at if guest is not None else None
    return ReservationRow(
        id=stay.id,
        room_number=stay.room.number,
        room_name=stay.room.name,
        dates_text=wording.span(stay.nights, board.today),
        nights=len(stay.nights),
        guest_name=_name(stay, host),
        reference=stay.reference if host.may(Role.VIEWER) else None,
        channel=wording.channel_name(stay.channel),
        rooms_together=board.together.get(stay.reference or "", 1),
        party_size=guest.party_size if guest is not None else None,
        expected_text=(
            wording.clock(guest.expected_arrival)
            if guest is not None and guest.expected_arrival is not None
            else None
        ),
        checked_in_text=(
            wording.moment(checked_in_at, house.zone, now) if checked_in_at is not None else None
        ),
        note=_note(stay, host),
        marks=marks,
        action=action,
        answer=answer or WhoAnswer(full_name=stay.name or ""),
        problem=problem,
        pace=_pace(marks, action),
    )


def row_action(
    stay: Reservation, host: SignedIn, today: datetime | object, now: datetime
) -> RowAction:
    """Return what a host may do with this line now."""
    if not host.may(Role.STAFF) or stay.status in (Status.CANCELLED, Status.BLOCK):
        return RowAction.NONE
    if stay.guest is not None and stay.guest.checked_in_at is not None:
        done_at = stay.checked_in_by_host_at
        if done_at is not None and now < done_at + UNDO_LASTS - timedelta(seconds=1):
            return RowAction.UNDO
        return RowAction.NONE
    if stay.is_unconfirmed:
        return RowAction.NONE
    if stay.reference is None:
        due = stay.arrival <= today  # type: ignore[operator]
        return RowAction.ASK_AND_CHECK_IN if due else RowAction.IDENTIFY
    return RowAction.CHECK_IN if stay.holds else RowAction.NONE


def _note(stay: Reservation, host: SignedIn) -> str | None:
    """Return what is unusual about it."""
    if stay.is_unconfirmed:
        return str(_("Waits for your OK") if host.may(Role.STAFF) else _("Waits for a host’s OK"))
    return _(stay.question) if stay.question else None


def _name(stay: Reservation, host: SignedIn) -> str | None:
    """Return who it is, for those who need to know; a cleaner does not."""
    name = (stay.guest.full_name if stay.guest is not None else None) or stay.name
    if host.may(Role.VIEWER) or not (name or stay.reference):
        return name
    return str(_("Guest"))


def _pace(marks: tuple[DoorMark, ...], action: RowAction) -> Pace:
    if any(mark.state in (CodeState.COMING, CodeState.LEAVING) for mark in marks):
        return Pace.FAST
    return Pace.SLOW if action == RowAction.UNDO else Pace.STOPPED
