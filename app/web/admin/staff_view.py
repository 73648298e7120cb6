"""Lines of the staff codes' page: from rows to what is shown and offered."""

from datetime import datetime, timedelta

from flask_babel import gettext as _

from app import wording
from app.models import AccessCode, Door, Property, Role, StaffCode
from app.models import CodeState as Stored
from app.services.attention import LATE_CODE
from app.services.staff_board import StaffBoard
from app.services.staff_codes import UNDO_LASTS
from app.web.admin.pages import CodeState
from app.web.admin.rows import code_state
from app.web.admin.sessions import SignedIn
from app.web.admin.staff_pages import StaffDoor, StaffRow
from app.web.admin.staff_words import days_text, hours_text
from app.web.guest.pages import Code, Pace

UNDERWAY = (CodeState.COMING, CodeState.LEAVING)


def staff_row(
    house: Property,
    board: StaffBoard,
    staff: StaffCode,
    host: SignedIn,
    now: datetime,
    *,
    digits: str | None = None,
    problem: str | None = None,
) -> StaffRow:
    """Fill one line; `digits` only when they were asked for."""
    is_ended = staff.ended_at is not None
    doors = _ended_doors(board, staff) if is_ended else _doors(board, staff, now)
    can_undo = staff.ended_at is not None and now < staff.ended_at + UNDO_LASTS - timedelta(
        seconds=1
    )
    may = host.may(Role.OWNER)
    pace = _pace(doors)
    if digits is not None:
        pace = Pace.STOPPED  # the next answer would hide them again
    elif can_undo:
        pace = Pace.SLOW
    used_at = board.used.get(staff.id)
    return StaffRow(
        id=staff.id,
        label=staff.label,
        doors_text=(
            str(_("every door"))
            if staff.all_doors
            else ", ".join(door.name for door in board.doors[staff.id])
        ),
        days_text=days_text(staff.days),
        hours_text=hours_text(staff.from_time, staff.until_time),
        dates_text=_dates(house, staff, now),
        window_text=None if is_ended else _window(house, board, staff, now),
        doors=doors,
        used_text=wording.recently(used_at, house.zone, now) if used_at is not None else None,
        masked="•" * house.code_length,
        code=Code(digits) if digits is not None else None,
        is_ended=is_ended,
        may_manage=may and not is_ended,
        may_undo=may and can_undo,
        pace=pace,
        problem=problem,
    )


def _doors(board: StaffBoard, staff: StaffCode, now: datetime) -> tuple[StaffDoor, ...]:
    current = board.current(staff)
    if not current and staff.valid_until is not None and staff.valid_until <= now:
        return _ended_doors(board, staff)
    shown = [_door(door, current.get(door.id), now) for door in board.doors[staff.id]]
    known = {door.id for door in board.doors[staff.id]}
    leaving = [
        StaffDoor(code.door.name, code_state(code), code.fault)
        for code in board.live.get(staff.id, ())
        if code.state == Stored.UNWANTED and code.door_id not in known
    ]
    return (*shown, *leaving)


def _door(door: Door, code: AccessCode | None, now: datetime) -> StaffDoor:
    if code is None:
        return StaffDoor(
            door.name,
            CodeState.NONE,
            _("These digits are another code’s there. Give it new digits, or wait."),
        )
    state = code_state(code)
    if state == CodeState.FAILED:
        return StaffDoor(door.name, state, code.fault)
    if state == CodeState.COMING and _is_late(code, now):
        why = code.fault or _("The lock has not confirmed it yet.")
        return StaffDoor(door.name, state, _("%(why)s It stays shut until then.", why=why))
    return StaffDoor(door.name, state, code.fault if state == CodeState.COMING else None)


def _is_late(code: AccessCode, now: datetime) -> bool:
    """Tell whether it should open by now, and the lock had its time to hear of it."""
    ordered_at = max(code.created_at, code.valid_from)
    return ordered_at <= now - LATE_CODE


def _ended_doors(board: StaffBoard, staff: StaffCode) -> tuple[StaffDoor, ...]:
    return tuple(
        StaffDoor(code.door.name, code_state(code), code.fault)
        for code in board.live.get(staff.id, ())
        if code.state == Stored.UNWANTED
    )


def _window(house: Property, board: StaffBoard, staff: StaffCode, now: datetime) -> str | None:
    """Say when it opens, from what the locks hold or are to hold."""
    zone = house.zone
    windows = {code.window for code in board.current(staff).values()}
    if not windows:
        over = staff.valid_until is not None and staff.valid_until <= now
        return str(_("over")) if over else None
    window = min(windows)
    if now < window.valid_from:
        return str(_("opens next %(when)s", when=wording.moment(window.valid_from, zone, now)))
    if staff.from_time is None and staff.valid_until is None and window.valid_until - now > _LONG:
        return None
    last = wording.moment(window.valid_until, zone, now)
    return str(_("open now, until %(when)s", when=last))


_LONG = timedelta(days=30)


def _dates(house: Property, staff: StaffCode, now: datetime) -> str | None:
    """Say from and until which day, as far as that is not past or never."""
    zone = house.zone
    today = now.astimezone(zone).date()
    first = staff.valid_from.astimezone(zone).date()
    begins = wording.weekday(first, today) if first > today else None
    if staff.valid_until is None:
        return str(_("from %(day)s", day=begins)) if begins else None
    last_day = staff.valid_until.astimezone(zone).date() - timedelta(days=1)
    last = wording.weekday(last_day, today)
    if first == last_day:
        return str(_("%(day)s only", day=last))
    if begins:
        return f"{begins} \N{EN DASH} {last}"
    return str(_("until %(day)s", day=last))


def _pace(doors: tuple[StaffDoor, ...]) -> Pace:
    underway = [door for door in doors if door.state in UNDERWAY]
    if not underway:
        return Pace.STOPPED
    return Pace.SLOW if all(door.note for door in underway) else Pace.FAST
