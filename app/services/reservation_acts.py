"""Acts of a host on one reservation, from its page, and which of them the page can take back."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.models import ChangeSet, ExportFile, Host, Reservation
from app.seals import Seals
from app.services.acting import Act, act
from app.services.reservations import reservation_of
from app.services.undoing import UNDO_LASTS


@contextmanager
def acting_on(
    session: Session, host: Host, reservation_id: int, *, seals: Seals, now: datetime
) -> Iterator[tuple[Act, Reservation]]:
    """Act on one reservation, as it is now. Raises CannotChange when it is not the host's."""
    with act(session, host, seals=seals, now=now) as one:
        stay = reservation_of(session, host, reservation_id)
        one.settlement.recording.watch([stay])
        yield one, stay


def last_act_on(session: Session, host: Host, stay: Reservation, now: datetime) -> ChangeSet | None:
    """Return what was done last to this reservation, if it was this host who can take it back.

    An import of an export is taken back on its own page, as a whole.
    """
    imports = select(ExportFile.change_set_id).where(ExportFile.change_set_id.is_not(None))
    lately = session.scalars(
        select(ChangeSet)
        .where(
            ChangeSet.property_id == stay.property_id,
            ChangeSet.made_at > now - UNDO_LASTS,
            ChangeSet.undone_at.is_(None),
        )
        .order_by(ChangeSet.id.desc())
    )
    last = next((one for one in lately if _touches(one, stay)), None)
    if last is None or last.host_id != host.id or last.id in set(session.scalars(imports)):
        return None
    return last


def _touches(change_set: ChangeSet, stay: Reservation) -> bool:
    return any(
        row["table"] == Reservation.__tablename__ and row["id"] == stay.id
        for row in change_set.rows
    )
