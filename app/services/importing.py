"""Carrying out what an export changes: sightings of its origin, weighed by the rules, once.

The number of statements does not grow with the number of rows.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from app.domain.errors import DomainError
from app.domain.exports import ExportRow
from app.domain.imports import ImportPlan
from app.domain.imports.outcomes import CallOff, Cancel, Enrich, Move, New, Step, Tell
from app.domain.nights import Nights
from app.domain.readings import Kind
from app.models import (
    ExportFile,
    Host,
    Match,
    Notice,
    Origin,
    Property,
    Reservation,
    Room,
    Sighting,
    Status,
)
from app.seals import Seals
from app.services import closures
from app.services.change_sets import Recording
from app.services.history import by_host, record
from app.services.import_rows import link_guests, take_rows
from app.services.placing import place
from app.services.testimony import restand


class CannotImport(DomainError):
    """It did not come out as it was shown; nothing of it may stay."""

    code = "cannot-import"


@dataclass(frozen=True)
class Placed:
    """One step, and the reservation that it is about."""

    row: ExportRow
    step: New | Enrich | Move | Cancel | Tell
    stay: Reservation

    @property
    def nights(self) -> Nights:
        return self.step.nights

    @property
    def gives(self) -> bool:
        """The reservation becomes the booking's by this."""
        return isinstance(self.step, New | Enrich)


class Importing:
    """One export, applied inside `undoable`. The caller holds the property and tends afterwards."""

    def __init__(
        self,
        session: Session,
        house: Property,
        host: Host,
        file: ExportFile,
        recording: Recording,
        *,
        seals: Seals,
        now: datetime,
    ) -> None:
        self.session, self.house, self.host, self.file = session, house, host, file
        self.recording, self.seals, self.now = recording, seals, now
        self.actor = by_host(host.id)

    def carry_out(self, plan: ImportPlan) -> list[Placed]:
        """Do what the plan says. Raises CannotImport when it comes out otherwise."""
        pairs = [(one.row, step) for one in plan.changing for step in one.steps]
        steps = [step for _, step in pairs]
        known = self._load(step.stay_id for step in steps if not isinstance(step, New | CallOff))
        owned = [step for step in steps if isinstance(step, New | Enrich | Move)]
        shown = closures.shown_within(
            self.session,
            self.house,
            ((step.room_id, step.nights) for step in owned),
            ending=(step.stay_id for step in steps if isinstance(step, Cancel)),
        )
        references = [one.row.reference for one in plan.changing]
        self.recording.watch([*known.values(), *(stay for _, stay in shown)], references)
        rows = [one.row for one in plan.changing]
        notices = take_rows(self.session, self.house, rows, now=self.now)
        placed = self._homes(pairs, known, notices)
        waiting = self._free(placed)
        self._say(placed, notices)
        stays = [one.stay for one in placed]
        rooms = {stay.room_id for stay in stays}
        restand(
            self.session,
            self.house,
            rooms,
            stays,
            seals=self.seals,
            now=self.now,
            actor=self.actor,
        )
        owners = [one.stay for one in placed if isinstance(one.step, New | Enrich | Move)]
        closures.give(self.session, shown, owners, now=self.now, actor=self.actor)
        self._check(placed)
        link_guests(
            self.session,
            self.house,
            [(one.row.reference, one.stay) for one in placed if one.gives],
            waiting,
            seals=self.seals,
            now=self.now,
            actor=self.actor,
        )
        self._note(placed)
        return placed

    def _load(self, ids: Iterable[int]) -> dict[int, Reservation]:
        found = self.session.scalars(
            select(Reservation)
            .where(Reservation.id.in_(set(ids)), Reservation.property_id == self.house.id)
            .options(joinedload(Reservation.room), joinedload(Reservation.guest))
        )
        return {stay.id: stay for stay in found}

    def _homes(
        self,
        pairs: Sequence[tuple[ExportRow, Step]],
        known: Mapping[int, Reservation],
        notices: Mapping[str, Notice],
    ) -> list[Placed]:
        """Find or make the reservation of each step."""
        parts = {
            (step.stay_id, step.nights): known[step.stay_id]
            for _, step in pairs
            if isinstance(step, Enrich) and step.is_part
        }
        parted = closures.part(self.session, parts, now=self.now)
        rooms = {
            room.id: room
            for room in self.session.scalars(select(Room).filter_by(property_id=self.house.id))
        }
        placed: list[Placed] = []
        for row, step in pairs:
            match step:
                case New():
                    placed.append(Placed(row, step, self._new(row, step, rooms[step.room_id])))
                case Enrich() if step.is_part:
                    home = parted.homes[step.stay_id, step.nights]
                    placed.append(Placed(row, step, home))
                case Enrich() | Move() | Cancel() | Tell():
                    placed.append(Placed(row, step, known[step.stay_id]))
                case CallOff(reference):
                    self._record(notices[reference], "booking-called-off", why=self._why(row))
        self.session.flush()
        for stay in (*parted.made, *(one.stay for one in placed if isinstance(one.step, New))):
            self.recording.made(stay)
        return placed

    def _new(self, row: ExportRow, step: New, room: Room) -> Reservation:
        stay = Reservation(
            property_id=self.house.id,
            room_id=room.id,
            room=room,
            guest=None,
            arrival=step.nights.arrival,
            departure=step.nights.departure,
            status=Status.OPEN,
            channel=row.channel,
            appeared_at=self.now,
        )
        self.session.add(stay)
        return stay

    def _free(self, placed: Iterable[Placed]) -> set[int]:
        """Take what was merely proposed off reservations; return the guests who wait for them."""
        waiting = set()
        for one in placed:
            stay = one.stay
            if one.gives and stay.is_unconfirmed:
                if stay.guest_id is not None:
                    waiting.add(stay.guest_id)
                stay.reference = stay.unconfirmed_at = stay.guest = None
        return waiting

    def _say(self, placed: Sequence[Placed], notices: Mapping[str, Notice]) -> None:
        """Let the file say of each reservation what it knows."""
        place(
            self.session, [(notices[one.row.reference], one.stay) for one in placed], now=self.now
        )
        dated = {one.stay.id: one.nights for one in placed if isinstance(one.step, Move | Enrich)}
        for word in self.session.scalars(
            select(Sighting).where(
                Sighting.reservation_id.in_(dated),
                Sighting.origin == Origin.HOST,
                Sighting.kind == Kind.STAY,
                Sighting.withdrawn_at.is_(None),
            )
        ):
            # The host who applies the file says so, too.
            nights = dated[word.reservation_id]
            word.arrival, word.departure = nights.arrival, nights.departure
            word.last_seen_at = self.now
        for one in placed:
            if one.stay.modified_at is not None and not isinstance(one.step, Cancel):
                one.stay.modified_at = None
                self._record(one.stay, "modification-seen")

    def _check(self, placed: Iterable[Placed]) -> None:
        for one in placed:
            stay = one.stay
            wanted = Status.CANCELLED if isinstance(one.step, Cancel) else Status.CONFIRMED
            same_dates = isinstance(one.step, Cancel) or stay.nights == one.nights
            if stay.status != wanted or not same_dates:
                raise CannotImport(
                    f"Line {one.row.line}: room {stay.room.number} could not be "
                    f"{one.row.reference}'s as it was shown. {stay.question or ''} Nothing was "
                    "changed."
                )

    def _note(self, placed: Sequence[Placed]) -> None:
        """Say in the history, and where it is asked, where this came from."""
        how = f"{self.host.name}, from an export"
        ids = {one.stay.id for one in placed}
        for match in self.session.scalars(select(Match).where(Match.reservation_id.in_(ids))):
            if match.is_open:
                match.settled_how = how
        for one in placed:
            self._record(one.stay, "told-by-export", why=self._why(one.row))

    def _why(self, row: ExportRow) -> str:
        lines = " and ".join(map(str, row.lines))
        which = "Line" if len(row.lines) == 1 else "Lines"
        return f"{which} {lines} of {self.file.file_name}."

    def _record(
        self,
        subject: Reservation | Notice,
        what: str,
        *,
        after: Mapping[str, object] | None = None,
        why: str | None = None,
    ) -> None:
        record(
            self.session,
            subject,
            what,
            actor=self.actor,
            at=self.now,
            property_id=self.house.id,
            after=after,
            why=why,
        )
