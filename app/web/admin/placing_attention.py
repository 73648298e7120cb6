"""The attention list's words on bookings to place: questions, changes, mails, silent phones."""

from collections.abc import Callable, Iterator

from flask import current_app, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from app import wording
from app.domain.enrichment import Ask
from app.models import Host, Medium, Message, Role, TextStep
from app.services.placing_concerns import OpenQuestion, PlacingConcerns
from app.web.admin.match_bonds import waits
from app.web.admin.match_notes import change_line
from app.web.admin.match_words import Words, listed, rooms
from app.web.admin.pages import Action, AttentionItem
from app.web.admin.sessions import SignedIn
from config import Settings


def questions(found: PlacingConcerns, words: Words, host: SignedIn) -> Iterator[AttentionItem]:
    """Say what hosts are asked, soonest first. A cleaner is not shown whose rooms are."""
    if not host.may(Role.VIEWER):
        return
    label = _("Answer") if host.may(Role.STAFF) else _("See what is known")
    for one in found.questions:
        anchor = f"day-{one.question.arrival.isoformat()}"
        waiting = any(waits(stay) for stay in one.stays)
        yield AttentionItem(
            what=_asks(one, words),
            advice=_advice(one, waiting=waiting),
            since_text=_since(words, one),
            is_urgent=waiting and one.question.arrival <= words.today,
            action=Action(label, url_for("admin.matches", _anchor=anchor)),
        )
    if found.further:
        yield AttentionItem(
            what=ngettext(
                "%(num)d more booking is to be placed.",
                "%(num)d more bookings are to be placed.",
                found.further,
            ),
            advice=_("An export of your channel, or a line for each by text, places them, too."),
            action=Action(_("See them all"), url_for("admin.matches")),
        )


def news(found: PlacingConcerns, words: Words, host: SignedIn) -> Iterator[AttentionItem]:
    """Say what else came by mail, or does not come."""
    if not host.may(Role.VIEWER):
        return
    see = Action(_("Look at it"), url_for("admin.matches", _anchor="notes"))
    for change in found.modified:
        line = change_line(words, change)
        yield AttentionItem(
            what=line.what,
            advice=_("Look at the channel’s page what was changed, and put it right here."),
            action=see,
        )
    if found.doubtful:
        latest = found.doubtful[0]
        yield AttentionItem(
            what=ngettext(
                "A mail was not believed.", "%(num)d mails were not believed.", len(found.doubtful)
            ),
            advice=_(latest.why) if latest.why else _("It may tell of a booking."),
            since_text=words.moment(latest.received_at),
            action=see,
        )


def silence(found: PlacingConcerns, words: Words) -> Iterator[AttentionItem]:
    """Say what keeps us from hearing of bookings, or hosts from hearing of us."""
    for box in found.mailboxes_failing:
        since = words.moment(box.failing_since) if box.failing_since else ""
        yield AttentionItem(
            what=_("The mailbox with the booking mails cannot be read."),
            advice=_(box.fault) if box.fault else _("We go on trying."),
            since_text=_("since %(when)s", when=since),
        )
    for trouble in found.text_troubles:
        yield AttentionItem(
            what=_("Texts do not go out.")
            if trouble.step == TextStep.SENDING
            else _("Texts do not reach phones."),
            advice=_("%(fault)s Texts wait until then.", fault=trouble.fault),
            since_text=_("since %(when)s", when=words.moment(trouble.since)),
            is_urgent=True,
            action=Action(_("See the settings"), url_for("admin.settings")),
        )
    for host in found.hosts_silent:
        yield AttentionItem(
            what=_("%(name)s’s phone refuses our texts (STOP).", name=host.name),
            advice=_start_again(),
        )


def undelivered(message: Message, hosts: PlacingConcerns) -> str:
    """Say whom a message did not reach."""
    host: Host | None = hosts.hosts.get(message.host_id or 0)
    if host is None:
        return str(_("A message to a guest did not arrive."))
    if message.medium == Medium.SMS:
        return str(_("A text to %(name)s did not arrive.", name=host.name))
    return str(_("A mail to %(name)s did not arrive.", name=host.name))


def _start_again() -> str:
    settings: Settings = current_app.extensions["settings"]
    sender = settings.twilio.sender if settings.twilio is not None else ""
    if not sender.startswith("+"):
        return str(_("Text START to our number from it."))
    return str(_("Text START to %(number)s from it.", number=wording.phone_text(sender)))


def _advice(one: OpenQuestion, *, waiting: bool) -> str:
    if waiting:
        said = _("The guest has checked in and waits. No code is made before you answer.")
    elif one.question.ask == Ask.MISSING:
        said = _("Until we know the booking reference, nobody can check in to it.")
    elif one.question.ask == Ask.UNPLACED:
        said = _("No calendar shows a room as closed from that day.")
    elif one.question.ask == Ask.CLAIM:
        said = _("No mail has told of it. No code is made on a claim alone.")
    else:
        said = _("Nobody gets a code for it before you answer.")
    return str(said)


def _since(words: Words, one: OpenQuestion) -> str:
    when = wording.recently(one.question.asked_at, words.house.zone, words.now)
    return str(_("since %(when)s", when=when))


def _asks(one: OpenQuestion, words: Words) -> str:
    facts = {
        "rooms": rooms(one.stays) if one.stays else "",
        "references": listed([notice.reference for notice in one.notices]),
        "day": wording.day(one.question.arrival, words.today),
        "who": (one.notices[0].name if one.notices else None) or _("A guest"),
        "channel": (wording.channel_name(one.stays[0].channel) if one.stays else None)
        or _("The calendar"),
    }
    return str(_ASKS[one.question.ask](one, facts))


def _of_collision(one: OpenQuestion, facts: dict[str, str]) -> str:
    several = len(one.stays) > 1
    if len(one.notices) > 1 and several:
        said = _("Whose are %(rooms)s from %(day)s? There are %(references)s.", **facts)
    elif len(one.notices) > 1:
        said = _("Whose is %(rooms)s from %(day)s? There are %(references)s.", **facts)
    elif several:
        said = _("Which of %(rooms)s from %(day)s is %(references)s’s?", **facts)
    else:
        said = _("Whose is %(rooms)s from %(day)s, if not %(references)s’s?", **facts)
    return str(said)


_ASKS: dict[Ask, Callable[[OpenQuestion, dict[str, str]], str]] = {
    Ask.SEVERAL_ROOMS: lambda _one, facts: _(
        "Which of %(rooms)s from %(day)s is %(references)s’s? All of them?", **facts
    ),
    Ask.LONE: lambda _one, facts: _("Is %(rooms)s from %(day)s %(references)s’s?", **facts),
    Ask.COLLISION: _of_collision,
    Ask.MISSING: lambda _one, facts: _(
        "%(channel)s has not told us who has %(rooms)s from %(day)s.", **facts
    ),
    Ask.CLAIM: lambda _one, facts: _(
        "%(who)s says that %(references)s is their booking, from %(day)s.", **facts
    ),
    Ask.MOVED: lambda _one, facts: _(
        "Did %(references)s move to %(rooms)s, from %(day)s?", **facts
    ),
    Ask.UNPLACED: lambda _one, facts: _("In which room is %(references)s, from %(day)s?", **facts),
}
