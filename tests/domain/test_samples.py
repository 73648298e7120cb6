"""Each sample calendar, read as its channel's policy reads it, then fetched again a day later."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from app.domain.calendar_text import UnreadableFeed, parse
from app.domain.channels import policy_for
from app.domain.feeds import FeedPlan, plan
from app.domain.nights import Nights
from app.domain.readings import (
    Add,
    Change,
    Hold,
    Kind,
    KnownSighting,
    Missing,
    Reading,
    Room,
    Seen,
    Withdraw,
)

SAMPLES = Path(__file__).parent.parent / "samples" / "ical"
LONDON = ZoneInfo("Europe/London")
MONDAY = datetime(2026, 11, 23, 9, 5, tzinfo=UTC)
TUESDAY = MONDAY + timedelta(days=1)


class Memory:
    """What one feed has said so far: the service's bookkeeping without a database."""

    def __init__(self, channel: str) -> None:
        self.policy = policy_for(channel)
        self.known: dict[int, KnownSighting] = {}
        self.withdrawn: list[KnownSighting] = []

    def fetch(self, name: str, now: datetime) -> FeedPlan:
        events = parse((SAMPLES / name).read_bytes(), LONDON).events
        made = plan(self.policy, events, list(self.known.values()), Room(now.date()), now)
        for step in made.steps:
            self._take(step, now)
        return made

    def _take(self, step: object, now: datetime) -> None:
        match step:
            case Add(reading):
                self._store(len(self.known) + len(self.withdrawn) + 1, reading)
            case Change(sighting_id, reading):
                self._store(sighting_id, reading)
            case Seen(sighting_id):
                self.known[sighting_id] = replace(self.known[sighting_id], missing_since=None)
            case Missing(sighting_id):
                self.known[sighting_id] = replace(self.known[sighting_id], missing_since=now)
            case Withdraw(sighting_id, _):
                self.withdrawn.append(self.known.pop(sighting_id))

    def _store(self, sighting_id: int, one: Reading) -> None:
        self.known[sighting_id] = KnownSighting(
            sighting_id, one.own_id, one.nights, one.kind, one.reference, one.name, one.phone_ending
        )

    def nights(self, kind: Kind) -> list[Nights]:
        return sorted(one.nights for one in self.known.values() if one.kind == kind)


def nights(text: str) -> list[Nights]:
    """Read "2026-12-01/05 2026-12-30/2027-01-03"."""
    found = []
    for part in text.split():
        first, last = part.split("/")
        last = first[: 10 - len(last)] + last
        found.append(Nights(date.fromisoformat(first), date.fromisoformat(last)))
    return found


@pytest.mark.parametrize(
    ("name", "channel", "kind", "expected"),
    [
        (
            "airbnb-room1-fetch1",
            "airbnb",
            Kind.STAY,
            "2026-11-20/22 2026-12-01/05 2026-12-05/09 2026-12-30/2027-01-03 2027-02-10/14",
        ),
        (
            "airbnb-room1-fetch1",
            "airbnb",
            Kind.BLOCK,
            "2026-12-09/10 2027-01-18/25 2027-05-24/11-24",
        ),
        ("airbnb-room2-same-block-uid", "airbnb", Kind.STAY, "2026-12-12/15"),
        ("airbnb-room2-same-block-uid", "airbnb", Kind.BLOCK, "2027-01-18/20"),
        ("airbnb-legacy-088-lf", "airbnb", Kind.STAY, "2027-01-08/12 2027-01-15/20"),
        ("airbnb-legacy-088-lf", "airbnb", Kind.BLOCK, "2027-01-20/21"),
        (
            "booking-room1-fetch1",
            "booking.com",
            Kind.CLOSED,
            "2026-11-21/26 2026-12-19/21 2026-12-21/23 2027-01-15/18",
        ),
        ("booking-room1-fetch1", "booking.com", Kind.BLOCK, "2027-06-01/2028-05-23"),
        (
            "booking-room2-multiroom-same-stay",
            "booking.com",
            Kind.CLOSED,
            "2026-12-19/21 2027-02-05/07",
        ),
        ("booking-empty-200", "booking.com", Kind.CLOSED, ""),
        ("vrbo-abritel-lf", "vrbo", Kind.STAY, "2026-12-11/14 2026-12-26/2027-01-02"),
        ("vrbo-abritel-lf", "vrbo", Kind.TENTATIVE, "2027-02-13/20"),
        ("vrbo-abritel-lf", "vrbo", Kind.BLOCK, "2027-03-01/06 2027-04-10/12"),
        ("smoobu-three-events-per-stay", "other", Kind.STAY, "2026-12-10/13"),
        ("smoobu-three-events-per-stay", "other", Kind.BLOCK, "2026-12-20/22"),
        ("guesty-pms-names-and-blocks", "other", Kind.STAY, "2026-12-04/07 2026-12-12/16"),
        ("guesty-pms-names-and-blocks", "other", Kind.CLOSED, "2026-12-09/12"),
        (
            "pms-timed-tzid-alarm-escapes",
            "other",
            Kind.STAY,
            "2027-03-26/30 2027-06-30/07-03",
        ),
        (
            "edge-bom-duration-noend-cancelled",
            "other",
            Kind.STAY,
            "2027-01-05/08 2027-01-10/11 2027-02-01/03",
        ),
        ("edge-bom-duration-noend-cancelled", "other", Kind.CANCELLED, "2027-01-12/15"),
    ],
)
def test_sample_reads_as_its_list_says(name: str, channel: str, kind: Kind, expected: str) -> None:
    events = parse((SAMPLES / f"{name}.ics").read_bytes(), LONDON).events

    read = policy_for(channel).read(events, Room(MONDAY.date()))

    assert sorted(one.nights for one in read if one.kind == kind) == nights(expected)


def test_airbnb_stays_carry_code_and_phone_ending_also_when_folded() -> None:
    memory = Memory("airbnb")
    memory.fetch("airbnb-room1-fetch1.ics", MONDAY - timedelta(days=3))

    facts = {(one.reference, one.phone_ending) for one in memory.known.values() if one.reference}
    assert ("HMTESTQ2AA", "0417") in facts
    assert len(facts) == 5


def test_airbnb_second_fetch_moves_cancels_and_adds_and_leaves_the_past_alone() -> None:
    memory = Memory("airbnb")
    memory.fetch("airbnb-room1-fetch1.ics", MONDAY)
    memory.fetch("airbnb-room1-fetch2.ics", TUESDAY)
    by_code = {one.reference: one for one in memory.known.values() if one.reference}

    assert by_code["HMTESTQ2BB"].nights == nights("2026-12-01/07")[0]
    assert by_code["HMTESTQ2CC"].nights == nights("2026-12-07/09")[0]
    assert by_code["HMTESTQ2FF"].nights == nights("2027-03-01/04")[0]
    assert by_code["HMTESTQ2EE"].missing_since == TUESDAY
    assert memory.nights(Kind.BLOCK) == nights("2026-12-09/10 2027-01-18/26 2027-05-25/11-25")

    memory.fetch("airbnb-room1-fetch2.ics", TUESDAY + timedelta(minutes=10))
    assert [one.reference for one in memory.withdrawn if one.reference] == ["HMTESTQ2EE"]


def test_booking_second_fetch_is_the_same_stays_however_it_is_cut() -> None:
    memory = Memory("booking.com")
    memory.fetch("booking-room1-fetch1.ics", MONDAY)
    made = memory.fetch("booking-room1-fetch2-clipped-merged.ics", TUESDAY)

    assert memory.nights(Kind.CLOSED) == nights(
        "2026-11-21/26 2026-12-19/21 2026-12-21/23 2027-01-15/19"
    )
    assert memory.nights(Kind.BLOCK) == nights("2027-06-01/2028-05-24")
    assert not memory.withdrawn
    assert not [step for step in made.steps if isinstance(step, Add | Missing | Hold)]


def test_empty_calendar_keeps_every_stay_and_asks() -> None:
    memory = Memory("booking.com")
    memory.fetch("booking-room1-fetch1.ics", MONDAY)
    before = dict(memory.known)
    made = memory.fetch("booking-empty-200.ics", MONDAY + timedelta(hours=1))
    memory.fetch("booking-empty-200.ics", MONDAY + timedelta(hours=2))

    assert memory.known == before
    assert made.warning


def test_login_page_is_no_calendar() -> None:
    with pytest.raises(UnreadableFeed):
        parse((SAMPLES / "not-a-calendar-login-page.ics").read_bytes(), LONDON)


def test_what_cannot_be_read_is_skipped_with_its_reason() -> None:
    raw = (SAMPLES / "edge-bom-duration-noend-cancelled.ics").read_bytes()

    assert sorted(one.reason for one in parse(raw, LONDON).skipped) == [
        "It ends before it begins.",
        "It has no day of arrival that can be read.",
        "It has no night.",
        "It repeats; a stay does not.",
    ]


def test_names_are_found_and_placeholders_are_not_names() -> None:
    names = {}
    for sample in (
        "vrbo-abritel-lf",
        "smoobu-three-events-per-stay",
        "guesty-pms-names-and-blocks",
        "edge-bom-duration-noend-cancelled",
        "pms-timed-tzid-alarm-escapes",
    ):
        events = parse((SAMPLES / f"{sample}.ics").read_bytes(), LONDON).events
        for one in policy_for("other").read(events, Room(MONDAY.date())):
            names[one.nights.arrival.isoformat()] = one.name

    assert {day: name for day, name in names.items() if name} == {
        "2026-12-11": "Odette",
        "2026-12-26": "Inès & Bo",
        "2027-02-13": "Séverin",
        "2026-12-10": "Tobias Fjord",
        "2026-12-04": "Ilka Morrow",
        "2027-01-05": "Noor Ellery",
        "2027-03-26": "Amália Quintão",
    }
