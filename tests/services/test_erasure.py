"""What is personal goes when its time is over, from everywhere, and not a day before."""

import json
from datetime import date, datetime, time, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, text
from sqlalchemy.orm import Session

import app.jobs.erasure as erasing
from app.domain.notices import NoticeKind
from app.jobs.erasure import erase_what_is_due
from app.models import (
    AccessCode,
    Base,
    ChangeSet,
    CodeState,
    Guest,
    HistoryEntry,
    Medium,
    Message,
    MessageState,
    Notice,
    Origin,
    Property,
    Reservation,
)
from app.seals import Seals
from app.services.check_in import Details, check_in
from app.services.guests import guest_by_link
from tests.factories import ALICE, BOB, NOW, TODAY, make_host, make_house, make_reservation

MAIL, PHONE, CAR = "zephyrine@example.com", "+447700900417", "ZQ19 XYZ"
NAME = "Zephyrine Quillfeather"
WHO = Details(NAME, MAIL, PHONE, 17, time(21, 47), CAR, "en")
PERSONAL = (NAME, "Quillfeather", MAIL, PHONE, "900417", CAR, "739105", "21:47")
LEFT = TODAY + timedelta(days=2)
YEAR_LATER = NOW + timedelta(days=367)


@pytest.fixture
def house(session: Session) -> Property:
    return make_house(session)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Any:
    def is_now(at: datetime) -> None:
        monkeypatch.setattr(erasing, "now", lambda: at)

    return is_now


def arrive(session: Session, house: Property, seals: Seals, reference: str = ALICE) -> Guest:
    make_reservation(session, house, 1, seals=seals, reference=reference, name=NAME)
    return check_in(session, house.id, reference, WHO, seals=seals, now=NOW)


def leave_traces(session: Session, house: Property, seals: Seals, guest: Guest) -> None:
    """Put the guest wherever the app may put one."""
    host = make_host(session, house)
    session.add_all(
        [
            Notice(
                property_id=house.id,
                origin=Origin.GUEST,
                kind=NoticeKind.NEW,
                reference=guest.reference,
                arrival=TODAY,
                departure=LEFT,
                name=NAME,
                phone_ending="0417",
                party_size=17,
                said_at=NOW,
                first_seen_at=NOW,
            ),
            ChangeSet(
                property_id=house.id,
                host_id=host.id,
                what=f"{NAME} moved.",
                made_at=NOW,
                rows=[{"table": "guest", "id": 1, "before": {"full_name": NAME}, "after": None}],
            ),
            Message(
                property_id=house.id,
                host_id=host.id,
                medium=Medium.SMS,
                address="+447700900123",
                body=f"{guest.reference}: {NAME}, {PHONE}",
                facts={"who": NAME},
                state=MessageState.SENT,
                created_at=NOW,
            ),
        ]
    )
    for code in session.scalars(select(AccessCode)):
        code.state, code.gone_at = CodeState.GONE, NOW + timedelta(days=2)
        code.sealed_digits, code.digits_hash = seals.seal("739105"), f"x{code.id}"
    session.commit()


def dump(session: Session) -> str:
    """Return all that is stored, JSON as people read it."""
    session.commit()
    rows = []
    for table in Base.metadata.sorted_tables:
        for row in session.execute(text(f"SELECT * FROM {table.name}")).mappings():
            rows.append(json.dumps(dict(row), default=str, ensure_ascii=False))
    return "\n".join(rows)


def opened(session: Session, seals: Seals) -> set[str]:
    sealed = session.scalars(select(AccessCode.sealed_digits)).all()
    return {seals.unseal(one) for one in sealed if one is not None}


def test_nothing_personal_is_left_anywhere_a_year_after_they_left(
    app: Flask, session: Session, house: Property, seals: Seals, clock: Any
) -> None:
    guest = arrive(session, house, seals)
    leave_traces(session, house, seals, guest)
    token = seals.link_token(guest.link_seed)
    before = dump(session)
    assert [word for word in PERSONAL if word not in before] == ["739105"]  # sealed
    assert "739105" in opened(session, seals)

    clock(YEAR_LATER)
    erase_what_is_due()

    after = dump(session)
    assert [word for word in PERSONAL if word in after] == []
    assert '"phone_ending": "0417"' not in after
    assert '"party_size": 17' not in after
    assert guest_by_link(session, token) is None
    assert opened(session, seals) == set()
    session.refresh(guest)
    assert guest.erased_at == YEAR_LATER
    assert guest.reference == ALICE
    told = session.scalars(select(HistoryEntry.what).filter_by(subject="guest")).all()
    assert told.count("guest-erased") == 1


def test_nobody_is_erased_a_day_early(
    app: Flask, session: Session, house: Property, seals: Seals, clock: Any
) -> None:
    guest = arrive(session, house, seals)
    session.commit()

    clock(datetime.combine(date(LEFT.year + 1, LEFT.month, LEFT.day - 1), time(23), house.zone))
    erase_what_is_due()
    session.refresh(guest)
    assert guest.full_name == NAME

    clock(datetime.combine(date(LEFT.year + 1, LEFT.month, LEFT.day), time(1), house.zone))
    erase_what_is_due()
    session.refresh(guest)
    assert guest.full_name is None


@pytest.mark.parametrize("is_linked", [True, False])
def test_guest_with_a_later_stay_is_kept_whole(
    app: Flask, session: Session, house: Property, seals: Seals, clock: Any, is_linked: bool
) -> None:
    guest = arrive(session, house, seals)
    later = make_reservation(
        session, house, 2, seals=seals, arrival=TODAY + timedelta(days=300), name=NAME
    )
    later.guest = guest if is_linked else None
    leave_traces(session, house, seals, guest)

    clock(YEAR_LATER)
    erase_what_is_due()

    session.refresh(guest)
    assert (guest.full_name, guest.phone, guest.erased_at) == (NAME, PHONE, None)
    names = session.scalars(select(Reservation.name)).all()
    assert names == [NAME, NAME]
    assert session.scalars(select(Notice.name)).all() == [NAME]
    told = session.scalars(select(Message.address).filter_by(guest_id=guest.id)).all()
    assert set(told) == {PHONE}


def test_others_are_not_touched(
    app: Flask, session: Session, house: Property, seals: Seals, clock: Any
) -> None:
    elsewhere = make_house(session, "Harbour House")
    elsewhere.retention_months = 24
    kept = arrive(session, elsewhere, seals, BOB)
    erased = arrive(session, house, seals)
    session.commit()

    clock(YEAR_LATER)
    erase_what_is_due()

    session.expire_all()
    assert (kept.full_name, erased.full_name) == (NAME, None)
    names = {stay.reference: stay.name for stay in session.scalars(select(Reservation))}
    assert names == {BOB: NAME, ALICE: None}


def test_who_booked_and_never_came_is_erased_too(
    app: Flask, session: Session, house: Property, seals: Seals, clock: Any
) -> None:
    make_reservation(session, house, 1, seals=seals, name=NAME, phone_ending="7319")
    session.commit()

    clock(YEAR_LATER)
    erase_what_is_due()

    after = dump(session)
    assert NAME not in after
    assert "7319" not in after


def test_name_that_an_old_list_brings_back_is_erased_again(
    app: Flask, session: Session, house: Property, seals: Seals, clock: Any
) -> None:
    guest = arrive(session, house, seals)
    session.commit()
    clock(YEAR_LATER)
    erase_what_is_due()
    session.scalars(select(Reservation)).one().name = NAME
    session.get_one(Guest, guest.id).full_name = NAME
    session.commit()

    erase_what_is_due()

    assert NAME not in dump(session)


def test_erasing_twice_changes_nothing_the_second_time(
    app: Flask, session: Session, house: Property, seals: Seals, clock: Any
) -> None:
    guest = arrive(session, house, seals)
    leave_traces(session, house, seals, guest)
    clock(YEAR_LATER)
    erase_what_is_due()
    once = dump(session)

    clock(YEAR_LATER + timedelta(days=1))
    erase_what_is_due()

    assert dump(session) == once


@pytest.mark.parametrize(("days", "is_kept"), [(29, True), (31, False)])
def test_digits_are_erased_thirty_days_after_they_left_the_lock(
    app: Flask,
    session: Session,
    house: Property,
    seals: Seals,
    clock: Any,
    days: int,
    is_kept: bool,
) -> None:
    arrive(session, house, seals)
    for code in session.scalars(select(AccessCode)):
        code.state, code.gone_at = CodeState.GONE, NOW
    session.commit()

    clock(NOW + timedelta(days=days))
    erase_what_is_due()

    assert bool(opened(session, seals)) is is_kept
    hashes = session.scalars(select(AccessCode.digits_hash)).all()
    assert len(set(hashes)) == (1 if is_kept else len(hashes))


def test_digits_still_on_a_lock_are_kept_however_old(
    app: Flask, session: Session, house: Property, seals: Seals, clock: Any
) -> None:
    arrive(session, house, seals)
    for code in session.scalars(select(AccessCode)):
        code.state = CodeState.UNWANTED
    session.commit()
    digits = opened(session, seals)

    clock(YEAR_LATER)
    erase_what_is_due()

    assert opened(session, seals) == digits


def test_many_are_erased_in_several_transactions(
    app: Flask,
    session: Session,
    house: Property,
    seals: Seals,
    clock: Any,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("app.services.erasure.AT_ONCE", 2)
    for number in range(5):
        make_reservation(
            session, house, 1, seals=seals, reference=f"HMMANY{number}", name=NAME,
            arrival=TODAY + timedelta(days=2 * number),
        )  # fmt: skip
        check_in(session, house.id, f"HMMANY{number}", WHO, seals=seals, now=NOW)
    session.commit()

    clock(YEAR_LATER + timedelta(days=10))
    erase_what_is_due()

    assert NAME not in dump(session)
