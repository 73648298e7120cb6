"""The mailbox on the settings page, and its client where it is set up."""

from flask import Flask
from sqlalchemy.orm import Session

from app.models import Role
from app.ports.mail.imap import ImapInbox
from app.wiring import Ports
from tests.conftest import BASE
from tests.factories import make_host
from tests.support.apps import MakeApp
from tests.web.conftest import SignIn
from tests.web.houses import Lived
from tests.web.visitor import Visitor


def ports_of(app: Flask) -> Ports:
    ports: Ports = app.extensions["ports"]
    return ports


def test_mailbox_that_is_off_says_what_follows_and_how_to_switch_it_on(
    app: Flask, sign_in: SignIn
) -> None:
    page = sign_in(Role.VIEWER).get("/admin/settings").text

    assert ports_of(app).inbox is None
    assert "You give the booking references by text" in page
    assert "<code>MAILBOX_URL</code>" in page


def test_mailbox_that_is_on_says_so_and_shows_no_password(
    database_url: str, redis_url: str, session: Session, lived: Lived, make_app: MakeApp
) -> None:
    mailbox = {"MAILBOX_URL": "imaps://bookings:a-password@mail.example/INBOX"}
    env = {**BASE, **mailbox, "DATABASE_URL": database_url, "REDIS_URL": redis_url}
    app = make_app(env)
    viewer = Visitor(app)
    viewer.sign_in(make_host(session, lived.house, Role.VIEWER))

    page = viewer.get("/admin/settings").text

    assert isinstance(ports_of(app).inbox, ImapInbox)
    assert "Booking mails are read" in page
    assert "a-password" not in page
