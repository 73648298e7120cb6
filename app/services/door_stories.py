"""What is known of guests before doors that stay shut: gathered in a fixed number of statements."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session

from app.domain.access import Because, Verdict
from app.domain.door_findings import Found
from app.domain.door_trouble import (
    CodeFacts,
    LockFacts,
    Remote,
    TroubleFacts,
    find_trouble,
)
from app.domain.ladder import Rung
from app.domain.windows import Window
from app.models import (
    AccessCode,
    CodeState,
    Door,
    DoorHelp,
    Guest,
    HistoryEntry,
    LockEvent,
    Property,
    UnlockRequest,
    UnlockState,
)
from app.services.access import GuestAccess, access_of
from app.services.door_lines import Before, lines_for, was_touched

LATELY = timedelta(minutes=30)
"""Of the log, what was heard within this counts."""

CLOCK_MAY_BE_OFF = timedelta(days=2)
LATEST = 2000
"""Lines of the log are found by the lock's clock, and the latest of all whatever it says."""

CURRENT = (CodeState.WANTED, CodeState.ACTIVE, CodeState.FAILED)
OFFERED = "way-in-offered"
"""The history's word for a step down the key ladder."""

STAND_INS = (Rung.SPARE_CODE, Rung.OFFLINE_CODE)

_REMOTE = {
    UnlockState.OPENED: Remote.OPENED,
    UnlockState.FAILED: Remote.FAILED,
    UnlockState.UNKNOWN: Remote.UNKNOWN,
}


@dataclass(frozen=True)
class Asked:
    """Whose trouble with which door; `help` is the guest's asking, once they have."""

    guest: Guest
    door: Door
    help: DoorHelp | None = None


@dataclass(frozen=True)
class Story:
    """One guest before one door: what was found, and what they were given."""

    guest: Guest
    door: Door
    verdict: Verdict
    code: AccessCode | None
    """Their current code there, on the lock or not."""
    found: Sequence[Found]
    help: DoorHelp | None = None
    rung: Rung = Rung.OWN_CODE
    """How far down the key ladder they were taken."""
    offered_at: datetime | None = None
    """When they were last given another way in."""
    remote_at: datetime | None = None
    """When they last tapped Unlock, lately."""

    @property
    def may_see_code(self) -> bool:
        """The rule says yes, and they have checked in. Whether the lock has it is `code`'s."""
        return self.verdict.allowed and self.guest.checked_in_at is not None


def story(session: Session, asked: Asked, now: datetime) -> Story:
    """Tell one story; `asked.guest.house` is loaded."""
    return stories(session, asked.guest.house, [asked], now)[0]


def stories(
    session: Session, house: Property, asked: Sequence[Asked], now: datetime
) -> list[Story]:
    """Tell the stories of several guests of one property, in the order asked."""
    if not asked:
        return []
    gathered = _Gathered(session, house, asked, now)
    return [gathered.story(one) for one in asked]


class _Gathered:
    """The rows that the stories are told from."""

    def __init__(
        self, session: Session, house: Property, asked: Sequence[Asked], now: datetime
    ) -> None:
        self.now = now
        guests = list({one.guest.id: one.guest for one in asked}.values())
        ids = [guest.id for guest in guests]
        found = access_of(session, house, guests, now)
        self.access: dict[int, GuestAccess] = {access.guest.id: access for access in found}
        doors = session.execute(select(Door.id, Door.name).filter_by(property_id=house.id))
        self.names: dict[int, str] = dict(doors.all())
        self.codes = session.scalars(
            select(AccessCode).where(AccessCode.guest_id.in_(ids)).order_by(AccessCode.id)
        ).all()
        self.events = session.scalars(
            select(LockEvent)
            .where(LockEvent.door_id.in_(self.names), *_heard_lately(now))
            .order_by(LockEvent.id)
        ).all()
        self.taps = session.scalars(
            select(UnlockRequest)
            .where(UnlockRequest.guest_id.in_(ids), UnlockRequest.requested_at > now - LATELY)
            .order_by(UnlockRequest.id)
        ).all()
        self.offers = _offers(session, self.codes)

    def story(self, asked: Asked) -> Story:
        guest, door = asked.guest, asked.door
        verdict = self.access[guest.id].verdict(door.id) or Verdict(False, Because.NOT_THEIRS)
        own = [code for code in self.codes if code.guest_id == guest.id]
        current = next(
            (code for code in own if code.door_id == door.id and code.state in CURRENT), None
        )
        asked_at = asked.help.asked_at if asked.help is not None else None
        own_by_id = {code.id: code for code in own}
        access = self.access[guest.id]
        before = Before(access, door, own_by_id, current, asked_at, self.now)
        offer = self.offers.get(current.id) if current is not None else None
        offered_at = offer.at if offer is not None else None
        tap = next((one for one in reversed(self.taps) if _is_tap_of(one, asked)), None)
        has_ended = tap is not None and tap.state in _REMOTE
        facts = TroubleFacts(
            now=self.now,
            verdict=verdict,
            is_checked_in=guest.checked_in_at is not None,
            code=_code_facts(current, offered_at),
            lines=lines_for(before, self.events, self.names),
            lock=LockFacts(door.gateway_online, door.seen_at, door.battery_percent),
            was_touched=was_touched(before, self.events),
            stands_in=_stands_in(current, offered_at, self.now),
            remote=_REMOTE[tap.state] if tap is not None and has_ended else None,
            remote_at=tap.ended_at if tap is not None else None,
            remote_why=tap.detail if tap is not None else None,
            log_fault=asked.help.look_fault if asked.help is not None else None,
        )
        return Story(
            guest=guest,
            door=door,
            verdict=verdict,
            code=current,
            found=find_trouble(facts),
            help=asked.help,
            offered_at=offered_at,
            rung=offer.way if offer is not None else Rung.OWN_CODE,
            remote_at=tap.requested_at if tap is not None else None,
        )


@dataclass(frozen=True)
class _Offer:
    at: datetime
    way: Rung


def _offers(session: Session, codes: Sequence[AccessCode]) -> dict[int, _Offer]:
    """Return what each current code was last joined by, or made in place of."""
    current = [code.id for code in codes if code.state in CURRENT]
    steps = session.scalars(
        select(HistoryEntry)
        .where(
            HistoryEntry.subject == AccessCode.__tablename__,
            HistoryEntry.subject_id.in_(current),
            HistoryEntry.what == OFFERED,
        )
        .order_by(HistoryEntry.id)
    )
    return {step.subject_id: _Offer(step.at, Rung((step.after or {})["way"])) for step in steps}


def _heard_lately(now: datetime) -> tuple[ColumnElement[bool], ...]:
    newest = select(func.max(LockEvent.id)).scalar_subquery()
    near = or_(LockEvent.at > now - CLOCK_MAY_BE_OFF, LockEvent.id > newest - LATEST)
    return (LockEvent.heard_at > now - LATELY, near)


def _is_tap_of(tap: UnlockRequest, asked: Asked) -> bool:
    return (tap.guest_id, tap.door_id) == (asked.guest.id, asked.door.id)


def _stands_in(code: AccessCode | None, offered_at: datetime | None, now: datetime) -> bool:
    """Tell whether this code came lately in place of one that failed."""
    is_another = code is not None and code.rung in STAND_INS
    return is_another and offered_at is not None and now - offered_at < LATELY


def _code_facts(code: AccessCode | None, offered_at: datetime | None) -> CodeFacts | None:
    if code is None:
        return None
    held = None
    if code.state == CodeState.ACTIVE and code.held_from and code.held_until:
        held = Window(code.held_from, code.held_until)
    since = max(code.created_at, offered_at or code.created_at)
    return CodeFacts(held, since, code.active_at, code.fault)
