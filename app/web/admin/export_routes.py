"""The pages of exports: upload one, look at what it changes, apply it, take it back."""

from flask import Response, abort, flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session
from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.wrappers import Response as AnyResponse

from app import wording
from app.db import reading, transaction
from app.domain.errors import DomainError
from app.domain.exports import UnreadableExport, read_export
from app.domain.exports.content import MOST_BYTES
from app.domain.plain_text import one_line
from app.models import ExportFile, ExportState, Role
from app.services import export_choices, export_files, export_plans, exports
from app.services.export_files import NoSuchExport
from app.services.room_names import name_rooms
from app.web.admin.blueprint import admin, now, seals, the_host, the_house
from app.web.admin.export_pages import ExportsPage, FileLine, FileState
from app.web.admin.export_report import describing, report_part
from app.web.admin.export_view import (
    Typed,
    export_words,
    file_head,
    name_of_key,
    plan_part,
    row_key,
)
from app.web.admin.sessions import current, needs
from app.web.htmx import wants_partial
from app.web.security import csrf

MOST_FILES = 30
MOST_FORM = MOST_BYTES + 64 * 1024
"""Bytes: a file, and the form around it."""
LARGEST = 2**31 - 1


@admin.get("/exports", endpoint="exports")
@needs(Role.VIEWER)
def list_exports() -> Response:
    """List the files uploaded last, and ask for another."""
    return _list()


@admin.post("/exports", endpoint="upload_export")
@needs(Role.STAFF)
def upload_export() -> AnyResponse:
    """Read a file and keep it, to be looked at; nothing is changed yet.

    The token is looked for here: not before the size is known, or a form that is too large would
    be refused without a word on what to do.
    """
    too_large = _("The file is larger than 5 MB. Choose a shorter time and download it again.")
    request.max_content_length = MOST_FORM
    if (request.content_length or 0) > MOST_FORM:
        return _list(too_large, 422)
    try:
        csrf.protect()
        sent = request.files.get("file")
    except RequestEntityTooLarge:
        return _list(too_large, 422)
    if sent is None or not sent.filename:
        return _list(_("Choose the file that you have downloaded."), 422)
    name = one_line(sent.filename.replace("\\", "/").rpartition("/")[2], 100)
    at, data = now(), sent.read(MOST_BYTES + 1)
    with reading() as session:
        zone = the_house(session).zone
    try:
        export = read_export(data, name, at.astimezone(zone))
    except UnreadableExport as fault:
        return _list(fault.message, 422)
    with transaction() as session:
        file = export_files.upload(session, the_host(session), name, export, now=at)
        export_id = file.id
    return redirect(url_for(".export", export_id=export_id), 303)


csrf.exempt(upload_export)


@admin.get("/exports/<int:export_id>", endpoint="export")
@needs(Role.VIEWER)
def show_export(export_id: int) -> Response:
    """Show what a file would change, or what it has changed."""
    return _show(export_id)


@admin.post("/exports/<int:export_id>/rooms", endpoint="export_rooms")
@needs(Role.STAFF)
def pick_export_rooms(export_id: int) -> AnyResponse:
    """Take the host's word on which rooms a row means; none: it is asked anew."""
    reference, numbers = one_line(request.form.get("reference", ""), 60), _numbers()
    key = row_key(reference)
    if not numbers and "again" not in request.form:
        return _answer(export_id, key, Typed(key, problem=_("Choose a room.")))
    try:
        with transaction() as session:
            host = the_host(session)
            export_choices.pick_rooms(session, host, export_id, reference, numbers, now=now())
    except DomainError as fault:
        _refuse_unknown(fault)
        return _answer(export_id, key, Typed(key, frozenset(numbers), fault.message))
    return _answer(export_id, key)


@admin.post("/exports/<int:export_id>/rows", endpoint="export_rows")
@needs(Role.STAFF)
def leave_row_out(export_id: int) -> AnyResponse:
    """Leave a row out, or take it in again."""
    reference = one_line(request.form.get("reference", ""), 60)
    key, out = row_key(reference), "out" in request.form
    try:
        with transaction() as session:
            export_choices.leave_out(session, the_host(session), export_id, reference, out=out)
    except DomainError as fault:
        _refuse_unknown(fault)
        return _answer(export_id, key, Typed(key, problem=fault.message))
    return _answer(export_id, key)


@admin.post("/exports/<int:export_id>/names", endpoint="export_names")
@needs(Role.STAFF)
def name_export_rooms(export_id: int) -> AnyResponse:
    """Take the host's word on which rooms a channel's name means, once for all."""
    key, numbers = one_line(request.form.get("key", ""), 60), _numbers()
    try:
        with transaction() as session:
            host = the_host(session)
            file = export_files.export_of(session, host.property_id, export_id)
            name = name_of_key(session, the_house(session), file, key)
            name_rooms(session, host, name or "", numbers, now=now())
    except DomainError as fault:
        _refuse_unknown(fault)
        return _answer(export_id, key, Typed(key, frozenset(numbers), fault.message))
    return _answer(export_id, key)


@admin.post("/exports/<int:export_id>/application", endpoint="apply_export")
@needs(Role.STAFF)
def apply_export(export_id: int) -> AnyResponse:
    """Change what the file says, if it is still what was shown."""
    at = now()
    try:
        with transaction() as session:
            words = export_words(session, the_house(session), at)
            exports.apply(
                session,
                the_host(session),
                export_id,
                request.form.get("seen", ""),
                describing(words),
                seals=seals(),
                now=at,
            )
    except DomainError as fault:
        _refuse_unknown(fault)
        return _show(export_id, problem=fault.message, status=422)
    flash(_("Applied. All of it can be taken back here."), "good")
    return redirect(url_for(".export", export_id=export_id), 303)


@admin.post("/exports/<int:export_id>/undo", endpoint="undo_export")
@needs(Role.STAFF)
def undo_export(export_id: int) -> AnyResponse:
    """Take back all that a file changed."""
    try:
        with transaction() as session:
            exports.undo_import(session, the_host(session), export_id, seals=seals(), now=now())
    except DomainError as fault:
        _refuse_unknown(fault)
        return _show(export_id, problem=fault.message, status=422)
    flash(_("All of it is taken back."), "good")
    return redirect(url_for(".export", export_id=export_id), 303)


@admin.post("/exports/<int:export_id>/dismissal", endpoint="put_export_aside")
@needs(Role.STAFF)
def put_export_aside(export_id: int) -> AnyResponse:
    """Take the host's word that the file is not wanted."""
    try:
        with transaction() as session:
            export_files.put_aside(session, the_host(session), export_id, now=now())
    except DomainError as fault:
        _refuse_unknown(fault)
        return _show(export_id, problem=fault.message, status=422)
    flash(_("The file is discarded; nothing was changed."), "good")
    return redirect(url_for(".exports"), 303)


def _list(problem: str | None = None, status: int = 200) -> Response:
    at = now()
    with reading() as session:
        house = the_house(session)
        files = tuple(
            FileLine(
                id=file.id,
                name=file.file_name,
                channel=wording.channel_name(file.channel) or file.channel,
                state=FileState(file.state),
                uploaded_text=wording.moment(file.uploaded_at, house.zone, at),
                by=host_name,
            )
            for file, host_name in export_files.latest_exports(session, house, MOST_FILES)
        )
    page = ExportsPage(files, current().may(Role.STAFF), problem)
    return make_response(render_template("admin/exports/index.html", page=page), status)


def _show(
    export_id: int,
    *,
    main: str = "",
    typed: Typed | None = None,
    problem: str | None = None,
    status: int = 200,
) -> Response:
    """Render a file's page, or what of it a choice has changed."""
    at = now()
    with reading() as session:
        house = the_house(session)
        try:
            file = export_files.export_of(session, house.id, export_id)
        except NoSuchExport:
            abort(404)
        if file.state != ExportState.UPLOADED:
            return _report(session, file, problem, status)
        shown = export_plans.preview(session, house, file, now=at)
        plan = plan_part(session, house, shown, current(), at, main=main, typed=typed)
        head = file_head(session, house, file, shown.doubts, at)
    facts = {"head": head, "plan": plan, "problem": problem}
    template = "admin/exports/changed.html" if wants_partial() else "admin/exports/show.html"
    return make_response(render_template(template, **facts), status)


def _report(session: Session, file: ExportFile, problem: str | None, status: int) -> Response:
    house, at = the_house(session), now()
    head = file_head(session, house, file, None, at)
    report = report_part(session, house, file, current(), at)
    shown = render_template("admin/exports/report.html", head=head, report=report, problem=problem)
    return make_response(shown, status)


def _answer(export_id: int, key: str, typed: Typed | None = None) -> AnyResponse:
    """Answer a choice: the plan anew for htmx, else back to the page, at the row."""
    if typed is not None:
        return _show(export_id, main=key, typed=typed, status=422)
    if wants_partial():
        return _show(export_id, main=key)
    return redirect(url_for(".export", export_id=export_id, _anchor=key), 303)


def _numbers() -> list[int]:
    """Read the rooms that were chosen."""
    typed = (text for text in request.form.getlist("room")[:200] if text.isdecimal())
    return [number for number in map(int, typed) if number <= LARGEST]


def _refuse_unknown(fault: DomainError) -> None:
    if isinstance(fault, NoSuchExport):
        abort(404)
