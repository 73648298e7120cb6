"""An export's rows as plain values, to be kept until the host has applied them."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from app.domain.exports.export import ExportRow, SkippedRow
from app.domain.notices import NoticeKind

Plain = dict[str, Any]


def row_to_plain(row: ExportRow) -> Plain:
    """Return what JSON can hold; `row_from_plain` makes the row of it again."""
    return {
        "lines": list(row.lines),
        "channel": row.channel,
        "reference": row.reference,
        "status": str(row.status),
        "no_show": row.no_show,
        "arrival": row.arrival.isoformat(),
        "departure": row.departure.isoformat(),
        "name": row.name,
        "phone_ending": row.phone_ending,
        "party_size": row.party_size,
        "unit_types": list(row.unit_types),
        "rooms": row.rooms,
        "booked_at": row.booked_at and row.booked_at.isoformat(),
        "cancelled_at": row.cancelled_at and row.cancelled_at.isoformat(),
    }


def row_from_plain(plain: Mapping[str, Any]) -> ExportRow:
    """Make the row that was kept."""
    return ExportRow(
        lines=tuple(plain["lines"]),
        channel=plain["channel"],
        reference=plain["reference"],
        status=NoticeKind(plain["status"]),
        no_show=plain["no_show"],
        arrival=date.fromisoformat(plain["arrival"]),
        departure=date.fromisoformat(plain["departure"]),
        name=plain["name"],
        phone_ending=plain["phone_ending"],
        party_size=plain["party_size"],
        unit_types=tuple(plain["unit_types"]),
        rooms=plain["rooms"],
        booked_at=_moment(plain["booked_at"]),
        cancelled_at=_moment(plain["cancelled_at"]),
    )


def skipped_to_plain(row: SkippedRow) -> Plain:
    return {"line": row.line, "reason": row.reason}


def skipped_from_plain(plain: Mapping[str, Any]) -> SkippedRow:
    return SkippedRow(plain["line"], plain["reason"])


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
