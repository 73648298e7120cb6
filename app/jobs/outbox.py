"""Working through the outbox: take, call with no transaction open, record."""

import logging
import random
import threading
from datetime import datetime, timedelta
from typing import Protocol, TypeVar

from flask import current_app
from sqlalchemy.orm import Session

from app.db import transaction
from app.jobs import clocks, codes, doors, issue_code, look_at_door, messaging, texts, unlocks
from app.jobs.runtime import guarded, now, side_by_side, the_app
from app.models import Effect
from app.ports.errors import PortError
from app.services.lane_rests import is_silence, note_failure, wake
from app.services.outbox import (
    LostLeaseError,
    Taken,
    finish,
    next_in_lane,
    postpone,
    renew,
    take,
)
from app.wiring import Ports

logger = logging.getLogger(__name__)

Plan = TypeVar("Plan")
Result = TypeVar("Result")

PAUSES = tuple(
    timedelta(seconds=seconds)
    for seconds in (2, 4, 8, 15, 30, 60, 60, 60, 60, 60, 120, 120, 120, 120, 120, 240)
)
"""Between tries; the last one repeats. A lock service that returns is noticed within minutes."""

WENT_WRONG = "Something went wrong here. We are trying again."

FOR_A_PERSON = timedelta(minutes=30)
"""Between tries of what a person has to mend first."""


class EffectJob(Protocol[Plan, Result]):
    """How one kind of effect is done. Only `call` may reach outside, and it sees no session."""

    def load(self, session: Session, taken: Taken, at: datetime) -> Plan | str:
        """Look whether it is still wanted: what to call with, or why there is nothing to do."""

    def call(self, plan: Plan, ports: Ports) -> Result:
        """Do it. Raises PortError."""

    def record(self, session: Session, plan: Plan, result: Result, at: datetime) -> None:
        """Write down what was done."""

    def fail(self, session: Session, plan: Plan, fault: PortError, at: datetime) -> bool:
        """Write down what went wrong; True when the entry is closed and not tried again."""


JOBS: dict[Effect, EffectJob] = {  # type: ignore[type-arg]
    Effect.PUT_CODE: codes.PutCode(),
    Effect.CHANGE_CODE: codes.ChangeCode(),
    Effect.REMOVE_CODE: codes.RemoveCode(),
    Effect.ISSUE_CODE: issue_code.IssueCode(),
    Effect.SYNC_DOOR: doors.SyncDoor(),
    Effect.SET_CLOCK: clocks.SetClock(),
    Effect.LOOK_AT_DOOR: look_at_door.LookAtDoor(),
    Effect.UNLOCK: unlocks.Unlock(),
    Effect.SEND_MESSAGE: messaging.SendMessage(),
    Effect.READ_TEXT: texts.ReadText(),
}


BY_GATEWAY = (Effect.PUT_CODE, Effect.CHANGE_CODE, Effect.REMOVE_CODE, Effect.UNLOCK)
"""What tells by its outcome whether a lane's gateway answers."""


class _InHand:
    """The entries this job holds, so that their leases can be renewed while calls last."""

    def __init__(self) -> None:
        self._ids: set[int] = set()
        self._guard = threading.Lock()

    def add(self, entry_id: int) -> None:
        with self._guard:
            self._ids.add(entry_id)

    def drop(self, entry_id: int) -> None:
        with self._guard:
            self._ids.discard(entry_id)

    def renew(self) -> None:
        with self._guard:
            ids = list(self._ids)
        if ids:
            with transaction() as session:
                renew(session, ids, now())


def work(entry_ids: list[int]) -> None:
    """Do these outbox entries, side by side; entries of one lane after each other (an RQ job)."""
    in_hand = _InHand()

    @guarded
    def through_lane(entry_id: int) -> None:
        following: int | None = entry_id
        while following is not None:
            following = _perform(following, in_hand)

    side_by_side(the_app(), through_lane, entry_ids, meanwhile=in_hand.renew)


def _perform(entry_id: int, in_hand: _InHand) -> int | None:
    """Do one entry; return the next of its lane, which no other worker may have got."""
    taken = _take(entry_id)
    if taken is None:
        return None
    in_hand.add(entry_id)
    try:
        if not guarded(_attempt)(taken):
            guarded(_give_back)(taken)
    finally:
        in_hand.drop(entry_id)
    if taken.lane is None:
        return None
    with transaction() as session:
        return next_in_lane(session, taken.lane, now())


def _take(entry_id: int) -> Taken | None:
    with transaction() as session:
        return take(session, entry_id, now())


def _attempt(taken: Taken) -> bool:
    """Try it once; True when that ended in a way somebody foresaw."""
    try:
        _try(taken)
    except LostLeaseError:
        logger.warning("lease lost", extra={"entry": taken.dedupe_key})
    return True


def _give_back(taken: Taken) -> None:
    """Put off what broke in a way nobody foresaw.

    Left to its lease it would be the first of its lane again and again, and nothing after it done.
    """
    logger.error("effect broke", extra={"entry": taken.dedupe_key})
    pause = _usual_pause(taken) * random.uniform(0.8, 1.2)  # noqa: S311
    with transaction() as session:
        postpone(session, taken, now() + pause, WENT_WRONG)


def _try(taken: Taken) -> None:
    job = JOBS[taken.kind]
    with transaction() as session:
        plan = job.load(session, taken, now())
        if isinstance(plan, str):
            finish(session, taken, plan, now())
            return
    try:
        result = job.call(plan, current_app.extensions["ports"])
    except PortError as fault:
        _after_fault(taken, plan, fault)
        return
    with transaction() as session:
        job.record(session, plan, result, now())
        finish(session, taken, "done", now())
        if taken.lane is not None and taken.kind in BY_GATEWAY:
            wake(session, taken.lane, now())


def _after_fault(taken: Taken, plan: object, fault: PortError) -> None:
    logger.info("effect not done", extra={"entry": taken.dedupe_key, "fault": fault.reason})
    with transaction() as session:
        if JOBS[taken.kind].fail(session, plan, fault, now()):
            finish(session, taken, fault.reason, now())
        else:
            postpone(session, taken, now() + _pause(taken, fault), fault.reason)
        if is_silence(fault) and taken.lane is not None and taken.kind in BY_GATEWAY:
            note_failure(session, taken.lane, now())


def _pause(taken: Taken, fault: PortError) -> timedelta:
    """Grow with each attempt, at least as long as the service asked for, never in step."""
    usual = _usual_pause(taken)
    if fault.permanent and taken.kind != Effect.REMOVE_CODE:
        usual = FOR_A_PERSON
    asked = (fault.retry_after or timedelta()) * random.uniform(1.0, 1.2)  # noqa: S311
    return max(usual * random.uniform(0.8, 1.2), asked)  # noqa: S311


def _usual_pause(taken: Taken) -> timedelta:
    return PAUSES[min(taken.attempts, len(PAUSES)) - 1]
