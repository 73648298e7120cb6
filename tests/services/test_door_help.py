"""Guests before doors that stay shut: asking, what follows from a look, telling hosts, closing."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from itertools import count

import pytest
from flask import Flask
from sqlalchemy import func, select, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.db import db, transaction
from app.domain.door_findings import Finding
from app.domain.ladder import Rung
from app.domain.lock_words import Mistake, Refusal, Way
from app.jobs.message_words import words_for_host
from app.models import (
    AccessCode,
    CodeState,
    Door,
    DoorHelp,
    Effect,
    Guest,
    HistoryEntry,
    Host,
    LockEvent,
    Medium,
    Message,
    OutboxEntry,
    Property,
    Purpose,
    Role,
    UnlockState,
)
from app.seals import Seals
from app.services.check_in import Details, check_in
from app.services.door_help import (
    ANEW,
    FORGOTTEN,
    LOOK_LASTS,
    LOOKS_APART,
    MOST_AN_HOUR,
    PATIENCE,
    AskedTooOftenError,
    HelpEnd,
    NotTheirDoorError,
    ask_for_help,
    asked_of,
    close_help,
    houses_with_open_helps,
    open_help,
    tell_hosts,
    tend_helps,
)
from app.services.door_looks import record_look
from app.services.door_stories import story
from app.services.history import by_guest, by_host
from app.services.lanes import hold_property
from app.services.unlocks import begin, end, request_by_guest
from tests.factories import (
    ALICE,
    BOB,
    NOW,
    TODAY,
    TOMORROW,
    make_host,
    make_house,
    make_reservation,
)

WHO = Details("Alice Moore", "alice@example.com", "+447700900417", 2, None, None, "en")
AT = NOW + timedelta(hours=2)
"""Alice stands before her door."""
SECOND = timedelta(seconds=1)
MINUTE = timedelta(minutes=1)
_keys = count(1)


@pytest.fixture
def house(session: Session) -> Property:
    house = make_house(session)
    for role, phone in ((Role.OWNER, "+447700900123"), (Role.STAFF, None)):
        make_host(session, house, role).phone = phone
    make_host(session, house, Role.CLEANER).phone = "+447700900125"
    return house


@pytest.fixture
def alice(session: Session, house: Property, seals: Seals) -> Guest:
    make_reservation(session, house, 1, seals=seals)
    guest = check_in(session, house.id, ALICE, WHO, seals=seals, now=NOW)
    confirm(session, guest)
    return guest


def confirm(session: Session, guest: Guest) -> None:
    """Let every lock have confirmed the guest's codes."""
    for code in session.scalars(select(AccessCode).filter_by(guest_id=guest.id)):
        code.state, code.active_at, code.provider_ref = CodeState.ACTIVE, NOW, str(code.id)
        code.held_from, code.held_until = code.valid_from, code.valid_until
    session.flush()


def door(session: Session, name: str = "Room 1") -> Door:
    return session.scalars(select(Door).filter_by(name=name)).one()


def code_of(session: Session, guest: Guest, name: str = "Room 1") -> AccessCode:
    wanted = select(AccessCode).join(Door).where(Door.name == name)
    return session.scalars(wanted.where(AccessCode.guest_id == guest.id)).one()


def hear(
    session: Session,
    where: Door,
    *,
    code: AccessCode | None = None,
    refusal: Refusal | None = Refusal.UNKNOWN_CODE,
    mistake: Mistake | None = None,
    way: Way = Way.CODE,
    ago: timedelta = MINUTE,
) -> None:
    """Let the log of a door have a line."""
    session.add(
        LockEvent(
            door_id=where.id, key=str(next(_keys)), at=AT - ago, heard_at=AT - ago, way=way,
            refusal=refusal, code_id=code.id if code else None, mistake=mistake,
        )
    )  # fmt: skip
    session.flush()


def ask(session: Session, guest: Guest, name: str = "Room 1", **later: float) -> DoorHelp:
    asked = ask_for_help(session, guest, door(session, name).id, AT + timedelta(**later))
    assert asked is not None
    session.flush()
    return asked


def look(
    session: Session, asked: DoorHelp, fault: str | None = None, **later: float
) -> Sequence[Finding]:
    """Let a worker have looked; return what is found then."""
    at = AT + timedelta(**later)
    record_look(session, asked.id, fault, at)
    session.flush()
    guest = session.get_one(Guest, asked.guest_id)
    return [found.what for found in story(session, asked_of(guest, asked), at).found]


def looks(session: Session) -> list[OutboxEntry]:
    wanted = select(OutboxEntry).filter_by(kind=Effect.LOOK_AT_DOOR).order_by(OutboxEntry.id)
    return list(session.scalars(wanted))


def alarms(session: Session) -> list[Message]:
    return list(session.scalars(select(Message).filter_by(template="door_help")))


def told(session: Session, guest: Guest) -> list[str]:
    wanted = select(HistoryEntry.what).filter_by(subject="guest", subject_id=guest.id)
    found = session.scalars(wanted.order_by(HistoryEntry.id))
    return [what for what in found if what.startswith("door-help")]


def test_asking_orders_a_look_that_waits_behind_no_gateway(session: Session, alice: Guest) -> None:
    asked = ask(session, alice)

    [entry] = looks(session)
    assert (entry.subject_id, entry.lane, entry.due_at) == (asked.id, None, AT)
    assert entry.expires_at == AT + LOOK_LASTS
    assert told(session, alice) == ["door-help-asked"]


def test_asking_twice_is_one_asking_and_one_look(session: Session, alice: Guest) -> None:
    assert ask(session, alice).id == ask(session, alice, seconds=3).id
    assert len(looks(session)) == 1


def test_asking_again_after_a_look_looks_again_but_not_at_once(
    session: Session, alice: Guest
) -> None:
    asked = ask(session, alice)
    look(session, asked, seconds=2)

    ask(session, alice, seconds=2 + LOOKS_APART.total_seconds() - 1)
    assert [entry.due_at for entry in looks(session)] == [AT, AT + timedelta(seconds=45)]

    ask(session, alice, seconds=2 + LOOKS_APART.total_seconds())
    assert len(looks(session)) == 3
    assert asked.looked_at is None


def test_asking_long_after_is_another_trouble(session: Session, alice: Guest) -> None:
    first = ask(session, alice)
    look(session, first)

    second = ask(session, alice, seconds=ANEW.total_seconds() + 1)

    assert second.id != first.id
    assert first.closed_how == HelpEnd.AGAIN


def test_a_door_of_another_room_is_none_of_theirs(session: Session, alice: Guest) -> None:
    with pytest.raises(NotTheirDoorError):
        ask_for_help(session, alice, door(session, "Room 2").id, AT)
    with pytest.raises(NotTheirDoorError):
        ask_for_help(session, alice, 10_000, AT)


def test_a_door_of_another_property_is_none_of_theirs(session: Session, alice: Guest) -> None:
    other = make_house(session, "Harbour House")
    foreign = session.scalars(select(Door.id).filter_by(property_id=other.id)).first()

    with pytest.raises(NotTheirDoorError):
        ask_for_help(session, alice, foreign or 0, AT)


@pytest.mark.parametrize("days", [-1, 2, 40])
def test_no_lock_is_looked_at_when_it_is_not_their_time(
    session: Session, alice: Guest, days: int
) -> None:
    at = AT + timedelta(days=days)

    assert ask_for_help(session, alice, door(session).id, at) is None
    assert session.scalar(select(func.count(DoorHelp.id))) == 0
    assert looks(session) == []


def test_who_has_not_checked_in_is_not_looked_after(session: Session, alice: Guest) -> None:
    alice.checked_in_at, alice.vouched_at = None, NOW

    assert ask_for_help(session, alice, door(session).id, AT) is None


def test_a_room_that_waits_for_an_ok_wakes_the_hosts_at_once(
    session: Session, house: Property, alice: Guest, seals: Seals
) -> None:
    stay = make_reservation(session, house, 2, seals=seals, reference=BOB, name="Alice Moore")
    stay.guest_id, stay.unconfirmed_at = alice.id, NOW
    session.flush()

    asked = ask(session, alice, "Room 2")

    assert looks(session) == []
    assert asked.hosts_told_at == AT
    assert len(alarms(session)) == 2


def test_nobody_asks_more_often_than_a_door_that_stays_shut_explains(
    session: Session, alice: Guest
) -> None:
    for minute in range(MOST_AN_HOUR):
        close_help(session, ask(session, alice, minutes=minute), HelpEnd.GUEST, AT, "guest")
        session.flush()

    with pytest.raises(AskedTooOftenError):
        ask(session, alice, minutes=30)
    ask(session, alice, minutes=61)


def test_two_open_askings_at_one_door_cannot_be_stored(session: Session, alice: Guest) -> None:
    ask(session, alice)
    session.commit()

    session.add(
        DoorHelp(
            property_id=alice.property_id, door_id=door(session).id, guest_id=alice.id, asked_at=AT
        )
    )
    with pytest.raises(IntegrityError):
        session.flush()
    session.rollback()


def test_the_digits_at_another_door_are_found(session: Session, alice: Guest) -> None:
    hear(session, door(session, "Room 2"), code=code_of(session, alice),
         mistake=Mistake.OTHER_DOOR)  # fmt: skip

    assert look(session, ask(session, alice), seconds=1) == [Finding.WRONG_DOOR]
    after = session.scalars(select(HistoryEntry.after).filter_by(what="door-help-looked")).one()
    assert after == {"door": "Room 1", "found": "wrong-door"}


def test_a_missing_digit_is_found_and_is_no_reason_for_another_code(
    session: Session, alice: Guest
) -> None:
    hear(session, door(session), code=code_of(session, alice), mistake=Mistake.DIGITS_MISSING)

    assert look(session, ask(session, alice), seconds=1) == [Finding.DIGITS_MISSING]
    assert code_of(session, alice).rung == Rung.OWN_CODE


def test_what_others_do_at_doors_is_not_told(
    session: Session, house: Property, alice: Guest, seals: Seals
) -> None:
    make_reservation(session, house, 2, seals=seals, reference=BOB, name="Bob Stone")
    bob = check_in(session, house.id, BOB, WHO, seals=seals, now=NOW)
    his = code_of(session, bob, "Room 2")
    hear(session, door(session, "Room 2"), code=his, refusal=None)
    hear(session, door(session, "Room 2"), code=None)
    hear(session, door(session, "Front door"), code=code_of(session, bob, "Front door"))
    hear(session, door(session, "Room 1"), code=his, mistake=Mistake.OTHER_DOOR)
    hear(session, door(session, "Room 1"), way=Way.REMOTE, refusal=None)

    assert look(session, ask(session, alice), seconds=1) == [Finding.UNEXPLAINED]
    assert look(session, ask(session, alice, "Front door"), seconds=1) == [Finding.UNEXPLAINED]


def test_a_door_barred_for_whomever_is_barred(
    session: Session, house: Property, alice: Guest
) -> None:
    hear(session, door(session), refusal=Refusal.LOCKED_OUT)

    found = look(session, ask(session, alice), seconds=1)

    assert found[0] == Finding.LOCKED_OUT


def test_the_code_of_the_front_door_typed_at_the_room_is_known_by_its_digits(
    session: Session, alice: Guest
) -> None:
    front = code_of(session, alice, "Front door")
    assert front.digits_hash == code_of(session, alice).digits_hash
    hear(session, door(session), code=front, refusal=Refusal.OUTSIDE_WINDOW)

    assert look(session, ask(session, alice), seconds=1)[0] == Finding.CLOCK_OFF


def test_a_right_code_that_is_refused_is_replaced_by_the_spare_one(
    session: Session, alice: Guest
) -> None:
    own = code_of(session, alice)
    spare = make_spare(session, own)
    hear(session, door(session), code=own)

    found = look(session, ask(session, alice), seconds=1)

    assert found == [Finding.STAND_IN]
    assert (spare.guest_id, spare.rung) == (alice.id, Rung.SPARE_CODE)
    assert own.state == CodeState.UNWANTED


def make_spare(session: Session, own: AccessCode) -> AccessCode:
    spare = AccessCode(
        door_id=own.door_id, purpose=Purpose.SPARE, name="Latchkey spare",
        sealed_digits=own.sealed_digits, digits_hash="another", state=CodeState.ACTIVE,
        valid_from=own.valid_from, valid_until=own.valid_until, held_from=own.valid_from,
        held_until=own.valid_until, provider_ref="spare", created_at=NOW, active_at=NOW,
    )  # fmt: skip
    session.add(spare)
    session.flush()
    return spare


def test_looking_again_at_the_same_refusal_steps_down_no_further(
    session: Session, alice: Guest
) -> None:
    door(session).opens_remotely = True
    hear(session, door(session), code=code_of(session, alice))
    asked = ask(session, alice)

    for second in (1, 20, 50):
        look(session, asked, seconds=second)

    offered = select(func.count(HistoryEntry.id)).filter_by(what="way-in-offered")
    assert session.scalar(offered) == 1
    assert story(session, asked_of(alice, asked), AT + MINUTE).rung == Rung.REMOTE_UNLOCK


def test_a_code_that_is_on_its_way_is_given_its_minute(session: Session, alice: Guest) -> None:
    code = code_of(session, alice)
    code.state, code.held_from, code.created_at = CodeState.WANTED, None, AT - 10 * SECOND
    asked = ask(session, alice)

    assert list(look(session, asked, seconds=1)) == [Finding.NOT_ON_LOCK]
    assert code.rung == Rung.OWN_CODE
    look(session, asked, seconds=51)
    assert code.rung != Rung.OWN_CODE


def test_hosts_are_told_once_when_the_door_has_not_opened(session: Session, alice: Guest) -> None:
    asked = ask(session, alice)
    look(session, asked, seconds=2)

    tend_helps(session, alice.property_id, AT + PATIENCE - SECOND)
    assert alarms(session) == []
    for second in (0, 1, 300):
        tend_helps(session, alice.property_id, AT + PATIENCE + second * SECOND)

    assert {(one.medium, one.address.partition("@")[0][:5]) for one in alarms(session)} == {
        (Medium.SMS, "+4477"), (Medium.EMAIL, "staff"),
    }  # fmt: skip
    assert told(session, alice) == ["door-help-asked", "door-help-looked", "door-help-told"]


def test_a_host_whose_phone_refuses_texts_is_mailed(session: Session, alice: Guest) -> None:
    owner = session.scalars(select(Host).filter_by(role=Role.OWNER)).one()
    owner.texts_stopped_at = NOW

    tell_hosts(session, ask(session, alice), AT, actor=by_guest(alice.id))

    assert {one.medium for one in alarms(session)} == {Medium.EMAIL}


def test_what_only_a_person_mends_is_told_at_once(session: Session, alice: Guest) -> None:
    door(session).battery_percent = 2

    look(session, ask(session, alice), seconds=1)

    assert len(alarms(session)) == 2


def test_a_second_look_comes_before_hosts_are_told(session: Session, alice: Guest) -> None:
    asked = ask(session, alice)
    for _time in range(2):
        look(session, asked, seconds=2)

    first, again = looks(session)
    assert (first.due_at, again.due_at) == (AT, AT + timedelta(seconds=45))
    assert again.lane is None


def test_a_door_that_opens_for_their_code_closes_it_and_nobody_is_told(
    session: Session, alice: Guest
) -> None:
    asked = ask(session, alice)
    look(session, asked, seconds=2)
    hear(session, door(session), code=code_of(session, alice), refusal=None, ago=-30 * SECOND)

    look(session, asked, seconds=45)
    tend_helps(session, alice.property_id, AT + PATIENCE)

    assert (asked.closed_how, alarms(session)) == (HelpEnd.OPENED, [])


def test_an_unlock_closes_it(session: Session, alice: Guest) -> None:
    asked = ask(session, alice)
    look(session, asked, seconds=2)
    tap = request_by_guest(session, alice, door(session).id, AT + 10 * SECOND)
    begin(session, tap.id, AT + 11 * SECOND)
    end(session, tap.id, UnlockState.OPENED, AT + 12 * SECOND)

    tend_helps(session, alice.property_id, AT + 15 * SECOND)

    assert asked.closed_how == HelpEnd.OPENED


def test_an_unlock_by_a_host_closes_it(session: Session, alice: Guest) -> None:
    asked = ask(session, alice)
    look(session, asked, seconds=2)
    hear(session, door(session), way=Way.REMOTE, refusal=None, ago=-20 * SECOND)

    tend_helps(session, alice.property_id, AT + 25 * SECOND)

    assert asked.closed_how == HelpEnd.OPENED


def test_an_opening_before_the_asking_does_not_close_it(session: Session, alice: Guest) -> None:
    hear(session, door(session), code=code_of(session, alice), refusal=None, ago=MINUTE)
    asked = ask(session, alice)

    assert look(session, asked, seconds=1) == [Finding.OPENED]
    tend_helps(session, alice.property_id, AT + PATIENCE)

    assert asked.closed_at is None
    assert len(alarms(session)) == 2


def test_a_look_that_nobody_took_counts_as_failed_and_hosts_are_told(
    session: Session, alice: Guest
) -> None:
    asked = ask(session, alice)

    tend_helps(session, alice.property_id, AT + PATIENCE)
    assert (asked.looked_at, alarms(session)) == (None, [])
    tend_helps(session, alice.property_id, AT + LOOK_LASTS)

    assert asked.look_fault is not None
    assert len(alarms(session)) == 2


def test_nobody_is_told_once_their_stay_is_over(session: Session, alice: Guest) -> None:
    leaving = AT.replace(hour=10, minute=59, second=30) + timedelta(days=2)
    asked = ask_for_help(session, alice, door(session).id, leaving)
    assert asked is not None
    record_look(session, asked.id, None, leaving + SECOND)

    tend_helps(session, alice.property_id, leaving + PATIENCE)

    assert alarms(session) == []


def test_an_asking_that_nobody_closes_is_forgotten_after_a_day(
    session: Session, alice: Guest
) -> None:
    asked = ask(session, alice)
    look(session, asked)
    assert houses_with_open_helps(session) == [alice.property_id]

    tend_helps(session, alice.property_id, AT + FORGOTTEN + SECOND)

    assert asked.closed_how == HelpEnd.OLD
    assert houses_with_open_helps(session) == []


def test_closing_twice_keeps_how_it_was_closed(session: Session, alice: Guest) -> None:
    asked = ask(session, alice)

    close_help(session, asked, HelpEnd.GUEST, AT, by_guest(alice.id))
    close_help(session, asked, HelpEnd.HOST, AT + SECOND, by_host(1))

    assert (asked.closed_at, asked.closed_how) == (AT, HelpEnd.GUEST)
    assert open_help(session, alice, asked.door_id) is None


def test_a_look_at_what_was_closed_meanwhile_changes_nothing(
    session: Session, alice: Guest
) -> None:
    asked = ask(session, alice)
    close_help(session, asked, HelpEnd.GUEST, AT, by_guest(alice.id))
    session.flush()

    record_look(session, asked.id, None, AT + SECOND)

    assert asked.looked_at is None
    assert alarms(session) == []


def test_the_text_tells_the_whole_story(session: Session, alice: Guest) -> None:
    lock = door(session)
    lock.battery_percent, lock.gateway_online, lock.seen_at = 80, True, AT
    hear(session, lock, code=code_of(session, alice), mistake=Mistake.DIGITS_MISSING)
    asked = ask(session, alice)
    look(session, asked, seconds=2)
    tell_hosts(session, asked, AT + MINUTE, actor="clock")
    text_, mail = sorted(alarms(session), key=lambda one: one.medium, reverse=True)

    said = words_for_host(session, text_, AT + MINUTE)
    letter = words_for_host(session, mail, AT + MINUTE)

    assert said is not None
    assert letter is not None
    assert said.body.splitlines() == [
        "Alice Moore cannot open Room 1 (asked for help at 18:00).",
        "Call them: +44 7700 900417",
        "The end of the code was missing (17:59).",
        "Lock: battery 80 %, gateway online, last heard of 18:00.",
        "Offered so far: their code, step by step.",
        "http://localhost/admin/",
    ]
    assert (
        letter.subject == "Canal House: Alice Moore cannot open Room 1 (asked for help at 18:00)."
    )
    assert "+44 7700 900417" in letter.body


def test_a_door_that_opened_before_the_text_went_out_is_not_told(
    session: Session, alice: Guest
) -> None:
    asked = ask(session, alice)
    tell_hosts(session, asked, AT, actor="clock")
    close_help(session, asked, HelpEnd.GUEST, AT + SECOND, by_guest(alice.id))

    assert words_for_host(session, alarms(session)[0], AT + SECOND) is None


def test_twenty_at_once_are_one_asking_one_look_and_one_alarm_each(
    app: Flask, session: Session, alice: Guest
) -> None:
    guest_id, door_id, house_id = alice.id, door(session).id, alice.property_id
    door(session).battery_percent = 1
    session.commit()

    def press(_number: int) -> None:
        with app.app_context():
            with transaction() as own:
                asked = ask_for_help(own, own.get_one(Guest, guest_id), door_id, AT)
                assert asked is not None
            with transaction() as own:
                record_look(own, asked.id, None, AT + SECOND)
            with transaction() as own:
                hold_property(own, house_id)
                found = open_help(own, own.get_one(Guest, guest_id), door_id)
                assert found is not None
                tell_hosts(own, found, AT + SECOND, actor="guest")
            with transaction() as own:
                tend_helps(own, house_id, AT + PATIENCE)
            db.session.remove()

    with ThreadPoolExecutor(20) as pool:
        list(pool.map(press, range(20)))

    session.rollback()
    assert session.scalar(select(func.count(DoorHelp.id))) == 1
    assert len([entry for entry in looks(session) if "again" not in entry.dedupe_key]) == 1
    assert len(alarms(session)) == 2


def test_the_stories_of_many_guests_take_as_many_statements_as_that_of_one(
    session: Session, house: Property, alice: Guest, seals: Seals
) -> None:
    make_reservation(session, house, 2, seals=seals, reference=BOB, name="Bob Stone",
                     arrival=TODAY, departure=TOMORROW)  # fmt: skip
    bob = check_in(session, house.id, BOB, WHO, seals=seals, now=NOW)
    confirm(session, bob)
    session.execute(text("SELECT 1"))
    ask(session, alice)
    one = statements(session, house)
    ask(session, alice, "Front door")
    ask(session, bob, "Room 2")
    ask(session, bob, "Front door")

    assert statements(session, house) == one


def statements(session: Session, house: Property) -> int:
    from sqlalchemy import event

    from app.services.door_help import helps_now

    session.flush()
    seen: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        seen.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    assert helps_now(session, house, AT + SECOND)
    event.remove(db.engine, "before_cursor_execute", note)
    return len(seen)
