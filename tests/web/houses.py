"""Houses with guests in them now: the pages look at the real clock."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.enrichment import Ask
from app.domain.exports import read_export
from app.domain.notices import NoticeKind
from app.models import (
    AccessCode,
    ChangeSet,
    CodeState,
    Door,
    DoorHelp,
    ExportFile,
    Feed,
    Guest,
    Host,
    Match,
    MatchState,
    Notice,
    Origin,
    Property,
    Question,
    Reservation,
    StaffCode,
)
from app.seals import Seals
from app.services import staff_codes
from app.services.check_in import Details, check_in
from app.services.export_files import upload
from app.services.staff_wishes import StaffWish
from tests.domain.exports.files import BOOKING, csv_of
from tests.factories import ALICE, BOB, make_feed, make_host, make_house, make_reservation

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
    notice: Notice
    """A booking told of by mail, that nobody knows the room of; hosts are asked."""
    question: Question
    act: ChangeSet
    export: ExportFile
    """A list with Carol in it, uploaded and not applied."""
    help: DoorHelp
    """Alice's trouble with her door of yesterday, which is over."""
    staff: StaffCode
    """The cleaner's, on every door."""

    def arguments(self) -> dict[str, int | str]:
        """Return what stands in the URLs of this house."""
        return {
            "reservation_id": self.alice.id,
            "door_id": self.door.id,
            "code_id": self.code.id,
            "feed_id": self.feed.id,
            "token": self.token,
            "notice_id": self.notice.id,
            "question_id": self.question.id,
            "change_set_id": self.act.id,
            "export_id": self.export.id,
            "help_id": self.help.id,
            "staff_code_id": self.staff.id,
            "day": self.question.arrival.isoformat(),
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
    notice, question = make_unplaced(session, house, at)
    act = ChangeSet(
        property_id=house.id, host_id=make_host(session, house).id, what="", made_at=at, rows=[]
    )
    session.add(act)
    export = make_export(session, house, act.host_id, at)
    yesterday = at - timedelta(days=1)
    trouble = DoorHelp(
        property_id=house.id, door_id=door.id, guest_id=guest.id, asked_at=yesterday,
        looked_at=yesterday, closed_at=yesterday, closed_how="guest",
    )  # fmt: skip
    session.add(trouble)
    staff = make_staff_code(session, house, today, act.host_id, seals)
    session.commit()
    return Lived(
        house,
        alice,
        bob,
        guest,
        door,
        code,
        feed,
        token,
        notice,
        question,
        act,
        export,
        trouble,
        staff,
    )


def make_staff_code(
    session: Session, house: Property, today: date, host_id: int, seals: Seals
) -> StaffCode:
    host = session.get_one(Host, host_id)
    wish = StaffWish("Mo, cleaner", None, today, None, 127)
    return staff_codes.create(session, host, wish, seals=seals, now=now())


def make_export(session: Session, house: Property, host_id: int, at: datetime) -> ExportFile:
    """Make a list with one booking, of a room that nobody knows by its name there."""
    first, last = (at.date() + timedelta(days=days) for days in (30, 33))
    row = ("5100200399", "Carol Teasdale", str(first), str(last), "ok", 1, "Attic")
    export = read_export(csv_of(BOOKING, row), "list.csv", at)
    return upload(session, session.get_one(Host, host_id), "list.csv", export, now=at)


def make_unplaced(session: Session, house: Property, at: datetime) -> tuple[Notice, Question]:
    """Make a booking without a room, three weeks ahead, and the question that asks for it."""
    arrival = at.date() + timedelta(days=20)
    notice = Notice(
        property_id=house.id, origin=Origin.MAIL, channel="booking.com", kind=NoticeKind.NEW,
        reference="5100200377", arrival=arrival, said_at=at, first_seen_at=at,
    )  # fmt: skip
    question = Question(
        property_id=house.id, ticket="A", ask=Ask.UNPLACED, arrival=arrival, asked_at=at
    )
    session.add_all([notice, question])
    session.flush()
    match = Match(
        property_id=house.id, notice_id=notice.id, arrival=arrival, opened_at=at,
        state=MatchState.WAITING, question_id=question.id,
    )  # fmt: skip
    session.add(match)
    return notice, question


def put_on_locks(session: Session, guest: Guest) -> None:
    """Let every lock have confirmed the guest's codes."""
    at = now()
    for code in session.scalars(select(AccessCode).filter_by(guest_id=guest.id)):
        code.state, code.active_at, code.provider_ref = CodeState.ACTIVE, at, str(code.id)
        code.held_from, code.held_until = code.valid_from, code.valid_until
    session.commit()
