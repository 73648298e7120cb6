"""What is pressed on the page of bookings to place: each act whole, and for ten minutes undone."""

from collections.abc import Callable

from flask import abort, flash, request
from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload
from werkzeug.wrappers import Response as AnyResponse

from app.db import reading, transaction
from app.domain.errors import DomainError
from app.models import Match, Notice, Question, Reservation, Role, Room
from app.services.acting import Act, act, take_back
from app.services.doubtful_mails import see_mail
from app.services.modifications import see_modification
from app.services.settling import CannotSettle
from app.web.admin import match_acts
from app.web.admin.blueprint import admin, now, seals, the_host
from app.web.admin.match_forms import chosen_number, read_departure, read_settlement
from app.web.admin.match_pages import Typed
from app.web.admin.match_routes import answer
from app.web.admin.match_state import as_day
from app.web.admin.sessions import current, needs


@admin.post("/questions/<int:question_id>/confirmation")
@needs(Role.STAFF)
def confirm_question(question_id: int) -> AnyResponse:
    """Say yes to what is proposed."""
    return _say(question_id, match_acts.confirm)


@admin.post("/questions/<int:question_id>/refusal")
@needs(Role.STAFF)
def refuse_question(question_id: int) -> AnyResponse:
    """Say no to what is proposed."""
    return _say(question_id, match_acts.refuse)


@admin.post("/matches/<day>/settlement")
@needs(Role.STAFF)
def settle_day(day: str) -> AnyResponse:
    """Say whose rooms are, or that they are nobody's: those that were filled in."""
    arrival = as_day(day)
    if arrival is None:
        abort(404)
    answers, typed = read_settlement()
    if typed.problem or typed.problems:
        return answer(day, typed=typed, status=422)
    return _act(day, typed, lambda one: match_acts.settle(one, arrival, answers))


@admin.post("/reservations/<int:reservation_id>/parts")
@needs(Role.STAFF)
def part_nights(reservation_id: int) -> AnyResponse:
    """Say that closed nights hold two bookings, and when the first one leaves."""
    leaves, typed = read_departure("departure", f"part-{reservation_id}")

    def do(one: Act) -> None:
        if leaves is None:
            raise CannotSettle(typed.problems["departure"])
        match_acts.part(one, _reservation(one.session, reservation_id), leaves)

    with reading() as session:
        day = _reservation(session, reservation_id).arrival.isoformat()
    return _act(day, typed, do)


@admin.post("/notices/<int:notice_id>/stay")
@needs(Role.STAFF)
def place_booking(notice_id: int) -> AnyResponse:
    """Put a booking that no calendar shows into a free room."""
    departure, typed = read_departure("departure", f"lodge-{notice_id}")

    def do(one: Act) -> None:
        room = one.session.get(Room, chosen_number(typed.values, "room"))
        if room is None or room.property_id != one.house.id:
            raise CannotSettle(_("Choose a room."))
        if departure is None:
            raise CannotSettle(typed.problems["departure"])
        match_acts.put_in(one, _notice(one.session, notice_id), room, departure)

    return _act(_day_of_notice(notice_id), typed, do)


@admin.post("/notices/<int:notice_id>/dismissal")
@needs(Role.STAFF)
def dismiss_booking(notice_id: int) -> AnyResponse:
    """Say that a booking is none of this house's."""

    def do(one: Act) -> None:
        match_acts.not_ours(one, _notice(one.session, notice_id))

    return _act(_day_of_notice(notice_id), Typed(), do)


@admin.post("/matches/changes/<int:reservation_id>/seen", endpoint="see_change")
@needs(Role.STAFF)
def see_change_(reservation_id: int) -> AnyResponse:
    """Say that one has looked at a booking that was changed."""

    def do(one: Act) -> None:
        stay = _reservation(one.session, reservation_id)
        see_modification(one.settlement, stay)
        one.change_set.what = _("%(reference)s: its change is seen.", reference=stay.reference)

    return _act("notes", None, do)


@admin.post("/matches/mails/seen", endpoint="see_mail")
@needs(Role.STAFF)
def see_mail_() -> AnyResponse:
    """Say that one has seen the warning of a mail, or not after all."""
    with transaction() as session:
        mail_id = chosen_number(request.form, "mail")
        is_seen = "again" not in request.form
        see_mail(session, the_host(session), mail_id, seen=is_seen, now=now())
    return answer("notes")


@admin.post("/matches/acts/<int:change_set_id>/undo")
@needs(Role.STAFF)
def undo_act(change_set_id: int) -> AnyResponse:
    """Take back what this host did in the last ten minutes."""
    try:
        with transaction() as session:
            undone = take_back(session, the_host(session), change_set_id, seals=seals(), now=now())
            what = undone.what if undone is not None else None
    except DomainError as fault:
        flash(fault.message, "bad")
        return answer("last-act")
    if what is None:
        abort(404)
    flash(_("Taken back: %(what)s", what=what), "good")
    return answer("last-act")


def _say(question_id: int, do: Callable[[Act, Question], None]) -> AnyResponse:
    def answered(one: Act) -> None:
        do(one, one.session.get_one(Question, question_id))

    with reading() as session:
        question = session.get(Question, question_id)
        if question is None or question.property_id != current().property_id:
            abort(404)
        day = question.arrival.isoformat()
    return _act(day, Typed(), answered)


def _act(main: str, typed: Typed | None, do: Callable[[Act], None]) -> AnyResponse:
    """Let the host act, and show what became of it where it was pressed."""
    try:
        with (
            transaction() as session,
            act(session, the_host(session), seals=seals(), now=now()) as one,
        ):
            do(one)
    except DomainError as fault:
        if typed is None:
            flash(fault.message, "bad")
            return answer(main)
        tried = Typed(typed.form, typed.values, typed.problems, fault.message)
        return answer(main, typed=tried, status=422)
    return answer(main, typed=Typed(typed.form) if typed is not None else None)


def _reservation(session: Session, reservation_id: int) -> Reservation:
    found = session.scalar(
        select(Reservation)
        .where(Reservation.id == reservation_id, Reservation.property_id == current().property_id)
        .options(joinedload(Reservation.room), joinedload(Reservation.guest))
    )
    if found is None:
        abort(404)
    return found


def _notice(session: Session, notice_id: int) -> Notice:
    found = session.get(Notice, notice_id)
    if found is None or found.property_id != current().property_id:
        abort(404)
    return found


def _day_of_notice(notice_id: int) -> str:
    """Return the day that a booking is shown on."""
    with reading() as session:
        notice = _notice(session, notice_id)
        shown = session.scalar(select(Match.arrival).where(Match.notice_id == notice.id))
        day = shown or notice.arrival
    if day is None:
        abort(404)
    return day.isoformat()
