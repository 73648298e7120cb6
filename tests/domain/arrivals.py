"""Arrivals for the question whether they will work."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from app.domain.tonight_facts import (
    LEAD,
    ArrivalFacts,
    CodeFacts,
    CodeWord,
    DoorFacts,
    LinkFacts,
    LinkWord,
    MatchWord,
)
from app.domain.windows import Window

BEGINS = datetime(2026, 12, 19, 15, 0, tzinfo=UTC)
EARLY = BEGINS - timedelta(hours=20)
DUE = BEGINS - LEAD
LATE = BEGINS + timedelta(hours=5)
MINUTE = timedelta(minutes=1)

HELD = CodeFacts(CodeWord.HELD, EARLY - timedelta(days=1))
FINE = DoorFacts(7, "Room 2", True, EARLY, 80, HELD)
DELIVERED = LinkFacts(LinkWord.DELIVERED, EARLY, by_text=True)

READY = ArrivalFacts(
    window=Window(BEGINS, BEGINS + timedelta(days=2)),
    match=MatchWord.CERTAIN,
    has_phone=True,
    has_mail=False,
    admitted=True,
    checked_in_at=EARLY - timedelta(days=1),
    by_themselves=True,
    doors=[FINE],
    link=DELIVERED,
    page_seen_at=EARLY - timedelta(days=1),
)
"""Somebody who has checked in on their phone, and whose doors are fine."""

EXPECTED = replace(
    READY,
    has_phone=False,
    admitted=False,
    checked_in_at=None,
    by_themselves=False,
    doors=[replace(FINE, code=None)],
    link=None,
    page_seen_at=None,
)
"""Somebody who has not checked in: of them only the booking is known."""


def link(
    word: LinkWord, at: datetime = EARLY, *, by_text: bool = True, tries: int = 1
) -> LinkFacts:
    return LinkFacts(word, at, by_text=by_text, tries=tries)
