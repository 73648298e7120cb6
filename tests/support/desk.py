"""One property with its mails, its questions and its host's phone, for tests of enrichment."""

from datetime import date, datetime, timedelta
from itertools import count

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.notices import BookingNotice
from app.models import (
    AccessCode,
    ChangeSet,
    CodeState,
    Door,
    Effect,
    Feed,
    Guest,
    Message,
    Origin,
    OutboxEntry,
    Property,
    Question,
    Reservation,
    Room,
)
from app.seals import Seals
from app.services.enrichment import tend_matches
from app.services.inbound import InboundText, take_text
from app.services.lanes import hold_property
from app.services.notices import take_notices
from app.texting.conversation import Conversation
from tests.factories import NOW, TOMORROW, make_closed, make_host, make_house

A, B = "5100200301", "5100200304"
MINUTE = timedelta(minutes=1)
SAM = "+447700900123"

_sids = count(1)


class Desk:
    """One property, its mails and its questions."""

    def __init__(self, session: Session, seals: Seals) -> None:
        self.session, self.seals, self.now = session, seals, NOW
        self.house: Property = make_house(session)
        self.host = make_host(session, self.house)
        self.host.phone = SAM
        self.told_codes: tuple[int, ...] = ()

    def closed(self, number: int, nights: int = 2, arrival: date = TOMORROW) -> Reservation:
        return make_closed(
            self.session,
            self.house,
            number,
            nights=nights,
            arrival=arrival,
            seals=self.seals,
            now=self.now,
        )

    def mail(self, *said: BookingNotice) -> None:
        take_notices(self.session, self.house, said, Origin.MAIL, seals=self.seals, now=self.now)
        self.tend()

    def tend(self, after: timedelta = timedelta()) -> list[Question]:
        self.now += after
        return tend_matches(self.session, self.house, seals=self.seals, now=self.now)

    def read_calendars(self) -> None:
        for feed in self.session.scalars(select(Feed)):
            feed.read_at = feed.asked_at = feed.fetched_at = self.now

    def open(self) -> list[Question]:
        return list(
            self.session.scalars(
                select(Question).where(Question.closed_at.is_(None)).order_by(Question.id)
            )
        )

    def texts(self) -> list[list[int]]:
        return [one.facts["questions"] for one in self.session.scalars(select(Message))]

    def codes(self) -> list[AccessCode]:
        return list(self.session.scalars(select(AccessCode)))

    def text(self, body: str, after: timedelta = MINUTE, sent_at: datetime | None = None) -> str:
        """Send one text from the host's phone; return what it is answered.

        With `sent_at` it was sent then, and fetched only now.
        """
        self.now += after
        sid = f"SM{next(_sids):032x}"
        message = take_text(
            self.session, InboundText(sid, SAM, body, sent_at=sent_at), now=self.now
        )
        assert message is not None
        house = hold_property(self.session, self.house.id)
        talk = Conversation(self.session, house, self.host, message, seals=self.seals, now=self.now)
        reply = talk.answer()
        self.session.flush()
        self.told_codes = reply.codes
        return reply.text or ""

    def guests(self) -> dict[str, set[int]]:
        """Return the room numbers of each guest, by reference."""
        stays = self.session.scalars(select(Reservation).where(Reservation.guest_id.is_not(None)))
        found: dict[str, set[int]] = {}
        for stay in stays:
            guest = self.session.get_one(Guest, stay.guest_id)
            found.setdefault(guest.reference, set()).add(self.number_of(stay))
        return found

    def number_of(self, stay: Reservation) -> int:
        return self.numbers[stay.room_id]

    @property
    def numbers(self) -> dict[int, int]:
        return {room.id: room.number for room in self.session.scalars(select(Room))}

    def doors_of(self, reference: str) -> set[str]:
        """Return the doors on which this booking has, or will have, a code."""
        codes = self.session.scalars(
            select(AccessCode).where(
                AccessCode.state.in_((CodeState.WANTED, CodeState.ACTIVE)),
                AccessCode.guest_id.in_(select(Guest.id).where(Guest.reference == reference)),
            )
        )
        return {self.session.get_one(Door, code.door_id).name for code in codes}

    def orders(self, effect: Effect) -> int:
        return len(
            self.session.scalars(select(OutboxEntry).where(OutboxEntry.kind == effect)).all()
        )

    def changes(self) -> list[ChangeSet]:
        return list(self.session.scalars(select(ChangeSet).order_by(ChangeSet.id)))
