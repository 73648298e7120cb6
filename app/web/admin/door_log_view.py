"""Filling the page of one door, and the lines about a guest's codes on their reservation's."""

from collections.abc import Collection
from datetime import datetime, timedelta

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from app import wording
from app.domain.lock_words import Mistake, Way
from app.models import Door, LockEvent, Property, Purpose, Role, Stranger
from app.services.door_log import DoorLog, door_log, log_of_codes, strangers_of
from app.web.admin.door_log_pages import DoorPage, LogLine, StrangerLine
from app.web.admin.door_log_words import what_happened
from app.web.admin.door_pages import DoorRow
from app.web.admin.sessions import SignedIn

LATE = timedelta(minutes=10)
BY_NOBODY = (Way.LOCKED, Way.INSIDE, Way.OTHER)


def door_page(
    session: Session,
    house: Property,
    door: Door,
    row: DoorRow,
    host: SignedIn,
    now: datetime,
    *,
    page: int,
) -> DoorPage:
    """Fill the page; who it was, only for those who need to know: a cleaner does not."""
    log = door_log(session, door, page)
    names = _Names(log, may_know=host.may(Role.VIEWER))
    return DoorPage(
        door=row,
        lines=tuple(names.line(event, house, now) for event in log.events),
        page=page,
        has_more=log.has_more,
        read_text=wording.moment(door.log_read_at, house.zone, now) if door.log_read_at else None,
        strangers=tuple(_stranger(one, house, now) for one in strangers_of(session, door))
        if host.may(Role.VIEWER)
        else (),
        sync_fault=door.sync_fault,
        kept_months=house.retention_months,
    )


def lines_of_codes(
    session: Session, house: Property, code_ids: Collection[int], now: datetime
) -> tuple[LogLine, ...]:
    """Return the latest lines about these codes, newest first."""
    if not code_ids:
        return ()
    return tuple(_line(event, house, now) for event in log_of_codes(session, code_ids))


def _line(
    event: LockEvent,
    house: Property,
    now: datetime,
    who: str | None = None,
    reservation_id: int | None = None,
    door_name: str | None = None,
) -> LogLine:
    is_late = event.heard_at - event.at > LATE
    return LogLine(
        at=event.at.isoformat(),
        at_text=wording.moment(event.at, house.zone, now),
        what=what_happened(event),
        door_name=event.door.name if door_name is None else door_name,
        who=who,
        reservation_id=reservation_id,
        is_refused=event.refusal is not None,
        late_text=wording.moment(event.heard_at, house.zone, now) if is_late else None,
    )


class _Names:
    """Who is behind a line, as far as this host may know."""

    def __init__(self, log: DoorLog, *, may_know: bool) -> None:
        self._log, self._may_know = log, may_know

    def line(self, event: LockEvent, house: Property, now: datetime) -> LogLine:
        code = event.code
        stay = self._log.stays.get(code.guest_id) if code is not None and code.guest_id else None
        return _line(
            event,
            house,
            now,
            who=self._who(event),
            reservation_id=stay.id if stay is not None and self._may_know else None,
            door_name="",
        )

    def _who(self, event: LockEvent) -> str | None:
        if event.code is not None:
            owner = self._owner(event)
            is_guess = event.mistake not in (None, Mistake.OTHER_DOOR)
            return str(_("probably %(who)s", who=owner)) if is_guess else owner
        if event.way == Way.REMOTE:
            return self._opener(event)
        if event.way in BY_NOBODY:
            return None
        if event.way != Way.CODE or (event.refusal is not None and not event.who):
            return str(_("somebody"))
        if event.who and self._may_know:
            return str(_("somebody with “%(name)s”, a code that is not ours", name=event.who))
        return str(_("somebody with a code that is not ours"))

    def _owner(self, event: LockEvent) -> str:
        code = event.code
        assert code is not None  # noqa: S101
        if code.purpose == Purpose.SPARE:
            return str(_("the spare code"))
        if code.purpose == Purpose.STAFF:
            label = self._log.staff.get(code.staff_code_id or 0)
            return label if label and self._may_know else str(_("staff"))
        guest = code.guest
        if guest is None or not self._may_know:
            return str(_("a guest"))
        return guest.full_name or guest.reference

    def _opener(self, event: LockEvent) -> str:
        name = self._log.openers.get(event.id)
        if name is None:
            return str(_("somebody, not by Latchkey"))
        return name if name and self._may_know else str(_("by Latchkey"))


def _stranger(one: Stranger, house: Property, now: datetime) -> StrangerLine:
    if one.valid_from is None or one.valid_until is None:
        window = str(_("for ever, or not said"))
    else:
        start, end = (
            wording.recently(at, house.zone, now) for at in (one.valid_from, one.valid_until)
        )
        window = f"{start} \N{EN DASH} {end}"
    seen = wording.moment(one.first_seen_at, house.zone, now)
    return StrangerLine(one.name or str(_("without a name")), window, seen)
