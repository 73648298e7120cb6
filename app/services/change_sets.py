"""Recording what one act of a host changes: its rows as they were before it, and after."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import date, datetime, time
from enum import StrEnum
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.models import (
    Base,
    ChangeSet,
    Guest,
    Host,
    Match,
    Notice,
    Property,
    Reservation,
    Sighting,
)

KEPT: dict[type[Base], tuple[str, ...]] = {
    Reservation: (
        *("room_id", "guest_id", "reference", "arrival", "departure", "status", "confirmed_at"),
        *("unconfirmed_at", "modified_at", "question", "channel", "name", "phone_ending"),
        *("checked_in_by_host_at", "early_check_in", "late_check_out"),
    ),
    Guest: ("reference", "vouched_at", "checked_in_at", "full_name"),
    Match: ("refused",),
    Notice: (
        *("property_id", "origin", "channel", "kind", "reference", "arrival", "departure", "name"),
        *("phone_ending", "party_size", "said_at", "first_seen_at", "dismissed_at"),
    ),
    Sighting: (
        *("reservation_id", "origin", "source", "own_id", "feed_id", "kind", "arrival"),
        *("departure", "reference", "name", "phone_ending", "first_seen_at", "last_seen_at"),
        *("missing_since", "withdrawn_at"),
    ),
}
"""What is kept of each table. What is not here follows from it, and is worked out anew."""

STAYS = Reservation.__tablename__

Row = dict[str, Any]
Rows = dict[tuple[str, int], Row]


class Recording:
    """What is watched while an act takes place. Watch before changing."""

    def __init__(self, session: Session, house: Property) -> None:
        self._session, self._house = session, house
        self._stay_ids: set[int] = set()
        self._references: set[str] = set()
        self._made: set[int] = set()
        self.before: Rows = {}

    def watch(self, stays: Iterable[Reservation], references: Iterable[str] = ()) -> None:
        """Keep these reservations, and all that bears these references, as they are now.

        What came to those watched already is the act's own doing: there was nothing before it.
        """
        self._session.flush()
        watched = self._made | {row_id for table, row_id in self.before if table == STAYS}
        references_watched = set(self._references)
        self._stay_ids |= {stay.id for stay in stays}
        self._references |= set(references)
        for row in self._rows():
            key = (row.__tablename__, id_of(row))
            if key not in self.before and not _came_to(row, watched, references_watched):
                self.before[key] = plain(row)

    def made(self, stay: Reservation) -> None:
        """Note a reservation that the act itself made; it has been flushed."""
        self._made.add(stay.id)

    def changes(self) -> list[Row]:
        """Return every row that is not as it was."""
        self._session.flush()
        self._stay_ids |= self._made
        after = {(row.__tablename__, id_of(row)): plain(row) for row in self._rows()}
        keys = sorted(self.before.keys() | after.keys())
        return [
            {
                "table": table,
                "id": row_id,
                "before": self.before.get((table, row_id)),
                "after": after.get((table, row_id)),
            }
            for table, row_id in keys
            if self.before.get((table, row_id)) != after.get((table, row_id))
        ]

    def _rows(self) -> list[Base]:
        in_house = {"property_id": self._house.id}
        stays = self._session.scalars(
            select(Reservation)
            .filter_by(**in_house)
            .where(Reservation.id.in_(self._stay_ids) | Reservation.reference.in_(self._references))
        ).all()
        ids = {stay.id for stay in stays}
        notices = self._session.scalars(
            select(Notice).filter_by(**in_house).where(Notice.reference.in_(self._references))
        ).all()
        return [
            *stays,
            *notices,
            *self._session.scalars(select(Sighting).where(Sighting.reservation_id.in_(ids))),
            *self._session.scalars(select(Match).where(Match.reservation_id.in_(ids))),
            *self._session.scalars(
                select(Guest)
                .filter_by(**in_house)
                .where(
                    Guest.reference.in_(self._references)
                    | Guest.id.in_({stay.guest_id for stay in stays})
                )
            ),
        ]


@contextmanager
def undoable(
    session: Session, house: Property, host: Host, *, now: datetime
) -> Iterator[tuple[Recording, ChangeSet]]:
    """Record what the block changes, for `undo`. The caller says `what` on the change set."""
    recording = Recording(session, house)
    change_set = ChangeSet(
        property_id=house.id, host_id=host.id, what="", made_at=now, rows=[], undone_at=None
    )
    yield recording, change_set
    change_set.rows = recording.changes()
    if change_set.rows:
        session.add(change_set)
        session.flush()


def _came_to(row: Base, stay_ids: set[int], references: set[str]) -> bool:
    """Tell whether a row is one of these reservations, or came to one, or to one reference."""
    match row:
        case Reservation():
            return row.id in stay_ids
        case Sighting() | Match():
            return row.reservation_id in stay_ids
        case Guest() | Notice():
            return row.reference in references
    return False


def id_of(row: Base) -> int:
    found: int = row.id  # type: ignore[attr-defined]
    return found


def plain(row: Base) -> Row:
    """Return what is kept of a row, as JSON takes it."""
    return {name: _as_json(getattr(row, name)) for name in KEPT[type(row)]}


def _as_json(value: Any) -> Any:
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    return str(value) if isinstance(value, StrEnum) else value
