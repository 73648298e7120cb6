"""The attention list's words on guests before doors that do not open."""

from datetime import datetime

from flask import url_for
from flask_babel import gettext as _

from app import wording
from app.door_wording import for_hosts
from app.models import Property, Role
from app.services.door_stories import Story
from app.web.admin.pages import Action, AttentionItem
from app.web.admin.sessions import SignedIn


def cannot_open(told: Story, house: Property, host: SignedIn, now: datetime) -> AttentionItem:
    """Say who stands where, why, and whom to call back. A cleaner is told no name."""
    asked, guest = told.help, told.guest
    who = (guest.full_name or guest.reference) if host.may(Role.VIEWER) else _("A guest")
    when = wording.recently(asked.asked_at, house.zone, now) if asked is not None else ""
    said = [for_hosts(found, house.zone, now) for found in told.found[:2]]
    if guest.phone and host.may(Role.VIEWER):
        said.append(_("Call them: %(phone)s", phone=wording.phone_text(guest.phone)))
    see = Action(_("See the door"), url_for("admin.door", door_id=told.door.id))
    unlock = Action(_("Unlock now"), url_for("admin.unlock", door_id=told.door.id), True)
    further: tuple[Action, ...] = ()
    if host.may(Role.STAFF) and asked is not None:
        done = Action(_("Done"), url_for("admin.close_door_help", help_id=asked.id), True)
        further = (see, done)
    return AttentionItem(
        what=_("%(who)s cannot open %(door)s (%(when)s).", who=who, door=told.door.name, when=when),
        advice=" ".join(said),
        is_urgent=True,
        action=unlock if further else see,
        further=further,
    )
