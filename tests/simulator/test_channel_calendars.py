"""Calendars as the channels write them, byte by byte."""

import re
from datetime import date, timedelta
from typing import Any

import pytest
import requests
from icalendar import Calendar

from tests.support.simulator import Simulator

AIRBNB_PRODID = "-//Airbnb Inc//Hosting Calendar 1.0//EN"
CHANNELS = ("airbnb", "booking", "other")


def fetched(
    simulator: Simulator, channel: str, room: int = 1, headers: dict[str, str] | None = None
) -> requests.Response:
    url = simulator.feed_url(channel, room)
    return requests.get(url, headers=headers, timeout=10, allow_redirects=False)


def events(simulator: Simulator, channel: str, room: int = 1) -> list[Any]:
    calendar: Any = Calendar.from_ical(fetched(simulator, channel, room).content)
    return list(calendar.walk("VEVENT"))


def nights(event: Any) -> tuple[date, date]:
    return event["DTSTART"].dt, event["DTEND"].dt


def day(simulator: Simulator, offset: int) -> date:
    return simulator.today() + timedelta(days=offset)


def close(simulator: Simulator, room: int, channel: str, first: int, last: int) -> None:
    told = {
        "number": room,
        "channel": channel,
        "arrival": str(day(simulator, first)),
        "departure": str(day(simulator, last)),
    }
    assert requests.post(f"{simulator.url}/control/blocks", json=told, timeout=10).ok


@pytest.mark.parametrize("channel", CHANNELS)
def test_each_line_ends_with_crlf_and_the_file_with_one(simulator: Simulator, channel: str) -> None:
    simulator.book(1, channel=channel)

    content = fetched(simulator, channel).content

    assert content.startswith(b"BEGIN:VCALENDAR\r\n")
    assert content.endswith(b"END:VCALENDAR\r\n")
    assert content.count(b"\n") == content.count(b"\r\n")


@pytest.mark.parametrize("channel", CHANNELS)
def test_stay_is_its_nights_and_ends_on_the_day_of_departure(
    simulator: Simulator, channel: str
) -> None:
    simulator.book(1, channel=channel, arrival=day(simulator, 3), nights=4)

    first = events(simulator, channel)[0]

    assert nights(first) == (day(simulator, 3), day(simulator, 7))


@pytest.mark.parametrize("channel", CHANNELS)
def test_cancelled_stay_just_disappears(simulator: Simulator, channel: str) -> None:
    before = [event["UID"] for event in events(simulator, channel)]
    reference = simulator.book(1, channel=channel)

    simulator.cancel(reference)

    assert [event["UID"] for event in events(simulator, channel)] == before


def test_airbnb_tells_the_code_and_four_digits_of_the_phone_and_no_name(
    simulator: Simulator,
) -> None:
    reference = simulator.book(1)

    stay = events(simulator, "airbnb")[0]

    url = f"https://www.airbnb.com/hosting/reservations/details/{reference}"
    digits = "Phone Number (Last 4 Digits): 0417"
    assert re.fullmatch("HM[A-Z0-9]{8}", reference)
    assert str(stay["SUMMARY"]) == "Reserved"
    assert str(stay["DESCRIPTION"]) == f"Reservation URL: {url}\n{digits}"
    assert "Alice" not in fetched(simulator, "airbnb").text


def test_airbnb_uids_tell_stays_from_blocks_by_the_prefix_known_from_real_feeds(
    simulator: Simulator,
) -> None:
    simulator.book(1)

    stay, far_end = (str(event["UID"]) for event in events(simulator, "airbnb"))

    assert re.fullmatch("1418fb94e984-[0-9a-f]{32}@airbnb.com", stay)
    assert re.fullmatch("7f662ec65913-[0-9a-f]{32}@airbnb.com", far_end)


def test_airbnb_writes_stays_first_then_blocks(simulator: Simulator) -> None:
    close(simulator, 1, "airbnb", 1, 3)
    simulator.book(1, arrival=day(simulator, 40))
    simulator.book(1, arrival=day(simulator, 20))

    summaries = [str(event["SUMMARY"]) for event in events(simulator, "airbnb")]

    assert summaries == ["Reserved"] * 2 + ["Airbnb (Not available)"] * 2
    assert nights(events(simulator, "airbnb")[0])[0] == day(simulator, 20)


def test_airbnb_shows_a_stay_until_one_day_after_its_departure(
    simulator: Simulator,
) -> None:
    simulator.book(1, arrival=day(simulator, -3), nights=2)
    simulator.book(2, arrival=day(simulator, -4), nights=2)

    assert str(events(simulator, "airbnb", 1)[0]["SUMMARY"]) == "Reserved"
    assert len(events(simulator, "airbnb", 2)) == 1


@pytest.mark.parametrize("channel", CHANNELS)
def test_far_end_of_the_window_is_closed_for_longer_than_any_stay(
    simulator: Simulator, channel: str
) -> None:
    first, last = nights(events(simulator, channel)[-1])

    assert (last - first).days > 60
    assert last == day(simulator, 540)


def test_booking_com_closes_the_far_end_from_a_fixed_day_and_it_grows_a_day_a_day(
    simulator: Simulator,
) -> None:
    before = events(simulator, "booking")[-1]

    simulator.advance(3 * 86_400)

    after = events(simulator, "booking")[-1]
    assert nights(after)[0] == nights(before)[0]
    assert nights(after)[1] == nights(before)[1] + timedelta(days=3)
    assert after["UID"] == before["UID"]


def test_airbnb_names_itself_as_it_does_now(simulator: Simulator) -> None:
    calendar: Any = Calendar.from_ical(fetched(simulator, "airbnb").content)

    assert calendar["PRODID"] == AIRBNB_PRODID


def test_booking_com_names_itself_with_three_backslashes(simulator: Simulator) -> None:
    line = rb"PRODID:-//admin.booking.com\\\, b.v.//NONSGML v1.0//EN"

    assert fetched(simulator, "booking").content.split(b"\r\n")[2] == line


def test_booking_com_tells_nothing_but_closed_nights(simulator: Simulator) -> None:
    reference = simulator.book(1, channel="booking", guest="Alice Moore")

    closed = events(simulator, "booking")

    assert {str(event["SUMMARY"]) for event in closed} == {"CLOSED - Not available"}
    assert {str(event["ORGANIZER"]) for event in closed} == {"mailto:noreply@booking.com"}
    assert all("DESCRIPTION" not in event for event in closed)
    text = fetched(simulator, "booking").text
    assert reference not in text
    assert "Alice" not in text


def test_booking_com_uid_is_the_same_for_another_guest_on_the_same_day(
    simulator: Simulator,
) -> None:
    first = simulator.book(1, channel="booking", arrival=day(simulator, 5), nights=2)
    uid = events(simulator, "booking")[0]["UID"]
    simulator.cancel(first)

    simulator.book(1, channel="booking", arrival=day(simulator, 5), nights=4, guest="Bob Reed")

    assert events(simulator, "booking")[0]["UID"] == uid


def test_booking_com_uid_is_another_when_the_start_moves(simulator: Simulator) -> None:
    reference = simulator.book(1, channel="booking", arrival=day(simulator, 5))
    uid = events(simulator, "booking")[0]["UID"]

    simulator.change(reference, day(simulator, 6), 2)

    assert events(simulator, "booking")[0]["UID"] != uid


def test_booking_com_gives_one_stay_in_two_rooms_two_uids(simulator: Simulator) -> None:
    simulator.book(1, 2, channel="booking")

    uids = {str(events(simulator, "booking", room)[0]["UID"]) for room in (1, 2)}

    assert len(uids) == 2


def test_booking_com_cuts_a_stay_in_progress_to_today_and_keeps_its_end(
    simulator: Simulator,
) -> None:
    simulator.book(1, channel="booking", arrival=day(simulator, -2), nights=4)

    assert nights(events(simulator, "booking")[0]) == (day(simulator, 0), day(simulator, 2))


def test_booking_com_drops_a_stay_after_its_last_night(simulator: Simulator) -> None:
    simulator.book(1, channel="booking", arrival=day(simulator, -2), nights=2)

    assert len(events(simulator, "booking")) == 1


@pytest.mark.parametrize(
    ("told", "expected"), [({"joined": True}, [(5, 9)]), ({}, [(5, 7), (7, 9)])]
)
def test_booking_com_joins_stay_and_closure_when_told(
    simulator: Simulator, told: dict[str, bool], expected: list[tuple[int, int]]
) -> None:
    simulator.book(1, channel="booking", arrival=day(simulator, 5), nights=2)
    close(simulator, 1, "booking", 7, 9)

    simulator.feed("booking", 1, **told)

    shown = [nights(event) for event in events(simulator, "booking")[:-1]]
    assert shown == [(day(simulator, a), day(simulator, b)) for a, b in expected]


def test_other_calendar_keeps_a_name_with_commas_accents_and_many_letters(
    simulator: Simulator,
) -> None:
    guest = "Zoë Ångström; née Müller, with Þórdís Jóhannsdóttir and Łukasz Żółć \\ Café"
    simulator.book(1, channel="other", guest=guest)

    content = fetched(simulator, "other").content

    assert max(map(len, content.split(b"\r\n"))) <= 75
    assert str(events(simulator, "other")[0]["DESCRIPTION"]) == f"Guest: {guest}"


def test_calendar_without_a_change_is_not_sent_again(simulator: Simulator) -> None:
    simulator.book(1)
    tag = fetched(simulator, "airbnb").headers["ETag"]

    again = fetched(simulator, "airbnb", headers={"If-None-Match": tag})

    assert again.status_code == 304
    assert again.content == b""


def test_calendar_of_another_room_does_not_change_this_ones_tag(simulator: Simulator) -> None:
    tag = fetched(simulator, "airbnb").headers["ETag"]

    simulator.book(2)

    assert fetched(simulator, "airbnb").headers["ETag"] == tag


def test_fetch_without_a_user_agent_is_forbidden(simulator: Simulator) -> None:
    assert fetched(simulator, "airbnb", headers={"User-Agent": ""}).status_code == 403


def test_unknown_room_and_unknown_channel_are_not_found(simulator: Simulator) -> None:
    assert fetched(simulator, "airbnb", 99).status_code == 404
    assert fetched(simulator, "expedia").status_code == 404


# Modes


def test_feed_in_error_is_status_500(simulator: Simulator) -> None:
    simulator.feed("airbnb", 1, mode="http_500")

    assert fetched(simulator, "airbnb").status_code == 500


def test_html_feed_is_a_login_page_with_status_200(simulator: Simulator) -> None:
    simulator.feed("airbnb", 1, mode="html")

    page = fetched(simulator, "airbnb")

    assert page.status_code == 200
    assert "Please log in." in page.text


def test_empty_feed_is_a_calendar_without_events(simulator: Simulator) -> None:
    simulator.book(1, channel="booking")

    simulator.feed("booking", 1, mode="empty")

    assert fetched(simulator, "booking").status_code == 200
    assert events(simulator, "booking") == []


def test_truncated_feed_is_the_first_half_of_itself(simulator: Simulator) -> None:
    simulator.book(1)
    whole = fetched(simulator, "airbnb").text

    simulator.feed("airbnb", 1, mode="truncated")

    half = fetched(simulator, "airbnb")
    assert half.status_code == 200
    assert len(half.text) == len(whole) // 2
    assert "END:VCALENDAR" not in half.text


def test_redirecting_feed_leads_where_it_was_told(simulator: Simulator) -> None:
    simulator.feed("airbnb", 1, mode="redirect", to="http://127.0.0.1:9/elsewhere.ics")

    answer = fetched(simulator, "airbnb")

    assert answer.status_code == 302
    assert answer.headers["Location"] == "http://127.0.0.1:9/elsewhere.ics"


@pytest.mark.parametrize("told", [{"mode": "cut"}, {"mode": "timeout", "seconds": 0.2}])
def test_cut_feed_ends_without_an_answer(simulator: Simulator, told: dict[str, Any]) -> None:
    simulator.feed("airbnb", 1, **told)

    with pytest.raises(requests.ConnectionError):
        fetched(simulator, "airbnb")


def test_feed_serves_the_told_text_as_it_is(simulator: Simulator) -> None:
    simulator.feed("airbnb", 1, body="BEGIN:VCALENDAR\nEND:VCALENDAR")

    assert fetched(simulator, "airbnb").content == b"BEGIN:VCALENDAR\nEND:VCALENDAR"


def test_feed_told_to_be_well_again_is(simulator: Simulator) -> None:
    simulator.feed("airbnb", 1, mode="http_500")

    simulator.feed("airbnb", 1, mode="ok")

    assert fetched(simulator, "airbnb").ok


def test_unknown_mode_is_refused_with_the_known_ones(simulator: Simulator) -> None:
    with pytest.raises(AssertionError, match="truncated"):
        simulator.feed("airbnb", 1, mode="upside_down")
