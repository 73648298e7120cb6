"""My door does not open, as pages: asking, looking, what was found, calling; the host's side."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from itertools import count

import pytest
from sqlalchemy import event, func, select
from sqlalchemy.orm import Session

from app.db import db
from app.domain.lock_words import Mistake, Refusal, Way
from app.models import (
    AccessCode,
    CodeState,
    Door,
    DoorHelp,
    Effect,
    LockEvent,
    Message,
    OutboxEntry,
    Reservation,
    Role,
)
from app.seals import Seals
from app.services.check_in import Details, check_in
from app.services.codes import settle_codes
from tests.factories import BOB, make_host, make_house
from tests.web.houses import Lived, now, put_on_locks
from tests.web.visitor import Visitor, everything

BOTH_WAYS = pytest.mark.parametrize("htmx", [False, True])
_keys = count(1)


@pytest.fixture
def alice(session: Session, lived: Lived) -> Lived:
    """Alice's codes are on the locks, and her door's lock is well."""
    put_on_locks(session, lived.guest)
    door = session.get_one(Door, lived.door.id)
    door.battery_percent, door.gateway_online, door.seen_at = 80, True, now()
    session.commit()
    return lived


def path(one: Lived, noun: str = "", door: int | None = None) -> str:
    return f"/stay/{one.token}/doors/{door or one.door.id}/help{noun and '/'}{noun}"


def hear(
    session: Session,
    one: Lived,
    mistake: Mistake | None = None,
    *,
    refusal: Refusal | None = Refusal.UNKNOWN_CODE,
    room: str | None = None,
    seconds: float = 60,
) -> None:
    """Let the log have a line with Alice's code, at her own door unless another is named."""
    at = now() - timedelta(seconds=seconds)
    where = one.door.id
    if room is not None:
        where = session.scalars(select(Door.id).filter_by(name=room)).one()
    session.add(
        LockEvent(
            door_id=where, key=str(next(_keys)), at=at, heard_at=at, way=Way.CODE,
            refusal=refusal, mistake=mistake, code_id=one.code.id,
        )
    )  # fmt: skip
    session.commit()


def looked_at(session: Session, one: Lived, visitor: Visitor, fault: str | None = None) -> DoorHelp:
    """Ask, and let a worker have looked."""
    visitor.post(path(one))
    session.rollback()
    asked = session.scalars(select(DoorHelp).filter_by(closed_at=None)).one()
    asked.looked_at, asked.look_fault = now(), fault
    session.commit()
    return asked


def headline(page: str) -> str:
    found = re.search(r"<h1>(.*?)</h1>", page, re.DOTALL)
    assert found is not None, page
    return " ".join(re.sub("<[^>]+>", " ", found[1]).replace("&#39;", "'").split())


def digits(seals: Seals, one: Lived) -> str:
    assert one.code.sealed_digits is not None
    return seals.unseal(one.code.sealed_digits)


def open_helps(session: Session) -> int:
    session.rollback()
    return session.scalar(select(func.count(DoorHelp.id)).filter_by(closed_at=None)) or 0


@contextmanager
def statements() -> Iterator[list[str]]:
    seen: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        seen.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    yield seen
    event.remove(db.engine, "before_cursor_execute", note)


def test_every_door_of_the_stay_page_has_the_way_to_help(alice: Lived, visitor: Visitor) -> None:
    page = visitor.get(f"/stay/{alice.token}").text

    assert page.count("My door does not open") == 2
    assert f'action="{path(alice)}"' in page


@BOTH_WAYS
def test_the_page_offers_to_look_and_changes_nothing(
    session: Session, alice: Lived, visitor: Visitor, htmx: bool
) -> None:
    before = everything(session)

    answer = visitor.get(path(alice), htmx=htmx)

    assert answer.status_code == 200
    assert answer.text.startswith("<!doctype html>") is not htmx
    assert headline(answer.text) == "Room 1 does not open?"
    assert answer.headers["Cache-Control"] == "no-store"
    assert everything(session) == before


def test_asking_as_a_page_goes_to_the_page_that_looks(
    session: Session, alice: Lived, visitor: Visitor
) -> None:
    answer = visitor.post(path(alice))

    assert (answer.status_code, answer.headers["Location"]) == (303, path(alice))
    page = visitor.get(path(alice)).text
    assert headline(page) == "Looking at the lock…"
    assert "every 2s" in page
    assert "Check again" in page
    assert session.scalars(select(OutboxEntry).filter_by(kind=Effect.LOOK_AT_DOOR)).one()


def test_asking_by_htmx_answers_the_panel_alone(alice: Lived, visitor: Visitor) -> None:
    answer = visitor.post(path(alice), htmx=True)

    assert answer.status_code == 200
    assert answer.text.strip().startswith('<section id="help-panel"')
    assert headline(answer.text) == "Looking at the lock…"


def test_a_panel_that_says_the_same_is_204_and_one_that_has_news_is_whole(
    session: Session, alice: Lived, visitor: Visitor
) -> None:
    panel = visitor.post(path(alice), htmx=True).text
    asks = re.search(r'hx-get="([^"]+)"', panel)
    assert asks is not None

    assert visitor.get(asks[1], htmx=True).status_code == 204
    session.scalars(select(DoorHelp).filter_by(closed_at=None)).one().looked_at = now()
    session.commit()
    news = visitor.get(asks[1], htmx=True)

    assert news.status_code == 200
    assert headline(news.text) == "The lock has not heard its keypad"


def test_the_wrong_door_is_named_and_theirs_is_not_opened_behind_their_back(
    session: Session, seals: Seals, alice: Lived, visitor: Visitor
) -> None:
    hear(session, alice, Mistake.OTHER_DOOR, room="Room 2")
    looked_at(session, alice, visitor)

    page = visitor.get(path(alice)).text

    assert headline(page) == "That was Room 2. Yours is Room 1."
    assert digits(seals, alice) in page
    assert "/unlock" not in page


@pytest.mark.parametrize(
    ("mistake", "said"),
    [
        (Mistake.DIGITS_MISSING, "The end of the code was missing"),
        (Mistake.DIGITS_ADDED, "There was a digit too many"),
        (Mistake.ONE_WRONG, "One digit was wrong"),
        (Mistake.SWAPPED, "Two digits changed places"),
    ],
)
def test_a_slip_is_named_and_the_code_shown_with_its_steps(
    session: Session,
    seals: Seals,
    alice: Lived,
    visitor: Visitor,
    mistake: Mistake,
    said: str,
) -> None:
    hear(session, alice, mistake)
    looked_at(session, alice, visitor)

    page = visitor.get(path(alice)).text

    assert headline(page) == said
    assert f'class="code" value="{digits(seals, alice)}"' in page
    assert "End with # or the tick." in page
    assert f"/doors/{alice.door.id}/unlock" in page


def test_the_steps_are_those_the_host_wrote_for_the_lock(
    session: Session, alice: Lived, visitor: Visitor
) -> None:
    alice.door.how_to_open = "Press the bell sign.\n\n <b>Type</b> the code.\n"
    session.commit()
    looked_at(session, alice, visitor)

    page = visitor.get(path(alice)).text

    assert re.findall(r"<li>(.*?)</li>", page)[:2] == [
        "Press the bell sign.", "&lt;b&gt;Type&lt;/b&gt; the code.",
    ]  # fmt: skip
    assert "palm" not in page


def test_a_lock_out_of_contact_is_said_and_no_unlock_is_offered(
    session: Session, alice: Lived, visitor: Visitor
) -> None:
    alice.door.gateway_online, alice.door.seen_at = False, now() - timedelta(hours=2)
    session.commit()
    looked_at(session, alice, visitor)

    page = visitor.get(path(alice)).text

    assert headline(page) == "This lock has lost contact"
    assert "/unlock" not in page
    assert 'class="code"' in page


def test_a_code_that_is_not_on_the_lock_is_not_shown(
    session: Session, seals: Seals, alice: Lived, visitor: Visitor
) -> None:
    alice.code.state, alice.code.held_from = CodeState.WANTED, None
    session.commit()
    looked_at(session, alice, visitor)

    page = visitor.get(path(alice)).text

    assert headline(page) == "Your code is not on this lock yet"
    assert digits(seals, alice) not in page


def test_a_log_that_cannot_be_read_is_said(
    session: Session, alice: Lived, visitor: Visitor
) -> None:
    looked_at(session, alice, visitor, fault="The lock service does not answer.")

    assert headline(visitor.get(path(alice)).text) == "We cannot see what the lock heard"


def test_an_open_door_says_when_it_opened(session: Session, alice: Lived, visitor: Visitor) -> None:
    hear(session, alice, refusal=None, seconds=20)
    looked_at(session, alice, visitor)

    page = visitor.get(path(alice)).text

    assert headline(page).startswith("The lock opened at ")
    assert "It is still shut" in page
    assert 'class="code"' not in page


def test_a_text_in_the_log_is_escaped(session: Session, alice: Lived, visitor: Visitor) -> None:
    alice.door.name = "<img src=x>"
    session.commit()
    looked_at(session, alice, visitor)

    assert "<img" not in visitor.get(path(alice)).text


@BOTH_WAYS
def test_the_door_of_another_guest_is_404_and_changes_nothing(
    session: Session, alice: Lived, visitor: Visitor, htmx: bool
) -> None:
    theirs = session.scalars(select(Door.id).filter_by(room_id=alice.bob.room_id)).one()
    foreign = make_house(session, "Harbour House")
    elsewhere = session.scalars(select(Door.id).filter_by(property_id=foreign.id)).first()
    before = everything(session)

    for door in (theirs, elsewhere, 999_999):
        assert visitor.get(path(alice, door=door), htmx=htmx).status_code == 404
        assert visitor.post(path(alice, door=door), htmx=htmx).status_code == 404
        for noun in ("host", "closing"):
            visitor.post(path(alice, noun, door), htmx=htmx)

    assert everything(session) == before


@BOTH_WAYS
def test_a_foreign_token_is_404(alice: Lived, visitor: Visitor, htmx: bool) -> None:
    wrong = path(alice).replace(alice.token, "0" * 43)

    assert visitor.get(wrong, htmx=htmx).status_code == 404
    for noun in ("", "/host", "/closing"):
        assert visitor.post(wrong + noun, htmx=htmx).status_code == 404


def arrives(session: Session, seals: Seals, one: Lived, days: int) -> None:
    """Move Alice's stay."""
    stay = session.get_one(Reservation, one.alice.id)
    today = now().date()
    stay.arrival, stay.departure = (today + timedelta(days=days + n) for n in (0, 2))
    session.flush()
    settle_codes(session, one.house, [one.guest], seals=seals, now=now(), actor="test")
    session.commit()


@BOTH_WAYS
@pytest.mark.parametrize(
    ("days", "said"), [(1, "Your code starts "), (-9, "This door no longer opens for you")]
)
def test_outside_their_time_the_page_says_so_and_no_lock_is_looked_at(
    session: Session,
    seals: Seals,
    alice: Lived,
    visitor: Visitor,
    days: int,
    said: str,
    htmx: bool,
) -> None:
    secret = digits(seals, alice)
    arrives(session, seals, alice, days)

    visitor.post(path(alice), htmx=htmx)
    page = visitor.get(path(alice), htmx=htmx).text

    assert headline(page).startswith(said)
    assert secret not in page
    assert "/unlock" not in page
    assert open_helps(session) == 0


def test_a_cancelled_stay_has_no_doors_to_ask_about(
    session: Session, seals: Seals, alice: Lived, visitor: Visitor
) -> None:
    session.get_one(Reservation, alice.alice.id).guest_id = None
    session.commit()

    assert visitor.get(path(alice)).status_code == 404
    assert visitor.post(path(alice)).status_code == 404


def test_who_was_vouched_for_and_has_not_checked_in_sees_no_code(
    session: Session, seals: Seals, alice: Lived, visitor: Visitor
) -> None:
    alice.guest.checked_in_at, alice.guest.vouched_at = None, now()
    session.commit()
    visitor.post(path(alice))

    page = visitor.get(path(alice)).text

    assert headline(page) == "You have not checked in yet"
    assert digits(seals, alice) not in page
    assert "/unlock" not in page


@BOTH_WAYS
def test_call_my_host_tells_them_once(
    session: Session, alice: Lived, visitor: Visitor, htmx: bool
) -> None:
    looked_at(session, alice, visitor)
    hosts = session.scalar(
        select(func.count()).select_from(Message).filter_by(template="door_help")
    )
    assert hosts == 0

    visitor.post(path(alice, "host"), htmx=htmx)
    answer = visitor.post(path(alice, "host"), htmx=htmx)

    page = answer.text if htmx else visitor.get(path(alice)).text
    assert "Your host was told at " in page
    assert "Have my host call me" not in page
    session.rollback()
    told = session.scalars(select(Message).filter_by(template="door_help")).all()
    assert len(told) == len({message.host_id for message in told}) > 0


@BOTH_WAYS
def test_it_is_open_now_goes_back_to_the_stay(
    session: Session, alice: Lived, visitor: Visitor, htmx: bool
) -> None:
    asked = looked_at(session, alice, visitor)

    answer = visitor.post(path(alice, "closing"), htmx=htmx)

    where = answer.headers["HX-Location" if htmx else "Location"]
    assert (answer.status_code, where) == (204 if htmx else 303, f"/stay/{alice.token}")
    session.refresh(asked)
    assert asked.closed_how == "guest"
    assert "sleep well" in visitor.get(where).text


def test_asking_for_ever_ends_with_the_phone(
    session: Session, alice: Lived, visitor: Visitor
) -> None:
    for _time in range(12):
        visitor.post(path(alice))
        visitor.post(path(alice, "closing"))

    answer = visitor.post(path(alice))

    assert answer.headers["Location"] == path(alice)
    assert "Please phone your host" in visitor.get(path(alice)).text
    assert open_helps(session) == 0


def test_the_page_takes_as_many_statements_with_a_long_log(
    session: Session, alice: Lived, visitor: Visitor
) -> None:
    looked_at(session, alice, visitor)
    with statements() as few:
        visitor.get(path(alice))
    for number in range(30):
        hear(session, alice, Mistake.SWAPPED, seconds=number + 1)

    with statements() as many:
        visitor.get(path(alice))

    assert len(many) == len(few)


@BOTH_WAYS
def test_hosts_see_it_first_with_what_was_found_and_three_buttons(
    session: Session, alice: Lived, visitor: Visitor, staff: Visitor, htmx: bool
) -> None:
    hear(session, alice, Mistake.DIGITS_MISSING)
    asked = looked_at(session, alice, visitor)

    page = staff.get("/admin/attention" if htmx else "/admin/", htmx=htmx).text

    item = re.search(r'<li class="is-urgent">(.*?)</li>', page, re.DOTALL)
    assert item is not None
    assert "Alice Moore cannot open Room 1 (" in item[1]
    assert "The end of the code was missing" in item[1]
    assert "+44 7700 900417" in item[1]
    for where in (
        f'action="/admin/doors/{alice.door.id}/unlock"',
        f'href="/admin/doors/{alice.door.id}"',
        f'action="/admin/door-helps/{asked.id}/closing"',
    ):
        assert where in item[1]


@BOTH_WAYS
def test_done_closes_it(
    session: Session, alice: Lived, visitor: Visitor, staff: Visitor, htmx: bool
) -> None:
    asked = looked_at(session, alice, visitor)

    answer = staff.post(f"/admin/door-helps/{asked.id}/closing", htmx=htmx)

    assert answer.status_code == (200 if htmx else 303)
    assert "cannot open" not in staff.get("/admin/").text
    session.refresh(asked)
    assert asked.closed_how == "host"
    assert headline(visitor.get(path(alice)).text) == "Your host has seen to it"


def test_a_cleaner_is_told_that_a_guest_stands_there_and_not_who(
    session: Session, alice: Lived, visitor: Visitor, sign_in: object
) -> None:
    asked = looked_at(session, alice, visitor)

    page = sign_in(Role.CLEANER).get("/admin/").text  # type: ignore[operator]

    assert "A guest cannot open Room 1" in page
    assert "Moore" not in page
    assert "900417" not in page
    assert f"/door-helps/{asked.id}/" not in page


def test_the_reservations_timeline_tells_of_it(
    session: Session, alice: Lived, visitor: Visitor, staff: Visitor
) -> None:
    looked_at(session, alice, visitor)
    visitor.post(path(alice, "host"))
    visitor.post(path(alice, "closing"))

    page = staff.get(f"/admin/reservations/{alice.alice.id}").text

    for said in (
        "Said that a door does not open",
        "Hosts told of the door that does not open",
        "Said that the door is open",
    ):
        assert said in page


def test_what_others_typed_is_not_on_the_page(
    session: Session, seals: Seals, alice: Lived, visitor: Visitor
) -> None:
    bob = check_in(
        session, alice.house.id, BOB,
        Details("Bob Stone", None, "+447700900418", 1, None, None, "en"), seals=seals, now=now(),
    )  # fmt: skip
    put_on_locks(session, bob)
    his = session.scalars(
        select(AccessCode).join(Door).where(AccessCode.guest_id == bob.id, Door.name == "Room 2")
    ).one()
    for where, refusal in ((his.door_id, None), (alice.door.id, Refusal.UNKNOWN_CODE)):
        session.add(
            LockEvent(
                door_id=where, key=str(next(_keys)), at=now(), heard_at=now(), way=Way.CODE,
                refusal=refusal, code_id=his.id,
            )
        )  # fmt: skip
    session.commit()
    make_host(session, alice.house)
    looked_at(session, alice, visitor)

    page = visitor.get(path(alice)).text

    assert headline(page) == "The lock shows nothing wrong"
    for word in ("Room 2", "Bob", "Stone"):
        assert word not in page
