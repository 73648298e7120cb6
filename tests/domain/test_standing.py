from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from app.domain import standing as rules
from app.domain.nights import Nights
from app.domain.readings import Kind
from app.domain.standing import Standing, Status, Word

NIGHTS = Nights(date(2026, 12, 19), date(2026, 12, 21))
LONGER = Nights(date(2026, 12, 19), date(2026, 12, 22))
NOW = datetime(2026, 12, 1, tzinfo=UTC)


def says(word: Word, kind: Kind = Kind.STAY, **facts: Any) -> rules.Testimony:
    given: dict[str, Any] = {"nights": NIGHTS, "said_at": NOW} | facts
    return rules.Testimony(word, kind, **given)


def weigh(*words: rules.Testimony, has_begun: bool = False) -> Standing:
    return rules.standing(words, has_begun=has_begun)


@pytest.mark.parametrize(
    ("words", "status"),
    [
        ([says(Word.FEED)], Status.CONFIRMED),
        ([says(Word.FEED, Kind.CLOSED)], Status.OPEN),
        ([says(Word.FEED, Kind.TENTATIVE)], Status.OPEN),
        ([says(Word.FEED, Kind.BLOCK)], Status.BLOCK),
        ([says(Word.FEED, asserted=False)], Status.CANCELLED),
        ([says(Word.FEED, Kind.CANCELLED, asserted=False)], Status.CANCELLED),
        ([says(Word.FEED, Kind.CLOSED), says(Word.HOST)], Status.CONFIRMED),
        ([says(Word.FEED, Kind.CLOSED), says(Word.HOST, Kind.BLOCK)], Status.BLOCK),
        ([says(Word.FEED), says(Word.HOST, asserted=False)], Status.CANCELLED),
        ([says(Word.FEED, Kind.CLOSED), says(Word.MAIL)], Status.CONFIRMED),
    ],
)
def test_status_follows_from_what_sources_say(words: list[rules.Testimony], status: Status) -> None:
    assert weigh(*words).status == status


def test_feed_alone_never_ends_a_stay_that_has_begun() -> None:
    found = weigh(says(Word.FEED, asserted=False), has_begun=True)

    assert found.status == Status.DISPUTED
    assert found.question


@pytest.mark.parametrize("word", [Word.MAIL, Word.EXPORT, Word.HOST, Word.GUEST])
def test_feed_never_cancels_what_another_source_asserts(word: Word) -> None:
    gone = says(Word.FEED, Kind.CLOSED, asserted=False, said_at=NOW + timedelta(days=1))

    assert weigh(gone, says(word)).status == Status.DISPUTED


def test_hosts_word_after_the_feed_withdrew_settles_it() -> None:
    gone = says(Word.FEED, Kind.CLOSED, asserted=False)

    assert weigh(gone, says(Word.HOST, said_at=NOW + timedelta(days=1))).status == Status.CONFIRMED


def test_echo_that_goes_away_does_not_touch_the_stay_it_echoed() -> None:
    echo = says(Word.FEED, Kind.CLOSED, asserted=False, said_at=NOW + timedelta(days=1))

    assert weigh(says(Word.FEED), echo).status == Status.CONFIRMED


def test_sources_with_different_dates_are_a_question_for_the_host() -> None:
    assert weigh(says(Word.FEED), says(Word.EXPORT, nights=LONGER)).status == Status.DISPUTED


@pytest.mark.parametrize("word", [Word.MAIL, Word.GUEST])
@pytest.mark.parametrize(
    ("later", "status"), [(-1, Status.CONFIRMED), (0, Status.CONFIRMED), (1, Status.DISPUTED)]
)
def test_applied_export_outdates_what_was_said_before_it(
    word: Word, later: int, status: Status
) -> None:
    said = says(word, said_at=NOW + timedelta(days=later))

    found = weigh(said, says(Word.EXPORT, nights=LONGER))

    assert (found.status, found.nights) == (status, LONGER)


def test_closure_that_moves_along_does_not_contradict_the_export_that_moved_the_stay() -> None:
    left = says(Word.FEED, Kind.CLOSED, asserted=False, said_at=NOW + timedelta(days=1))
    shown = says(Word.FEED, Kind.CLOSED, nights=LONGER, said_at=NOW + timedelta(days=1))

    found = weigh(left, shown, says(Word.EXPORT, nights=LONGER))

    assert (found.status, found.nights) == (Status.CONFIRMED, LONGER)


def test_hosts_dates_settle_a_contradiction() -> None:
    found = weigh(says(Word.FEED), says(Word.EXPORT, nights=LONGER), says(Word.HOST, nights=LONGER))

    assert (found.status, found.nights) == (Status.CONFIRMED, LONGER)


def test_known_value_is_never_overwritten_by_an_empty_one() -> None:
    found = weigh(
        says(Word.FEED, phone_ending="1234", reference="HM1"),
        says(Word.HOST, name="Alice Moore"),
    )

    assert (found.reference, found.name, found.phone_ending) == ("HM1", "Alice Moore", "1234")


def test_closed_nights_follow_their_feed() -> None:
    assert weigh(says(Word.FEED, Kind.CLOSED, nights=LONGER)).nights == LONGER


def test_calendar_that_lets_go_of_other_nights_contradicts_nothing() -> None:
    moved = Nights(date(2026, 12, 26), date(2026, 12, 28))
    gone = says(Word.FEED, Kind.CLOSED, asserted=False, said_at=NOW + timedelta(days=1))

    found = weigh(gone, says(Word.HOST, nights=moved))

    assert (found.status, found.nights) == (Status.CONFIRMED, moved)


def test_calendar_that_shows_the_hosts_dates_instead_of_its_old_ones_agrees() -> None:
    gone = says(Word.FEED, Kind.CLOSED, asserted=False, said_at=NOW + timedelta(days=1))
    now_there = says(Word.FEED, Kind.CLOSED, nights=LONGER)

    assert weigh(gone, now_there, says(Word.HOST, nights=LONGER)).status == Status.CONFIRMED
