"""Filling the page of one export: what it would change, or what it has changed."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import select
from sqlalchemy.orm import Session

from app import wording
from app.domain.exports import ExportRow
from app.domain.exports.cells import folded
from app.domain.exports.keeping import skipped_from_plain
from app.domain.imports.outcomes import (
    CallOff,
    Conflict,
    NameRooms,
    New,
    PickRooms,
    RowPlan,
    Same,
)
from app.models import ExportFile, Host, Property, Role, Room
from app.services.export_files import rows_of
from app.services.export_plans import Doubts, Preview
from app.services.room_names import NamedRooms, names_in
from app.web.admin.export_pages import (
    BookingLine,
    FileHead,
    FileState,
    NameLine,
    Picker,
    PlanPart,
    RoomOption,
    SameGroup,
    SkippedLine,
)
from app.web.admin.export_words import SAME, ExportWords, lines_text, tally
from app.web.admin.sessions import SignedIn

MOST_UNCHANGED = 50
MOST_NEEDING = 100
"""Each may offer every room of the house; the others come once these are answered."""
MOST_NAMED = 3


@dataclass(frozen=True)
class Typed:
    """A choice that could not be taken: which form it was, what was chosen, and what is wrong."""

    key: str = ""
    numbers: frozenset[int] = frozenset()
    problem: str | None = None


def export_words(session: Session, house: Property, now: datetime) -> ExportWords:
    """Return the words for a property's rooms."""
    rooms = session.execute(select(Room.id, Room.number).where(Room.property_id == house.id))
    numbers = {room.id: room.number for room in rooms}
    return ExportWords(numbers, now.astimezone(house.zone).date())


def file_head(
    session: Session, house: Property, file: ExportFile, doubts: Doubts | None, now: datetime
) -> FileHead:
    """Fill what stands on top of a file's page."""
    host = session.get_one(Host, file.host_id)
    said = [wording.channel_name(file.channel) or file.channel]
    if file.rows:
        said.append(ngettext("%(num)d booking", "%(num)d bookings", len(file.rows)))
    when = wording.moment(file.uploaded_at, house.zone, now)
    said.append(_("uploaded %(when)s by %(who)s", when=when, who=host.name))
    return FileHead(
        id=file.id,
        name=file.file_name,
        facts_text=" · ".join(str(one) for one in said),
        state=FileState(file.state),
        doubt=_doubt(house, file, doubts, now) if doubts is not None else None,
    )


def _doubt(house: Property, file: ExportFile, doubts: Doubts, now: datetime) -> str | None:
    if doubts.same is not None and doubts.same.applied_at is not None:
        when = wording.moment(doubts.same.applied_at, house.zone, now)
        return str(
            _(
                "A file that says just the same was applied %(when)s (%(name)s).",
                when=when,
                name=doubts.same.file_name,
            )
        )
    newer = doubts.newer
    if newer is None or newer.applied_at is None or newer.made_at is None or file.made_at is None:
        return None
    return str(
        _(
            "This file is older than %(name)s, which was applied %(when)s: its latest booking or "
            "cancellation is of %(made)s, and that one’s of %(newer)s. What has changed in between "
            "would be changed back.",
            name=newer.file_name,
            when=wording.moment(newer.applied_at, house.zone, now),
            made=wording.moment(file.made_at, house.zone, now),
            newer=wording.moment(newer.made_at, house.zone, now),
        )
    )


def plan_part(
    session: Session,
    house: Property,
    shown: Preview,
    host: SignedIn,
    now: datetime,
    *,
    main: str = "",
    typed: Typed | None = None,
) -> PlanPart:
    """Fill the part that tells what the file would change. `main`: the row that was acted on."""
    view = _Plan(session, house, shown, export_words(session, house, now), typed or Typed())
    plan = shown.plan
    needing = [one for one in plan.needing if not isinstance(one.need, NameRooms)]
    return PlanPart(
        export_id=shown.file.id,
        tally=tally(plan),
        unknown_names=tuple(one for one in view.names if not one.is_known),
        needing=tuple(view.line(one) for one in needing[:MOST_NEEDING]),
        needing_more=max(len(needing) - MOST_NEEDING, 0),
        changing=tuple(view.line(one) for one in plan.changing),
        unchanged=view.unchanged(plan.unchanged),
        unchanged_count=len(plan.unchanged),
        skipped=tuple(
            SkippedLine(one.line, one.reason) for one in map(skipped_from_plain, shown.file.skipped)
        ),
        names=tuple(one for one in view.names if one.is_known),
        steps=len(plan.steps),
        left_out=len(plan.needing),
        seen=plan.fingerprint,
        may_act=host.may(Role.STAFF),
        main=main,
    )


class _Plan:
    def __init__(
        self,
        session: Session,
        house: Property,
        shown: Preview,
        words: ExportWords,
        typed: Typed,
    ) -> None:
        self.words, self.typed, self.picks = words, typed, shown.file.picks
        self.rooms = {
            room.id: room
            for room in session.scalars(
                select(Room).where(Room.property_id == house.id).order_by(Room.number)
            )
        }
        rows = rows_of(shown.file)
        needed = {one.need.name for one in shown.plan.needing if isinstance(one.need, NameRooms)}
        self.names = [
            self._name(f"name-{number}", one, rows)
            for number, one in enumerate(names_in(session, house, rows), start=1)
            if one.rooms or one.name in needed
        ]

    def line(self, plan: RowPlan) -> BookingLine:
        """Fill one row."""
        row = plan.row
        return BookingLine(
            key=row_key(row.reference),
            lines_text=lines_text(row),
            reference=row.reference,
            guest=row.name,
            dates_text=self.words.span(row.nights),
            units=row.unit_types,
            says=self.words.says(plan),
            picker=self._picker(row, plan.need) if isinstance(plan.need, PickRooms) else None,
            reservation_ids=_reservations(plan),
            was_picked=bool(plan.steps) and row.reference in self.picks,
        )

    def unchanged(self, plans: Sequence[RowPlan]) -> tuple[SameGroup, ...]:
        """Gather the rows that change nothing by why they do not."""
        groups = []
        for same in Same:
            own = [one for one in plans if one.same == same]
            if own:
                rows = tuple(replace(self.line(one), says=()) for one in own[:MOST_UNCHANGED])
                more = len(own) - len(rows)
                groups.append(SameGroup(str(SAME[same]), rows, more, same == Same.LEFT_OUT))
        return tuple(groups)

    def _picker(self, row: ExportRow, need: PickRooms) -> Picker:
        key = row_key(row.reference)
        chosen = {self.words.numbers[room_id] for room_id in need.likely}
        if self.typed.key == key:
            chosen = set(self.typed.numbers)
        options = []
        for choice in need.choices:
            room = self.rooms[choice.room_id]
            note = _("no calendar shows it")
            if choice.shown is not None:
                note = _("closed %(dates)s", dates=self.words.span(choice.shown))
            options.append(RoomOption(room.number, room.name, str(note), room.number in chosen))
        problem = self.typed.problem if self.typed.key == key else None
        return Picker(key, row.reference, need.wanted, tuple(options), problem)

    def _name(self, key: str, one: NamedRooms, rows: Iterable[ExportRow]) -> NameLine:
        chosen = {room.number for room in one.rooms}
        if self.typed.key == key:
            chosen = set(self.typed.numbers)
        wanted = folded(one.name)
        own = [row for row in rows if wanted in map(folded, row.unit_types)]
        return NameLine(
            key=key,
            name=one.name,
            bookings_text=self._bookings(own),
            options=tuple(
                RoomOption(room.number, room.name, is_chosen=room.number in chosen)
                for room in self.rooms.values()
            ),
            rooms_text=", ".join(str(room.number) for room in one.rooms) or None,
            from_setup=one.from_setup,
            problem=self.typed.problem if self.typed.key == key else None,
        )

    def _bookings(self, rows: Sequence[ExportRow]) -> str:
        named = [
            f"{row.name or row.reference}, {self.words.span(row.nights)}"
            for row in rows[:MOST_NAMED]
        ]
        if len(rows) > MOST_NAMED:
            more = len(rows) - MOST_NAMED
            named.append(str(_("%(num)d more", num=more)))
        return "; ".join(named)


def row_key(reference: str) -> str:
    """Return the id of a row's element."""
    return f"row-{reference}"


def _reservations(plan: RowPlan) -> tuple[int, ...]:
    if isinstance(plan.need, Conflict):
        return (plan.need.stay_id,) if plan.need.stay_id is not None else ()
    ids = [step.stay_id for step in plan.steps if not isinstance(step, New | CallOff)]
    return tuple(dict.fromkeys(ids))


def name_of_key(session: Session, house: Property, file: ExportFile, key: str) -> str | None:
    """Return the name that a form is about."""
    names = names_in(session, house, rows_of(file))
    return next(
        (one.name for number, one in enumerate(names, start=1) if f"name-{number}" == key), None
    )
