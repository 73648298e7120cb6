"""A host's word on whose reservations are: given, released, blocked, cancelled, or added."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.errors import DomainError
from app.domain.nights import Nights
from app.domain.notices import NoticeKind
from app.domain.readings import Kind
from app.models import (
    Guest,
    Host,
    Match,
    Notice,
    Origin,
    Property,
    Reservation,
    Room,
    Sighting,
    Status,
)
from app.seals import Seals
from app.services.change_sets import Recording
from app.services.codes import settle_codes
from app.services.guests import guest_of, link_all, stays_of_reference
from app.services.history import by_host
from app.services.host_words import host_word, say_stay
from app.services.messages import Event, tell
from app.services.placing import displace, place
from app.services.testimony import follow_changes, restand


class CannotSettle(DomainError):
    """It cannot be as the host says; the message says why, and what to send instead."""

    code = "cannot-settle"


@dataclass(frozen=True)
class Gift:
    """One reservation and the reference a host gives it."""

    stay: Reservation
    reference: str


class Settlement:
    """One act of a host, inside `undoable`. The caller holds the property and tends afterwards."""

    def __init__(
        self,
        session: Session,
        house: Property,
        host: Host,
        recording: Recording,
        *,
        seals: Seals,
        now: datetime,
        medium: str,
    ) -> None:
        self.session, self.house, self.host = session, house, host
        self.recording, self.seals, self.now = recording, seals, now
        self.actor = by_host(host.id)
        self.how = f"{host.name}, {medium}"

    def give(self, gifts: Sequence[Gift]) -> list[Guest]:
        """Give reservations their references: one guest each, with all their rooms and codes.

        Raises CannotSettle when a room is another booking's on these nights.
        """
        stays = [gift.stay for gift in gifts]
        references = list(dict.fromkeys(gift.reference for gift in gifts))
        self.recording.watch(stays, references)
        waited = {stay.guest_id for stay in stays if stay.is_unconfirmed and stay.guest_id}
        for gift in gifts:
            say_stay(self.session, gift.stay, self.now, reference=gift.reference)
            if gift.stay.guest is not None and gift.stay.guest.reference != gift.reference:
                gift.stay.guest = None
            gift.stay.reference = gift.stay.unconfirmed_at = gift.stay.modified_at = None
        self.session.flush()
        self._sign(stays)
        place(self.session, self._evidence(gifts), now=self.now)
        self._weigh(stays)
        for gift in gifts:
            if gift.stay.status != Status.CONFIRMED:
                raise CannotSettle(
                    f"Room {gift.stay.room.number} is taken by another booking on these nights."
                )
        return [self._admit(reference, waited) for reference in references]

    def _evidence(self, gifts: Sequence[Gift]) -> list[tuple[Notice, Reservation]]:
        """Return what mails, exports and guests say of these bookings."""
        by_reference: dict[str, list[Reservation]] = {}
        for gift in gifts:
            by_reference.setdefault(gift.reference, []).append(gift.stay)
        notices = self.session.scalars(
            select(Notice).where(
                Notice.property_id == self.house.id,
                Notice.reference.in_(by_reference),
                Notice.kind != NoticeKind.CANCELLED,
            )
        ).all()
        return [
            (notice, stay)
            for notice in notices
            for stay in by_reference[notice.reference]
            if notice.arrival in (None, stay.arrival)
        ]

    def _admit(self, reference: str, waited: set[int]) -> Guest:
        """Make or find the guest of a reference, give them all its rooms, and let codes be made."""
        session, house, now, actor = self.session, self.house, self.now, self.actor
        guest = guest_of(session, house, reference, seals=self.seals, now=now, actor=actor)
        guest.vouched_at = guest.vouched_at or now
        stays = stays_of_reference(session, house.id, reference)
        fresh = link_all(session, guest, stays, now=now, actor=actor)
        settle_codes(session, house, [guest], seals=self.seals, now=now, actor=actor)
        if guest.id in waited:
            tell(session, guest, Event.ROOMS_CONFIRMED, now)
        elif fresh and guest.checked_in_at is not None:
            tell(session, guest, Event.ROOMS_CHANGED, now)
        return guest

    def release(self, stays: Sequence[Reservation]) -> None:
        """Take reservations from the booking they were thought to be; their nights stay closed."""
        guests = {stay.guest for stay in stays if stay.guest is not None}
        self.recording.watch(stays, {stay.reference for stay in stays if stay.reference})
        only_ours = self._known_to_no_calendar(stays)
        displace(self.session, [stay for stay in stays if stay not in only_ours])
        for stay in only_ours:
            host_word(self.session, stay, self.now).withdrawn_at = self.now
            stay.guest = stay.reference = stay.unconfirmed_at = None
        self.session.flush()
        self._weigh(stays)
        lost = dict.fromkeys(guests, True)
        follow_changes(
            self.session, self.house, lost, seals=self.seals, now=self.now, actor=self.actor
        )

    def block(self, stays: Sequence[Reservation]) -> None:
        """Take the host's word that these nights are closed and nobody's. Raises CannotSettle."""
        self.recording.watch(stays)
        for stay in stays:
            if stay.status != Status.OPEN:
                raise CannotSettle(
                    f"Somebody is known to stay in room {stay.room.number}; cancel the stay "
                    "instead."
                )
            word = host_word(self.session, stay, self.now)
            word.kind, word.withdrawn_at, word.last_seen_at = Kind.BLOCK, None, self.now
            stay.reference = stay.unconfirmed_at = stay.guest = None
        self.session.flush()
        self._sign(stays)
        self._weigh(stays)

    def cancel(self, stays: Sequence[Reservation]) -> None:
        """End these reservations: codes are revoked, the guest is told once."""
        self.recording.watch(stays)
        for stay in stays:
            host_word(self.session, stay, self.now).withdrawn_at = self.now
            stay.unconfirmed_at = None
        self.session.flush()
        self._weigh(stays)

    def add_stay(self, room: Room, nights: Nights, channel: str | None) -> Reservation:
        """Make a reservation that no calendar tells of; `give` it its reference next."""
        stay = Reservation(
            property_id=self.house.id,
            room_id=room.id,
            room=room,
            guest=None,
            arrival=nights.arrival,
            departure=nights.departure,
            status=Status.OPEN,
            channel=channel,
            appeared_at=self.now,
        )
        self.session.add(stay)
        self.session.flush()
        self.recording.made(stay)
        return stay

    def _sign(self, stays: Sequence[Reservation]) -> None:
        """Say who settled these, where that is asked: tending then closes their matches."""
        ids = {stay.id for stay in stays}
        for match in self.session.scalars(select(Match).where(Match.reservation_id.in_(ids))):
            if match.is_open:
                match.settled_how = self.how

    def _known_to_no_calendar(self, stays: Sequence[Reservation]) -> list[Reservation]:
        told = set(
            self.session.scalars(
                select(Sighting.reservation_id).where(
                    Sighting.reservation_id.in_({stay.id for stay in stays}),
                    Sighting.origin == Origin.FEED,
                )
            )
        )
        return [stay for stay in stays if stay.id not in told]

    def _weigh(self, stays: Iterable[Reservation]) -> None:
        listed = list(stays)
        rooms = {stay.room_id for stay in listed}
        restand(
            self.session,
            self.house,
            rooms,
            listed,
            seals=self.seals,
            now=self.now,
            actor=self.actor,
        )
