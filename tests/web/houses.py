"""Houses with guests in them now: the pages look at the real clock."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.models import AccessCode, CodeState, Door, Feed, Guest, Property, Reservation
from app.seals import Seals
from app.services.check_in import Details, check_in
from tests.factories import ALICE, BOB, make_feed, make_house, make_reservation

WHO = Details("Alice Moore", None, "+447700900417", 2, None, None, "en")


@dataclass(frozen=True)
class Lived:
    """A house where Alice, since yesterday, is checked in, and Bob has arrived in room 2."""

    house: Property
    alice: Reservation
    bob: Reservation
    guest: Guest
    door: Door
    code: AccessCode
    feed: Feed
    token: str

    def arguments(self) -> dict[str, int | str]:
        """Return what stands in the URLs of this house."""
        return {
            "reservation_id": self.alice.id,
            "door_id": self.door.id,
            "code_id": self.code.id,
            "feed_id": self.feed.id,
            "token": self.token,
        }


def now() -> datetime:
    return datetime.now(UTC)


def make_lived(session: Session, seals: Seals, name: str = "Canal House") -> Lived:
    house = make_house(session, name)
    at = now()
    today = at.astimezone(ZoneInfo(house.timezone)).date()
    alice = make_reservation(
        session, house, 1, seals=seals, reference=ALICE, name="Alice Moore",
        arrival=today - timedelta(days=1), departure=today + timedelta(days=3), now=at,
    )  # fmt: skip
    bob = make_reservation(
        session, house, 2, seals=seals, reference=BOB, name="Bob Stone", arrival=today, now=at
    )
    guest = check_in(session, house.id, ALICE, WHO, seals=seals, now=at)
    session.flush()
    code = session.scalars(select(AccessCode).join(Door).where(Door.room_id == alice.room_id)).one()
    door = session.get_one(Door, code.door_id)
    feed = make_feed(session, alice.room)
    token = seals.link_token(guest.link_seed)
    session.commit()
    return Lived(house, alice, bob, guest, door, code, feed, token)


def put_on_locks(session: Session, guest: Guest) -> None:
    """Let every lock have confirmed the guest's codes."""
    at = now()
    for code in session.scalars(select(AccessCode).filter_by(guest_id=guest.id)):
        code.state, code.active_at, code.provider_ref = CodeState.ACTIVE, at, str(code.id)
        code.held_from, code.held_until = code.valid_from, code.valid_until
    session.commit()
