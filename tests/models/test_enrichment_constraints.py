"""What the database itself refuses of enrichment and texts, whatever the code above it does."""

from collections.abc import Callable

import pytest
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.domain.enrichment import Ask
from app.domain.notices import NoticeKind
from app.models import (
    MailOutcome,
    Match,
    MatchState,
    Medium,
    Message,
    MessageState,
    Notice,
    Origin,
    Property,
    Question,
    SeenMail,
)
from app.models.base import Base
from tests.factories import NOW, TODAY, make_house

Make = Callable[[Property], Base]


def question(house: Property, **values: object) -> Question:
    facts = {"ticket": "A", "ask": Ask.MISSING, "arrival": TODAY, "asked_at": NOW, **values}
    return Question(property_id=house.id, **facts)


def notice(house: Property, **values: object) -> Notice:
    facts = {
        "origin": Origin.MAIL,
        "kind": NoticeKind.NEW,
        "reference": "5100200301",
        "said_at": NOW,
        "first_seen_at": NOW,
        **values,
    }
    return Notice(property_id=house.id, **facts)


def message(house: Property, **values: object) -> Message:
    facts = {
        "medium": Medium.SMS,
        "address": "+447700900123",
        "facts": {},
        "state": MessageState.WAITING,
        "created_at": NOW,
        **values,
    }
    return Message(property_id=house.id, **facts)


def mail(house: Property) -> SeenMail:
    return SeenMail(
        message_id="<1@booking.com>", received_at=NOW, seen_at=NOW, outcome=MailOutcome.NOTICE
    )


@pytest.mark.parametrize("make", [question, notice, mail], ids=lambda make: make.__name__)
def test_same_thing_twice_is_refused(session: Session, make: Make) -> None:
    house = make_house(session)
    session.add(make(house))
    session.flush()
    session.add(make(house))

    with pytest.raises(IntegrityError):
        session.flush()


def test_ticket_of_a_closed_question_is_free(session: Session) -> None:
    house = make_house(session)
    session.add_all([question(house, closed_at=NOW), question(house)])
    session.flush()


def test_text_is_answered_once(session: Session) -> None:
    house = make_house(session)
    asked = message(house, state=MessageState.RECEIVED, provider_ref="SM1")
    session.add(asked)
    session.flush()
    session.add_all([message(house, reply_to_id=asked.id), message(house, reply_to_id=asked.id)])

    with pytest.raises(IntegrityError):
        session.flush()


def test_text_is_taken_once(session: Session) -> None:
    house = make_house(session)
    session.add_all([message(house, provider_ref="SM1"), message(house, provider_ref="SM1")])

    with pytest.raises(IntegrityError):
        session.flush()


@pytest.mark.parametrize("subjects", [(), ("reservation", "notice")])
def test_match_is_of_one_thing(session: Session, subjects: tuple[str, ...]) -> None:
    house = make_house(session)
    told = notice(house)
    session.add(told)
    session.flush()
    session.add(
        Match(
            property_id=house.id,
            reservation_id=1 if "reservation" in subjects else None,
            notice_id=told.id if "notice" in subjects else None,
            arrival=TODAY,
            state=MatchState.SEARCHING,
            opened_at=NOW,
        )
    )

    with pytest.raises(IntegrityError):
        session.flush()


@pytest.mark.parametrize("values", [{"reference": ""}, {"origin": Origin.FEED}])
def test_notice_names_its_booking_and_its_source(
    session: Session, values: dict[str, object]
) -> None:
    session.add(notice(make_house(session), **values))

    with pytest.raises(IntegrityError):
        session.flush()
