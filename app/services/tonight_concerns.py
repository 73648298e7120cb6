"""What needs a person beside what stands in the way of an arrival of today or tomorrow.

An arrival that will not work is told of on its board, with the button that helps; the attention
list, right under it, does not say the same again. Everything else stays there; so do the questions
on whose bookings are, which tell what there is to choose from.
"""

from dataclasses import dataclass, field, replace

from app.domain.tonight_words import Check, Why
from app.services.attention import Concerns
from app.services.tonight import Tonight


@dataclass
class _Told:
    """Ids of what the board tells of in red."""

    stays: set[int] = field(default_factory=set)
    codes: set[int] = field(default_factory=set)
    offline: set[int | None] = field(default_factory=set)
    weak: set[int | None] = field(default_factory=set)
    elsewhere: set[int | None] = field(default_factory=set)
    guests: set[int | None] = field(default_factory=set)


def apart_from(found: Concerns, shown: Tonight) -> Concerns:
    """Leave out what the board tells of."""
    told = _told(shown)
    return replace(
        found,
        codes_missing=[code for code in found.codes_missing if code.id not in told.codes],
        disputed=[stay for stay in found.disputed if stay.id not in told.stays],
        unknown_arrivals=[stay for stay in found.unknown_arrivals if stay.id not in told.stays],
        messages_failed=[
            one for one in found.messages_failed if one.guest_id not in told.guests - {None}
        ],
        doors_weak=[door for door in found.doors_weak if door.id not in told.weak],
        doors_elsewhere=[door for door in found.doors_elsewhere if door.id not in told.elsewhere],
        doors_offline=[door for door in found.doors_offline if door.id not in told.offline],
    )


def _told(shown: Tonight) -> _Told:
    told = _Told()
    for arrival in shown.arrivals:
        for item in arrival.readiness.red:
            match item.check:
                case Check.MATCH:
                    told.stays.add(arrival.stay.id)
                case Check.CODE if item.why == Why.OTHER_ZONE:
                    told.elsewhere.add(item.door_id)
                case Check.CODE:
                    code = arrival.code_on(item.door_id)
                    told.codes |= {code.id} if code is not None else set()
                case Check.GATEWAY:
                    told.offline.add(item.door_id)
                case Check.BATTERY:
                    told.weak.add(item.door_id)
                case Check.MESSAGE:
                    told.guests.add(arrival.stay.guest_id)
                case Check.CONTACT | Check.PAGE:
                    pass
    return told
