"""The attention list in words: what happened, what to do, and the button that does it."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from flask import url_for
from flask_babel import gettext as _

from app import wording
from app.domain.lock_zones import offsets_of, written
from app.models import AccessCode, CodeState, Door, Property, Role
from app.services.attention import Concerns
from app.services.lock_zones import offset_of
from app.services.suspicion import Suspicion
from app.web.admin import placing_attention
from app.web.admin.help_attention import cannot_open
from app.web.admin.match_words import Words
from app.web.admin.pages import Action, Attention, AttentionItem
from app.web.admin.sessions import SignedIn


def attention(house: Property, found: Concerns, host: SignedIn, now: datetime) -> Attention:
    """Put the concerns in order: closed doors first, then people, then machines."""
    words = _Words(house, host, now)
    items = [
        *(cannot_open(told, house, host, now) for told in found.helps),
        *(words.code_missing(code, found) for code in found.codes_missing),
        *map(words.code_lingering, found.codes_lingering),
        *map(words.door_tried, found.doors_tried),
        *words.stays(found),
        *placing_attention.questions(found.placing, words.placing, host),
        *placing_attention.news(found.placing, words.placing, host),
        *placing_attention.silence(found.placing, words.placing),
        *words.feeds(found),
        *words.machines(found),
    ]
    items.sort(key=lambda item: not item.is_urgent)
    return Attention(tuple(items), is_live=True)


class _Words:
    def __init__(self, house: Property, host: SignedIn, now: datetime) -> None:
        self.house, self.host, self.now = house, host, now
        self.today = now.astimezone(house.zone).date()
        self.placing = Words(house, now)

    def code_missing(self, code: AccessCode, found: Concerns) -> AttentionItem:
        who = found.staff_labels.get(code.staff_code_id or 0) or _("nobody yet")
        if code.guest is not None:
            who = code.guest.full_name or code.guest.reference
        return AttentionItem(
            what=(
                _(
                    "%(door)s still has earlier times for the code of %(who)s.",
                    who=who,
                    door=code.door.name,
                )
                if code.state == CodeState.ACTIVE
                else _("The code of %(who)s is not on %(door)s.", who=who, door=code.door.name)
            ),
            advice=code.fault or _("The lock has not confirmed it yet. We are trying again."),
            since_text=self._since(code.created_at),
            is_urgent=code.valid_from <= self.now,
            action=self._retry(code),
        )

    def code_lingering(self, code: AccessCode) -> AttentionItem:
        return AttentionItem(
            what=_("An ended code is still on %(door)s.", door=code.door.name),
            advice=_("%(fault)s We go on trying until it is gone.", fault=code.fault or ""),
            is_urgent=code.valid_until > self.now,
            action=Action(_("See the door"), url_for("admin.doors")),
        )

    def door_tried(self, found: Suspicion) -> AttentionItem:
        return AttentionItem(
            what=_(
                "Somebody tried %(tries)s codes at %(door)s that are nobody’s.",
                tries=found.tries,
                door=found.door.name,
            ),
            advice=_("The door did not open for them. If you expect nobody there, have a look."),
            since_text=_(
                "last %(when)s", when=wording.recently(found.last_at, self.house.zone, self.now)
            ),
            action=Action(_("See who was there"), url_for("admin.door", door_id=found.door.id)),
        )

    def stays(self, found: Concerns) -> Iterator[AttentionItem]:
        for stay in found.disputed:
            yield AttentionItem(
                what=_(
                    "Room %(number)s, %(dates)s is in dispute.",
                    number=stay.room.number,
                    dates=wording.span(stay.nights, self.today),
                ),
                advice=_(stay.question) if stay.question else _("Look at what its sources say."),
                is_urgent=stay.arrival <= self.today,
                action=Action(
                    _("Look at it"), url_for("admin.reservation", reservation_id=stay.id)
                ),
            )
        for stay in found.unknown_arrivals:
            channel = wording.channel_name(stay.channel) or _("The calendar")
            yield AttentionItem(
                what=_(
                    "%(channel)s has not told us who has room %(number)s from %(day)s.",
                    channel=channel,
                    number=stay.room.number,
                    day=wording.day(stay.arrival, self.today),
                ),
                advice=_("Until we know the booking reference, nobody can check in to it."),
                action=Action(
                    _("Say who it is"), url_for("admin.reservation", reservation_id=stay.id)
                ),
            )
        for message in found.messages_failed:
            yield AttentionItem(
                what=placing_attention.undelivered(message, found.placing),
                advice=message.fault or _("Call the guest, or send the link another way."),
                since_text=self._since(message.created_at),
            )

    def feeds(self, found: Concerns) -> Iterator[AttentionItem]:
        for feed in found.feeds_failing:
            channel = wording.channel_name(feed.channel) or feed.channel
            yield AttentionItem(
                what=_(
                    "The %(channel)s calendar of room %(number)s cannot be read.",
                    channel=channel,
                    number=feed.room.number,
                ),
                advice=feed.fault or "",
                since_text=self._since(feed.failing_since) if feed.failing_since else None,
                action=Action(_("See the feeds"), url_for("admin.feeds")),
            )
        for feed in found.feeds_held:
            yield AttentionItem(
                what=_("Bookings vanished from the calendar of room %(n)s.", n=feed.room.number),
                advice=feed.hold or "",
                action=Action(_("Decide"), url_for("admin.feeds")),
            )

    def machines(self, found: Concerns) -> Iterator[AttentionItem]:
        see = Action(_("See the doors"), url_for("admin.doors"))
        yield from map(self._elsewhere, found.doors_elsewhere)
        for door in found.doors_weak:
            yield AttentionItem(
                what=_(
                    "The battery of %(door)s is at %(percent)s %%.",
                    door=door.name,
                    percent=door.battery_percent,
                ),
                advice=_("Change it before the next guest arrives."),
                action=see,
            )
        for door in found.doors_offline:
            yield AttentionItem(
                what=_("The gateway of %(door)s is offline.", door=door.name),
                advice=_("Codes and unlocks wait until it has power and network again."),
                action=see,
            )

    def _elsewhere(self, door: Door) -> AttentionItem:
        is_set, right = offset_of(door), sorted(offsets_of(self.house.zone, self.now))
        return AttentionItem(
            what=_("The lock of %(door)s is set to another time zone.", door=door.name),
            advice=_(
                "It is set to %(is_set)s, this house to %(right)s: its codes may start and end "
                "hours off. Set the lock’s time zone and its clock in the TTLock app, standing at "
                "the door; then look again.",
                is_set=written(is_set or timedelta()),
                right=_(" or ").join(written(one) for one in right),
            ),
            action=Action(_("Look again"), url_for("admin.tonight_zone", door_id=door.id), True)
            if self.host.may(Role.STAFF)
            else None,
        )

    def _retry(self, code: AccessCode) -> Action | None:
        if not self.host.may(Role.STAFF):
            return None
        return Action(_("Try again now"), url_for("admin.retry_code", code_id=code.id), True)

    def _since(self, instant: datetime) -> str:
        when = wording.recently(instant, self.house.zone, self.now)
        return str(_("since %(when)s", when=when))
