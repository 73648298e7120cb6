"""Filling the page on a door that does not open."""

from datetime import datetime, timedelta

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from app import wording
from app.domain.access import Because
from app.domain.door_findings import (
    BY_A_PERSON,
    NOT_THEIR_TIME,
    Finding,
    Found,
    needs_a_person,
)
from app.domain.ladder import Rung
from app.models import Door, DoorHelp, Guest
from app.seals import Seals
from app.services.door_help import HelpEnd, last_help
from app.services.door_stories import Asked, Story, story
from app.web.guest.door_help_pages import HelpAction, HelpPanel, HelpStep, Said
from app.web.guest.door_help_words import Facts, said_to_guest, steps_of
from app.web.guest.house_view import house_on_page
from app.web.guest.pages import DoorOnPage, Pace, Unlock
from app.web.guest.stay_view import StayView

END_SHOWN = timedelta(minutes=10)
"""How long the page tells how an asking ended; after that it offers to look anew."""

WATCHED = timedelta(minutes=10)
"""After the asking the page looks for news often, then seldom."""

CODE_SHOWN_NOT = frozenset({Finding.DOUBLE_LOCKED, Finding.CLOCK_OFF, Finding.CODE_REFUSED})
"""Where typing the code again leads nowhere."""

ELSEWHERE = frozenset({Finding.WRONG_DOOR})
"""They stand at another door: theirs is not opened from afar meanwhile."""

MOST_SAID = 3


def door_help_view(
    session: Session, guest: Guest, door_id: int, token: str, *, seals: Seals, now: datetime
) -> "DoorHelpView | None":
    """Look at a guest before a door; None when the door is none of theirs."""
    stay = StayView(session, guest, token, seals=seals, now=now)
    found = stay.door(door_id)
    if found is None or found[1].because == Because.NOT_THEIRS:
        return None
    return DoorHelpView(session, stay, found[0])


class DoorHelpView:
    """One guest before one door at one instant, in a fixed number of statements."""

    def __init__(self, session: Session, stay: StayView, door: Door) -> None:
        self.stay, self.door, self.now = stay, door, stay.now
        self.help = last_help(session, stay.guest, door.id)
        is_open = self.help is not None and self.help.closed_at is None
        asked = Asked(stay.guest, door, self.help if is_open else None)
        self.story = story(session, asked, stay.now)

    def panel(self) -> HelpPanel:
        """Return the screen."""
        told, asked = self.story, self.help
        if told.found[0].what in NOT_THEIR_TIME:
            return self._not_now(told)
        if asked is None or (
            asked.closed_at is not None and self.now - asked.closed_at > END_SHOWN
        ):
            return self._ask()
        if asked.closed_at is not None:
            return self._ended(asked)
        if asked.looked_at is None:
            return self._looking()
        return self._found(told, asked)

    def _ask(self) -> HelpPanel:
        headline = _("%(door)s does not open?", door=self.door.name)
        advice = _("We look into the lock’s own records and tell you what it saw.")
        return self._panel(HelpStep.ASK, HelpAction.LOOK, Said(headline, advice))

    def _looking(self) -> HelpPanel:
        said = Said(_("Looking at the lock…"), _("This takes a few seconds. Stay at the door."))
        return self._panel(HelpStep.LOOKING, HelpAction.NONE, said, pace=Pace.FAST)

    def _not_now(self, told: Story) -> HelpPanel:
        found = told.found[0]
        action = HelpAction.PHONE
        if found.what == Finding.NOT_CHECKED_IN:
            action = HelpAction.CHECK_IN
        return self._panel(HelpStep.NOT_NOW, action, self._said(found))

    def _ended(self, asked: DoorHelp) -> HelpPanel:
        if asked.closed_how == HelpEnd.OPENED and asked.closed_at is not None:
            said = self._said(Found(Finding.OPENED, at=asked.closed_at))
            return self._panel(HelpStep.OPEN, HelpAction.IT_IS_OPEN, said, may_look_again=True)
        if asked.closed_how == HelpEnd.HOST:
            said = Said(_("Your host has seen to it"), _("Try the door once more."))
            return self._panel(HelpStep.CLOSED, HelpAction.LOOK, said)
        return self._ask()

    def _found(self, told: Story, asked: DoorHelp) -> HelpPanel:
        first = told.found[0]
        is_open = first.what == Finding.OPENED
        is_away = first.what in ELSEWHERE
        on_page = self.stay.door_on_page(told.door.id)
        code = on_page.code if on_page is not None and told.may_see_code else None
        if any(found.what in CODE_SHOWN_NOT for found in told.found[:1]) or is_open:
            code = None
        unlock = self._unlock(told, on_page)
        return self._panel(
            HelpStep.OPEN if is_open else HelpStep.FOUND,
            self._action(told, unlock, asked),
            self._first_said(told),
            more=tuple(self._said(found) for found in told.found[1:MOST_SAID]),
            code=code,
            code_id=told.code.id if told.code is not None and code is not None else None,
            how_to_open=steps_of(told.door.how_to_open) if code and not is_away else (),
            unlock=unlock,
            may_look_again=first.what != Finding.UNCERTAIN,
            may_call=asked.hosts_told_at is None and not is_open,
            has_number=told.guest.phone is not None,
            told_text=self._clock(asked.hosts_told_at) if asked.hosts_told_at else None,
            pace=Pace.FAST if self.now - asked.asked_at < WATCHED else Pace.SLOW,
        )

    def _first_said(self, told: Story) -> Said:
        """Say the first finding; what is offered instead of a code that fails goes with it."""
        first = told.found[0]
        said = self._said(first)
        if first.what == Finding.NOT_ON_LOCK and told.rung == Rung.OFFLINE_CODE:
            return Said(said.headline, _("Another code is being made and shows here in a moment."))
        out_of_reach = any(found.what == Finding.LOST_CONTACT for found in told.found[1:])
        if first.what in (Finding.NOT_ON_LOCK, Finding.CODE_REFUSED) and out_of_reach:
            advice = _(
                "And we cannot reach the lock from here. Your host has been told: phone them."
            )
            return Said(said.headline, advice)
        return said

    def _unlock(self, told: Story, on_page: DoorOnPage | None) -> Unlock | None:
        """Offer to open from here, where that can work and they stand at this door."""
        may = told.may_see_code and on_page is not None
        can = told.door.gateway_online is not False and told.door.opens_remotely is not False
        if not may or not can or told.found[0].what in (*ELSEWHERE, *BY_A_PERSON, Finding.OPENED):
            return None
        return on_page.unlock if on_page is not None else None

    def _action(self, told: Story, unlock: Unlock | None, asked: DoorHelp) -> HelpAction:
        first = told.found[0].what
        if first == Finding.OPENED:
            return HelpAction.IT_IS_OPEN
        if needs_a_person(told.found):
            return HelpAction.PHONE
        if unlock is not None:
            return HelpAction.UNLOCK
        return HelpAction.LOOK if first in ELSEWHERE else HelpAction.IT_IS_OPEN

    def _panel(self, step: HelpStep, action: HelpAction, said: Said, **more: object) -> HelpPanel:
        on_page = self.stay.door_on_page(self.door.id)
        return HelpPanel(
            token=self.stay.token,
            house=house_on_page(self.stay.house),
            door_id=self.door.id,
            door_name=self.door.name,
            room_number=on_page.room_number if on_page is not None else None,
            step=step,
            action=action,
            said=said,
            **more,  # type: ignore[arg-type]
        )

    def _said(self, found: Found) -> Said:
        zone = self.stay.house.zone
        if found.what in (Finding.TOO_EARLY, Finding.OVER) and found.at is not None:
            when = wording.moment(found.at, zone, self.now)
        else:
            when = self._clock(found.at) if found.at is not None else ""
        return said_to_guest(Facts(self.door.name, found, when))

    def _clock(self, at: datetime) -> str:
        return wording.recently(at, self.stay.house.zone, self.now)
