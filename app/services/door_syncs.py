"""Comparing doors with what they should hold: when, and what follows from it."""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import exists, or_, select, update
from sqlalchemy.orm import Session, joinedload

from app.domain.reconcile import (
    Action,
    Adopt,
    Change,
    PutBack,
    Remove,
    Report,
    Suspect,
    WantedCode,
)
from app.models import AccessCode, CodeState, Door, Effect, OutboxEntry
from app.seals import Seals
from app.services.code_retries import put_back
from app.services.code_steps import CURRENT, due_step, order_again
from app.services.history import LOCK, record
from app.services.outbox import order
from app.services.strangers import keep_strangers

EVERY = timedelta(hours=6)
AGAIN = timedelta(seconds=60)
"""Until a second look decides whether a code is really missing."""

REMEMBERED = timedelta(days=400)
"""How long after its end a code of ours is still known by its name on the lock."""

AT_ONCE = 50


def sync_soon(session: Session, door_ids: Sequence[int], now: datetime) -> None:
    """Have these doors compared as soon as a worker is free, once it is `now`."""
    session.execute(
        update(Door)
        .where(Door.id.in_(door_ids), Door.sync_due_at > now)
        .values(sync_due_at=now)
        .execution_options(synchronize_session=False)
    )


def order_syncs(session: Session, now: datetime) -> int:
    """Order the comparisons that are due; a door waits for one at a time. Returns how many."""
    pending = exists().where(
        OutboxEntry.kind == Effect.SYNC_DOOR,
        OutboxEntry.subject_id == Door.id,
        OutboxEntry.done_at.is_(None),
    )
    doors = session.scalars(
        select(Door)
        .where(or_(Door.sync_due_at.is_(None), Door.sync_due_at <= now), ~pending)
        .order_by(Door.sync_due_at, Door.id)
        .limit(AT_ONCE)
        .with_for_update(skip_locked=True)
    ).all()
    for door in doors:
        door.sync_due_at = now + EVERY * random.uniform(0.9, 1.1)  # noqa: S311
        key = f"{Effect.SYNC_DOOR}:{door.id}:{now.timestamp():.3f}"
        # Not in the gateway's lane: the cloud is asked, and nobody's unlock should wait for that.
        order(session, Effect.SYNC_DOOR, door.id, key=key, now=now, lane=f"list:{door.provider}")
    return len(doors)


@dataclass(frozen=True)
class Expected:
    """What one door should hold, as it was known before its list was read."""

    wanted: Sequence[WantedCode]
    leaving: Sequence[str]
    ended: Sequence[str]
    versions: dict[int, int]


def expected(session: Session, door: Door, seals: Seals, now: datetime) -> Expected:
    """Return what the door should hold."""
    here = AccessCode.door_id == door.id
    known = session.scalars(
        select(AccessCode).where(here, AccessCode.state != CodeState.GONE)
    ).all()
    gone = (AccessCode.state == CodeState.GONE) & (AccessCode.gone_at > now - REMEMBERED)
    current = [code for code in known if code.state in CURRENT]
    wanted = [
        WantedCode(
            code_id=code.id,
            name=code.name,
            digits=seals.unseal(code.sealed_digits),
            window=code.window,
            confirmed=code.state == CodeState.ACTIVE and not code.by_provider,
            provider_ref=code.provider_ref,
            missing_at=code.missing_at,
        )
        for code in current
    ]
    return Expected(
        wanted,
        [code.name for code in known if code.state == CodeState.UNWANTED],
        session.scalars(select(AccessCode.name).where(here, gone)).all(),
        {code.id: code.version for code in current},
    )


def apply(
    session: Session,
    door: Door,
    actions: Sequence[Action],
    versions: dict[int, int],
    *,
    seals: Seals,
    now: datetime,
) -> None:
    """Do what the comparison found, with the property held.

    What has changed here since the list was read is left alone: the next comparison sees it.
    """
    reported = [action.held for action in actions if isinstance(action, Report)]
    live = (AccessCode.door_id == door.id) & (AccessCode.state != CodeState.GONE)
    ordered_meanwhile = set(session.scalars(select(AccessCode.name).where(live)))
    strangers = [held for held in reported if held.name not in ordered_meanwhile]
    keep_strangers(session, door, strangers, seals=seals, now=now)
    work = [action for action in actions if not isinstance(action, Report)]
    _trust_again(session, door, actions)
    if work:
        lingering = [action.held.name for action in work if isinstance(action, Remove)]
        _Applying(session, door, versions, lingering, seals, now).apply(work)
    door.synced_at, door.sync_fault = now, None
    session.flush()


def _trust_again(session: Session, door: Door, actions: Sequence[Action]) -> None:
    """Forget that a code was missing once it has been seen again."""
    unseen = {action.code_id for action in actions if isinstance(action, Suspect | PutBack)}
    session.execute(
        update(AccessCode)
        .where(
            AccessCode.door_id == door.id,
            AccessCode.missing_at.is_not(None),
            AccessCode.id.not_in(unseen),
        )
        .values(missing_at=None)
    )


class _Applying:
    def __init__(
        self,
        session: Session,
        door: Door,
        versions: dict[int, int],
        lingering: Sequence[str],
        seals: Seals,
        now: datetime,
    ) -> None:
        self.session, self.door, self.seals, self.now = session, door, seals, now
        self.versions = versions
        codes = session.scalars(
            select(AccessCode)
            .where(
                AccessCode.door_id == door.id,
                or_(AccessCode.state != CodeState.GONE, AccessCode.name.in_(lingering)),
            )
            .options(joinedload(AccessCode.door))
        ).all()
        self.by_id = {code.id: code for code in codes}
        self.by_name = {code.name: code for code in codes}
        self.ordered = set(
            session.scalars(
                select(OutboxEntry.subject_id).where(
                    OutboxEntry.kind.in_((Effect.PUT_CODE, Effect.CHANGE_CODE, Effect.REMOVE_CODE)),
                    OutboxEntry.subject_id.in_(self.by_id),
                    OutboxEntry.done_at.is_(None),
                )
            )
        )

    def apply(self, actions: Sequence[Action]) -> None:
        for action in actions:
            if isinstance(action, Remove):
                self._remove(action)
                continue
            if isinstance(action, Report):
                continue
            code = self.by_id.get(action.code_id)
            if code is None or code.version != self.versions.get(code.id):
                continue
            match action:
                case Adopt():
                    self._adopt(code)
                case Change() if code.id not in self.ordered:
                    self._note(code, "code-differs")
                    self._order(Effect.CHANGE_CODE, code)
                case Suspect() if code.missing_at is None:
                    code.missing_at = self.now
                    self.door.sync_due_at = self.now + AGAIN
                case PutBack() if code.id not in self.ordered:
                    self._note(code, "code-missing")
                    put_back(self.session, code, self.now)
                    self.ordered.add(code.id)
                case _:
                    pass

    def _adopt(self, code: AccessCode) -> None:
        """Have the step that is under way look at once; it knows how to make it right."""
        if code.id not in self.ordered and code.state in (CodeState.WANTED, CodeState.FAILED):
            code.state = CodeState.WANTED
            self._order(Effect.PUT_CODE, code)

    def _remove(self, action: Remove) -> None:
        known = self.by_name.get(action.held.name)
        code = self.by_id[action.code_id] if action.code_id else known
        if code is None:
            return
        if code.id in self.ordered:
            return
        if code.state in CURRENT:  # left over beside the right one: its own step clears that away
            self._order(due_step(code), code)
        elif code.state == CodeState.GONE:
            self._reopen(code, action)

    def _reopen(self, code: AccessCode, action: Remove) -> None:
        """Take up the removal of a code that was thought gone and is still on the lock."""
        self._note(code, "code-lingers")
        code.linger(action.held.provider_ref)
        if code.sealed_digits is None:
            code.sealed_digits = self.seals.seal(action.held.digits)
        order_again(self.session, Effect.REMOVE_CODE, code, self.now)

    def _order(self, effect: Effect, code: AccessCode) -> None:
        order_again(self.session, effect, code, self.now)
        self.ordered.add(code.id)

    def _note(self, code: AccessCode, what: str) -> None:
        record(
            self.session,
            code,
            what,
            actor=LOCK,
            at=self.now,
            property_id=self.door.property_id,
            after={"door": self.door.name},
        )
