"""Digits that a lock behind Seam says it does not take: Seam is not asked to try."""

import pytest

from app.domain.windows import Window
from app.ports.locks import CannotDo, CodeOrder, DigitsRefused
from tests.ports.faults import fault_of
from tests.ports.loopback import Loopback, says
from tests.ports.seam_world import ROOM_1, client
from tests.ports.ttlock_world import ORDER

DEVICE, CREATE, GET = "/devices/get", "/access_codes/create", "/access_codes/get"


@pytest.fixture
def seam(cloud: Loopback) -> Loopback:
    """A Seam that would put any code on the lock."""
    window: Window = ORDER.window
    times = {"starts_at": str(window.valid_from), "ends_at": str(window.valid_until)}
    code = says(access_code={"access_code_id": "a-code", **times})
    cloud.on(CREATE, code)
    cloud.on(GET, code)
    return cloud


def tells(seam: Loopback, **properties: object) -> None:
    properties = {"online": True, **properties}
    seam.on(DEVICE, says(device={"device_id": ROOM_1, "errors": [], "properties": properties}))


def constraints(*words: object) -> list[dict[str, object]]:
    return [{"constraint_type": word} for word in words]


def order(digits: str) -> CodeOrder:
    return CodeOrder("lk-17", digits, ORDER.window)


@pytest.mark.parametrize(
    ("word", "digits", "allowed"),
    [
        ("no_zeros", "730264", "123456789"),
        ("cannot_contain_089", "731864", "1234567"),
        ("cannot_contain_0789", "731264", "123456"),
        ("cannot_start_with_12", "125937", None),
        ("no_triple_consecutive_ints", "734569", None),
        ("no_triple_consecutive_ints", "965437", None),
        ("no_triple_consecutive_ints", "722229", None),
        ("no_ascending_or_descending_sequence", "345678", None),
        ("no_ascending_or_descending_sequence", "876543", None),
        ("no_all_same_digits", "777777", None),
        ("at_least_three_unique_digits", "373377", None),
    ],
)
def test_digits_that_break_a_constraint_are_refused_without_asking(
    seam: Loopback, word: str, digits: str, allowed: str | None
) -> None:
    tells(seam, code_constraints=constraints("start_date_in_future", word, "one_that_is_new"))

    with pytest.raises(DigitsRefused) as caught:
        client(seam.url).put_code(ROOM_1, order(digits))

    assert (caught.value.allowed, caught.value.unclear) == (allowed, False)
    assert seam.forms(CREATE) == []


def test_digits_that_every_constraint_leaves_are_told(seam: Loopback) -> None:
    told = constraints("cannot_start_with_12", "no_zeros", "cannot_contain_089")
    tells(seam, code_constraints=told)

    with pytest.raises(DigitsRefused) as caught:
        client(seam.url).put_code(ROOM_1, order("126435"))

    assert caught.value.allowed == "1234567"


@pytest.mark.parametrize(
    ("words", "keypad"),
    [
        (["cannot_start_with_12", "no_zeros", "cannot_contain_089"], "1234567"),
        (["cannot_start_with_12", "one_that_is_new"], None),
    ],
)
def test_keys_that_a_lock_lacks_are_known_before_any_code_is_made(
    seam: Loopback, words: list[str], keypad: str | None
) -> None:
    properties = {"online": True, "code_constraints": constraints(*words)}
    row = {"device_id": ROOM_1, "errors": [], "properties": properties}
    pages = {"has_next_page": False, "next_page_cursor": None}
    seam.on("/devices/list", says(devices=[row], pagination=pages))

    (status,) = client(seam.url).statuses()

    assert status.keypad == keypad


@pytest.mark.parametrize(
    "told",
    [
        constraints("cannot_contain_0789", "cannot_start_with_12", "no_triple_consecutive_ints"),
        constraints("no_zeros", "no_all_same_digits", "no_ascending_or_descending_sequence"),
        [{"constraint_type": "name_length", "min_length": 1, "max_length": 5}],
        constraints("one_that_is_new", None, 7),
        [{}],
        None,
    ],
)
def test_digits_that_break_none_are_put(seam: Loopback, told: object) -> None:
    tells(seam, code_constraints=told, supported_code_lengths=[4, 6])

    assert client(seam.url).put_code(ROOM_1, order("612356")) == "a-code"


@pytest.mark.parametrize("lengths", [None, [], ["six", None], {"from": 4}])
def test_lengths_that_cannot_be_read_refuse_nothing(seam: Loopback, lengths: object) -> None:
    tells(seam, supported_code_lengths=lengths)

    assert client(seam.url).put_code(ROOM_1, ORDER) == "a-code"


def test_number_of_digits_that_the_lock_does_not_take_is_for_the_host_to_set(
    seam: Loopback,
) -> None:
    tells(seam, supported_code_lengths=[5, 4])

    fault = fault_of(lambda: client(seam.url).put_code(ROOM_1, order("612356")))

    assert not isinstance(fault, DigitsRefused)
    assert (fault.permanent, fault.unclear) == (True, False)
    assert "no codes of 6 digits" in fault.reason
    assert "(code_length) to 4 or 5 " in fault.reason
    assert seam.forms(CREATE) == []


@pytest.mark.parametrize(
    "properties",
    [
        {"supported_code_lengths": [3, 12]},
        {"code_constraints": constraints("cannot_specify_pin_code")},
    ],
)
def test_lock_that_can_have_no_code_of_ours_says_so(
    seam: Loopback, properties: dict[str, object]
) -> None:
    tells(seam, **properties)

    with pytest.raises(CannotDo):
        client(seam.url).put_code(ROOM_1, ORDER)
