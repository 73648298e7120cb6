"""The page of bookings to place as it is now, and what of it a browser has not seen yet."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from app import wording
from app.models import Role, Room
from app.services.acting import latest_act
from app.services.doubtful_mails import doubtful_mails
from app.services.modifications import modified_bookings
from app.services.open_days import MOST_DAYS, count_open, open_days
from app.services.settled_lately import settled_lately
from app.web.admin.blueprint import now, the_host, the_house
from app.web.admin.match_notes import last_act, news, notes, settled_lines
from app.web.admin.match_pages import DayPanel, LastAct, Later, MatchesPage, News, Notes
from app.web.admin.match_view import Days
from app.web.admin.match_words import Words
from app.web.admin.sessions import current


@dataclass(frozen=True)
class Seen:
    """What a browser shows: the fingerprint of each part, days by their ISO dates."""

    parts: Mapping[str, str]
    since: date | None = None
    """The first day of its page, where that is not the soonest."""

    @property
    def days(self) -> set[date]:
        return {day for name in self.parts if (day := as_day(name)) is not None}

    def is_new(self, name: str, fingerprint: str) -> bool:
        return self.parts.get(name) != fingerprint


def as_day(text: str) -> date | None:
    """Read an ISO date, written as we write it."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if day.isoformat() == text else None


def page_now(session: Session, seen: Seen) -> MatchesPage:
    """Fill the page: its first days, and those that the browser shows besides."""
    house, host, at = the_house(session), current(), now()
    words = Words(house, at)
    may_act = host.may(Role.STAFF)
    known = open_days(session, house, since=seen.since, also=seen.days)
    rooms = session.scalars(
        select(Room).where(Room.property_id == house.id).order_by(Room.number)
    ).all()
    settled = settled_lately(session, house, at)
    fill = Days(words, known, rooms, may_act=may_act)
    panels = {day.arrival: fill.panel(day) for day in known.days}
    for day in seen.days - panels.keys():
        lines = [line for arrival, line in settled_lines(words, settled) if arrival == day]
        panels[day] = fill.done(day, lines)
    listed = [day for day in known.tally if seen.since is None or day >= seen.since]
    beyond = listed[MOST_DAYS:]
    return MatchesPage(
        news=news(known.tally, count_open(session, house)),
        last_act=last_act(words, latest_act(session, the_host(session), at)),
        days=tuple(panels[day] for day in sorted(panels)),
        notes=notes(
            words,
            modified_bookings(session, house, words.today),
            doubtful_mails(session, at),
            settled,
            may_act=may_act,
        ),
        later=(
            Later(len(beyond), beyond[0].isoformat(), wording.weekday(beyond[-1], words.today))
            if beyond
            else None
        ),
        since=seen.since.isoformat() if seen.since is not None else "",
    )


@dataclass(frozen=True)
class Changed:
    """The parts of the page that a browser has not seen; what it has seen is left in peace."""

    days: tuple[DayPanel, ...] = ()
    added: tuple[tuple[str, DayPanel], ...] = ()
    """Days that it does not show, each with the place where it belongs."""
    news: News | None = None
    last_act: LastAct | None = None
    notes: Notes | None = None

    @property
    def is_nothing(self) -> bool:
        return self == Changed()


def changed_since(page: MatchesPage, seen: Seen, *, but: str = "") -> Changed:
    """Compare the page with what a browser shows; `but` is a part that it gets anyhow."""
    shown = sorted(day.isoformat() for day in seen.days)
    known = [day for day in page.days if day.iso in seen.parts]
    fresh = [day for day in page.days if day.iso not in seen.parts and day.iso != but]

    def anew(name: str, fingerprint: str) -> bool:
        return name != but and seen.is_new(name, fingerprint)

    return Changed(
        days=tuple(day for day in known if anew(day.iso, day.seen)),
        added=tuple((_place(day.iso, shown), day) for day in fresh if not day.is_done),
        news=page.news if anew("news", page.news.seen) else None,
        last_act=page.last_act if anew("last-act", page.last_act.seen) else None,
        notes=page.notes if anew("notes", page.notes.seen) else None,
    )


def _place(iso: str, shown: list[str]) -> str:
    """Return where htmx puts a new day: before the next one that is shown, or at the end."""
    following = next((day for day in shown if day > iso), None)
    return f"beforebegin:#day-{following}" if following is not None else "beforeend:#days"
