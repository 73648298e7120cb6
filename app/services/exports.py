"""Exports that hosts upload: looked at before they change anything, applied once, taken back."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Text, cast, or_, select, update
from sqlalchemy.orm import Session

from app.domain.errors import DomainError
from app.domain.exports import Export, ExportRow
from app.domain.exports.keeping import row_from_plain, row_to_plain, skipped_to_plain
from app.domain.imports import ImportPlan, plan_import
from app.domain.imports.outcomes import PickRooms, RowPlan
from app.models import ChangeSet, ExportFile, ExportState, Host, Property, Reservation, Room
from app.seals import Seals
from app.services.change_sets import CannotUndo, undo, undoable
from app.services.enrichment import tend_matches
from app.services.history import by_host, record
from app.services.import_knowledge import knowledge
from app.services.importing import Importing
from app.services.lanes import hold_property
from app.services.matches import SEEKING

FORGOTTEN_AFTER = timedelta(days=30)

ReportLine = dict[str, Any]


class NoSuchExport(DomainError):
    """Not a file of this property."""

    code = "no-such-export"


class ExportIsClosed(DomainError):
    """It was applied, or discarded, already."""

    code = "export-is-closed"


class PlanHasChanged(DomainError):
    """Something happened here since the host looked: what is shown is to be looked at again."""

    code = "plan-has-changed"


class CannotPick(DomainError):
    """Rooms were chosen that cannot be meant."""

    code = "cannot-pick"


@dataclass(frozen=True)
class Doubts:
    """What is to be known of a file before anything else."""

    same: ExportFile | None = None
    """A file that said just the same, and was applied."""
    newer: ExportFile | None = None
    """A file of the channel that tells of later bookings, and was applied."""


@dataclass(frozen=True)
class Preview:
    file: ExportFile
    plan: ImportPlan
    doubts: Doubts


def upload(
    session: Session, host: Host, file_name: str, export: Export, *, now: datetime
) -> ExportFile:
    """Keep a file that was read, to be looked at; it changes nothing yet."""
    file = ExportFile(
        property_id=host.property_id,
        host_id=host.id,
        file_name=file_name,
        digest=export.digest,
        channel=export.channel,
        made_at=export.made_at,
        uploaded_at=now,
        rows=[row_to_plain(row) for row in export.rows],
        skipped=[skipped_to_plain(row) for row in export.skipped],
        picks={},
        state=ExportState.UPLOADED,
        report=[],
    )
    session.add(file)
    session.flush()
    _record(session, file, host, "export-uploaded", now, after={"rows": len(export.rows)})
    return file


def export_of(session: Session, property_id: int, export_id: int) -> ExportFile:
    """Return a file of the property. Raises NoSuchExport."""
    found = session.scalar(
        select(ExportFile)
        .where(ExportFile.id == export_id, ExportFile.property_id == property_id)
        .execution_options(populate_existing=True)
    )
    if found is None:
        raise NoSuchExport("This file is not here any more.")
    return found


def latest_exports(
    session: Session, house: Property, most: int
) -> Sequence[tuple[ExportFile, str]]:
    """Return the files uploaded last, each with the name of the host who did."""
    rows = session.execute(
        select(ExportFile, Host.name)
        .join(Host, Host.id == ExportFile.host_id)
        .where(ExportFile.property_id == house.id)
        .order_by(ExportFile.uploaded_at.desc(), ExportFile.id.desc())
        .limit(most)
    )
    return [(file, name) for file, name in rows]


def preview(session: Session, house: Property, file: ExportFile, *, now: datetime) -> Preview:
    """Say what applying the file would change, as things are now."""
    return Preview(file, _plan(session, house, file, now), _doubts(session, file))


def pick_rooms(
    session: Session,
    host: Host,
    export_id: int,
    reference: str,
    numbers: Sequence[int],
    *,
    now: datetime,
) -> ExportFile:
    """Take the host's word on which rooms a row means; none: it is asked anew. Raises CannotPick.

    It is kept with the file until that is applied.
    """
    house = hold_property(session, host.property_id)
    file = _open(session, house, export_id)
    if not numbers:
        file.picks = {one: rooms for one, rooms in file.picks.items() if one != reference}
        return file
    plan = _plan(session, house, file, now, without=reference)
    need = next((one.need for one in plan.rows if one.row.reference == reference), None)
    if not isinstance(need, PickRooms):
        raise CannotPick("There is nothing to choose for this booking any more.")
    wanted = (Room.property_id == house.id) & Room.number.in_(set(numbers))
    rooms = set(session.scalars(select(Room.id).where(wanted)))
    if not rooms <= {choice.room_id for choice in need.choices}:
        raise CannotPick("One of these rooms cannot be had any more. Please choose again.")
    if len(rooms) != need.wanted:
        raise CannotPick(_how_many(need.wanted))
    file.picks = {**file.picks, reference: sorted(set(numbers))}
    return file


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
    file = _open(session, house, export_id)
    plan = _plan(session, house, file, now)
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
    _record(session, file, host, "export-applied", now, after={"changes": len(plan.steps)})
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
    _record(session, file, host, "export-undone", now)
    return file


def put_aside(session: Session, host: Host, export_id: int, *, now: datetime) -> ExportFile:
    """Take the host's word that the file is not wanted; its rows are forgotten at once."""
    house = hold_property(session, host.property_id)
    file = _open(session, house, export_id)
    file.state = ExportState.DROPPED
    file.rows, file.skipped, file.picks = [], [], {}
    _record(session, file, host, "export-put-aside", now)
    return file


def forget_rows(session: Session, now: datetime) -> None:
    """Forget who was in old files, and what was before them; what they changed stays."""
    old = ExportFile.uploaded_at < now - FORGOTTEN_AFTER
    filled = or_(
        *(cast(column, Text) != "[]" for column in (ExportFile.rows, ExportFile.report)),
        cast(ExportFile.picks, Text) != "{}",
    )
    files = session.execute(
        select(ExportFile.id, ExportFile.change_set_id).where(old, filled)
    ).all()
    if not files:
        return
    ids = [file_id for file_id, _ in files]
    sets = [change_set_id for _, change_set_id in files if change_set_id is not None]
    nothing: Mapping[str, Any] = {"rows": [], "skipped": [], "picks": {}, "report": []}
    session.execute(update(ExportFile).where(ExportFile.id.in_(ids)).values(nothing))
    session.execute(update(ChangeSet).where(ChangeSet.id.in_(sets)).values(rows=[]))


def rows_of(file: ExportFile) -> list[ExportRow]:
    return [row_from_plain(row) for row in file.rows]


def _plan(
    session: Session,
    house: Property,
    file: ExportFile,
    now: datetime,
    *,
    without: str | None = None,
) -> ImportPlan:
    """Plan a file anew; `without` the host's choice for one of its rows."""
    rows = rows_of(file)
    picks = {one: rooms for one, rooms in file.picks.items() if one != without}
    today = now.astimezone(house.zone).date()
    return plan_import(rows, knowledge(session, house, rows, picks, today))


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


def _doubts(session: Session, file: ExportFile) -> Doubts:
    applied = (
        select(ExportFile)
        .where(
            ExportFile.property_id == file.property_id,
            ExportFile.state == ExportState.APPLIED,
            ExportFile.id != file.id,
        )
        .limit(1)
    )
    same = session.scalar(
        applied.where(ExportFile.digest == file.digest).order_by(ExportFile.applied_at.desc())
    )
    if same is not None or file.made_at is None:
        return Doubts(same)
    newer = session.scalar(
        applied.where(
            ExportFile.channel == file.channel, ExportFile.made_at > file.made_at
        ).order_by(ExportFile.made_at.desc())
    )
    return Doubts(newer=newer)


def _open(session: Session, house: Property, export_id: int) -> ExportFile:
    file = export_of(session, house.id, export_id)
    if file.state != ExportState.UPLOADED:
        raise ExportIsClosed("This file was applied or discarded already.")
    return file


def _how_many(wanted: int) -> str:
    return "Choose one room." if wanted == 1 else f"Choose {wanted} rooms."


def _record(
    session: Session,
    file: ExportFile,
    host: Host,
    what: str,
    now: datetime,
    after: Mapping[str, object] | None = None,
) -> None:
    record(
        session,
        file,
        what,
        actor=by_host(host.id),
        at=now,
        property_id=file.property_id,
        after=after,
        why=file.file_name,
    )
