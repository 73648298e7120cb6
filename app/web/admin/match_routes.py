"""The page of bookings to place: shown whole, or only what of it has changed."""

from collections import defaultdict

from flask import Response, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from app.db import reading
from app.models import Role
from app.web.admin.blueprint import admin
from app.web.admin.match_forms import seen_parts
from app.web.admin.match_pages import MatchesPage, Typed
from app.web.admin.match_state import Seen, as_day, changed_since, page_now
from app.web.admin.sessions import needs
from app.web.htmx import wants_partial

PARTS = {"news": "_news.html", "last-act": "_last_act.html", "notes": "_notes.html"}


@admin.get("/matches")
@needs(Role.VIEWER)
def matches() -> Response:
    """Show all that is open."""
    with reading() as session:
        page = page_now(session, Seen({}, as_day(request.args.get("from", ""))))
        return _whole(page)


@admin.get("/matches/news")
@needs(Role.VIEWER)
def matches_news() -> AnyResponse:
    """Show what has changed since the browser last asked; 204 when nothing has."""
    if not wants_partial():
        return redirect(url_for(".matches"))
    seen = seen_parts()
    with reading() as session:
        page = page_now(session, seen)
        if changed_since(page, seen).is_nothing:
            return Response(status=204)
        return _parts(page, seen, "news")


def answer(main: str, *, typed: Typed | None = None, status: int = 200) -> AnyResponse:
    """Answer a press: htmx gets its part, and whatever else changed; others go back to the page.

    `main` is the part that was pressed in: `last-act`, `notes` or a day's ISO date. `typed` is its
    form as it came in, to be shown again when it could not be done.
    """
    is_day = as_day(main) is not None
    if status == 200 and not wants_partial():
        anchor = f"day-{main}" if is_day else main
        return redirect(url_for(".matches", _anchor=anchor), 303)
    seen = seen_parts()
    if is_day:
        seen = Seen({main: "", **seen.parts}, seen.since)
    with reading() as session:
        page = page_now(session, seen)
        if wants_partial():
            return _parts(page, seen, main, typed, status)
        return _whole(page, main, typed, status)


def _whole(
    page: MatchesPage, main: str = "", typed: Typed | None = None, status: int = 200
) -> Response:
    shown = render_template(
        "admin/matches/show.html", page=page, typed_of=_typed_of(main, typed), main=main
    )
    return make_response(shown, status)


def _parts(
    page: MatchesPage, seen: Seen, main: str, typed: Typed | None = None, status: int = 200
) -> Response:
    shown = render_template(
        "admin/matches/changed.html",
        page=page,
        main=main,
        main_file=f"admin/matches/{PARTS.get(main, '_day.html')}",
        main_day=next((day for day in page.days if day.iso == main), None),
        changed=changed_since(page, seen, but=main),
        typed_of=_typed_of(main, typed),
    )
    return make_response(shown, status)


def _typed_of(main: str, typed: Typed | None) -> defaultdict[str, Typed]:
    """Return what was typed into each day's forms: nothing, but for the one that came back."""
    found: defaultdict[str, Typed] = defaultdict(Typed)
    if typed is not None:
        found[main] = typed
    return found
