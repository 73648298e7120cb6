"""Filling the board of today's and tomorrow's arrivals, and the page with all evidence."""

from collections.abc import Hashable
from datetime import datetime

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from app import wording
from app.domain.tonight_words import Check, Item, Outlook, Remedy, Why
from app.models import Property, Reservation, Role
from app.services.tonight import Arrival, Tonight
from app.web.admin.pages import Action
from app.web.admin.sessions import SignedIn
from app.web.admin.tonight_pages import (
    ArrivalEvidence,
    ArrivalLine,
    EvidenceRow,
    Fault,
    TonightBoard,
    TonightPage,
)
from app.web.admin.tonight_words import Evidence, label


def tonight_board(
    house: Property,
    found: Tonight,
    host: SignedIn,
    now: datetime,
    *,
    note: str | None = None,
    problem: str | None = None,
) -> TonightBoard:
    """Put the arrivals that will not work on top; of one fault at several, one has the button."""
    fixed: set[Hashable] = set()
    lines = [_line(house, one, host, now, fixed) for one in found.arrivals]
    return TonightBoard(
        summary=_summary(found),
        lines=tuple(sorted(lines, key=lambda line: not line.is_red)),
        note=note,
        problem=problem,
        may_see_all=host.may(Role.VIEWER),
    )


def tonight_page(
    house: Property,
    found: Tonight,
    host: SignedIn,
    now: datetime,
    *,
    note: str | None = None,
    problem: str | None = None,
) -> TonightPage:
    """Show every condition of every arrival."""
    board = tonight_board(house, found, host, now, note=note, problem=problem)
    lines = {line.id: line for line in board.lines}
    return TonightPage(
        board,
        tuple(
            ArrivalEvidence(lines[one.stay.id], _rows(house, one, host, now))
            for one in found.arrivals
        ),
    )


def _line(
    house: Property, arrival: Arrival, host: SignedIn, now: datetime, fixed: set[Hashable]
) -> ArrivalLine:
    stay = arrival.stay
    evidence = Evidence(house, stay, now)
    faults = []
    for item in arrival.readiness.red:
        subject = _subject(arrival, item)
        fix = _fix(arrival, item, host) if subject not in fixed else None
        fixed.add(subject)
        faults.append(Fault(evidence.says(item), fix))
    return ArrivalLine(
        id=stay.id,
        room_number=stay.room.number,
        room_name=stay.room.name,
        when_text=wording.moment(arrival.facts.window.valid_from, house.zone, now),
        outlook=arrival.readiness.outlook,
        guest_name=_name(stay, host),
        faults=tuple(faults),
        awaits_check_in=any(item.why == Why.NOT_CHECKED_IN for item in arrival.readiness.items),
    )


def _rows(
    house: Property, arrival: Arrival, host: SignedIn, now: datetime
) -> tuple[EvidenceRow, ...]:
    evidence = Evidence(house, arrival.stay, now)
    is_in = arrival.readiness.outlook == Outlook.IN
    return tuple(
        EvidenceRow(
            label(item),
            item.state,
            evidence.says(item),
            evidence.when(item.by),
            None if is_in else _fix(arrival, item, host),
        )
        for item in arrival.readiness.items
    )


def _subject(arrival: Arrival, item: Item) -> Hashable:
    """Return what a fault is of: a door, a code, a guest or a stay."""
    if item.check in (Check.GATEWAY, Check.BATTERY):
        return item.check, item.door_id
    if item.why == Why.OTHER_ZONE:
        return item.why, item.door_id
    if item.check == Check.CODE and (code := arrival.code_on(item.door_id)) is not None:
        return item.check, code.id
    if item.check == Check.CODE or arrival.stay.guest_id is None:
        return item.check, item.door_id, "stay", arrival.stay.id
    if item.check == Check.MATCH:
        return item.check, "stay", arrival.stay.id
    return item.check, "guest", arrival.stay.guest_id


def _fix(arrival: Arrival, item: Item, host: SignedIn) -> Action | None:
    """Return the button that puts it right; only for those who may."""
    if item.remedy is None or not host.may(Role.STAFF):
        return None
    stay = arrival.stay
    match item.remedy:
        case Remedy.SAY_WHO:
            return Action(_("Say who it is"), _page(stay, "who-title"))
        case Remedy.CONFIRM:
            return Action(_("Answer"), _page(stay, "to-settle"))
        case Remedy.SETTLE:
            return Action(_("Decide"), _page(stay, "to-settle"))
        case Remedy.ADD_CONTACT:
            return Action(_("Add phone or e-mail"), _page(stay, "contact"))
        case Remedy.LOOK:
            return Action(_("Look at it"), _page(stay, "codes-title"))
        case Remedy.RETRY_CODE:
            code = arrival.code_on(item.door_id)
            if code is None:
                return None
            return Action(_("Try again now"), url_for("admin.tonight_code", code_id=code.id), True)
        case Remedy.SEE_ZONE:
            link = url_for("admin.tonight_zone", door_id=item.door_id)
            return Action(_("Set right: look again"), link, True)
        case Remedy.SEE_GATEWAY:
            return Action(_("Ask the gateway again"), url_for("admin.tonight_doors"), True)
        case Remedy.CHANGE_BATTERY:
            return Action(_("Changed: ask the lock"), url_for("admin.tonight_doors"), True)
        case Remedy.SEND_LINK | Remedy.SEND_LINK_AGAIN:
            again = item.remedy == Remedy.SEND_LINK_AGAIN
            words = _("Send the link again") if again else _("Send the link")
            return Action(words, url_for("admin.tonight_link", reservation_id=stay.id), True)
        case Remedy.CALL_GUEST:
            phone = stay.guest.phone if stay.guest is not None else None
            return Action(_("Call the guest"), f"tel:{phone}")


def _page(stay: Reservation, anchor: str) -> str:
    return str(url_for("admin.reservation", reservation_id=stay.id, _anchor=anchor))


def _name(stay: Reservation, host: SignedIn) -> str | None:
    """Return who comes, for those who need to know."""
    name = (stay.guest.full_name if stay.guest is not None else None) or stay.name
    known = name or stay.reference
    if host.may(Role.VIEWER) or not known:
        return known
    return str(_("Guest"))


def _summary(found: Tonight) -> str:
    total = len(found.arrivals)
    red, waiting = (len(found.looking(one)) for one in (Outlook.NO_GO, Outlook.WAITING))
    if not total:
        return str(_("Nobody arrives today or tomorrow."))
    if red:
        facts = {"total": total}
        said = ngettext(
            "%(num)d of %(total)d arrivals of today and tomorrow will not work as things are",
            "%(num)d of %(total)d arrivals of today and tomorrow will not work as things are",
            red,
            **facts,
        )
        return str(said)
    if waiting:
        ready = total - waiting
        return str(
            _(
                "Nothing is wrong with the arrivals of today and tomorrow: %(ready)d ready, "
                "%(waiting)d to come.",
                ready=ready,
                waiting=waiting,
            )
        )
    said = ngettext(
        "The one arrival of today and tomorrow will work.",
        "All %(num)d arrivals of today and tomorrow will work.",
        total,
    )
    return str(said)
