"""The key ladder in practice: giving a guest the next way in when their code is not on the lock."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from app.domain.ladder import Rung, Ways, next_rung
from app.domain.windows import Window
from app.models import (
    AccessCode,
    CodeState,
    Door,
    Effect,
    Guest,
    Property,
    Purpose,
)
from app.services.access import access_of
from app.services.code_steps import CURRENT, end_predecessors, give_up, move_code
from app.services.history import record
from app.services.late_codes import WITH_A_CODE, arrived_after_all, late_codes
from app.services.messages import Event, tell
from app.services.outbox import order


def step_down(
    session: Session,
    house: Property,
    guest: Guest,
    door: Door,
    *,
    why: str,
    now: datetime,
    actor: str,
) -> Rung:
    """Give the guest the next way through a door, tell them once, and return which it is.

    Call it, with the property held, when their own code is not on the lock or fails there. It
    gives nothing to whom may_open refuses: then the host is who is left. `why` is for the history.
    """
    [access] = access_of(session, house, [guest], now)
    verdict = access.verdict(door.id)
    code = _current(session, guest, door)
    if verdict is None or not verdict.allowed or verdict.window is None or code is None:
        return Rung.HOST
    spare = _spare_for(session, door, verdict.window, now)
    rung = next_rung(_ways(code, door, spare))
    if spare is not None:
        _give_spare(session, guest, code, spare, verdict.window, why=why, now=now, actor=actor)
    elif rung != code.rung:
        _offer(session, guest, code, rung, why=why, now=now, actor=actor)
    session.flush()
    return rung


def tend_ladders(session: Session, house: Property, *, now: datetime, actor: str) -> int:
    """Step down for every guest whose code is late at a door they may open; return how many.

    The property is held. A code that arrives after all takes its guest up again.
    """
    late = late_codes(session, house, now)
    for code in late:
        if code.guest is not None:
            why = "The code was not on the lock in time."
            step_down(session, house, code.guest, code.door, why=why, now=now, actor=actor)
    _climb_back(session, house, now)
    return len(late)


def _climb_back(session: Session, house: Property, now: datetime) -> None:
    """Tell guests whose own code has come after they were offered something else."""
    arrived = arrived_after_all(session, house, now)
    for code in arrived:
        code.rung = Rung.OWN_CODE
        if code.guest is not None and now < code.valid_until:
            tell(session, code.guest, Event.CODE_READY, now, {"door": code.door.name})


def _current(session: Session, guest: Guest, door: Door) -> AccessCode | None:
    return session.scalar(
        select(AccessCode)
        .where(
            AccessCode.guest_id == guest.id,
            AccessCode.door_id == door.id,
            AccessCode.state.in_(CURRENT),
        )
        .options(joinedload(AccessCode.door))
    )


def _spare_for(session: Session, door: Door, window: Window, now: datetime) -> AccessCode | None:
    """Return the door's spare code if it opens now, and not longer than this guest may come in."""
    spare = session.scalar(
        select(AccessCode)
        .where(
            AccessCode.door_id == door.id,
            AccessCode.purpose == Purpose.SPARE,
            AccessCode.state == CodeState.ACTIVE,
        )
        .options(joinedload(AccessCode.door))
    )
    if spare is None or not spare.is_held_as_wanted or now not in spare.window:
        return None
    within = window.valid_from <= spare.valid_from and spare.valid_until <= window.valid_until
    return spare if within else None


def _ways(code: AccessCode, door: Door, spare: AccessCode | None, *, refused: bool = False) -> Ways:
    """Return what there is; `refused`: the provider would not make a code."""
    tried = refused or code.by_provider or code.rung in (Rung.REMOTE_UNLOCK, Rung.HOST)
    return Ways(
        spare_code=spare is not None,
        offline_code=door.gives_offline_codes and not tried,
        remote_unlock=door.opens_remotely is not False and door.gateway_online is not False,
    )


def _give_spare(
    session: Session,
    guest: Guest,
    code: AccessCode,
    spare: AccessCode,
    window: Window,
    *,
    why: str,
    now: datetime,
    actor: str,
) -> None:
    """Make the spare code the guest's own. Theirs is given up; another spare follows in time."""
    give_up(session, code, now=now, actor=actor)
    end_predecessors(session, code, now)
    session.flush()
    spare.purpose, spare.guest_id, spare.rung = Purpose.GUEST, guest.id, Rung.SPARE_CODE
    _note(session, spare, Rung.SPARE_CODE, why, now, actor)
    if spare.window != window:
        move_code(session, spare, window, now=now, actor=actor)
    tell(session, guest, Event.CODE_CHANGED, now, {"door": code.door.name})


def _offer(
    session: Session,
    guest: Guest,
    code: AccessCode,
    rung: Rung,
    *,
    why: str,
    now: datetime,
    actor: str,
) -> None:
    _note(session, code, rung, why, now, actor)
    if code.opens_at(now) and rung not in WITH_A_CODE:
        code.rung = Rung.OWN_CODE  # it is on the lock; whoever asks at the door is told there
        return
    code.rung = rung
    if rung == Rung.OFFLINE_CODE:  # told once it is there
        key = f"{Effect.ISSUE_CODE}:{code.id}:v{code.version}"
        order(session, Effect.ISSUE_CODE, code.id, key=key, now=now)
    else:
        facts = {"door": code.door.name, "unlock": rung == Rung.REMOTE_UNLOCK}
        tell(session, guest, Event.CODE_LATE, now, facts)


def offer_after_refusal(
    session: Session, code: AccessCode, *, why: str, now: datetime, actor: str
) -> None:
    """Go on below the offline code, which the provider would not make."""
    guest = session.get_one(Guest, code.guest_id)
    rung = next_rung(_ways(code, code.door, None, refused=True))
    _offer(session, guest, code, rung, why=why, now=now, actor=actor)


def _note(
    session: Session, code: AccessCode, rung: Rung, why: str, now: datetime, actor: str
) -> None:
    record(
        session,
        code,
        "way-in-offered",
        actor=actor,
        at=now,
        property_id=code.door.property_id,
        after={"door": code.door.name, "way": rung.value},
        why=why,
    )
