"""What was found at a door, as the guest who stands before it is told: what happened, what to do.

Short words: it is night, it rains, and the phone is in the hand that holds the suitcase.
"""

from collections.abc import Callable
from dataclasses import dataclass

from flask_babel import gettext as _

from app.domain.door_findings import Finding, Found
from app.web.guest.door_help_pages import Said


@dataclass(frozen=True)
class Facts:
    """What the sentences speak of; `when` is ready to be read."""

    door: str
    found: Found
    when: str

    @property
    def other(self) -> str:
        return self.found.door or ""


def said_to_guest(facts: Facts) -> Said:
    headline, advice = _WORDS[facts.found.what](facts)
    return Said(str(headline), str(advice))


def steps_of(how_to_open: str | None) -> tuple[str, ...]:
    """Return the steps at a lock, one a line; those of most keypads where the host wrote none."""
    written = [line.strip() for line in (how_to_open or "").splitlines()]
    return tuple(line for line in written if line) or (
        _("Lay your palm on the keypad until the numbers light up."),
        _("Type the code slowly, one digit after the other."),
        _("End with # or the tick."),
        _("Wait for the green light, then push the handle down."),
    )


_Words = Callable[[Facts], tuple[str, str]]


def _slowly() -> str:
    return str(_("Type it once more, slowly, one digit after the other."))


def _wrong_door(facts: Facts) -> tuple[str, str]:
    headline = _("That was %(other)s. Yours is %(door)s.", other=facts.other, door=facts.door)
    advice = _(
        "Your code does not open %(other)s. Go to %(door)s and type it there.",
        other=facts.other,
        door=facts.door,
    )
    return headline, advice


def _too_early(facts: Facts) -> tuple[str, str]:
    if facts.found.at is None:
        return _("Your time has not come yet"), _("Your page says when your code works.")
    return _("Your code starts %(when)s", when=facts.when), _(
        "The door opens for you from then on, and your code shows on your page. "
        "Would you like to come in sooner? Ask your host."
    )


def _lost_contact(facts: Facts) -> tuple[str, str]:
    advice = _("We cannot open it from here. Your code works all the same: type it slowly.")
    if facts.found.at is None:
        return _("This lock has lost contact"), advice
    return _("This lock has lost contact"), _(
        "We last heard of it at %(when)s and cannot open it from here. Your code works all the "
        "same: type it slowly.",
        when=facts.when,
    )


_WORDS: dict[Finding, _Words] = {
    Finding.NOT_CHECKED_IN: lambda _facts: (
        _("You have not checked in yet"),
        _("It takes a minute. Then your code comes."),
    ),
    Finding.UNCERTAIN: lambda _facts: (
        _("Your host is confirming this room"),
        _("They have just been told that you stand at the door. Your code shows here after that."),
    ),
    Finding.TOO_EARLY: _too_early,
    Finding.OVER: lambda _facts: (
        _("This door no longer opens for you"),
        _("Your stay is over. Did you leave something behind? Phone your host."),
    ),
    Finding.OPENED: lambda facts: (
        _("The lock opened at %(when)s", when=facts.when),
        _("Push the handle down, then push the door, or pull it. It locks again after a moment."),
    ),
    Finding.DOUBLE_LOCKED: lambda _facts: (
        _("The door is locked from inside"),
        _("Knock: somebody may be in there. No code opens it now. Your host has been told."),
    ),
    Finding.LOCKED_OUT: lambda facts: (
        _("The keypad rests until %(when)s", when=facts.when),
        _("After several wrong tries it takes no code for 5 minutes. Unlock works meanwhile."),
    ),
    Finding.NOT_ON_LOCK: lambda _facts: (
        _("Your code is not on this lock yet"),
        _("We go on trying, and it shows here by itself. Do not wait for it: tap Unlock."),
    ),
    Finding.STAND_IN: lambda _facts: (
        _("Here is another code for this door"),
        _("The first one does not work on this lock. Type this one instead."),
    ),
    Finding.NOW_ON_LOCK: lambda facts: (
        _("Your code works now: type it again"),
        _("When you typed it at %(when)s, the lock did not have it yet.", when=facts.when),
    ),
    Finding.WRONG_DOOR: _wrong_door,
    Finding.OTHER_CODE: lambda facts: (
        _("That was your code for %(other)s", other=facts.other),
        _("%(door)s has a code of its own. This is it:", door=facts.door),
    ),
    Finding.OLD_CODE: lambda _facts: (
        _("That was your old code"),
        _("It has been replaced. Type this one:"),
    ),
    Finding.CLOCK_OFF: lambda _facts: (
        _("The lock’s clock is wrong"),
        _("It believes that it is not your time. That is our fault, not yours: tap Unlock."),
    ),
    Finding.CODE_REFUSED: lambda _facts: (
        _("You typed it right, and the lock refused it"),
        _("That is our fault, not yours. Tap Unlock and we open the door from here."),
    ),
    Finding.DIGITS_MISSING: lambda facts: (
        _("The end of the code was missing"),
        _("At %(when)s the lock heard only its beginning.", when=facts.when) + " " + _slowly(),
    ),
    Finding.DIGITS_ADDED: lambda _facts: (
        _("There was a digit too many"),
        _("Wait until the keypad is dark, wake it again, and type only these digits."),
    ),
    Finding.ONE_WRONG: lambda _facts: (_("One digit was wrong"), _slowly()),
    Finding.SWAPPED: lambda _facts: (_("Two digits changed places"), _slowly()),
    Finding.OTHER_DIGITS: lambda facts: (
        _("The lock heard other digits"),
        _("What was typed at %(when)s is not your code. This is it:", when=facts.when),
    ),
    Finding.REFUSED: lambda _facts: (
        _("The lock refused your code"),
        _("It does not say why. Tap Unlock and we open the door from here."),
    ),
    Finding.BATTERY_FLAT: lambda _facts: (
        _("The lock’s battery is flat"),
        _("It may not have the strength to open. Your host has been told: phone them, too."),
    ),
    Finding.BATTERY_LOW: lambda _facts: (
        _("The lock’s battery is weak"),
        _("It may answer slowly. Wait for the light after each try."),
    ),
    Finding.LOST_CONTACT: _lost_contact,
    Finding.UNLOCK_FAILED: lambda _facts: (
        _("Unlock did not reach the lock"),
        _("Type your code instead. It works without us."),
    ),
    Finding.LOG_UNREAD: lambda _facts: (
        _("We cannot see what the lock heard"),
        _("Its records cannot be read just now. Type your code once more, slowly, or tap Unlock."),
    ),
    Finding.UNEXPLAINED: lambda _facts: (
        _("The lock shows nothing wrong"),
        _slowly(),
    ),
    Finding.NOTHING_TYPED: lambda _facts: (
        _("The lock has not heard its keypad"),
        _("It may be asleep. Wake it first, then type your code."),
    ),
}
