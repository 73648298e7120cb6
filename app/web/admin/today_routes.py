"""The dashboard: the day's board, with check-in and undo in place."""

from datetime import datetime, timedelta

from flask import Response, abort, flash, make_response, redirect, render_template, request, url_for
from flask_babel import format_date
from flask_babel import gettext as _
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as AnyResponse

from app import wording
from app.db import reading, transaction
from app.domain.errors import DomainError
from app.domain.plain_text import one_line
from app.domain.references import normalised
from app.models import Property, Reservation, Role
from app.services import board as boards
from app.services.board import Board
from app.services.host_check_in import check_in_by_host, undo_check_in
from app.services.naming import name_booking
from app.web.admin.blueprint import admin, now, seals, the_host, the_house
from app.web.admin.pages import (
    Attention,
    CodeState,
    Counters,
    ReservationRow,
    Search,
    Today,
    WhoAnswer,
)
from app.web.admin.reservation_routes import show_reservation
from app.web.admin.rows import code_state, reservation_row
from app.web.admin.sessions import current, needs
from app.web.admin.today_tops import tops
from app.web.htmx import wants_partial


@admin.get("/")
@needs(Role.CLEANER)
def today() -> Response:
    """Show the day, or what was searched for."""
    at = now()
    words = one_line(request.args.get("q", ""), 100)
    with reading() as session:
        house = the_house(session)
        board, found = tops(session, house, at)
        if words:
            page = _searched(session, house, words, found, at)
        else:
            page = _day(session, house, found, at)
        return make_response(render_template("admin/today/show.html", today=page, board=board))


@admin.get("/attention")
@needs(Role.CLEANER)
def attention() -> AnyResponse:
    """Show the attention list alone, which asks for itself."""
    if not wants_partial():
        return redirect(url_for(".today"))
    with reading() as session:
        house, at = the_house(session), now()
        _board, found = tops(session, house, at)
        return make_response(render_template("admin/today/_attention.html", attention=found))


@admin.get("/reservations/<int:reservation_id>/row", endpoint="reservation_row")
@needs(Role.CLEANER)
def reservation_row_part(reservation_id: int) -> AnyResponse:
    """Show one line alone, which asks for itself while its codes are under way."""
    if not wants_partial():
        return redirect(url_for(".today"))
    return _changed_row(reservation_id)


@admin.post("/reservations/<int:reservation_id>/check-in")
@needs(Role.STAFF)
def check_in(reservation_id: int) -> AnyResponse:
    """Check in the guest of one reservation."""
    typed, answer = _who()
    if answer.reference_problem:
        return _answer(reservation_id, answer=answer, status=422)
    try:
        with transaction() as session:
            check_in_by_host(
                session,
                the_host(session),
                reservation_id,
                seals=seals(),
                now=now(),
                reference=typed,
                name=answer.full_name or None,
            )
    except DomainError as fault:
        return _answer(reservation_id, answer=answer, problem=fault.message, status=422)
    return _answer(reservation_id)


@admin.post("/reservations/<int:reservation_id>/check-in/undo", endpoint="undo_check_in")
@needs(Role.STAFF)
def undo_check_in_(reservation_id: int) -> AnyResponse:
    """Take a check-in back within its minute."""
    try:
        with transaction() as session:
            undo_check_in(session, the_host(session), reservation_id, seals=seals(), now=now())
    except DomainError as fault:
        return _answer(reservation_id, problem=fault.message, status=422)
    return _answer(reservation_id)


@admin.post("/reservations/<int:reservation_id>/guest")
@needs(Role.STAFF)
def identify(reservation_id: int) -> AnyResponse:
    """Take the host's word on whose reservation it is."""
    typed, answer = _who()
    if typed is None and not answer.reference_problem:
        answer = WhoAnswer(answer.reference, answer.full_name, _("Enter the booking reference."))
    if answer.reference_problem:
        return _answer(reservation_id, answer=answer, status=422)
    try:
        with transaction() as session:
            name_booking(
                session,
                the_host(session),
                reservation_id,
                typed or "",
                name=answer.full_name or None,
                seals=seals(),
                now=now(),
            )
    except DomainError as fault:
        return _answer(reservation_id, answer=answer, problem=fault.message, status=422)
    return _answer(reservation_id)


def _who() -> tuple[str | None, WhoAnswer]:
    """Read the small form of a row: the reference as it is stored, and what was typed."""
    text = one_line(request.form.get("reference", ""), 60)
    name = one_line(request.form.get("full_name", ""), 200)
    reference = normalised(text) if text else None
    problem = None
    if text and reference is None:
        problem = _("Enter the reference as it is in the booking: letters and digits.")
    return reference, WhoAnswer(text, name, problem)


def _answer(
    reservation_id: int,
    *,
    answer: WhoAnswer | None = None,
    problem: str | None = None,
    status: int = 200,
) -> AnyResponse:
    """Answer a row's press: the row in place for htmx, else back to the page it came from."""
    if wants_partial():
        return _changed_row(reservation_id, answer=answer, problem=problem, status=status)
    if answer is not None and status != 200:
        return show_reservation(reservation_id, answer=answer, problem=problem, status=status)
    if problem is not None:
        flash(problem, "bad")
    return redirect(url_for(".reservation", reservation_id=reservation_id), 303)


def _changed_row(
    reservation_id: int,
    *,
    answer: WhoAnswer | None = None,
    problem: str | None = None,
    status: int = 200,
) -> Response:
    at = now()
    with reading() as session:
        house = the_house(session)
        one = boards.one_row(session, house, reservation_id, at)
        if not one.stays:
            abort(404)
        row = reservation_row(
            house, one, one.stays[0], current(), at, answer=answer, problem=problem
        )
        counters = _counters(boards.board(session, house, at))
        board, found = tops(session, house, at)
        page = render_template(
            "admin/today/changed_row.html",
            row=row,
            counters=counters,
            attention=found,
            board=board,
        )
        return make_response(page, status)


def _day(session: Session, house: Property, attention: Attention, at: datetime) -> Today:
    day = boards.board(session, house, at)
    arrivals = day.arriving(day.today)
    following = boards.next_arrival(session, house, day.today) if not arrivals else None
    return Today(
        day_text=format_date(day.today, "EEEE d MMMM"),
        attention=attention,
        counters=_counters(day),
        arrivals=_rows(house, day, arrivals, at),
        in_house=_rows(house, day, day.in_house, at),
        departures=_rows(house, day, day.leaving, at),
        tomorrow=_rows(house, day, day.arriving(day.today + timedelta(days=1)), at),
        next_arrival_text=(
            _("The next guest comes %(day)s.", day=wording.day(following, day.today))
            if following
            else None
        ),
    )


def _searched(
    session: Session, house: Property, words: str, attention: Attention, at: datetime
) -> Today:
    found = boards.search(session, house, words, at, by_name=current().may(Role.VIEWER))
    rows = _rows(house, found, list(found.stays[: boards.FOUND]), at)
    return Today(
        day_text=format_date(found.today, "EEEE d MMMM"),
        attention=attention,
        counters=_counters(found),
        search=Search(words, rows, len(found.stays) > boards.FOUND),
    )


def _rows(
    house: Property, day: Board, stays: list[Reservation], at: datetime
) -> tuple[ReservationRow, ...]:
    return tuple(reservation_row(house, day, stay, current(), at) for stay in stays)


def _counters(day: Board) -> Counters:
    arrivals = day.arriving(day.today)
    arrived = [stay for stay in arrivals if stay.guest and stay.guest.checked_in_at]
    waiting = [code_state(code) for code in day.codes]
    return Counters(
        to_arrive=len(arrivals) - len(arrived),
        arrived=len(arrived),
        in_house=len(day.in_house),
        to_leave=len(day.leaving),
        codes_not_ready=sum(state in (CodeState.COMING, CodeState.FAILED) for state in waiting),
    )
