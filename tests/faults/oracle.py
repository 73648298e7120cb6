"""What came of each case: the lock's own memory and our rows, held against what must be."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from app.db import reading
from app.models import AccessCode, CodeState, Door, UnlockRequest, UnlockState
from tests.faults.cases import CASES, PATHS, Case, Verb
from tests.faults.house import ALL
from tests.faults.people import STRANGER, Began, People
from tests.faults.world import FaultWorld

TAP_LASTS = timedelta(seconds=20)
REMOTELY = 12
"""recordType of an opening from afar."""
COUNTED = (*PATHS.values(), "keyboardPwd/get")
"""Not counted: the lists of locks and gateways, and the locks' logs, which are read as ever."""

TOLD = {
    UnlockState.OPENED: "told so",
    UnlockState.FAILED: "told so",
    UnlockState.DROPPED: "told so",
    UnlockState.UNKNOWN: "told unknown",
}


@dataclass(frozen=True)
class Code:
    """One code of ours that is not gone, as its row has it."""

    state: CodeState
    name: str
    digits: str = field(repr=False)
    valid_from: datetime
    valid_until: datetime
    by_provider: bool


@dataclass(frozen=True)
class Seen:
    """One door at one time."""

    codes: Sequence[Code]
    memory: Sequence[Mapping[str, Any]]
    """What the lock takes, ours and strangers'."""
    sync_fault: str | None
    unlocks: Sequence[tuple[UnlockState, datetime]]
    """Each tap: what its guest was told, and when it was."""
    opened_at: Sequence[datetime]
    """When it was opened from afar, by the lock's own log."""

    @property
    def ours(self) -> list[Mapping[str, Any]]:
        return [one for one in self.memory if one["name"] != STRANGER]

    @property
    def strangers(self) -> list[str]:
        return [one["digits"] for one in self.memory if one["name"] == STRANGER]


def look(world: FaultWorld) -> dict[Case, Seen]:
    """Look at all doors and into all locks."""
    state = world.simulator.state()
    with reading() as session:
        doors = {door.lock_id: door for door in session.scalars(select(Door))}
        codes = session.scalars(
            select(AccessCode)
            .where(AccessCode.state != CodeState.GONE)
            .options(joinedload(AccessCode.door))
        ).all()
        taps = session.scalars(select(UnlockRequest)).all()
        return {
            case: Seen(
                [_code(world, one) for one in codes if one.door.lock_id == case.lock_id],
                list(_memory(state, case)),
                doors[case.lock_id].sync_fault,
                [
                    (tap.state, tap.requested_at)
                    for tap in taps
                    if tap.door_id == doors[case.lock_id].id
                ],
                list(_openings(state, case)),
            )
            for case in ALL
        }


def calls(world: FaultWorld) -> dict[Case, int]:
    """Count the calls made for each lock."""
    counted = Counter(
        call["lock_id"] for call in world.simulator.calls() if call["path"] in COUNTED
    )
    return {case: counted[case.lock_id] for case in CASES}


def judge(case: Case, people: People, seen: Seen) -> tuple[str, list[str]]:
    """Say in a few words what came of a case, and what is wrong with it."""
    wrong = []
    names = Counter(one["name"] for one in seen.ours)
    if any(count > 1 for count in names.values()):
        wrong.append(f"a name is twice on the lock: {names}")
    if seen.sync_fault is not None:
        wrong.append(f"the comparison left a fault: {seen.sync_fault}")
    if case in people.strangers and people.strangers[case] not in seen.strangers:
        wrong.append("a stranger's code is gone")
    outcome = {
        Verb.PUT: _put, Verb.CHANGE: _changed, Verb.REMOVE: _removed, Verb.LIST: _put_back,
        Verb.UNLOCK: _opened,
    }[case.verb](people.began[case], seen, wrong)  # fmt: skip
    if outcome != case.right:
        wrong.append(f"{outcome!r} instead of {case.right!r}")
    return outcome, wrong


def _put(began: Began, seen: Seen, wrong: list[str]) -> str:
    code = _only_code(seen, wrong)
    if code is None:
        return "lost"
    if code.by_provider:
        return "offline code"
    return "on the lock" if code.digits == began.digits else "on the lock, other digits"


def _changed(began: Began, seen: Seen, wrong: list[str]) -> str:
    code = _only_code(seen, wrong)
    if code is None:
        return "lost"
    if code.valid_until != began.until + timedelta(days=1):
        wrong.append(f"it ends at {code.valid_until}")
    return f"new dates, {'same' if code.digits == began.digits else 'other'} digits"


def _removed(_began: Began, seen: Seen, wrong: list[str]) -> str:
    if seen.codes:
        wrong.append(f"not gone: {seen.codes}")
    if seen.ours:
        wrong.append(f"still on the lock: {[one['name'] for one in seen.ours]}")
    return "gone" if not seen.codes and not seen.ours else "there"


def _put_back(began: Began, seen: Seen, wrong: list[str]) -> str:
    code = _only_code(seen, wrong)
    if code is None:
        return "lost"
    return f"put back, {'same' if code.digits == began.digits else 'other'} digits"


def _opened(_began: Began, seen: Seen, wrong: list[str]) -> str:
    _only_code(seen, wrong)
    if len(seen.unlocks) != 1:
        wrong.append(f"{len(seen.unlocks)} requests")
    if len(seen.opened_at) > 1:
        wrong.append(f"opened {len(seen.opened_at)} times")
    [(told, tapped_at), *_] = seen.unlocks
    if any(at > tapped_at + TAP_LASTS for at in seen.opened_at):
        wrong.append("opened late")
    if told not in TOLD:
        wrong.append(f"no answer: {told}")
    has_opened = bool(seen.opened_at)
    if has_opened != (told == UnlockState.OPENED) and told != UnlockState.UNKNOWN:
        wrong.append(f"a lie: {told}, and opened {len(seen.opened_at)} times")
    return f"{'opened' if has_opened else 'shut'}, {TOLD.get(told, told)}"


def _only_code(seen: Seen, wrong: list[str]) -> Code | None:
    """Return the one code there must be, the lock and our row agreeing about it."""
    if len(seen.codes) != 1 or len(seen.ours) != 1:
        wrong.append(f"rows {seen.codes}; on the lock {[one['name'] for one in seen.ours]}")
        return None
    [code], [held] = seen.codes, seen.ours
    if code.state != CodeState.ACTIVE:
        wrong.append(f"its row is {code.state}")
    if (code.name, code.digits) != (held["name"], held["digits"]):
        wrong.append("another code is on the lock")
    held_from, held_until = (_instant(held[name]) for name in ("start", "end"))
    if held_until > code.valid_until:
        wrong.append(f"the lock holds it until {held_until}, not {code.valid_until}")
    as_wanted = (held_from, held_until) == (code.valid_from, code.valid_until)
    if not (as_wanted or code.by_provider):
        wrong.append(f"the lock holds it from {held_from} until {held_until}")
    return code


def _code(world: FaultWorld, one: AccessCode) -> Code:
    digits = world.seals.unseal(one.sealed_digits or b"")
    return Code(one.state, one.name, digits, one.valid_from, one.valid_until, one.by_provider)


def _memory(state: Any, case: Case) -> Iterator[Mapping[str, Any]]:
    lock = state["locks"][case.lock_id]
    yield from lock["memory"].values()
    yield from lock["unused_codes"].values()


def _openings(state: Any, case: Case) -> Iterator[datetime]:
    lock = state["locks"][case.lock_id]
    heard = [line for line in state["records"] if str(line["lockId"]) == case.lock_id]
    for line in (*heard, *lock["unsent"]):
        if line["recordType"] == REMOTELY and line["success"]:
            yield _instant(line["lockDate"]) - timedelta(seconds=lock["clock_offset_seconds"])


def _instant(ms: int) -> datetime:
    return datetime.fromtimestamp(ms / 1000, UTC)
