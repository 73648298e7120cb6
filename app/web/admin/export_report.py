"""What a file has changed: kept as it was shown, and shown again."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from sqlalchemy.orm import Session

from app import wording
from app.domain.imports.outcomes import RowPlan
from app.models import ExportFile, ExportState, HistoryEntry, Host, Property, Role
from app.services.exports import ReportLine as Kept
from app.web.admin.export_pages import Happening, ReportLine, ReportPart
from app.web.admin.export_words import ExportWords, lines_text
from app.web.admin.sessions import SignedIn

HAPPENED = {
    "export-applied": _l("Applied %(when)s by %(who)s"),
    "export-undone": _l("All of it taken back %(when)s by %(who)s"),
    "export-put-aside": _l("Discarded %(when)s by %(who)s"),
}


def describing(words: ExportWords) -> Callable[[RowPlan], Kept]:
    """Return what says a row's outcome, to be kept for the report."""

    def describe(plan: RowPlan) -> Kept:
        row = plan.row
        return {
            "lines": lines_text(row),
            "reference": row.reference,
            "guest": row.name,
            "dates": words.span(row.nights),
            "says": list(words.says(plan)),
            "left_out": plan.need is not None,
        }

    return describe


def report_part(
    session: Session, house: Property, file: ExportFile, host: SignedIn, now: datetime
) -> ReportPart:
    """Fill the report of a file that was applied, taken back or discarded."""
    lines = [(bool(one.get("left_out")), _line(one)) for one in file.report]
    return ReportPart(
        changed=tuple(line for left_out, line in lines if not left_out),
        left_out=tuple(line for left_out, line in lines if left_out),
        happened=_happened(session, house, file, now),
        may_undo=host.may(Role.STAFF) and file.state == ExportState.APPLIED and bool(file.report),
    )


def _line(one: dict[str, Any]) -> ReportLine:
    return ReportLine(
        lines_text=one["lines"],
        reference=one["reference"],
        guest=one["guest"],
        dates_text=one["dates"],
        says=tuple(one["says"]),
        reservation_ids=tuple(dict.fromkeys(one["stays"])),
    )


def _happened(
    session: Session, house: Property, file: ExportFile, now: datetime
) -> tuple[Happening, ...]:
    entries = session.scalars(
        select(HistoryEntry)
        .where(HistoryEntry.subject == ExportFile.__tablename__, HistoryEntry.subject_id == file.id)
        .order_by(HistoryEntry.id)
    ).all()
    hosts = session.execute(select(Host.id, Host.name).where(Host.property_id == house.id))
    names = {f"host:{host_id}": name for host_id, name in hosts}
    return tuple(
        Happening(
            entry.at.isoformat(),
            str(HAPPENED[entry.what])
            % {
                "when": wording.moment(entry.at, house.zone, now),
                "who": names.get(entry.actor, _("a host")),
            },
        )
        for entry in entries
        if entry.what in HAPPENED
    )
