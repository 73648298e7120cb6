"""The house page by plain forms, without JavaScript."""

import re

import pytest
import requests

from tests.simulator.house_page import dates, door, page, pressed, problem, section
from tests.simulator.test_lock_cloud import ROOM_1, Account
from tests.support.simulator import Simulator


def test_two_rooms_are_booked_under_one_reference(simulator: Simulator) -> None:
    form = {"room": ["1", "2"], "channel": "airbnb", "guest": "Bob Reed"}

    done = pressed(simulator, "bookings", {**form, **dates(simulator, 0, 1)})

    [(reference, booking)] = simulator.state()["bookings"].items()
    assert done.history[0].status_code == 303
    assert [room["number"] for room in booking["rooms"]] == [1, 2]
    assert f"The reference is <code>{reference}</code>" in section(done.text, "channel")


def test_wrong_date_keeps_all_that_was_typed_with_the_problem_beside_the_form(
    simulator: Simulator,
) -> None:
    form = {"room": ["2", "5"], "channel": "booking", "guest": 'Bob "Bo" Reed', "phone": "+4912345"}

    done = pressed(simulator, "bookings", {**form, "reference": "X1", **dates(simulator, 4, 4)})

    channel = section(done.text, "channel")
    assert problem(done.text) == "The day of departure must be after the day of arrival."
    assert re.findall(r'value="(\d)" checked', channel) == ["2", "5"]
    assert '<option value="booking" selected>' in channel
    for typed in ('Bob "Bo" Reed', "+4912345", "X1", dates(simulator, 4, 4)["arrival"]):
        assert f'value="{typed}"' in channel
    assert simulator.state()["bookings"] == {}


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"room": []}, "Choose at least one room."),
        ({"room": ["99"]}, "There is no room 99."),
        ({"room": ["attic"]}, "There is no room attic."),
        ({"arrival": "tomorrow"}, "Enter both days, such as 2026-12-19."),
        ({"channel": "expedia"}, "There is no channel 'expedia'."),
    ],
)
def test_what_cannot_be_booked_is_said(
    simulator: Simulator, changed: dict[str, object], said: str
) -> None:
    form = {"room": ["1"], "channel": "airbnb", **dates(simulator, 0, 1), **changed}

    done = pressed(simulator, "bookings", form)

    assert (problem(done.text) or "").startswith(said)
    assert simulator.state()["bookings"] == {}


def test_room_that_is_taken_is_said_with_its_booking(simulator: Simulator) -> None:
    reference = simulator.book(1)

    done = pressed(
        simulator, "bookings", {"room": "1", "channel": "airbnb", **dates(simulator, 1, 3)}
    )

    assert problem(done.text) == f"Room 1 is taken by {reference} then."


def test_room_is_added_changed_and_cancelled(simulator: Simulator) -> None:
    reference = simulator.book(1, nights=1)
    path = f"bookings/{reference}"

    pressed(simulator, path, {"do": "add", "room": "2"})
    pressed(simulator, path, {"do": "change", "room": "2", **dates(simulator, 5, 6)})
    pressed(simulator, path, {"do": "cancel", "room": "1"})

    [room] = simulator.state()["bookings"][reference]["rooms"]
    assert room == {"number": 2, **dates(simulator, 5, 6)}


@pytest.mark.parametrize("do", ["add", "change", "cancel"])
def test_press_on_a_booking_that_is_gone_is_said(simulator: Simulator, do: str) -> None:
    form = {"do": do, "room": "1", **dates(simulator, 0, 1)}

    done = pressed(simulator, "bookings/HMGONE0000", form)

    assert done.status_code == 200
    assert problem(done.text) == "There is no booking HMGONE0000."


def test_cancelling_a_room_that_is_no_number_cancels_nothing(simulator: Simulator) -> None:
    reference = simulator.book(1, 2)

    refused = pressed(simulator, f"bookings/{reference}", {"do": "cancel", "room": "attic"})

    assert refused.status_code == 400
    assert len(simulator.state()["bookings"][reference]["rooms"]) == 2


def test_keypad_opens_the_door_by_a_code_on_the_lock(
    simulator: Simulator, account: Account
) -> None:
    account.add("482913")

    done = pressed(simulator, f"locks/{ROOM_1}/keypad", {"digits": "482913"})

    room = door(done.text, "Room 1")
    assert 'role="status">Open<' in room
    assert "<code>482913</code>" in room


def test_keypad_refuses_unknown_digits_and_keeps_them(simulator: Simulator) -> None:
    done = pressed(simulator, f"locks/{ROOM_1}/keypad", {"digits": "640257"})

    room = door(done.text, "Room 1")
    assert 'role="status">Locked. These digits are not on this lock.<' in room
    assert 'value="640257"' in room
    assert "640257" not in door(done.text, "Room 2")


def test_gateway_is_unplugged_by_its_button(simulator: Simulator) -> None:
    done = pressed(simulator, "gateways/501", {"online": "0"})

    assert "gateway Ground floor unplugged" in door(done.text, "Room 1")
    assert not simulator.state()["gateways"]["501"]["online"]


def test_battery_runs_flat_and_is_changed_by_its_button(simulator: Simulator) -> None:
    flat = pressed(simulator, f"locks/{ROOM_1}", {"battery": "0"})
    dark = pressed(simulator, f"locks/{ROOM_1}/keypad", {"digits": "640257"})
    full = pressed(simulator, f"locks/{ROOM_1}", {"battery": "100"})

    assert "Battery 0 %" in door(flat.text, "Room 1")
    assert "New battery" in door(flat.text, "Room 1")
    assert "The keypad stays dark" in door(dark.text, "Room 1")
    assert "Battery 100 %" in door(full.text, "Room 1")


def test_clock_of_a_lock_is_put_off_and_right_by_its_button(simulator: Simulator) -> None:
    off = pressed(simulator, f"locks/{ROOM_1}", {"clock": "-90"})
    right = pressed(simulator, f"locks/{ROOM_1}", {"clock": "0"})

    assert "clock 90 min slow" in door(off.text, "Room 1")
    assert "clock 90 min slow" not in door(off.text, "Room 2")
    assert "min slow" not in door(right.text, "Room 1")


@pytest.mark.parametrize(
    ("lock", "form", "status"),
    [(ROOM_1, {"battery": "low"}, 400), (ROOM_1, {"clock": "late"}, 400), (9, {"clock": "1"}, 404)],
)
def test_lock_is_not_changed_by_what_makes_no_sense(
    simulator: Simulator, lock: int, form: dict[str, object], status: int
) -> None:
    before = simulator.state()["locks"]

    assert pressed(simulator, f"locks/{lock}", form).status_code == status
    assert simulator.state()["locks"] == before


def test_delay_that_is_no_number_changes_nothing(simulator: Simulator) -> None:
    refused = pressed(simulator, "gateways/501", {"delay": "soon"})

    assert refused.status_code == 400
    assert simulator.state()["gateways"]["501"]["delay_seconds"] == 0.1


@pytest.mark.parametrize(
    ("path", "form"),
    [
        ("bookings", {"room": "1", "channel": "airbnb"}),
        ("bookings/HM1", {"do": "cancel"}),
        (f"locks/{ROOM_1}/keypad", {"digits": "482913"}),
        (f"locks/{ROOM_1}", {"battery": "0"}),
        ("gateways/501", {"online": "0"}),
        ("clock", {}),
        ("phones/447700900123/texts", {"body": "OK"}),
    ],
)
@pytest.mark.parametrize("origin", ["https://evil.example", "null", "http://127.0.0.1"])
def test_post_from_another_origin_is_forbidden(
    simulator: Simulator, path: str, form: dict[str, object], origin: str
) -> None:
    before = simulator.state()

    refused = pressed(simulator, path, form, Origin=origin)

    assert refused.status_code == 403
    assert simulator.state() == before


def test_post_from_the_page_itself_is_taken(simulator: Simulator) -> None:
    assert pressed(simulator, "gateways/501", {"online": "0"}, Origin=simulator.url).ok


def test_press_by_htmx_answers_with_its_part_alone(simulator: Simulator) -> None:
    path = f"locks/{ROOM_1}/keypad"

    part = pressed(simulator, path, {"digits": "640257"}, **{"HX-Request": "true"})

    assert part.text.startswith('<section id="doors"')
    assert "<html" not in part.text


def test_part_that_was_seen_is_not_sent_again(simulator: Simulator) -> None:
    seen = re.findall(r"/part/doors\?seen=(\d+)", page(simulator))[0]
    url = f"{simulator.url}/part/doors?seen={seen}"
    unchanged = requests.get(url, timeout=10).status_code

    simulator.gateway(501, online=False)

    assert unchanged == 204
    assert requests.get(url, timeout=10).status_code == 200


def test_what_guests_typed_is_text_and_never_markup(simulator: Simulator) -> None:
    simulator.book(1, guest="<script>alert(1)</script>")

    assert "<script>alert" not in page(simulator)


def test_reset_forgets_what_was_said(simulator: Simulator) -> None:
    pressed(simulator, "bookings", {"channel": "airbnb", "guest": "Bob Reed"})
    pressed(simulator, f"locks/{ROOM_1}/keypad", {"digits": "640257"})

    simulator.reset()

    assert problem(page(simulator)) is None
    assert "Bob Reed" not in page(simulator)
    assert "640257" not in page(simulator)
