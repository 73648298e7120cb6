"""Filling what stands around the days: the last act, changed bookings, doubtful mails, the past."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from itertools import groupby

from flask_babel import gettext as _
from flask_babel import ngettext

from app import wording
from app.models import ChangeSet, SeenMail
from app.services.modifications import Modified
from app.services.settled_lately import Settled
from app.services.undoing import UNDO_LASTS
from app.web.admin.match_pages import ChangeLine, DoubtLine, LastAct, News, Notes, SettledLine
from app.web.admin.match_words import Words, listed, started


def news(tally: Mapping[date, tuple[int, int]], to_place: int) -> News:
    """Say how much is open; `tally` has rooms and bookings by day."""
    rooms = sum(rooms for rooms, _bookings in tally.values())
    bookings = sum(bookings for _rooms, bookings in tally.values())
    counts = [
        ngettext("%(num)d room", "%(num)d rooms", rooms) if rooms else _("no room"),
        ngettext("%(num)d booking", "%(num)d bookings", bookings) if bookings else _("no booking"),
    ]
    on = ngettext("on %(num)d day", "on %(num)d days", len(tally))
    text = _(
        "Open: %(rooms_and_bookings)s, %(on_days)s.", rooms_and_bookings=listed(counts), on_days=on
    )
    return News(str(text), is_calm=not tally, to_place=to_place)


def last_act(words: Words, change_set: ChangeSet | None) -> LastAct:
    """Say what the host did a moment ago."""
    if change_set is None:
        return LastAct()
    until = (change_set.made_at + UNDO_LASTS).astimezone(words.house.zone)
    return LastAct(change_set.id, change_set.what, wording.clock(until.time()))


def notes(
    words: Words,
    changed: Sequence[Modified],
    doubtful: Sequence[SeenMail],
    settled: Sequence[Settled],
    *,
    may_act: bool,
) -> Notes:
    """Fill the part below the days."""
    return Notes(
        changes=tuple(change_line(words, one) for one in changed),
        doubts=tuple(
            DoubtLine(
                mail.id,
                _(mail.why) if mail.why else _("It may tell of a booking and could not be read."),
                words.moment(mail.received_at),
                mail.reference,
                mail.dismissed_at is not None,
            )
            for mail in doubtful
        ),
        settled=tuple(line for _day, line in settled_lines(words, settled)),
        may_act=may_act,
    )


def settled_lines(words: Words, settled: Sequence[Settled]) -> list[tuple[date, SettledLine]]:
    """Say what was settled, rooms of one booking together; with the day of arrival of each."""
    lines = []
    for (arrival, at, how, reference), rows in groupby(settled, key=_together):
        stays = [row.stay for row in rows if row.stay is not None]
        where = words.rooms_with_dates(stays) if stays else ""
        if reference is not None and stays:
            what = f"{reference}: {where}"
        elif stays:
            what = started(str(_("%(rooms)s: closed, nobody is expected", rooms=where)))
        else:
            what = str(_("%(reference)s: not a booking of ours", reference=reference))
        line = SettledLine(what, _how(how), words.moment(at), stays[0].id if stays else None)
        lines.append((arrival, line))
    return lines


def _together(one: Settled) -> tuple[date, datetime, str | None, str | None]:
    match = one.match
    if match.settled_at is None:
        raise ValueError("a match that is settled says when")
    reference = one.stay.reference if one.stay is not None else None
    if one.notice is not None:
        reference = one.notice.reference
    return match.arrival, match.settled_at, match.settled_how, reference


def _how(how: str | None) -> str:
    """Say who settled it: a host by name, a mail with its reason; else what came to light."""
    return str(_(how) if how else _("A calendar, a mail or an export told whose it is."))


def change_line(words: Words, one: Modified) -> ChangeLine:
    """Say what became of a booking that was changed where it was booked."""
    stays, notice = one.stays, one.notice
    channel = wording.channel_name(notice.channel if notice else stays[0].channel)
    ours = words.rooms_with_dates(stays)
    changed = (
        _("%(reference)s was changed at %(channel)s", reference=one.reference, channel=channel)
        if channel
        else _("%(reference)s was changed where it was booked", reference=one.reference)
    )
    if notice is None or notice.arrival is None:
        says = _("the mail does not say how")
    elif notice.arrival in {stay.arrival for stay in stays}:
        day = wording.weekday(notice.arrival, words.today)
        says = _("the mail says it still arrives %(day)s, and not what is new", day=day)
    else:
        day = wording.weekday(notice.arrival, words.today)
        says = _("the mail says it now arrives %(day)s", day=day)
    told_at = max(stay.modified_at for stay in stays if stay.modified_at is not None)
    return ChangeLine(
        stays[0].id,
        str(_("%(changed)s: %(says)s; we have %(ours)s.", changed=changed, says=says, ours=ours)),
        words.moment(told_at),
    )
