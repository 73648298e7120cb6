"""Any other calendar: what its words say, and which event is which from fetch to fetch."""

import random

import pytest

from app.domain.channels import policy_for, words
from app.domain.readings import (
    Add,
    Change,
    FeedEvent,
    Kind,
    KnownSighting,
    Missing,
    Room,
    Step,
    Withdraw,
)
from tests.domain.feed_memory import NOW, TODAY, Memory, event, sighting, span

OTHER = policy_for("other")
HERE = Room(TODAY)


def steps(events: list[FeedEvent], *known: KnownSighting) -> list[Step]:
    return list(OTHER.compare(OTHER.read(events, HERE), known, HERE, NOW))


def kind_of(summary: str, **facts: str) -> Kind:
    (read,) = OTHER.read([event(10, 12, summary, **facts)], HERE)
    return read.kind


# Words


@pytest.mark.parametrize(
    ("summary", "kind"),
    [
        ("Blocked", Kind.BLOCK),
        ("Not available", Kind.BLOCK),
        ("Unavailable", Kind.BLOCK),
        ("CLOSED - Not available", Kind.BLOCK),
        ("Closed", Kind.BLOCK),
        ("Busy", Kind.BLOCK),
        ("Owner", Kind.BLOCK),
        ("Maintenance", Kind.BLOCK),
        ("Blocked - Painting", Kind.BLOCK),
        ("Indisponible", Kind.BLOCK),
        ("No disponible", Kind.BLOCK),
        ("Bloqueado", Kind.BLOCK),
        ("Non disponibile", Kind.BLOCK),
        ("Nicht verfügbar", Kind.BLOCK),
        ("Belegt", Kind.BLOCK),
        ("Blocked By Guesty", Kind.CLOSED),
        ("Occupé", Kind.CLOSED),
        ("CLOSED - Marlow Teasdale", Kind.CLOSED),
        ("Provisoire - Séverin", Kind.TENTATIVE),
        ("Cancelled: Odette", Kind.CANCELLED),
        ("Reserved", Kind.STAY),
        ("Booked", Kind.STAY),
        ("Anna Blockley", Kind.STAY),
        ("Some words nobody knows", Kind.STAY),
        ("", Kind.STAY),
        ("Blocked HMTESTQ2AA", Kind.STAY),
    ],
)
def test_words_decide_what_it_is(summary: str, kind: Kind) -> None:
    assert kind_of(summary) == kind


def test_status_decides_before_words() -> None:
    assert kind_of("Blocked", status="TENTATIVE") == Kind.TENTATIVE
    assert kind_of("Reserved", status="CANCELLED") == Kind.CANCELLED
    assert kind_of("Reserved", status="CONFIRMED") == Kind.STAY


def test_link_of_a_reservation_wins_over_a_word_for_a_block() -> None:
    link = "https://www.airbnb.com/hosting/reservations/details/HMTESTQ2AA"
    assert kind_of("Not available", description=link) == Kind.STAY


def test_long_range_is_a_block_unless_it_has_a_reference() -> None:
    read = OTHER.read(
        [event(10, 71, "Reserved", uid="a"), event(80, 150, "HMTESTQ2AA", uid="b")], HERE
    )
    assert [one.kind for one in read] == [Kind.BLOCK, Kind.STAY]


@pytest.mark.parametrize(
    ("text", "reference"),
    [
        ("Reservation HMTESTG1AA", "HMTESTG1AA"),
        ("Reservation VRB-HA-T3ST01-AAAAA", "VRB-HA-T3ST01-AAAAA"),
        ("HA-T3ST01", "HA-T3ST01"),
        ("Booked via Lodgify, ref B7700101; Amália Quintão", "B7700101"),
        ("Booking no. 5100200301", "5100200301"),
        ("Confirmation code: ab12-34", "AB12-34"),
        ("Reservation URL: https://pms.example/r/12345", None),
        ("Reservation 2026-12-10", None),
        ("Reserved - Odette", None),
        ("call 01612345678", None),
        ("SCHMHMTESTG1AA", None),
    ],
)
def test_reference_is_found_where_one_stands(text: str, reference: str | None) -> None:
    assert words.reference_in(text) == reference


@pytest.mark.parametrize(
    ("summary", "name"),
    [
        ("Reserved - Odette", "Odette"),
        ("Réservée - Inès & Bo", "Inès & Bo"),
        ("CLOSED - Marlow Teasdale", "Marlow Teasdale"),
        ("Tripadvisor Rentals: Noor Ellery", "Noor Ellery"),
        ("Tobias Fjord (Booking.com)", "Tobias Fjord"),
        ("Ludwig van der Meer (2 guests)", "Ludwig van der Meer"),
        ("Odette O'Hara - Reserved", "Odette O'Hara"),
        ("Booked - 李小龙", "李小龙"),
        ("Reserved", None),
        ("Réservée", None),
        ("CLOSED - Not available", None),
        ("Reserved - Blocked", None),
        ("Reserved - Guest", None),
        ("Booked - late UTC start", None),
        ("Booked - 2 rooms", None),
        ("Not available (Airbnb)", None),
        ("Reserved (Booking.com)", None),
        ("Winter closing", None),
    ],
)
def test_name_is_a_persons_or_none(summary: str, name: str | None) -> None:
    assert words.name_in(summary, "") == name


@pytest.mark.parametrize(
    ("text", "ending"),
    [
        ("Phone Number (Last 4 Digits): 0417", "0417"),
        ("Guest: Ilka\nPhone: +44 7700 900123\nGuests: 2", "0123"),
        ("Phone: 12", None),
        ("Guests: 1234", None),
    ],
)
def test_phone_ending_is_the_last_four_digits(text: str, ending: str | None) -> None:
    assert words.phone_ending_in(text) == ending


# Ids


def test_same_uid_on_other_dates_is_another_stay_in_any_order() -> None:
    events = [event(10, 12, "A", uid="u"), event(20, 22, "B", uid="u"), event(10, 12, "A", uid="u")]
    read = OTHER.read(events, HERE)
    assert [one.nights for one in read] == [span(10, 12), span(20, 22)]
    assert len({one.own_id for one in read}) == 2
    for _ in range(5):
        random.shuffle(events)
        assert OTHER.read(events, HERE) == read


def test_twin_of_a_uid_stays_itself_when_the_first_is_over() -> None:
    memory = Memory("other")
    memory.fetch([event(10, 12, "A", uid="u"), event(20, 22, "B", uid="u")])
    made = memory.fetch([event(20, 22, "B", uid="u"), event(30, 31, "C", uid="c")])
    assert [type(one) for one in made.steps] == [Missing, Add]
    assert memory.nights() == [span(10, 12), span(20, 22), span(30, 31)]

    memory.fetch([event(5, 6, "D", uid="u"), event(20, 22, "B", uid="u")])
    assert span(20, 22) in memory.nights()


def test_event_without_uid_is_known_by_its_nights() -> None:
    memory = Memory("other")
    memory.fetch([event(10, 12, "Booked"), event(20, 22, "Booked")])
    assert memory.fetch([event(20, 22, "Booked"), event(10, 12, "Booked")]).steps == ()


def test_endless_uid_still_makes_a_short_id() -> None:
    (read,) = OTHER.read([event(10, 12, uid="u" * 10_000)], HERE)
    assert len(read.own_id) < 100


# From fetch to fetch


def stay(start: int, end: int, **facts: object) -> KnownSighting:
    return sighting(1, start, end, Kind.STAY, own_id="u", **facts)  # type: ignore[arg-type]


def test_new_uid_on_the_same_nights_is_the_same_stay() -> None:
    (made,) = steps([event(10, 12, "Reserved", uid="new")], stay(10, 12))
    assert isinstance(made, Change)
    assert (made.sighting_id, made.reading.own_id) == (1, "new")


def test_another_person_on_the_same_nights_is_another_stay() -> None:
    made = steps([event(10, 12, "Reserved - Bob", uid="new")], stay(10, 12, name="Alice"))
    assert [type(one) for one in made] == [Missing, Add]


def test_same_uid_under_another_reference_is_another_stay() -> None:
    made = steps([event(10, 12, "HMTESTQ2ZZ", uid="u")], stay(10, 12, reference="HMTESTQ2AA"))
    assert [type(one) for one in made] == [Missing, Add]
    assert isinstance(made[1], Add)
    assert made[1].reading.own_id != "u"


def test_reference_follows_a_stay_to_a_new_uid_and_new_dates() -> None:
    known = stay(10, 12, reference="HMTESTQ2AA")
    (made,) = steps([event(14, 16, "HMTESTQ2AA", uid="new")], known)
    assert isinstance(made, Change)
    assert made.reading.nights == span(14, 16)


def test_name_once_known_is_not_lost() -> None:
    assert steps([event(10, 12, "Reserved", uid="u")], stay(10, 12, name="Odette")) == []
    (made,) = steps([event(10, 13, "Reserved", uid="u")], stay(10, 12, name="Odette"))
    assert isinstance(made, Change)
    assert made.reading.name == "Odette"


def test_cancelled_in_so_many_words_is_withdrawn_at_once() -> None:
    off = event(10, 12, "Reserved", uid="u", status="CANCELLED")
    (made,) = steps([off], stay(10, 12))
    assert isinstance(made, Withdraw)
    assert "cancelled" in made.reason


def test_cancelled_stay_nobody_knew_is_kept_as_cancelled_once() -> None:
    memory = Memory("other")
    off = event(10, 12, "Reserved", uid="u", status="CANCELLED")
    memory.fetch([off])
    assert memory.nights(Kind.CANCELLED) == [span(10, 12)]
    assert memory.fetch([off]).steps == ()


def test_stay_booked_again_by_another_is_not_cancelled_with_the_first() -> None:
    events = [
        event(10, 12, "Reserved", uid="first", status="CANCELLED"),
        event(10, 12, "Reserved", uid="u"),
    ]
    made = steps(events, stay(10, 12))
    assert [type(one) for one in made] == [Add]


def test_request_that_is_confirmed_becomes_a_stay() -> None:
    asked = sighting(1, 10, 12, Kind.TENTATIVE, own_id="u", name="Séverin")
    (made,) = steps([event(10, 12, "Réservée - Séverin", uid="u")], asked)
    assert isinstance(made, Change)
    assert made.reading.kind == Kind.STAY


def test_stay_somebody_is_known_in_does_not_become_a_block() -> None:
    block = event(10, 12, "Blocked", uid="u")
    assert [type(one) for one in steps([block], stay(10, 12, settled=True))] == [Missing, Add]
    assert [type(one) for one in steps([block], stay(10, 12))] == [Change]
