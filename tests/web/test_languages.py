"""Guests read their own language; hosts read English."""

import re

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.jobs.message_words import words_for_guest
from app.models import Guest, Medium, Message, Role
from app.seals import Seals
from app.services.messages import Event
from tests.factories import BOB, make_house, make_reservation
from tests.translations.test_catalogues import LANGUAGES
from tests.web.conftest import SignIn
from tests.web.houses import Lived, now, put_on_locks
from tests.web.visitor import Visitor

GERMAN = {"Accept-Language": "de-AT,de;q=0.9,en;q=0.5"}


def language_of(page: str) -> str | None:
    found = re.search(r'<html lang="(\w+)"', page)
    return found[1] if found else None


def test_page_is_in_the_language_that_the_browser_asks_for(visitor: Visitor) -> None:
    page = visitor.get("/", headers=GERMAN).text

    assert language_of(page) == "de"
    assert "Check in" not in page
    assert language_of(visitor.get("/", headers={"Accept-Language": "sw"}).text) == "en"


def test_language_can_be_chosen_and_is_remembered(visitor: Visitor) -> None:
    page = visitor.get("/check-in", headers=GERMAN).text
    assert 'href="/check-in?lang=fr"' in page
    assert 'href="/check-in?lang=de"' not in page

    answer = visitor.get("/check-in?lang=fr", headers=GERMAN)

    assert (answer.status_code, answer.location) == (303, "/check-in")
    assert language_of(visitor.get("/check-in", headers=GERMAN).text) == "fr"


def test_what_else_the_address_says_is_kept(visitor: Visitor) -> None:
    assert visitor.get(f"/?reference={BOB}&lang=nl").location == f"/?reference={BOB}"


def test_language_that_we_do_not_have_is_let_be(visitor: Visitor) -> None:
    answer = visitor.get("/check-in?lang=xx")

    assert answer.status_code == 200
    assert language_of(answer.text) == "en"


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_page_of_a_guest_exists_in_it(
    session: Session, lived: Lived, visitor: Visitor, language: str
) -> None:
    put_on_locks(session, lived.guest)
    stay = f"/stay/{lived.token}"
    visitor.get(f"/check-in?lang={language}")

    for path in ("/", stay, f"{stay}/doors/{lived.door.id}/help", "/nowhere"):
        page = visitor.get(path).text
        assert language_of(page) == language, path
        assert "%(" not in page


def test_guest_is_written_to_in_the_language_they_checked_in_with(
    app: Flask, session: Session, seals: Seals, visitor: Visitor
) -> None:
    house = make_house(session)
    today = now().date()
    make_reservation(
        session, house, 2, seals=seals, reference=BOB, name="Bob Stone", arrival=today, now=now()
    )
    typed = {"full_name": "Bob Stone", "phone": "+447700900417", "party_size": "1"}
    visitor.get("/check-in?lang=de")
    visitor.post("/check-in", {"reference": BOB, "proof": "Stone", **typed})

    guest = session.scalars(select(Guest)).one()
    link = session.scalars(select(Message).filter_by(template=Event.STAY_LINK)).first()
    assert guest.language == "de"
    assert link is not None
    link.medium = Medium.SMS
    german = words_for_guest(session, link).body
    guest.language = "en"
    session.flush()
    assert words_for_guest(session, link).body != german


def test_hosts_pages_are_in_english_whatever_the_browser_asks_for(
    lived: Lived, sign_in: SignIn
) -> None:
    owner = sign_in(Role.OWNER)
    owner.get("/check-in?lang=de")

    assert language_of(owner.get("/admin/", headers=GERMAN).text) == "en"
