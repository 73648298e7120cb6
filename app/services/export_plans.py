"""What an export would change, as things are now; and what is to be known of it first."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.imports import ImportPlan, plan_import
from app.models import ExportFile, ExportState, Property
from app.services.export_files import rows_of
from app.services.import_knowledge import knowledge


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


def preview(session: Session, house: Property, file: ExportFile, *, now: datetime) -> Preview:
    """Say what applying the file would change, as things are now."""
    return Preview(file, plan_of(session, house, file, now), _doubts(session, file))


def plan_of(
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
