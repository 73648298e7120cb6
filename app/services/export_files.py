"""Files that hosts upload: kept to be looked at, listed, and forgotten in the end."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Text, cast, or_, select, update
from sqlalchemy.orm import Session

from app.domain.errors import DomainError
from app.domain.exports import Export, ExportRow
from app.domain.exports.keeping import row_from_plain, row_to_plain, skipped_to_plain
from app.models import ChangeSet, ExportFile, ExportState, Host, Property
from app.services.history import by_host, record
from app.services.lanes import hold_property

FORGOTTEN_AFTER = timedelta(days=30)


class NoSuchExport(DomainError):
    """Not a file of this property."""

    code = "no-such-export"


class ExportIsClosed(DomainError):
    """It was applied, or discarded, already."""

    code = "export-is-closed"


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
    record_export(session, file, host, "export-uploaded", now, after={"rows": len(export.rows)})
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


def open_export(session: Session, house: Property, export_id: int) -> ExportFile:
    """Return a file that can still be applied. Raises NoSuchExport, ExportIsClosed."""
    file = export_of(session, house.id, export_id)
    if file.state != ExportState.UPLOADED:
        raise ExportIsClosed("This file was applied or discarded already.")
    return file


def put_aside(session: Session, host: Host, export_id: int, *, now: datetime) -> ExportFile:
    """Take the host's word that the file is not wanted; its rows are forgotten at once."""
    house = hold_property(session, host.property_id)
    file = open_export(session, house, export_id)
    file.state = ExportState.DROPPED
    file.rows, file.skipped, file.picks = [], [], {}
    record_export(session, file, host, "export-put-aside", now)
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


def record_export(
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
