"""Parting closed nights: a channel may show neighbours, or a stay and a closure, as one range."""

from sqlalchemy import select

from app.domain.nights import Nights, subtracted
from app.models import Origin, Reservation, Sighting, Status
from app.services.settling import CannotSettle, Settlement


def split(settlement: Settlement, stay: Reservation, wanted: Nights) -> Reservation:
    """Make the `wanted` nights of an open reservation one of their own, and return it.

    What is left of the closed nights stays open, before and after. The calendar's word is parted
    with them, as its channel's policy would have, had it known. Raises CannotSettle.
    """
    if stay.status != Status.OPEN or not stay.nights.covers(wanted):
        raise CannotSettle(f"Room {stay.room.number} is not closed, and open to be given, then.")
    if wanted == stay.nights:
        return stay
    session = settlement.session
    settlement.recording.watch([stay])
    told = session.scalars(
        select(Sighting).where(
            Sighting.reservation_id == stay.id,
            Sighting.origin == Origin.FEED,
            Sighting.withdrawn_at.is_(None),
        )
    ).all()
    rest = subtracted([stay.nights], [wanted])
    part = _like(settlement, stay, wanted)
    homes = [(wanted, part), *zip(rest, _rest(settlement, stay, rest), strict=True)]
    for word in told:
        _part_word(settlement, word, homes)
    for nights, home in homes:
        home.arrival, home.departure = nights.arrival, nights.departure
    session.flush()
    return part


def _rest(settlement: Settlement, stay: Reservation, rest: list[Nights]) -> list[Reservation]:
    """Return who holds what is left: the reservation itself first, then new ones."""
    return [stay, *(_like(settlement, stay, nights) for nights in rest[1:])][: len(rest)]


def _like(settlement: Settlement, stay: Reservation, nights: Nights) -> Reservation:
    return settlement.add_stay(stay.room, nights, stay.channel)


def _part_word(
    settlement: Settlement, word: Sighting, homes: list[tuple[Nights, Reservation]]
) -> None:
    """Let each part have its own share of what the calendar says."""
    shares = [(nights, home) for nights, home in homes if word.nights.overlaps(nights)]
    said = word.nights
    for number, (nights, home) in enumerate(shares):
        share = Nights(max(nights.arrival, said.arrival), min(nights.departure, said.departure))
        if number == 0:
            word.reservation_id = home.id
            word.arrival, word.departure = share.arrival, share.departure
            continue
        settlement.session.add(
            Sighting(
                reservation_id=home.id,
                origin=word.origin,
                source=word.source,
                own_id=f"nights:{share.arrival}/{share.departure}~{settlement.now:%Y%m%d%H%M%S}",
                feed_id=word.feed_id,
                kind=word.kind,
                arrival=share.arrival,
                departure=share.departure,
                first_seen_at=settlement.now,
                last_seen_at=settlement.now,
            )
        )
    settlement.session.flush()
