"""The simulated channels write calendars as the real ones do; the phones and the page work."""

import sys
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import requests
from icalendar import Calendar

from tests.support.simulator import HOUSE, Simulator


def raw(simulator: Simulator, channel: str, room: int = 1) -> bytes:
    return requests.get(simulator.feed_url(channel, room), timeout=10).content


def events(simulator: Simulator, channel: str, room: int = 1) -> list[tuple[str, str, str]]:
    """Return (first day, UID, summary) of each event."""
    calendar: Any = Calendar.from_ical(raw(simulator, channel, room))
    return [
        (str(one["DTSTART"].dt), str(one["UID"]), str(one["SUMMARY"]))
        for one in calendar.walk("VEVENT")
    ]


def test_airbnb_folds_at_75_bytes_and_its_code_survives_that(simulator: Simulator) -> None:
    reference = simulator.book(1)

    text = raw(simulator, "airbnb")

    assert max(map(len, text.split(b"\r\n"))) <= 75
    assert b"\r\n tails/" + reference.encode() in text


def test_airbnb_stay_keeps_its_uid_when_its_dates_move(simulator: Simulator) -> None:
    reference = simulator.book(1)
    before = events(simulator, "airbnb")[0]

    simulator.change(reference, simulator.today() + timedelta(days=3), 2)

    after = events(simulator, "airbnb")[0]
    assert after[1] == before[1]
    assert after[0] != before[0]


def test_airbnb_blocks_of_two_rooms_share_their_uid(simulator: Simulator) -> None:
    far_end = [events(simulator, "airbnb", room)[-1] for room in (1, 2)]

    assert far_end[0] == far_end[1]
    assert far_end[0][2] == "Airbnb (Not available)"


def test_booking_com_says_nothing_but_closed_and_cuts_what_is_in_progress(
    simulator: Simulator,
) -> None:
    simulator.book(1, channel="booking", arrival=simulator.today() - timedelta(days=2), nights=4)

    shown = events(simulator, "booking")

    assert {summary for _day, _uid, summary in shown} == {"CLOSED - Not available"}
    assert shown[0][0] == str(simulator.today())
    assert b"ORGANIZER:mailto:noreply@booking.com" in raw(simulator, "booking")


def test_calendar_that_says_the_same_is_not_sent_again(simulator: Simulator) -> None:
    url = simulator.feed_url("airbnb", 1)
    tag = requests.get(url, timeout=10).headers["ETag"]

    assert requests.get(url, headers={"If-None-Match": tag}, timeout=10).status_code == 304
    simulator.book(1)
    assert requests.get(url, headers={"If-None-Match": tag}, timeout=10).status_code == 200


@pytest.mark.parametrize(
    ("mode", "status", "beginning"),
    [
        ("http_500", 500, b"<!doctype"),
        ("html", 200, b"<!doctype"),
        ("empty", 200, b"BEGIN:VCALENDAR"),
        ("truncated", 200, b"BEGIN:VCALENDAR"),
    ],
)
def test_feed_misbehaves_as_told(
    simulator: Simulator, mode: str, status: int, beginning: bytes
) -> None:
    simulator.feed("airbnb", 1, mode=mode)

    answer = requests.get(simulator.feed_url("airbnb", 1), timeout=10)

    assert answer.status_code == status
    assert answer.content.lower().startswith(beginning.lower())


def test_house_page_books_two_rooms_by_a_plain_form(simulator: Simulator) -> None:
    first, last = simulator.today(), simulator.today() + timedelta(days=1)
    form = {"room": ["1", "2"], "arrival": str(first), "departure": str(last), "channel": "airbnb"}

    page = requests.post(f"{simulator.url}/bookings", data=form, timeout=10)

    [booking] = simulator.state()["bookings"].values()
    assert [room["number"] for room in booking["rooms"]] == [1, 2]
    assert booking["reference"] in page.text


def test_house_page_keeps_what_was_typed_when_the_dates_are_wrong(simulator: Simulator) -> None:
    day = str(simulator.today())
    form = {"room": "1", "arrival": day, "departure": day, "channel": "airbnb", "guest": "Bob Reed"}

    page = requests.post(f"{simulator.url}/bookings", data=form, timeout=10)

    assert "must be after the day of arrival" in page.text
    assert 'value="Bob Reed"' in page.text


def test_press_from_another_sites_page_is_refused(simulator: Simulator) -> None:
    answer = requests.post(
        f"{simulator.url}/gateways/501",
        data={"online": "0"},
        headers={"Origin": "https://evil.example"},
        timeout=10,
    )

    assert answer.status_code == 403
    assert simulator.state()["gateways"]["501"]["online"]


def test_world_is_as_it_was_after_a_restart(tmp_path: Path) -> None:
    one = Simulator(sys.executable, tmp_path, HOUSE)
    try:
        reference = one.book(1, 2)
        url = one.url

        one.restart()

        assert one.url == url
        assert reference in one.state()["bookings"]
    finally:
        one.stop()
