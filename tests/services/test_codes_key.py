"""CODES_KEY is followed by another while everything runs; digits stay unique all the while."""

import random
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from cryptography.fernet import Fernet, InvalidToken
from flask import Flask
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.db import transaction
from app.domain.windows import Window
from app.jobs.codes_key import rotate_all
from app.models import (
    AccessCode,
    Base,
    CodeState,
    Door,
    Property,
    ProviderToken,
    Purpose,
    StaffCode,
    Stranger,
)
from app.seals import Seals, mark_of
from app.services.code_steps import new_code
from app.services.codes_key import rotate_door, rotate_gone
from app.services.digits import KeyMissingError, digits_hash, taken_on
from app.services.lanes import hold_property
from tests.conftest import BASE
from tests.factories import NOW, make_house

OLD, NEW = BASE["CODES_KEY"].encode(), Fernet.generate_key()
BEFORE, BOTH, AFTER = (Seals(keys, BASE["SECRET_KEY"]) for keys in ((OLD,), (NEW, OLD), (NEW,)))
KNOWS_BOTH_BUT_SEALS_WITH_OLD = Seals((OLD, NEW), BASE["SECRET_KEY"])
WINDOW = Window(NOW, NOW + timedelta(days=1))


@pytest.fixture
def house(session: Session) -> Property:
    return make_house(session, rooms=1)


@pytest.fixture
def door(session: Session, house: Property) -> Door:
    return session.scalars(select(Door).filter_by(property_id=house.id, name="Room 1")).one()


def add(session: Session, house: Property, door: Door, digits: str, seals: Seals) -> AccessCode:
    """Add a code of a person of its own, as everything that makes codes does."""
    hold_property(session, house.id)
    if taken_on(session, [door.id]).holds(seals, door.id, digits):
        raise ValueError("taken")
    return add_unchecked(session, house, door, digits, seals)


def add_unchecked(
    session: Session, house: Property, door: Door, digits: str, seals: Seals
) -> AccessCode:
    person = StaffCode(property_id=house.id, label="Mo", valid_from=NOW, created_at=NOW)
    session.add(person)
    session.flush()
    return new_code(
        session,
        door,
        WINDOW,
        digits,
        house=house,
        seals=seals,
        now=NOW,
        actor="test",
        purpose=Purpose.STAFF,
        staff_code=person,
    )


def end(code: AccessCode) -> None:
    code.state, code.gone_at = CodeState.GONE, NOW


@pytest.fixture
def use(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Callable[[Seals], None]:
    """Has the app use other keys for this test."""
    return lambda seals: monkeypatch.setitem(app.extensions, "seals", seals)


def test_after_rotation_the_old_key_opens_nothing_and_the_new_one_everything(
    use: Callable[[Seals], None], session: Session, house: Property, door: Door
) -> None:
    live = add(session, house, door, "739105", BEFORE)
    end(add(session, house, door, "482913", BEFORE))
    session.add(ProviderToken(provider="ttlock", sealed=BEFORE.seal("a token")))
    session.commit()

    use(BOTH)
    done = rotate_all()

    assert (done.codes, done.tokens, done.unopened) == (2, 1, 0)
    assert AFTER.unseal(live.sealed_digits) == "739105"
    assert AFTER.unseal(session.scalars(select(ProviderToken.sealed)).one()) == "a token"
    for sealed in session.scalars(select(AccessCode.sealed_digits)):
        with pytest.raises(InvalidToken):
            BEFORE.unseal(sealed)
    dump = everything(session)
    assert BEFORE.marks[0] not in dump
    assert taken_on(session, [door.id]).holds(AFTER, door.id, "739105")


def test_rotation_twice_changes_nothing_the_second_time(
    use: Callable[[Seals], None], session: Session, house: Property, door: Door
) -> None:
    add(session, house, door, "739105", BEFORE)
    session.commit()
    use(BOTH)
    rotate_all()
    before = everything(session)

    again = rotate_all()

    assert again.changed == 0
    assert everything(session) == before


def test_rotation_goes_on_where_it_was_stopped(
    use: Callable[[Seals], None], session: Session, house: Property, door: Door
) -> None:
    front = session.scalars(select(Door).filter_by(name="Front door")).one()
    codes = [add(session, house, one, "739105", BEFORE) for one in (front, door)]
    session.commit()
    with transaction() as first:
        rotate_door(first, front.id, BOTH)

    use(BOTH)
    done = rotate_all()

    assert done.codes == 1
    assert {AFTER.unseal(code.sealed_digits) for code in codes} == {"739105"}


def test_digits_stay_taken_while_only_some_doors_are_rotated(
    session: Session, house: Property, door: Door
) -> None:
    add(session, house, door, "739105", BEFORE)
    rotate_door(session, door.id, BOTH)

    for seals in (BOTH, KNOWS_BOTH_BUT_SEALS_WITH_OLD, AFTER):
        with pytest.raises(ValueError, match="taken"):
            add(session, house, door, "739105", seals)


@pytest.mark.parametrize("is_rotated", [False, True])
def test_the_database_itself_refuses_equal_digits_whichever_key_comes_first(
    session: Session, house: Property, door: Door, is_rotated: bool
) -> None:
    add(session, house, door, "739105", BEFORE)
    if is_rotated:
        rotate_door(session, door.id, BOTH)
    other_order = KNOWS_BOTH_BUT_SEALS_WITH_OLD if is_rotated else BOTH

    with pytest.raises(IntegrityError, match=r"(?i)unique"):
        add_unchecked(session, house, door, "739105", other_order)


def test_process_without_the_key_in_use_chooses_no_digits_for_that_door(
    session: Session, house: Property, door: Door
) -> None:
    add(session, house, door, "739105", BEFORE)
    rotate_door(session, door.id, BOTH)

    with pytest.raises(KeyMissingError):
        taken_on(session, [door.id]).holds(BEFORE, door.id, "482913")


def test_many_codes_put_during_rotations_to_and_fro_never_share_digits(
    app: Flask, session: Session, house: Property, door: Door
) -> None:
    """Every worker wants one of a few digits, with its keys in its own order."""
    few = [f"73{number:04}" for number in range(100, 130)]
    house_id, door_id = house.id, door.id
    session.commit()

    def put(number: int) -> None:
        choice = random.Random(number)  # noqa: S311
        with app.app_context():
            for digits in choice.sample(few, 12):
                seals = choice.choice([BOTH, KNOWS_BOTH_BUT_SEALS_WITH_OLD])
                try:
                    with transaction() as own:
                        house = own.get_one(Property, house_id)
                        add(own, house, own.get_one(Door, door_id), digits, seals)
                except ValueError:
                    continue

    def rotate(_: int) -> None:
        with app.app_context():
            for seals in [BOTH, KNOWS_BOTH_BUT_SEALS_WITH_OLD] * 4:
                with transaction() as own:
                    rotate_door(own, door_id, seals)

    with ThreadPoolExecutor(5) as pool:
        futures = [pool.submit(rotate, 0), *(pool.submit(put, number) for number in range(4))]
        for future in futures:
            future.result()

    codes = session.scalars(select(AccessCode)).all()
    digits = [BOTH.unseal(code.sealed_digits) for code in codes]
    assert len(digits) == len(set(digits)) > 10
    assert len({mark_of(code.digits_hash) for code in codes}) == 1


def test_strangers_that_cannot_be_hashed_anew_are_forgotten_until_the_next_look(
    session: Session, house: Property, door: Door
) -> None:
    for number, seals in enumerate((BEFORE, AFTER)):
        session.add(
            Stranger(
                door_id=door.id,
                provider_ref=str(number),
                name="cleaner",
                digits_hash=seals.digits_hash("482913"),
                first_seen_at=NOW,
                last_seen_at=NOW,
            )
        )
    session.flush()
    assert taken_on(session, [door.id]).holds(BOTH, door.id, "482913")

    rotate_door(session, door.id, BOTH)

    assert session.scalars(select(Stranger.provider_ref)).all() == ["1"]


def test_code_that_no_key_opens_is_counted_and_left(
    use: Callable[[Seals], None], session: Session, house: Property, door: Door
) -> None:
    code = add(session, house, door, "739105", BEFORE)
    sealed = code.sealed_digits
    session.commit()

    use(AFTER)
    done = rotate_all()

    assert (done.unopened, done.changed) == (1, 0)
    assert code.sealed_digits == sealed


def test_erased_code_is_left_alone(session: Session, house: Property, door: Door) -> None:
    code = add(session, house, door, "739105", BEFORE)
    end(code)
    code.sealed_digits, code.digits_hash = None, "erased:1"
    session.flush()

    last, done = rotate_gone(session, 0, BOTH)

    assert (last, done.changed, done.unopened) == (None, 0, 0)


def test_code_that_lingers_keeps_a_hash_that_is_not_of_its_digits(
    session: Session, house: Property, door: Door
) -> None:
    """Its digits may be another's on the same door by now."""
    lingering = add(session, house, door, "739105", BEFORE)
    lingering.digits_hash = "lingers-1"
    session.flush()
    add(session, house, door, "739105", BEFORE)

    rotate_door(session, door.id, BOTH)

    assert lingering.digits_hash == "lingers-1"
    assert AFTER.unseal(lingering.sealed_digits) == "739105"


def test_digits_stored_before_hashes_had_marks_stay_taken(
    session: Session, house: Property, door: Door
) -> None:
    code = add(session, house, door, "739105", BEFORE)
    code.digits_hash = BEFORE.digits_hash("739105").partition(":")[2]
    session.flush()

    assert taken_on(session, [door.id]).holds(BEFORE, door.id, "739105")
    assert taken_on(session, [door.id]).holds(BOTH, door.id, "739105")
    rotate_door(session, door.id, BOTH)
    assert code.digits_hash == digits_hash(session, AFTER, door.id, "739105")


def everything(session: Session) -> str:
    session.commit()
    return repr(
        [
            session.execute(text(f"SELECT * FROM {table.name}")).all()
            for table in Base.metadata.sorted_tables
        ]
    )
