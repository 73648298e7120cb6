"""The staff codes' page: codes of cleaners, owners and tradespeople."""

from flask import Response, abort, flash, make_response, redirect, render_template, url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as AnyResponse

from app.db import reading, transaction
from app.domain.errors import DomainError
from app.models import Role, StaffCode
from app.services import staff_codes
from app.services.board import doors_of
from app.services.staff_board import board_of, staff_board
from app.services.staff_codes import NoSuchStaffCode, staff_code_of
from app.services.staff_settling import doors_by_code
from app.services.staff_wishes import DigitsNotTaken
from app.web.admin.blueprint import admin, now, seals, the_host, the_house
from app.web.admin.sessions import current, needs
from app.web.admin.staff_forms import DigitsForm, StaffCodeForm
from app.web.admin.staff_view import staff_row
from app.web.htmx import wants_partial


@admin.get("/staff-codes", endpoint="staff_codes")
@needs(Role.STAFF)
def staff_codes_page() -> Response:
    """List the staff codes, their digits hidden."""
    at = now()
    with reading() as session:
        house = the_house(session)
        board = staff_board(session, house, at)
        rows = [staff_row(house, board, staff, current(), at) for staff in board.codes]
        page = render_template(
            "admin/staff_codes/index.html", rows=rows, may_manage=current().may(Role.OWNER)
        )
        return make_response(page)


@admin.get("/staff-codes/<int:staff_code_id>/row")
@needs(Role.STAFF)
def staff_code_row(staff_code_id: int) -> AnyResponse:
    """Show one line alone, which asks for itself while something is under way."""
    if wants_partial():
        return _row(staff_code_id)
    with reading() as session:
        _staff_code(session, staff_code_id)
    return redirect(url_for(".staff_codes"))


@admin.get("/staff-codes/new")
@needs(Role.OWNER)
def new_staff_code() -> Response:
    """Ask for all that makes a staff code."""
    form = StaffCodeForm(formdata=None)
    return _form(form, is_fresh=True)


@admin.post("/staff-codes")
@needs(Role.OWNER)
def add_staff_code() -> AnyResponse:
    """Make a staff code."""
    form = StaffCodeForm()
    _offer(form)
    if not form.validate():
        return _form(form, status=422)
    try:
        with transaction() as session:
            staff_codes.create(
                session,
                the_host(session),
                form.wish,
                digits=form.digits.data,
                seals=seals(),
                now=now(),
            )
    except DigitsNotTaken as fault:
        form.digits.errors = [fault.message]
        return _form(form, status=422)
    except DomainError as fault:
        return _form(form, problem=fault.message, status=422)
    flash(_("The code of %(who)s is on its way to the locks.", who=form.label.data), "good")
    return redirect(url_for(".staff_codes"), 303)


@admin.get("/staff-codes/<int:staff_code_id>")
@needs(Role.OWNER)
def staff_code(staff_code_id: int) -> Response:
    """Show one staff code, to be changed."""
    return _form(StaffCodeForm(formdata=None), staff_code_id, is_fresh=True)


@admin.post("/staff-codes/<int:staff_code_id>")
@needs(Role.OWNER)
def change_staff_code(staff_code_id: int) -> AnyResponse:
    """Give a staff code other doors, days, hours or dates."""
    form = StaffCodeForm()
    _offer(form)
    if not form.validate():
        return _form(form, staff_code_id, status=422)
    try:
        with transaction() as session:
            host = the_host(session)
            wish, at = form.wish, now()
            staff_codes.change(session, host, staff_code_id, wish, seals=seals(), now=at)
    except NoSuchStaffCode:
        abort(404)
    except DomainError as fault:
        return _form(form, staff_code_id, problem=fault.message, status=422)
    flash(_("The code of %(who)s is changed; the locks follow.", who=form.label.data), "good")
    return redirect(url_for(".staff_codes"), 303)


@admin.post("/staff-codes/<int:staff_code_id>/digits")
@needs(Role.OWNER)
def renew_staff_code(staff_code_id: int) -> AnyResponse:
    """Give a staff code other digits, the old ones end at once."""
    form = DigitsForm()
    if not form.validate():
        return _form(StaffCodeForm(formdata=None), staff_code_id, digits_form=form, status=422)
    try:
        with transaction() as session:
            host, digits = the_host(session), form.digits.data
            staff_codes.renew_digits(
                session, host, staff_code_id, digits=digits, seals=seals(), now=now()
            )
    except NoSuchStaffCode:
        abort(404)
    except DomainError as fault:
        form.digits.errors = [fault.message]
        return _form(StaffCodeForm(formdata=None), staff_code_id, digits_form=form, status=422)
    flash(_("It has new digits; the old ones are being taken off the locks."), "good")
    return redirect(url_for(".staff_codes"), 303)


@admin.post("/staff-codes/<int:staff_code_id>/end")
@needs(Role.OWNER)
def end_staff_code(staff_code_id: int) -> AnyResponse:
    """End a staff code; for a minute the locks keep it."""
    try:
        with transaction() as session:
            staff_codes.end(session, the_host(session), staff_code_id, seals=seals(), now=now())
    except NoSuchStaffCode:
        abort(404)
    return _answer(staff_code_id)


@admin.post("/staff-codes/<int:staff_code_id>/end/undo")
@needs(Role.OWNER)
def undo_end_staff_code(staff_code_id: int) -> AnyResponse:
    """Take the end back within its minute."""
    try:
        with transaction() as session:
            host = the_host(session)
            staff_codes.undo_end(session, host, staff_code_id, seals=seals(), now=now())
    except NoSuchStaffCode:
        abort(404)
    except DomainError as fault:
        return _answer(staff_code_id, fault.message)
    return _answer(staff_code_id)


@admin.post("/staff-codes/<int:staff_code_id>/reveal")
@needs(Role.OWNER)
def reveal_staff_code(staff_code_id: int) -> AnyResponse:
    """Show the digits to the owner, and write down that they were shown."""
    try:
        with transaction() as session:
            host, at = the_host(session), now()
            _staff, digits = staff_codes.reveal(session, host, staff_code_id, seals=seals(), now=at)
    except NoSuchStaffCode:
        abort(404)
    except DomainError as fault:
        return _answer(staff_code_id, fault.message)
    if wants_partial():
        return _row(staff_code_id, digits=digits)
    # Without htmx the digits go onto a page of their own, not into a cookie.
    return _row(staff_code_id, digits=digits, template="admin/staff_codes/code.html")


def _answer(staff_code_id: int, problem: str | None = None) -> AnyResponse:
    """Answer a row's press: the row in place for htmx, else back to the list."""
    if wants_partial():
        return _row(staff_code_id, problem=problem, status=200 if problem is None else 422)
    if problem is not None:
        flash(problem, "bad")
    return redirect(url_for(".staff_codes"), 303)


def _row(
    staff_code_id: int,
    *,
    digits: str | None = None,
    problem: str | None = None,
    status: int = 200,
    template: str = "admin/staff_codes/_staff_code_row.html",
) -> Response:
    at = now()
    with reading() as session:
        house, staff = the_house(session), _staff_code(session, staff_code_id)
        board = board_of(session, house, [staff])
        row = staff_row(house, board, staff, current(), at, digits=digits, problem=problem)
        return make_response(render_template(template, row=row), status)


def _form(
    form: StaffCodeForm,
    staff_code_id: int | None = None,
    *,
    digits_form: DigitsForm | None = None,
    is_fresh: bool = False,
    problem: str | None = None,
    status: int = 200,
) -> Response:
    """Render the form; one that came back keeps what was typed."""
    with reading() as session:
        house = the_house(session)
        form.offer(list(doors_of(session, house)))
        staff = _staff_code(session, staff_code_id) if staff_code_id is not None else None
        if staff is not None and staff.ended_at is not None:
            abort(404)
        if staff is not None and (is_fresh or digits_form is not None):
            doors = doors_by_code(session, house, [staff])[staff.id]
            form.fill(house, staff, [door.id for door in doors])
        elif is_fresh:
            form.begin(now().astimezone(house.zone).date())
        page = render_template(
            "admin/staff_codes/form.html",
            form=form,
            digits_form=digits_form or DigitsForm(formdata=None),
            staff_code_id=staff_code_id,
            label=staff.label if staff is not None else None,
            problem=problem,
        )
        return make_response(page, status)


def _offer(form: StaffCodeForm) -> None:
    with reading() as session:
        form.offer(list(doors_of(session, the_house(session))))


def _staff_code(session: Session, staff_code_id: int) -> StaffCode:
    try:
        return staff_code_of(session, current().property_id, staff_code_id)
    except NoSuchStaffCode:
        abort(404)
