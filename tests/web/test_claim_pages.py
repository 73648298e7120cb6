"""A guest tells the host of a booking that nobody knows of; and waits, as others wait for an OK."""

import re
from datetime import date, timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.models import (
    AccessCode,
    Door,
    Guest,
    Host,
    Message,
    Notice,
    Origin,
    Property,
    Question,
    Reservation,
    Throttle,
)
from app.seals import Seals
from app.services.answers import answer
from app.services.check_in import Details, check_in
from app.services.enrichment import tend_matches
from app.services.notices import take_notices
from app.services.throttle import LIMITS
from app.web.guest import check_in_routes, claim_routes
from tests.factories import BOB, booking_mail, make_closed, make_host, make_house, make_reservation
from tests.web.houses import now, put_on_locks
from tests.web.visitor import Elements, Visitor, everything, value_of

CHECK_IN, CLAIM = "/check-in", "/check-in/claim"
A, B, NOBODYS = "5100200301", "5100200304", "5100200555"
WHO = Details("Alice Moore", None, "+447700900417", 2, None, None, "en")
MINUTE = timedelta(minutes=1)
BOTH_WAYS = pytest.mark.parametrize("htmx", [False, True])


class Inn:
    """A house with a room closed from today, for nobody known."""

    def __init__(self, session: Session, seals: Seals) -> None:
        self.session, self.seals = session, seals
        self.house: Property = make_house(session)
        self.host: Host = make_host(session, self.house)
        self.host.phone = "+447700900123"
        self.today: date = now().astimezone(self.house.zone).date()
        self.room = self.closed(1)
        session.commit()

    def closed(self, number: int) -> Reservation:
        return make_closed(
            self.session, self.house, number, arrival=self.today, seals=self.seals, now=now()
        )

    def mail(self, reference: str) -> None:
        at = now()
        said = [booking_mail(reference, self.today, said_at=at)]
        take_notices(self.session, self.house, said, Origin.MAIL, seals=self.seals, now=at)
        tend_matches(self.session, self.house, seals=self.seals, now=at)
        self.session.commit()

    def guest(self) -> Guest:
        """Check in to two rooms that the host has yet to confirm."""
        self.closed(2)
        self.mail(A)
        guest = check_in(self.session, self.house.id, A, WHO, seals=self.seals, now=now())
        self.session.commit()
        return guest

    def link(self, guest: Guest) -> str:
        return f"/stay/{self.seals.link_token(guest.link_seed)}"

    def ok(self) -> None:
        question = self.session.scalars(select(Question).filter_by(closed_at=None)).one()
        answer(
            self.session, self.host, self.room.id, question.id, is_so=True, seals=self.seals,
            now=now(),
        )  # fmt: skip
        self.session.commit()

    def claims(self) -> list[Notice]:
        return list(self.session.scalars(select(Notice).filter_by(origin=Origin.GUEST)))


@pytest.fixture
def inn(session: Session, seals: Seals) -> Inn:
    return Inn(session, seals)


def form(inn: Inn, **typed: str) -> dict[str, str]:
    return {
        "reference": NOBODYS,
        "full_name": "Bob Stone",
        "arrival": inn.today.isoformat(),
        "phone": "",
        **typed,
    }


def without_tokens(page: str) -> str:
    return re.sub(r'(name="csrf_token"[^>]*value=|"X-CSRFToken": )"[^"]+"', r'\1""', page)


@pytest.mark.parametrize("reference", [BOB, NOBODYS])
def test_a_refusal_offers_to_tell_the_host(
    session: Session, seals: Seals, inn: Inn, visitor: Visitor, reference: str
) -> None:
    make_reservation(session, inn.house, 3, seals=seals, reference=BOB, name="Bob", now=now())

    page = visitor.post(CHECK_IN, {"reference": reference, "proof": "Nobody"}).text

    assert f'href="{CLAIM}?reference={reference}"' in page
    assert value_of(visitor.get(f"{CLAIM}?reference={reference}").text, "reference") == reference


def test_nothing_is_offered_before_a_try(inn: Inn, visitor: Visitor) -> None:
    visitor.post(CHECK_IN, {"reference": NOBODYS})

    assert CLAIM not in visitor.get(CHECK_IN).text


@BOTH_WAYS
def test_a_claim_is_put_to_the_host_and_gives_no_code(
    session: Session, inn: Inn, visitor: Visitor, htmx: bool
) -> None:
    done = visitor.post(CLAIM, form(inn, phone="07700 900417"), htmx=htmx)

    assert (done.status_code, done.headers["Location"]) == (303, CLAIM)
    [notice] = inn.claims()
    assert (notice.reference, notice.name, notice.phone_ending) == (NOBODYS, "Bob Stone", "0417")
    texts = session.scalars(select(Message).where(Message.host_id.is_not(None))).all()
    assert len(texts) == 1
    assert session.scalar(select(func.count(AccessCode.id))) == 0
    page = visitor.get(CLAIM).text
    assert "If a room is waiting for a name that day, your host is asked now" in page
    assert "+44 161 234 5678" in page


def test_reference_day_and_name_together_at_the_first_step_are_a_claim(
    inn: Inn, visitor: Visitor
) -> None:
    done = visitor.post(CHECK_IN, form(inn))

    assert (done.status_code, done.headers["Location"]) == (303, CLAIM)
    assert [notice.reference for notice in inn.claims()] == [NOBODYS]


@pytest.mark.parametrize("path", [CHECK_IN, CLAIM])
def test_the_answer_tells_neither_which_rooms_are_open_nor_which_references_exist(
    session: Session,
    seals: Seals,
    inn: Inn,
    visitor: Visitor,
    monkeypatch: pytest.MonkeyPatch,
    path: str,
) -> None:
    at = now()
    make_reservation(
        session, inn.house, 3, seals=seals, reference=BOB, name="Bob Stone", arrival=inn.today,
        now=at - MINUTE,
    )  # fmt: skip
    for module in (check_in_routes, claim_routes):
        monkeypatch.setattr(module, "now", lambda: at)
    nowhere = (inn.today + timedelta(days=9)).isoformat()
    tries = [form(inn), form(inn, arrival=nowhere), form(inn, reference=BOB)]

    told = [all_that_is_told(Visitor(visitor.app), path, typed) for typed in tries]

    assert told[0] == told[1] == told[2]
    assert [(one.reference, one.arrival) for one in inn.claims()] == [(NOBODYS, inn.today)]


def all_that_is_told(visitor: Visitor, path: str, typed: dict[str, str]) -> list[object]:
    """Return every answer to a claim, less tokens and the reference, which is an echo."""
    done = visitor.post(path, typed)
    answers = [done, visitor.get(CLAIM), visitor.get(CLAIM, htmx=True)]
    assert done.headers["Location"] == CLAIM
    return [
        (
            one.status_code,
            re.sub(r"seen=\w+", "", without_tokens(one.text)).replace(typed["reference"], "REF"),
            sorted(name for name, _value in one.headers),
        )
        for one in answers
    ]


def test_a_known_reference_with_its_own_day_is_no_claim(
    session: Session, seals: Seals, inn: Inn, visitor: Visitor
) -> None:
    make_reservation(
        session, inn.house, 3, seals=seals, reference=BOB, phone_ending=None, arrival=inn.today,
        now=now(),
    )  # fmt: skip

    done = visitor.post(CHECK_IN, form(inn, reference=BOB, email="bob@example.com"))

    assert "/stay/" in done.headers["Location"]
    assert inn.claims() == []


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        ("reference", ""),
        ("reference", "??"),
        ("full_name", ""),
        ("full_name", "…"),
        ("full_name", "x" * 201),
        ("arrival", ""),
        ("arrival", "tomorrow"),
        ("phone", "call me"),
    ],
)
@BOTH_WAYS
def test_a_claim_that_will_not_do_is_422_and_all_that_was_typed_stays(
    session: Session, inn: Inn, visitor: Visitor, field: str, typed: str, htmx: bool
) -> None:
    before = everything(session)
    sent = form(inn, **{field: typed})

    answer = visitor.post(CLAIM, sent, htmx=htmx)

    assert answer.status_code == 422
    assert f'href="#{field}"' in answer.text
    assert {name: value_of(answer.text, name) or "" for name in sent} == sent
    assert everything(session) == before


def test_what_is_claimed_comes_back_escaped(inn: Inn, visitor: Visitor) -> None:
    marker = '"><img src=x onerror=alert(1)>'
    visitor.post(CLAIM, form(inn, full_name=marker))

    page = visitor.get(CLAIM).text

    assert "<img" not in page
    assert "&lt;img" in page


def test_a_fourth_claim_of_one_address_is_429(session: Session, inn: Inn, visitor: Visitor) -> None:
    answers = [
        Visitor(visitor.app).post(CLAIM, form(inn, reference=f"51002009{number}0")).status_code
        for number in range(4)
    ]

    assert answers == [303, 303, 303, 429]
    assert len(inn.claims()) == LIMITS["claim"]


def test_a_claim_counts_as_a_failed_try(session: Session, inn: Inn, visitor: Visitor) -> None:
    visitor.post(CLAIM, form(inn))
    at_step_one = Visitor(visitor.app)
    at_step_one.post(CHECK_IN, form(inn))

    failures = {row.scope: row.failures for row in session.scalars(select(Throttle))}
    assert failures == {"address": 2, "reference": 2, "claim": 2}


def test_nobody_waits_for_what_they_have_not_claimed(inn: Inn, visitor: Visitor) -> None:
    page, part = visitor.get(CLAIM), visitor.get(CLAIM, htmx=True)

    assert 'name="full_name"' in page.text
    assert (part.status_code, part.headers["HX-Location"]) == (204, "/")


def test_the_page_that_waits_asks_for_itself_and_says_nothing_twice(
    inn: Inn, visitor: Visitor
) -> None:
    visitor.post(CLAIM, form(inn))
    page = visitor.get(CLAIM).text
    asks = re.search(r'hx-get="([^"]+)" hx-trigger="every 3s"', page)
    assert asks is not None

    answer = visitor.get(asks[1], htmx=True)

    assert (answer.status_code, answer.text) == (204, "")
    assert "Check again" in page


def test_the_page_slows_after_two_minutes(
    inn: Inn, visitor: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    visitor.post(CLAIM, form(inn))
    later = now() + 2 * MINUTE
    monkeypatch.setattr(claim_routes, "now", lambda: later)

    part = visitor.get(CLAIM, htmx=True).text

    assert "every 30s" in part
    assert "Your host has not answered yet" in part


@BOTH_WAYS
def test_a_claim_the_host_confirmed_leads_on_to_check_in(
    session: Session, inn: Inn, visitor: Visitor, htmx: bool
) -> None:
    visitor.post(CLAIM, form(inn))
    inn.ok()

    page = visitor.get(CLAIM, htmx=htmx)

    assert page.status_code == (286 if htmx else 200)
    assert "Your host has confirmed: go on" in page.text
    assert "hx-trigger" not in page.text
    visitor.post(CHECK_IN, {"reference": value_of(page.text, "reference")})
    assert 'name="proof"' in visitor.get(CHECK_IN).text
    assert visitor.post(CHECK_IN, {"reference": NOBODYS, "proof": "Eve"}).status_code == 422
    proven = visitor.post(CHECK_IN, {"reference": NOBODYS, "proof": "stone"})
    assert proven.status_code == 303
    details = {"full_name": "Bob Stone", "phone": "+447700900417"}
    done = visitor.post(CHECK_IN, {"reference": NOBODYS, **details})
    assert "/stay/" in done.headers["Location"]


def test_another_browser_is_not_told_of_the_claim(inn: Inn, visitor: Visitor) -> None:
    visitor.post(CLAIM, form(inn))
    inn.ok()

    other = Visitor(visitor.app)
    other.post(CLAIM, form(inn))

    assert "go on" not in other.get(CLAIM).text


def test_unconfirmed_rooms_show_without_code_and_without_unlock(
    session: Session, inn: Inn, visitor: Visitor
) -> None:
    guest = inn.guest()

    page = visitor.get(inn.link(guest)).text

    assert "Your host is confirming your rooms" in page
    assert "The codes appear here by themselves." in page
    assert "Room 1" in page
    assert "Room 2" in page
    assert 'href="tel:+441612345678"' in page
    assert "/unlock" not in page
    assert "every 3s" in page
    assert session.scalar(select(func.count(AccessCode.id))) == 0


@BOTH_WAYS
def test_no_door_opens_to_unconfirmed_rooms(
    session: Session, inn: Inn, visitor: Visitor, htmx: bool
) -> None:
    guest = inn.guest()
    before = everything(session)

    for door_id in session.scalars(select(Door.id)).all():
        answer = visitor.post(f"{inn.link(guest)}/doors/{door_id}/unlock", htmx=htmx)
        assert answer.status_code == (404 if htmx else 303)

    assert everything(session) == before


def test_the_waiting_page_slows_and_says_whom_to_phone(
    session: Session, inn: Inn, visitor: Visitor
) -> None:
    guest = inn.guest()
    guest.checked_in_at = now() - 2 * MINUTE
    session.commit()

    part = visitor.get(inn.link(guest), htmx=True).text

    assert "every 30s" in part
    assert "If you are at the door, phone them:" in part


def test_after_ok_the_same_page_shows_the_codes_and_the_rooms(
    session: Session, inn: Inn, visitor: Visitor
) -> None:
    guest = inn.guest()
    inn.ok()
    put_on_locks(session, guest)

    part = visitor.get(inn.link(guest), htmx=True)

    roots = dict(Elements(part.text).roots)
    assert [attrs.get("id") for _tag, attrs in Elements(part.text).roots] == [
        "stay-panel", "stay-rooms",
    ]  # fmt: skip
    assert roots["section"]["hx-swap-oob"] == "true"
    assert "Your 2 rooms" in part.text
    assert "is confirming" not in part.text


def test_a_guest_whose_rooms_were_taken_back_still_has_a_page(
    session: Session, inn: Inn, visitor: Visitor
) -> None:
    guest = inn.guest()
    inn.mail(B)

    page, part = visitor.get(inn.link(guest)), visitor.get(inn.link(guest), htmx=True)

    assert (page.status_code, part.status_code) == (200, 200)
    for text in (page.text, part.text):
        assert "Your host is sorting out the rooms" in text
        assert "Room 1" not in text
        assert "every" in text


def test_a_certain_room_opens_while_another_waits(
    session: Session, seals: Seals, inn: Inn, visitor: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    guest = inn.guest()
    inn.ok()
    more = make_reservation(
        session, inn.house, 3, seals=seals, reference=A, arrival=inn.today, now=now()
    )
    more.unconfirmed_at, more.guest_id = now(), guest.id
    session.commit()
    put_on_locks(session, guest)

    page = visitor.get(inn.link(guest)).text

    assert "Room 3: your host is still confirming this." in " ".join(page.split())
    assert "every" in page
