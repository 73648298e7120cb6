"""One property whose host uploads exports, for tests of importing them."""

from collections.abc import Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.domain.exports import Export, read_export
from app.domain.imports import ImportPlan
from app.models import ExportFile, Reservation, Room, Status, UnitType
from app.seals import Seals
from app.services import export_files, export_plans, exports
from app.services.check_in import Details, check_in
from tests.domain.exports.files import csv_of
from tests.factories import make_closed, make_host, make_house
from tests.support.desk import SAM, Desk

SAMPLES = Path(__file__).parents[1] / "samples" / "export"
CHECK_IN = "booking-reservations-check-in"
MONDAY = datetime(2026, 11, 23, 20, tzinfo=UTC)
"""The evening that the samples are written for."""
DOUBLE, SINGLE = "Double Room with Harbour View", "Single Room"
CORIN, MAJA, TAYO, MARLOW, ROZA = (
    *("5100200304", "5100200301", "5100200302"),
    *("5100200303", "5100200306"),
)

HEADINGS = (
    *("Book number", "Guest name(s)", "Check-in", "Check-out", "Booked on", "Status", "Rooms"),
    *("Unit type", "Phone number"),
)


def booking(
    reference: str,
    arrival: str,
    departure: str,
    *units: str,
    status: str = "ok",
    name: str | None = "Corin Baptiste",
    phone: str | None = "44 7700 900101",
    rooms: int | None = None,
) -> tuple[str | int | None, ...]:
    """One row of a Booking.com list of check-ins; dates are of December 2026, or whole."""
    first, last = (one if "-" in one else f"2026-12-{one}" for one in (arrival, departure))
    return (
        *(reference, name, first, last, "2026-11-20 10:00:00", status, rooms or len(units) or 1),
        *(", ".join(units), phone),
    )


class ExportDesk(Desk):
    """A desk with rooms that channels have names for: room 1 a double, room 2 a single."""

    def __init__(
        self, session: Session, seals: Seals, house: str = "Canal House", *, rooms: int = 2
    ) -> None:
        self.session, self.seals, self.now = session, seals, MONDAY
        self.house = make_house(session, house, rooms=rooms)
        self.host = make_host(session, self.house)
        if house == "Canal House":
            self.host.phone = SAM
        self.told_codes = ()
        for number, name in ((1, DOUBLE), (2, SINGLE)):
            self.name(number, name)

    def name(self, number: int, name: str) -> None:
        room = self.session.scalars(
            select(Room).filter_by(property_id=self.house.id, number=number)
        ).one()
        self.session.add(UnitType(room_id=room.id, name=name))
        self.session.flush()

    def closed(self, number: int, nights: int = 2, arrival: date | None = None) -> Reservation:
        return make_closed(
            self.session,
            self.house,
            number,
            nights=nights,
            arrival=arrival or date(2026, 12, 19),
            seals=self.seals,
            now=self.now,
        )

    def upload(self, *rows: Sequence[Any]) -> ExportFile:
        return self.keep(read_export(csv_of(HEADINGS, *rows), "list.csv", self.now))

    def sample(self, name: str) -> ExportFile:
        return self.keep(read_export((SAMPLES / name).read_bytes(), name, self.now))

    def keep(self, export: Export) -> ExportFile:
        return export_files.upload(self.session, self.host, "list.csv", export, now=self.now)

    def look(self, file: ExportFile) -> export_plans.Preview:
        return export_plans.preview(self.session, self.house, file, now=self.now)

    def plan(self, file: ExportFile) -> ImportPlan:
        return self.look(file).plan

    def apply(self, file: ExportFile, seen: str | None = None) -> ExportFile:
        seen = self.plan(file).fingerprint if seen is None else seen
        return exports.apply(
            self.session,
            self.host,
            file.id,
            seen,
            lambda one: {"reference": one.row.reference},
            seals=self.seals,
            now=self.now,
        )

    def take(self, *rows: Sequence[Any]) -> ExportFile:
        """Upload and apply at once."""
        return self.apply(self.upload(*rows))

    def undo(self, file: ExportFile) -> ExportFile:
        return exports.undo_import(self.session, self.host, file.id, seals=self.seals, now=self.now)

    def check_in(self, reference: str) -> None:
        who = Details("Corin Baptiste", None, "+447700900101", 2, None, None, "en")
        check_in(self.session, self.house.id, reference, who, seals=self.seals, now=self.now)

    def stays(self, *statuses: Status) -> set[tuple[int, str, str, str | None]]:
        """Return room number, dates, status and reference of what is there."""
        found = self.session.scalars(
            select(Reservation).where(
                Reservation.status.in_(statuses)
                if statuses
                else Reservation.status != Status.CANCELLED
            )
        )
        return {
            (
                self.number_of(stay),
                f"{stay.arrival:%-d %b}-{stay.departure:%-d %b}",
                str(stay.status),
                stay.reference,
            )
            for stay in found
        }

    def count(self, model: type[Any]) -> int:
        return self.session.scalar(select(func.count()).select_from(model)) or 0
