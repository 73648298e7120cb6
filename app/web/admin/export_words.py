"""What an export changes, row by row, in plain words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from app import wording
from app.domain.exports import ExportRow
from app.domain.imports import ImportPlan
from app.domain.imports.outcomes import (
    CallOff,
    Cancel,
    Conflict,
    Enrich,
    Move,
    NameRooms,
    New,
    PickRooms,
    RowPlan,
    Same,
    Step,
    Tell,
)
from app.domain.nights import Nights
from app.domain.notices import NoticeKind
from app.web.admin.export_clashes import clash_words
from app.web.admin.match_words import listed

SAME = {
    Same.KNOWN: _l("Known here just as the file says"),
    Same.OVER: _l("Over"),
    Same.NO_SHOW: _l("The guest did not come: left as it is"),
    Same.CANCELLED: _l("Cancelled here, too"),
    Same.NEVER_HERE: _l("Cancelled, and never known here"),
    Same.LEFT_OUT: _l("Left out, as you wanted"),
}


@dataclass(frozen=True)
class ExportWords:
    """Says things of one property, on one day. `numbers`: of rooms, by id."""

    numbers: Mapping[int, int]
    today: date

    def says(self, plan: RowPlan) -> tuple[str, ...]:
        """Say what becomes of a row: a sentence for each step, or what stands in the way."""
        if plan.need is not None:
            return (str(self._need(plan.row, plan.need)),)
        if plan.same is not None:
            return (str(SAME[plan.same]),)
        return tuple(str(self._step(plan.row, step)) for step in plan.steps)

    def span(self, nights: Nights) -> str:
        return wording.span(nights, self.today)

    def _step(self, row: ExportRow, step: Step) -> Any:
        match step:
            case New(room_id, nights, on_calendar):
                facts = self._facts(room_id, nights)
                if on_calendar:
                    return _(
                        "Room %(room)s, %(dates)s: new; its calendar shows other nights.", **facts
                    )
                return _("Room %(room)s, %(dates)s: new; no calendar shows it yet.", **facts)
            case Enrich():
                return self._enrich(row, step)
            case Move(_id, room_id, before, nights, has_guest):
                facts = self._facts(room_id, nights, before=self.span(before))
                if has_guest:
                    return _(
                        "Room %(room)s: %(before)s becomes %(dates)s. The door codes move along.",
                        **facts,
                    )
                return _("Room %(room)s: %(before)s becomes %(dates)s.", **facts)
            case Cancel(_id, room_id, nights, has_guest):
                facts = self._facts(room_id, nights)
                if has_guest:
                    return _(
                        "Room %(room)s, %(dates)s: cancelled. Its codes are taken off the doors.",
                        **facts,
                    )
                return _("Room %(room)s, %(dates)s: cancelled.", **facts)
            case Tell():
                return self._tell(step)
            case CallOff():
                return _("It is cancelled, and no longer waits for a room.")

    def _enrich(self, row: ExportRow, step: Enrich) -> Any:
        who = ", ".join(filter(None, (row.reference, row.name)))
        facts = self._facts(step.room_id, step.nights, before=self.span(step.before), who=who)
        if step.is_part:
            return _(
                "Room %(room)s: of the closed %(before)s, %(dates)s is now known as %(who)s.",
                **facts,
            )
        if step.before != step.nights:
            return _(
                "Room %(room)s: the closed %(before)s is now known as %(dates)s, %(who)s.", **facts
            )
        return _("Room %(room)s, %(dates)s: now known as %(who)s.", **facts)

    def _tell(self, step: Tell) -> Any:
        said = []
        if step.name:
            said.append(_("the guest is %(name)s", name=step.name))
        if step.phone_ending:
            said.append(_("the phone number ends in %(ending)s", ending=step.phone_ending))
        if step.was_modified:
            said.append(_("the change that a mail told of left its dates as they are"))
        facts = self._facts(step.room_id, step.nights, what=listed([str(one) for one in said]))
        return _("Room %(room)s, %(dates)s: %(what)s.", **facts)

    def _need(self, row: ExportRow, need: PickRooms | NameRooms | Conflict) -> Any:
        match need:
            case NameRooms(name):
                return _("Nobody has said yet which rooms “%(name)s” means.", name=name)
            case PickRooms(conflict=None):
                return self._pick(need)
            case PickRooms(conflict=conflict) if conflict is not None:
                return self._conflict(row, conflict)
            case Conflict():
                return self._conflict(row, need)
        return ""

    def _pick(self, need: PickRooms) -> Any:
        rooms = listed([str(self.numbers[choice.room_id]) for choice in need.choices])
        if len(need.choices) > need.wanted:
            return _("Several rooms could be meant: %(rooms)s.", rooms=rooms)
        if any(choice.shown is not None for choice in need.choices):
            return ngettext(
                "It would be room %(rooms)s, whose calendar shows other nights.",
                "It would be rooms %(rooms)s, whose calendars show other nights.",
                need.wanted,
                rooms=rooms,
            )
        return ngettext(
            "Only room %(rooms)s is free for it, and no calendar shows it there.",
            "Only rooms %(rooms)s are free for it, and no calendar shows it there.",
            need.wanted,
            rooms=rooms,
        )

    def _conflict(self, row: ExportRow, conflict: Conflict) -> str:
        cancelled = row.status == NoticeKind.CANCELLED
        facts = {
            "room": self.numbers.get(conflict.room_id or 0, "?"),
            "dates": self.span(conflict.nights) if conflict.nights else "",
            "file": _("that it is cancelled") if cancelled else self.span(row.nights),
            "reference": conflict.reference or _("another booking"),
            "line": conflict.line,
            "question": _(conflict.question) if conflict.question else "",
            "known": conflict.count,
            "units": row.rooms,
        }
        return clash_words(conflict, facts)

    def _facts(self, room_id: int, nights: Nights, **more: object) -> dict[str, object]:
        return {"room": self.numbers[room_id], "dates": self.span(nights), **more}


def tally(plan: ImportPlan) -> tuple[str, ...]:
    """Count what happens, by kind: "12 new", "3 now known", "2 need you"."""
    count = plan.tally
    told = (
        ngettext("%(num)d new", "%(num)d new", count[New]),
        ngettext("%(num)d now known", "%(num)d now known", count[Enrich]),
        ngettext("%(num)d moved", "%(num)d moved", count[Move]),
        ngettext("%(num)d cancelled", "%(num)d cancelled", count[Cancel] + count[CallOff]),
        ngettext("%(num)d told more of", "%(num)d told more of", count[Tell]),
        ngettext("%(num)d needs you", "%(num)d need you", len(plan.needing)),
    )
    numbers: Sequence[int] = (
        count[New],
        count[Enrich],
        count[Move],
        count[Cancel] + count[CallOff],
        count[Tell],
        len(plan.needing),
    )
    return tuple(str(words) for words, number in zip(told, numbers, strict=True) if number)


def lines_text(row: ExportRow) -> str:
    """Say "Line 2", or "Lines 2 and 3"."""
    numbers = listed([str(line) for line in row.lines])
    return str(ngettext("Line %(numbers)s", "Lines %(numbers)s", len(row.lines), numbers=numbers))
