"""The conditions of an arrival, and the evidence for each, as sentences for the host."""

from datetime import datetime

from flask_babel import gettext as _

from app import wording
from app.domain.tonight_words import Check, Item, Why
from app.models import Property, Reservation


def label(item: Item) -> str:
    """Name the condition: "Code on Front door"."""
    door = {"door": item.door or ""}
    names = {
        Check.MATCH: _("Whose stay it is"),
        Check.CONTACT: _("How to reach them"),
        Check.CODE: _("Code on %(door)s", **door),
        Check.GATEWAY: _("Gateway of %(door)s", **door),
        Check.BATTERY: _("Battery of %(door)s", **door),
        Check.MESSAGE: _("The link to their page"),
        Check.PAGE: _("They have opened it"),
    }
    return str(names[item.check])


class Evidence:
    """Says what is known of one arrival, at one moment."""

    def __init__(self, house: Property, stay: Reservation, now: datetime) -> None:
        self.house, self.stay, self.now = house, stay, now

    def says(self, item: Item) -> str:
        """Say an item's state and what it rests on."""
        if item.why == Why.ON_ITS_WAY:
            return self._on_its_way(item)
        return self._of_stay(item) or self._of_door(item) or self._of_message(item)

    def when(self, instant: datetime | None) -> str:
        """Say "13:50", or with the day where it is not today's."""
        if instant is None:
            return str(_("never"))
        return wording.recently(instant, self.house.zone, self.now)

    def _of_stay(self, item: Item) -> str | None:
        when = self.when(item.at)
        match item.why:
            case Why.CERTAIN:
                return str(_("Certain."))
            case Why.NOBODY_KNOWN:
                channel = wording.channel_name(self.stay.channel)
                if channel is None:
                    return str(_("We do not know who this is."))
                return str(_("%(channel)s has not told us who this is.", channel=channel))
            case Why.UNCONFIRMED:
                return str(_("A booking is proposed for this room; it waits for your OK."))
            case Why.IN_DISPUTE:
                return str(_(self.stay.question or "What the sources say of it differs."))
            case Why.NOT_CERTAIN:
                return str(_("Comes once it is known whose stay it is."))
            case Why.AT_THE_DESK:
                return str(_("You checked them in when they came, %(when)s.", when=when))
            case Why.PHONE_KNOWN:
                return str(_("We know their phone number."))
            case Why.MAIL_KNOWN:
                return str(_("We know their mail address."))
            case Why.NO_CONTACT if item.check == Check.MESSAGE:
                return str(_("There is nowhere to send it yet."))
            case Why.NO_CONTACT:
                return str(
                    _("We know no phone or mail of the guest, so nobody can tell them the way in.")
                )
            case _other:
                return None

    def _of_door(self, item: Item) -> str | None:
        facts = {"door": item.door or "", "when": self.when(item.at), "percent": item.percent}
        match item.why:
            case Why.ON_ITS_LOCK:
                return str(_("On the lock since %(when)s.", **facts))
            case Why.FAILED:
                said = _("The code is not on %(door)s.", **facts)
                return f"{said} {_(item.detail)}" if item.detail else str(said)
            case Why.MISSING:
                return str(_("There is no code for %(door)s.", **facts))
            case Why.OTHER_ZONE:
                said = _("The lock of %(door)s is set to another time zone.", **facts)
                todo = _("Set its time zone and its clock in the TTLock app, standing there.")
                return f"{said} {todo}"
            case Why.NOT_CHECKED_IN:
                return str(_("Is made when the guest checks in."))
            case Why.ONLINE:
                return str(_("Online, last heard %(when)s.", **facts))
            case Why.OFFLINE:
                return str(
                    _("The gateway of %(door)s is offline: no code can get to its lock.", **facts)
                )
            case Why.OFFLINE_BUT_CODED:
                return str(
                    _("Offline, last heard %(when)s. The code is on the lock and opens.", **facts)
                )
            case Why.NOT_HEARD:
                return str(_("Not heard for a day: %(when)s.", **facts))
            case Why.NOT_TOLD:
                return str(_("The lock service does not say."))
            case Why.CHARGED:
                return str(_("%(percent)s %%.", **facts))
            case Why.LOW:
                return str(_("The battery of %(door)s is at %(percent)s %%.", **facts))
            case _other:
                return None

    def _of_message(self, item: Item) -> str:
        when = self.when(item.at)
        match item.why:
            case Why.DELIVERED:
                return str(_("Delivered, sent %(when)s.", when=when))
            case Why.HANDED_OVER:
                return str(_("Sent by mail %(when)s.", when=when))
            case Why.UNREPORTED:
                return str(_("Texted %(when)s; not reported as delivered yet.", when=when))
            case Why.UNDELIVERED:
                said = _("The message with the link did not arrive.")
                return f"{said} {_(item.detail)}" if item.detail else str(said)
            case Why.NOT_SENT:
                return str(_("The link to their page has not been sent."))
            case Why.OPENED:
                return str(_("Opened %(when)s.", when=when))
            case Why.CHECKED_IN_THERE:
                return str(_("They checked in by themselves, %(when)s.", when=when))
            case _other:
                return str(_("Not opened yet."))

    def _on_its_way(self, item: Item) -> str:
        if item.check == Check.CODE:
            said = _("%(door)s has not confirmed the code yet.", door=item.door or "")
        else:
            said = _("The message with the link has not gone out yet.")
        return f"{said} {_(item.detail) if item.detail else _('We go on trying.')}"
