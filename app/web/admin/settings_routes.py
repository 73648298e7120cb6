"""The settings page: what is connected, and what follows from what is not."""

from flask import Response, current_app, make_response, render_template
from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from app import wording
from app.db import reading
from app.models import Host, Property, Role
from app.ports.locks.ttlock_errors import BEIJING
from app.services.call_budget import calls_spent
from app.web.admin.blueprint import admin, now, the_house
from app.web.admin.pages import Fact
from app.web.admin.sessions import needs
from app.web.admin.settings_pages import HostLine, SettingsPage, World
from config import Settings, TtlockSettings


@admin.get("/settings")
@needs(Role.VIEWER)
def settings() -> Response:
    """Show the outside worlds, the property and its hosts."""
    with reading() as session:
        house = the_house(session)
        hosts = session.scalars(
            select(Host).filter_by(property_id=house.id).order_by(Host.id)
        ).all()
        page = SettingsPage(
            property_name=house.name,
            facts=_facts(house),
            worlds=_worlds(session, current_app.extensions["settings"]),
            hosts=tuple(
                HostLine(
                    host.name,
                    host.email,
                    host.role,
                    wording.phone_text(host.phone),
                    host.password_hash is None,
                )
                for host in hosts
            ),
        )
        return make_response(render_template("admin/settings/show.html", page=page))


def _facts(house: Property) -> tuple[Fact, ...]:
    facts = [
        (_("Time zone"), house.timezone),
        (_("Check-in from"), wording.clock(house.check_in)),
        (_("Check-out by"), wording.clock(house.check_out)),
        (_("Phone"), wording.phone_text(house.phone)),
        (_("Digits of a code"), str(house.code_length)),
        (_("Spare code on each door"), _("yes") if house.spare_codes else _("no")),
        (_("Months that guests’ data is kept"), str(house.retention_months)),
    ]
    return tuple(Fact(label, value) for label, value in facts if value)


def _calls_used(session: Session, settings: TtlockSettings) -> str:
    """Say how many of the month's calls are used; TTLock's months begin in Beijing."""
    used = calls_spent(session, "ttlock", f"{now().astimezone(BEIJING):%Y-%m}")
    return str(
        _(
            "Codes are put on the locks and doors open from afar. %(used)s of this month’s "
            "%(all)s calls are used.",
            used=used,
            all=settings.monthly_calls,
        )
    )


def _worlds(session: Session, settings: Settings) -> tuple[World, ...]:
    return (
        World(
            _("Locks by TTLock"),
            settings.ttlock is not None,
            _calls_used(session, settings.ttlock)
            if settings.ttlock
            else _("Codes wait until it is switched on; nothing reaches a lock."),
            variables=(
                "TTLOCK_CLIENT_ID",
                "TTLOCK_CLIENT_SECRET",
                "TTLOCK_USERNAME",
                "TTLOCK_PASSWORD",
            ),
        ),
        World(
            _("Locks by Seam"),
            settings.seam is not None,
            _("Codes are put on the locks and doors open from afar.")
            if settings.seam
            else _("Codes wait until it is switched on; nothing reaches a lock."),
            variables=("SEAM_API_KEY",),
        ),
        World(
            _("Text messages by Twilio"),
            settings.twilio is not None,
            _("Guests get their link by text.")
            if settings.twilio
            else _("Guests get their link by mail, or from you."),
            variables=("TWILIO_ACCOUNT_SID", "TWILIO_AUTH_TOKEN", "TWILIO_FROM"),
        ),
        World(
            _("Mail out"),
            settings.smtp is not None,
            _("Guests without a phone number get their link by mail.")
            if settings.smtp
            else _("Guests without a phone number get no link; you see it on their reservation."),
            variables=("SMTP_URL", "MAIL_FROM"),
        ),
        World(
            _("Mail in"),
            settings.mailbox_url is not None,
            _("Booking mails are read, so that most bookings are known without you.")
            if settings.mailbox_url
            else _("You give the booking references by text, spreadsheet or on the dashboard."),
            variables=("MAILBOX_URL",),
        ),
    )
