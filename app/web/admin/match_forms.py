"""Reading the small forms of a day: what was typed, and what is wrong with it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from flask import request
from flask_babel import gettext as _

from app.domain.plain_text import one_line
from app.domain.references import normalised
from app.web.admin.match_pages import Typed
from app.web.admin.match_state import Seen, as_day

NOBODY = "nobody"
LARGEST = 2**31 - 1


@dataclass(frozen=True)
class RoomAnswer:
    """Whose one room is; reference None: nobody's, the host closed it."""

    reservation_id: int
    reference: str | None


def seen_parts() -> Seen:
    """Read what the browser shows, from the address or the form."""
    said = request.values.getlist("seen")[:200]
    pairs = (one.rpartition(".") for one in said)
    since = as_day(request.values.get("from", ""))
    return Seen({name: fingerprint for name, _dot, fingerprint in pairs if name}, since)


def read_settlement() -> tuple[list[RoomAnswer], Typed]:
    """Read the rooms that were filled in; those left open are not among the answers."""
    values = {
        name: one_line(text, 60)
        for name, text in request.form.items()
        if name.startswith(("pick-", "reference-"))
    }
    answers: list[RoomAnswer] = []
    problems: dict[str, str] = {}
    for number in sorted({found for name in values if (found := _number(name)) is not None}):
        pick, text = values.get(f"pick-{number}", ""), values.get(f"reference-{number}", "")
        typed = normalised(text) if text else None
        picked = normalised(pick) if pick and pick != NOBODY else None
        if text and typed is None:
            problem = _("Enter the reference as it is in the booking: letters and digits.")
            problems[f"reference-{number}"] = problem
        elif text and pick and picked != typed:
            problem = _("Choose above, or type a reference; not both.")
            problems[f"reference-{number}"] = problem
        elif typed or picked:
            answers.append(RoomAnswer(number, typed or picked))
        elif pick == NOBODY:
            answers.append(RoomAnswer(number, None))
    nothing = None if answers or problems else _("Say of one room at least whose it is.")
    return answers, Typed("settle", values, problems, nothing)


def read_departure(name: str, form: str) -> tuple[date | None, Typed]:
    """Read a day to leave on, and whatever else the form holds."""
    values = {key: one_line(text, 60) for key, text in request.form.items()}
    day = as_day(values.get(name, ""))
    problems = {} if day is not None else {name: _("Choose the day of departure.")}
    return day, Typed(form, values, problems)


def chosen_number(values: Mapping[str, str], name: str) -> int:
    """Return a row's number that was chosen from a list; 0 when none was."""
    text = values.get(name, "")
    return int(text) if text.isdecimal() and len(text) < 10 else 0


def _number(name: str) -> int | None:
    text = name.partition("-")[2]
    return int(text) if text.isdecimal() and text.isascii() and len(text) < 10 else None
