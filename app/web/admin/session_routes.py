"""Signing in and out, and the one-time link of a new host."""

from flask import make_response, redirect, render_template, request, url_for
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response as AnyResponse
from wtforms import EmailField, PasswordField
from wtforms.validators import InputRequired

from app.db import reading, transaction
from app.models import Role
from app.services import hosts
from app.services.throttle import Key, LockedOut, Tries, address_key
from app.web.admin import sessions
from app.web.admin.blueprint import admin, now, seals, the_host
from app.web.admin.sessions import needs, open_to_all


class SignInForm(FlaskForm):  # type: ignore[misc]
    email = EmailField(validators=[InputRequired(_l("Enter your mail address."))])
    password = PasswordField(validators=[InputRequired(_l("Enter your password."))])


class WelcomeForm(FlaskForm):  # type: ignore[misc]
    password = PasswordField(validators=[InputRequired(_l("Choose a password."))])


@admin.route("/sign-in", methods=["GET", "POST"])
@open_to_all
def sign_in() -> AnyResponse:
    """Ask for address and password; count what does not fit."""
    form = SignInForm()
    if not form.validate_on_submit():
        status = 422 if form.is_submitted() else 200
        return _sign_in_page(form, None, status)
    email = (form.email.data or "").strip().lower()
    password = form.password.data or ""
    keys = (address_key(request.remote_addr), Key("account", email))
    try:
        with transaction() as session:
            tries = Tries(session, keys, seals=seals(), now=now())
            try:
                host = hosts.sign_in(session, email, password)
            except hosts.NotSignedIn as fault:
                tries.failed()
                problem = fault.message
            else:
                tries.succeeded()
                sessions.begin(host)
                return redirect(_next(), 303)
    except LockedOut as fault:
        return _sign_in_page(form, fault.message, 429)
    return _sign_in_page(form, problem, 422)


@admin.post("/sign-out")
@needs(Role.CLEANER)
def sign_out() -> AnyResponse:
    """End this host's sessions, here and on every other device."""
    with transaction() as session:
        hosts.sign_out_everywhere(the_host(session))
    sessions.end()
    return redirect(url_for(".sign_in"), 303)


@admin.route("/welcome/<token>", methods=["GET", "POST"])
@open_to_all
def welcome(token: str) -> AnyResponse:
    """Let a new host choose a password; the link works once."""
    form = WelcomeForm()
    try:
        if not form.validate_on_submit():
            return _welcome_page(token, form, 422 if form.is_submitted() else 200)
        with transaction() as session:
            host = hosts.host_by_welcome(session, token, now())
            password = form.password.data or ""
            hosts.check_password(host, password)
            hosts.set_password(host, password)
            session.flush()
            sessions.begin(host)
    except hosts.BadPassword as fault:
        form.password.errors = [fault.message]
        return _welcome_page(token, form, 422)
    except hosts.NotSignedIn as fault:
        return _sign_in_page(SignInForm(formdata=None), fault.message, 404)
    return redirect(url_for(".today"), 303)


def _sign_in_page(form: SignInForm, problem: str | None, status: int) -> AnyResponse:
    page = render_template("admin/session/sign_in.html", form=form, problem=problem, house=None)
    return make_response(page, status)


def _welcome_page(token: str, form: WelcomeForm, status: int) -> AnyResponse:
    with reading() as session:
        host = hosts.host_by_welcome(session, token, now())
        page = render_template(
            "admin/welcome/show.html",
            form=form,
            problem=None,
            token=token,
            host_name=host.name,
            host_email=host.email,
            house=None,
        )
    return make_response(page, status)


def _next() -> str:
    target = request.args.get("next", "")
    return target if sessions.is_safe_path(target) else url_for(".today")
