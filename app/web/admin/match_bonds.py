"""The lines between rooms and bookings: drawn, and in words; and what a host can say to them."""

from collections.abc import Sequence

from flask_babel import gettext as _

from app.domain.enrichment import Ask
from app.models import Reservation
from app.services.open_days import Seeking, Wanting
from app.services.open_groups import Group
from app.web.admin.match_pages import Bond, Line
from app.web.admin.match_words import rooms


def lines(groups: Sequence[Group]) -> tuple[Line, ...]:
    """Return the lines of one day: its rooms stand on the left, its bookings on the right."""
    lefts = [(group, room) for group in groups for room in group.rooms]
    rights = [(group, booking) for group in groups for booking in group.bookings]
    return tuple(
        Line(_middle(row, len(lefts)), _middle(place, len(rights)), bond)
        for row, (group, room) in enumerate(lefts)
        for place, (other, booking) in enumerate(rights)
        if group is other
        if (bond := _bond(group, room, booking)) is not None
    )


def room_bond(group: Group, room: Seeking) -> str:
    """Say where the lines of a room lead."""
    if group.proposed is not None:
        return str(_("proposed: %(reference)s", reference=group.proposed))
    possible = [
        booking[0].reference for booking in group.bookings if group.is_possible(room, booking)
    ]
    if not possible:
        return str(_("no booking known"))
    if len(possible) == 1:
        return str(_("perhaps %(reference)s", reference=possible[0]))
    return str(_("one of %(num)s bookings", num=len(possible)))


def booking_bond(group: Group, booking: Wanting) -> str:
    """Say where the lines of a booking lead."""
    if not group.rooms:
        return str(_("no room known"))
    names = rooms(group.stays)
    if group.proposed == booking[0].reference:
        return str(_("proposed: %(rooms)s", rooms=names))
    if not any(group.is_possible(room, booking) for room in group.rooms):
        return str(_("not %(rooms)s, a host said", rooms=names))
    return str(_("perhaps %(rooms)s", rooms=names))


def yes(group: Group) -> str | None:
    """Return the words of the button that takes what is proposed; None where nothing is."""
    if group.proposed is None:
        return None
    if len(group.stays) > 1:
        return str(_("Yes, all of these are %(reference)s", reference=group.proposed))
    facts = {"room": rooms(group.stays), "reference": group.proposed}
    return str(_("Yes, %(room)s is %(reference)s", **facts))


def no(ask: Ask) -> str:
    """Return the words of the button that refuses."""
    if ask == Ask.SEVERAL_ROOMS:
        return str(_("No, not all of them"))
    if ask == Ask.CLAIM:
        return str(_("No, refuse the claim"))
    return str(_("No, it is not"))


def waits(stay: Reservation) -> bool:
    """Tell whether somebody has checked in by what is only proposed."""
    return stay.guest is not None and stay.guest.checked_in_at is not None


def _bond(group: Group, room: Seeking, booking: Wanting) -> Bond | None:
    if group.proposed is not None:
        return Bond.PROPOSED if group.proposed == booking[0].reference else None
    return Bond.POSSIBLE if group.is_possible(room, booking) else None


def _middle(place: int, count: int) -> float:
    """Return the height of one of `count` ends that are all as tall as each other."""
    return round((place + 0.5) * 100 / count, 2)
