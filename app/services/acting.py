"""One act of a host, at the dashboard or by text: recorded, so that it can be taken back."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from app.models import ChangeSet, ExportFile, Host, Property
from app.seals import Seals
from app.services.change_sets import undoable
from app.services.enrichment import tend_matches
from app.services.lanes import hold_property
from app.services.settling import Settlement
from app.services.undoing import UNDO_LASTS, CannotUndo, undo

AT_THE_DASHBOARD = "at the dashboard"
BY_TEXT = "by text"


@dataclass(frozen=True)
class Act:
    """What a host does: by its settlement, and told of in its change set's `what`."""

    settlement: Settlement
    change_set: ChangeSet

    @property
    def session(self) -> Session:
        return self.settlement.session

    @property
    def house(self) -> Property:
        return self.settlement.house

    @property
    def now(self) -> datetime:
        return self.settlement.now


@contextmanager
def act(
    session: Session,
    host: Host,
    *,
    seals: Seals,
    now: datetime,
    medium: str = AT_THE_DASHBOARD,
) -> Iterator[Act]:
    """Hold the property while the host acts, record what changes, and tend the matches after it.

    A DomainError that leaves the block must end the transaction: nothing of the act may stay.
    """
    house = hold_property(session, host.property_id)
    with undoable(session, house, host, now=now) as (recording, change_set):
        settlement = Settlement(
            session, house, host, recording, seals=seals, now=now, medium=medium
        )
        yield Act(settlement, change_set)
    tend_matches(session, house, seals=seals, now=now)


def latest_act(session: Session, host: Host, now: datetime) -> ChangeSet | None:
    """Return what the host did last, wherever, if it can be taken back still."""
    found = session.scalar(
        _own(host)
        .where(ChangeSet.made_at > now - UNDO_LASTS)
        .order_by(ChangeSet.id.desc())
        .limit(1)
    )
    return found if found is not None and found.undone_at is None else None


def take_back(
    session: Session, host: Host, change_set_id: int, *, seals: Seals, now: datetime
) -> ChangeSet | None:
    """Take one of the host's own acts back. None when there is none such; raises CannotUndo."""
    house = hold_property(session, host.property_id)
    found = session.get(ChangeSet, change_set_id)
    if found is None or found.property_id != house.id:
        return None
    if session.scalar(_own(host).where(ChangeSet.id == change_set_id)) is None:
        raise CannotUndo("Only who did this can take it back, where it was done.")
    if found.made_at <= now - UNDO_LASTS:
        raise CannotUndo("The ten minutes for taking this back are over.")
    undo(session, house, host, found, seals=seals, now=now)
    tend_matches(session, house, seals=seals, now=now)
    return found


def _own(host: Host) -> Select[ChangeSet]:
    """Choose the host's own acts; an import of an export is taken back on its own page."""
    imports = select(ExportFile.change_set_id).where(ExportFile.change_set_id.is_not(None))
    return select(ChangeSet).where(
        ChangeSet.property_id == host.property_id,
        ChangeSet.host_id == host.id,
        ChangeSet.id.not_in(imports),
    )
