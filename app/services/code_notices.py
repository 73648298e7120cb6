"""What providers' notices of codes, and of ways that are open again, bring forward.

A try that fails is itself told of: so however many notices come, and whatever of, there are APART
between two looks at one door. None is lost: those that come in between make one look after them.
"""

from collections import defaultdict
from collections.abc import Collection
from datetime import datetime, timedelta

from sqlalchemy import select, true
from sqlalchemy.orm import Session

from app.models import AccessCode, Beat, Door, Effect, OutboxEntry
from app.services.door_syncs import sync_soon
from app.services.lane_rests import take_up_again

APART = timedelta(minutes=1)

STEPS = (Effect.PUT_CODE, Effect.CHANGE_CODE, Effect.REMOVE_CODE)


def look_soon(
    session: Session, provider: str, now: datetime, lock_ids: Collection[str] | None = None
) -> None:
    """Have these locks, or all of the provider's, compared, and what failed there tried again.

    Unknown locks are passed over. What was never tried waits for its time: it is not late.
    """
    doors = session.scalars(
        select(Door.id)
        .where(
            Door.provider == provider, true() if lock_ids is None else Door.lock_id.in_(lock_ids)
        )
        .order_by(Door.id)
        .with_for_update()
    ).all()
    for at, some in _next_looks(session, doors, now).items():
        sync_soon(session, some, at)
        codes = select(AccessCode.id).where(AccessCode.door_id.in_(some))
        steps = OutboxEntry.kind.in_(STEPS) & OutboxEntry.subject_id.in_(codes)
        take_up_again(session, steps, at)


def _next_looks(
    session: Session, doors: Collection[int], now: datetime
) -> dict[datetime, list[int]]:
    """Return when to look at which doors, and write it down, by the doors' beats."""
    names = {f"codes-asked:{door_id}": door_id for door_id in doors}
    known = {beat.name: beat for beat in session.scalars(select(Beat).where(Beat.name.in_(names)))}
    looks: defaultdict[datetime, list[int]] = defaultdict(list)
    for name, door_id in names.items():
        beat = known.get(name)
        if beat is None:
            beat = Beat(name=name, at=now)
            session.add(beat)
        elif beat.at <= now:
            beat.at = max(now, beat.at + APART)
        looks[beat.at].append(door_id)
    session.flush()
    return looks
