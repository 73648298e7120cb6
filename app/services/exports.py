"""Applying an export, once and as it was shown; and taking back all that it changed."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from app.domain.errors import DomainError
from app.domain.imports.outcomes import RowPlan
from app.models import ChangeSet, ExportFile, ExportState, Host, Property, Reservation
from app.seals import Seals
from app.services.change_sets import undoable
from app.services.enrichment import tend_matches
from app.services.export_files import export_of, open_export, record_export
from app.services.export_plans import plan_of
from app.services.importing import Importing
from app.services.lanes import hold_property
from app.services.match_book import SEEKING
from app.services.undoing import CannotUndo, undo

ReportLine = dict[str, Any]


class PlanHasChanged(DomainError):
    """Something happened here since the host looked: what is shown is to be looked at again."""

    code = "plan-has-changed"


def apply(
    session: Session,
    host: Host,
    export_id: int,
    seen: str,
    describe: Callable[[RowPlan], ReportLine],
    *,
    seals: Seals,
    now: datetime,
) -> ExportFile:
    """Change what the file says, all of it or nothing, if it is still what the host has seen.

    `seen` is the fingerprint of the plan that was shown; `describe` says a row's outcome as it was
    shown there, for the report. Raises ExportIsClosed, PlanHasChanged, CannotImport.
    """
    house = hold_property(session, host.property_id)
    file = open_export(session, house, export_id)
    plan = plan_of(session, house, file, now)
    if plan.fingerprint != seen:
        raise PlanHasChanged(
            "Something has changed here since you looked, so nothing was applied. This is what "
            "the file would change now."
        )
    if not plan.changing:
        raise PlanHasChanged("There is nothing to apply: all of it is known already.")
    with undoable(session, house, host, now=now) as (recording, change_set):
        importing = Importing(session, house, host, file, recording, seals=seals, now=now)
        recording.watch(_seekers(session, house, now))
        placed = importing.carry_out(plan)
        # What follows for other bookings, by there being fewer left, is taken back with it.
        tend_matches(session, house, seals=seals, now=now)
        change_set.what = f"{file.file_name}: {len(plan.steps)} changes."
    stays: dict[str, list[int]] = {}
    for one in placed:
        stays.setdefault(one.row.reference, []).append(one.stay.id)
    file.state, file.applied_at = ExportState.APPLIED, now
    file.change_set_id = change_set.id
    file.report = [
        {**describe(one), "stays": stays.get(one.row.reference, [])}
        for one in (*plan.changing, *plan.needing)
    ]
    record_export(session, file, host, "export-applied", now, after={"changes": len(plan.steps)})
    return file


def undo_import(
    session: Session, host: Host, export_id: int, *, seals: Seals, now: datetime
) -> ExportFile:
    """Take back all that a file changed. Raises CannotUndo: something of it has changed since."""
    house = hold_property(session, host.property_id)
    file = export_of(session, house.id, export_id)
    change_set = session.get(ChangeSet, file.change_set_id) if file.change_set_id else None
    if file.state != ExportState.APPLIED or change_set is None:
        raise CannotUndo("There is nothing of this file to take back.")
    if not change_set.rows:
        raise CannotUndo("That is too long ago: what was here before it has been forgotten.")
    undo(session, house, host, change_set, seals=seals, now=now)
    tend_matches(session, house, seals=seals, now=now)
    file.state = ExportState.UNDONE
    record_export(session, file, host, "export-undone", now)
    return file


def _seekers(session: Session, house: Property, now: datetime) -> Sequence[Reservation]:
    """Return the reservations whose booking is not certain."""
    return session.scalars(
        select(Reservation).where(
            Reservation.property_id == house.id,
            Reservation.departure > now.astimezone(house.zone).date(),
            Reservation.status.in_(SEEKING),
            or_(Reservation.reference.is_(None), Reservation.unconfirmed_at.is_not(None)),
        )
    ).all()
