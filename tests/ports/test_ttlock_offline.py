"""TTLock's offline codes and clocks: what is asked of the cloud, and how its answers are read."""

from datetime import UTC, datetime, timedelta

import pytest

from app.domain.windows import Window
from app.ports.locks import CannotDo, HeldCode
from tests.ports.faults import fault_of
from tests.ports.loopback import CUT, HANG, Loopback, Reply, says
from tests.ports.ttlock_world import CODES, DONE, GET, NOW, QUERY_DATE, SET_DATE, client

MADE = says(keyboardPwdId=10236, keyboardPwd="0563456")
SPENT = says(errcode=-1026, errmsg="spent")


def at(hour: int, minute: int = 0, day: int = 23) -> datetime:
    return datetime(2026, 11, day, hour, minute, tzinfo=UTC)


def ms(instant: datetime) -> str:
    return str(int(instant.timestamp() * 1000))


def hours_asked(cloud: Loopback) -> list[tuple[str, str]]:
    return [(form["startDate"], form["endDate"]) for form in cloud.forms(GET)]


# What is asked


def test_code_is_asked_for_whole_hours_and_the_answer_says_which(cloud: Loopback) -> None:
    cloud.on(GET, MADE)

    code = client(cloud.url).make_offline_code(
        "1002", "lk-17", Window(at(14, 20), at(11, 59, day=25))
    )

    hours = Window(at(14), at(11, day=25))
    assert code == HeldCode("10236", "lk-17", "0563456", hours)
    (form,) = cloud.forms(GET)
    asked = {name: form[name] for name in ("lockId", "keyboardPwdType", "keyboardPwdName")}
    assert asked == {"lockId": "1002", "keyboardPwdType": "3", "keyboardPwdName": "lk-17"}
    assert hours_asked(cloud) == [(ms(hours.valid_from), ms(hours.valid_until))]


def test_code_of_a_stay_that_began_days_ago_begins_this_hour(cloud: Loopback) -> None:
    cloud.on(GET, MADE)

    code = client(cloud.url, clock=lambda: at(14, 40)).make_offline_code(
        "1002", "lk-17", Window(at(15, day=20), at(11, day=25))
    )

    assert code.window == Window(at(14), at(11, day=25))


def test_code_for_longer_than_a_year_ends_after_one(cloud: Loopback) -> None:
    cloud.on(GET, MADE)

    code = client(cloud.url).make_offline_code(
        "1002", "lk-17", Window(at(14, 20), at(14) + timedelta(days=800))
    )

    assert code.window == Window(at(14), at(14) + timedelta(days=365))


@pytest.mark.parametrize("until", [at(14, 21), at(14, 59)])
def test_nothing_is_asked_where_no_whole_hour_is_left(cloud: Loopback, until: datetime) -> None:
    fault = fault_of(
        lambda: client(cloud.url).make_offline_code("1002", "lk-17", Window(at(14, 20), until))
    )

    assert isinstance(fault, CannotDo)
    assert fault.permanent
    assert cloud.asked == []


def test_spent_hours_give_way_to_ones_that_end_sooner(cloud: Loopback) -> None:
    cloud.on(GET, SPENT, SPENT, MADE)

    code = client(cloud.url).make_offline_code("1002", "lk-17", Window(at(14), at(20)))

    assert code.window == Window(at(14), at(18))
    assert hours_asked(cloud) == [(ms(at(14)), ms(at(end))) for end in (20, 19, 18)]


@pytest.mark.parametrize(("until", "tries"), [(at(20), 4), (at(16), 2), (at(15), 1)])
def test_tries_for_other_hours_come_to_an_end(cloud: Loopback, until: datetime, tries: int) -> None:
    cloud.on(GET, SPENT)

    fault = fault_of(
        lambda: client(cloud.url).make_offline_code("1002", "lk-17", Window(at(14), until))
    )

    assert isinstance(fault, CannotDo)
    assert fault.permanent
    assert not fault.unclear
    assert len(cloud.forms(GET)) == tries


# What the answers mean

WINDOW = Window(at(14), at(20))


@pytest.mark.parametrize("errcode", [-1007, -4043])
def test_lock_that_makes_no_codes_says_what_a_person_can_do(cloud: Loopback, errcode: int) -> None:
    cloud.on(GET, says(errcode=errcode))

    fault = fault_of(lambda: client(cloud.url).make_offline_code("1002", "lk-17", WINDOW))

    assert isinstance(fault, CannotDo)
    assert fault.permanent
    assert "TTLock app" in fault.reason
    assert len(cloud.forms(GET)) == 1


@pytest.mark.parametrize(
    "answer",
    [
        HANG,
        CUT,
        says(500),
        Reply(b"{}"),
        Reply(b"[]"),
        says(keyboardPwdId=10236),
        says(keyboardPwd="0563456"),
        says(keyboardPwdId=10236, keyboardPwd=563456),
        says(keyboardPwdId=10236, keyboardPwd="056 3456"),
        says(keyboardPwdId=10236, keyboardPwd="٠٥٦٣٤٥٦"),
        says(keyboardPwdId={"value": 1}, keyboardPwd=["0563456"]),
    ],
)
def test_code_without_proper_digits_is_unclear_as_it_may_have_been_made(
    cloud: Loopback, answer: Reply
) -> None:
    cloud.on(GET, answer)

    fault = fault_of(
        lambda: client(cloud.url, timeout=0.3).make_offline_code("1002", "lk-17", WINDOW)
    )

    assert fault.unclear
    assert not isinstance(fault, CannotDo)
    assert len(cloud.forms(GET)) == 1


def test_offline_code_is_listed_as_held(cloud: Loopback) -> None:
    row = {
        "keyboardPwdId": 10236, "keyboardPwd": "0563456", "keyboardPwdName": "lk-17",
        "keyboardPwdType": 3, "isCustom": 0, "startDate": int(ms(at(14))), "endDate": ms(at(20)),
    }  # fmt: skip
    cloud.on(CODES, says(list=[row], pages=1, total=1))

    assert client(cloud.url).list_codes("1002") == [HeldCode("10236", "lk-17", "0563456", WINDOW)]


# Clocks


def dated(instant: datetime) -> Reply:
    return says(date=int(ms(instant)))


@pytest.mark.parametrize("seconds", [-5400, -6, 6, 31_536_000])
def test_clock_that_is_off_is_set(cloud: Loopback, seconds: int) -> None:
    cloud.on(QUERY_DATE, dated(NOW + timedelta(seconds=seconds)))
    cloud.on(SET_DATE, dated(NOW))

    assert client(cloud.url).correct_clock("1002") == timedelta(seconds=seconds)
    assert [form["lockId"] for form in cloud.forms(SET_DATE)] == ["1002"]


@pytest.mark.parametrize("seconds", [-5, 0, 5])
def test_clock_off_by_a_few_seconds_is_left_alone(cloud: Loopback, seconds: int) -> None:
    cloud.on(QUERY_DATE, dated(NOW + timedelta(seconds=seconds)))

    assert client(cloud.url).correct_clock("1002") == timedelta(seconds=seconds)
    assert cloud.forms(SET_DATE) == []


def test_time_the_radio_takes_is_not_taken_for_drift(cloud: Loopback) -> None:
    now = [NOW]

    def slowly(_: dict[str, str]) -> Reply:
        now[0] += timedelta(seconds=20)
        return dated(NOW + timedelta(seconds=1))

    cloud.on(QUERY_DATE, slowly)

    assert client(cloud.url, clock=lambda: now[0]).correct_clock("1002") == timedelta(seconds=-9)
    assert cloud.forms(SET_DATE) == []


def test_clock_set_is_believed_by_either_form_of_yes(cloud: Loopback) -> None:
    cloud.on(QUERY_DATE, dated(NOW + timedelta(hours=1)))
    cloud.on(SET_DATE, DONE, says())

    assert client(cloud.url).correct_clock("1002") == timedelta(hours=1)
    assert fault_of(lambda: client(cloud.url).correct_clock("1002")).unclear


@pytest.mark.parametrize("date", [None, "soon", 10**30, {"value": 1}])
def test_clock_that_cannot_be_read_is_not_set(cloud: Loopback, date: object) -> None:
    cloud.on(QUERY_DATE, says(date=date))

    fault = fault_of(lambda: client(cloud.url).correct_clock("1002"))

    assert not fault.unclear
    assert cloud.forms(SET_DATE) == []


def test_lock_without_a_clock_to_set_cannot_do_it(cloud: Loopback) -> None:
    cloud.on(QUERY_DATE, says(errcode=-4043))

    assert isinstance(fault_of(lambda: client(cloud.url).correct_clock("1002")), CannotDo)


DETAIL = "/v3/lock/detail"
HOUR_MS = 3_600_000


@pytest.mark.parametrize(
    ("told", "hours"),
    [
        (0, 0),
        (8 * HOUR_MS, 8),
        (str(-HOUR_MS), -1),
        (None, None),
        ("east", None),
        (15 * HOUR_MS, None),
        (10**30, None),
        ([HOUR_MS], None),
    ],
)
def test_time_zone_of_a_lock_is_read_and_nonsense_is_not_known(
    cloud: Loopback, told: object, hours: int | None
) -> None:
    cloud.on(DETAIL, says(lockId=1002, timezoneRawOffset=told))

    found = client(cloud.url).utc_offset("1002")

    assert found == (None if hours is None else timedelta(hours=hours))
    assert [form["lockId"] for form in cloud.forms(DETAIL)] == ["1002"]
