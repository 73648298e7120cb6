"""What is found at a door that does not open, case by case."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import permutations

import pytest

from app.domain.access import Because, Verdict
from app.domain.door_findings import (
    BY_A_PERSON,
    CODE_FAILS,
    NOT_THEIR_TIME,
    Finding,
    Found,
    is_time_for_help,
    needs_a_person,
)
from app.domain.door_log import RESTS, LogLine, Whose
from app.domain.door_trouble import (
    FLAT,
    JUST_OPENED,
    LOW,
    CodeFacts,
    LockFacts,
    Remote,
    TroubleFacts,
    find_trouble,
)
from app.domain.lock_words import Mistake, Refusal
from app.domain.windows import Window

NOW = datetime(2026, 12, 19, 22, 41, tzinfo=UTC)
WINDOW = Window(NOW.replace(hour=15, minute=0), NOW.replace(hour=11, minute=0) + timedelta(days=2))
MINUTE = timedelta(minutes=1)
FINE = LockFacts(gateway_online=True, seen_at=NOW - MINUTE, battery_percent=80)
GOOD = CodeFacts(
    held=WINDOW,
    since=WINDOW.valid_from - timedelta(hours=1),
    confirmed_at=WINDOW.valid_from - timedelta(minutes=59),
)
ALL_WELL = TroubleFacts(
    now=NOW,
    verdict=Verdict(True, Because.THEIRS, WINDOW),
    is_checked_in=True,
    code=GOOD,
    lines=(),
    lock=FINE,
)


def facts(*lines: LogLine, **more: object) -> TroubleFacts:
    return replace(ALL_WELL, lines=lines, **more)  # type: ignore[arg-type]


def typed(
    minutes_ago: float = 1,
    refusal: Refusal | None = Refusal.UNKNOWN_CODE,
    mistake: Mistake | None = None,
    *,
    whose: Whose = Whose.CURRENT,
    is_here: bool = True,
    door: str = "Room 3",
    code_door: str | None = None,
    clock_off: timedelta = timedelta(0),
) -> LogLine:
    at = NOW - timedelta(minutes=minutes_ago)
    return LogLine(
        at + clock_off, at, is_here, door, whose, code_door, refusal=refusal, mistake=mistake
    )


def words(one: TroubleFacts) -> list[Finding]:
    return [found.what for found in find_trouble(one)]


def test_lock_that_has_lost_contact_tells_more_than_what_was_typed_before() -> None:
    away = replace(FINE, gateway_online=False)
    flat = replace(FINE, battery_percent=FLAT)
    old = typed(8, mistake=Mistake.DIGITS_MISSING)

    assert words(facts(typed(1, mistake=Mistake.DIGITS_MISSING), lock=away)) == [
        Finding.DIGITS_MISSING,
        Finding.LOST_CONTACT,
    ]
    assert words(facts(old, lock=away)) == [Finding.LOST_CONTACT, Finding.DIGITS_MISSING]
    assert words(facts(old, lock=flat)) == [Finding.BATTERY_FLAT, Finding.DIGITS_MISSING]


@pytest.mark.parametrize(
    ("because", "finding", "at"),
    [
        (Because.TOO_EARLY, Finding.TOO_EARLY, WINDOW.valid_from),
        (Because.OVER, Finding.OVER, WINDOW.valid_until),
        (Because.NOT_CHECKED_IN, Finding.NOT_CHECKED_IN, None),
        (Because.UNCERTAIN, Finding.UNCERTAIN, None),
        (Because.NOT_THEIRS, Finding.OVER, WINDOW.valid_until),
    ],
)
def test_whether_they_may_come_in_goes_before_everything(
    because: Because, finding: Finding, at: datetime | None
) -> None:
    lines = (typed(whose=Whose.CURRENT, is_here=False, door="Room 2"), typed(refusal=None))
    flat = LockFacts(False, NOW, 0)

    found = find_trouble(facts(*lines, verdict=Verdict(False, because, WINDOW), lock=flat))

    assert found == [Found(finding, at=at)]


def test_every_verdict_but_yes_is_a_finding() -> None:
    for because in set(Because) - {Because.THEIRS}:
        [found] = find_trouble(facts(verdict=Verdict(False, because)))
        assert found.at is None


def test_vouched_for_and_not_checked_in_is_not_checked_in() -> None:
    assert words(facts(is_checked_in=False)) == [Finding.NOT_CHECKED_IN]


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        (typed(mistake=Mistake.DIGITS_MISSING), Finding.DIGITS_MISSING),
        (typed(mistake=Mistake.DIGITS_ADDED), Finding.DIGITS_ADDED),
        (typed(mistake=Mistake.ONE_WRONG), Finding.ONE_WRONG),
        (typed(mistake=Mistake.SWAPPED), Finding.SWAPPED),
        (typed(mistake=Mistake.OTHER_DOOR), Finding.OTHER_CODE),
        (typed(whose=Whose.ELSEWHERE, code_door="Front door"), Finding.OTHER_CODE),
        (typed(whose=Whose.NOBODY), Finding.OTHER_DIGITS),
        (typed(whose=Whose.FORMER), Finding.OLD_CODE),
        (typed(is_here=False, door="Room 2"), Finding.WRONG_DOOR),
        (typed(), Finding.CODE_REFUSED),
        (typed(refusal=Refusal.OTHER), Finding.REFUSED),
        (typed(refusal=Refusal.OUTSIDE_WINDOW), Finding.CLOCK_OFF),
        (typed(refusal=Refusal.DOUBLE_LOCKED), Finding.DOUBLE_LOCKED),
        (typed(refusal=Refusal.DOUBLE_LOCKED, whose=Whose.NOBODY), Finding.DOUBLE_LOCKED),
        (typed(refusal=Refusal.LOCKED_OUT), Finding.LOCKED_OUT),
        (typed(refusal=Refusal.LOCKED_OUT, whose=Whose.NOBODY), Finding.LOCKED_OUT),
    ],
)
def test_one_line_of_the_log_is_one_finding(line: LogLine, expected: Finding) -> None:
    [found] = find_trouble(facts(line))

    assert found.what == expected
    assert found.at == (line.heard_at + RESTS if expected == Finding.LOCKED_OUT else line.heard_at)


def test_every_mistake_and_every_refusal_is_read() -> None:
    for mistake in Mistake:
        assert words(facts(typed(mistake=mistake))) != [Finding.UNEXPLAINED]
    for refusal in Refusal:
        assert words(facts(typed(refusal=refusal))) != [Finding.UNEXPLAINED]


def test_the_wrong_door_is_named() -> None:
    [found] = find_trouble(facts(typed(is_here=False, door="Room 2")))

    assert found.door == "Room 2"


def test_digits_that_are_nobodys_at_another_door_are_not_spoken_of() -> None:
    line = typed(is_here=False, whose=Whose.NOBODY, door="Room 2")

    assert words(facts(line)) == [Finding.NOTHING_TYPED]


def test_what_was_typed_last_is_said_first() -> None:
    lines = (
        typed(5, mistake=Mistake.DIGITS_MISSING),
        typed(2, is_here=False, door="Room 2"),
        typed(3, mistake=Mistake.SWAPPED),
    )
    expected = [Finding.WRONG_DOOR, Finding.SWAPPED, Finding.DIGITS_MISSING]

    for order in permutations(lines):
        assert words(facts(*order)) == expected


def test_the_same_mistake_twice_is_said_once_with_the_later_time() -> None:
    [found] = find_trouble(
        facts(typed(4, mistake=Mistake.ONE_WRONG), typed(2, mistake=Mistake.ONE_WRONG))
    )

    assert found.at == NOW - 2 * MINUTE


def test_what_came_before_the_door_opened_for_them_counts_no_more() -> None:
    lines = (typed(9, mistake=Mistake.DIGITS_MISSING), typed(8, refusal=None))

    assert words(facts(*lines)) == [Finding.UNEXPLAINED]


@pytest.mark.parametrize("ago", [0, 1, JUST_OPENED.total_seconds() / 60])
def test_a_door_that_has_just_opened_is_open_whatever_else(ago: float) -> None:
    flat = LockFacts(False, NOW, 0)

    [found] = find_trouble(facts(typed(ago, refusal=None), lock=flat, log_fault="No answer."))

    assert found == Found(Finding.OPENED, at=NOW - timedelta(minutes=ago))


def test_a_door_that_refused_after_it_opened_is_not_open() -> None:
    lines = (typed(2, refusal=None), typed(1, mistake=Mistake.SWAPPED))

    assert words(facts(*lines)) == [Finding.SWAPPED]


def test_a_door_opened_long_ago_is_not_said_to_be_open() -> None:
    assert Finding.OPENED not in words(facts(typed(4, refusal=None)))


def test_an_unlock_that_worked_is_an_opening() -> None:
    [found] = find_trouble(facts(remote=Remote.OPENED, remote_at=NOW - MINUTE))

    assert found == Found(Finding.OPENED, at=NOW - MINUTE)


def test_an_unlock_that_failed_is_told_with_its_reason() -> None:
    found = find_trouble(
        facts(remote=Remote.FAILED, remote_at=NOW, remote_why="The gateway is offline.")
    )

    assert found == [Found(Finding.UNLOCK_FAILED, at=NOW, why="The gateway is offline.")]


@pytest.mark.parametrize(
    "code",
    [
        None,
        CodeFacts(None, NOW - 5 * MINUTE),
        CodeFacts(None, NOW - 5 * MINUTE, fault="The gateway is offline."),
        CodeFacts(Window(NOW - timedelta(days=2), NOW), NOW - 5 * MINUTE),
        CodeFacts(Window(NOW + MINUTE, NOW + timedelta(days=2)), NOW - 5 * MINUTE),
    ],
)
def test_a_code_that_the_lock_does_not_hold_now_is_not_on_the_lock(
    code: CodeFacts | None,
) -> None:
    [found] = find_trouble(facts(code=code))

    assert found.what == Finding.NOT_ON_LOCK
    assert found.why == (code.fault if code else None)
    assert found.at == (code.since if code else None)


def test_a_code_typed_before_it_reached_the_lock_is_to_be_typed_again() -> None:
    code = replace(GOOD, confirmed_at=NOW - MINUTE)

    assert words(facts(typed(2), code=code)) == [Finding.NOW_ON_LOCK]
    assert words(facts(typed(0.5), code=code)) == [Finding.CODE_REFUSED]


def test_a_code_given_in_place_of_a_refused_one_is_to_be_typed() -> None:
    code = replace(GOOD, since=NOW - MINUTE)

    assert words(facts(typed(2, whose=Whose.FORMER), code=code)) == [Finding.STAND_IN]
    assert words(facts(code=code, stands_in=True)) == [Finding.STAND_IN]


def test_the_old_code_typed_after_the_new_one_was_given_is_the_old_code() -> None:
    code = replace(GOOD, since=NOW - 2 * MINUTE)
    lines = (typed(3, whose=Whose.FORMER), typed(1, whose=Whose.FORMER))

    assert words(facts(*lines, code=code)) == [Finding.OLD_CODE]


def test_a_stand_in_that_was_tried_is_spoken_of_as_any_code() -> None:
    code = replace(GOOD, since=NOW - 2 * MINUTE)

    assert words(facts(typed(1, mistake=Mistake.SWAPPED), code=code, stands_in=True)) == [
        Finding.SWAPPED
    ]


def test_a_stand_in_that_is_not_on_the_lock_yet_is_not_offered() -> None:
    code = CodeFacts(None, NOW - MINUTE)

    assert words(facts(code=code, stands_in=True)) == [Finding.NOT_ON_LOCK]


class TestClock:
    def test_a_refusal_by_the_clock_within_the_window_means_the_clock_is_off(self) -> None:
        for off in (timedelta(0), -timedelta(hours=9), timedelta(days=-9000), timedelta(days=4)):
            line = typed(1, Refusal.OUTSIDE_WINDOW, clock_off=off)
            assert words(facts(line)) == [Finding.CLOCK_OFF], off

    def test_a_try_before_the_window_proves_nothing(self) -> None:
        now = WINDOW.valid_from + 5 * MINUTE
        at = WINDOW.valid_from - MINUTE
        line = replace(typed(refusal=Refusal.OUTSIDE_WINDOW), at=at, heard_at=at)

        assert words(replace(facts(line), now=now)) == [Finding.UNEXPLAINED]

    def test_a_try_before_the_window_that_was_heard_of_just_after_proves_nothing(self) -> None:
        now = WINDOW.valid_from + 5 * MINUTE
        line = replace(
            typed(refusal=Refusal.OUTSIDE_WINDOW),
            at=WINDOW.valid_from - MINUTE,
            heard_at=WINDOW.valid_from + MINUTE,
        )

        assert words(replace(facts(line), now=now)) == [Finding.UNEXPLAINED]

    def test_a_line_that_came_late_is_no_drift_where_other_lines_come_in_time(self) -> None:
        late = typed(20, Refusal.OUTSIDE_WINDOW, clock_off=-timedelta(hours=10))
        in_time = typed(2, mistake=Mistake.SWAPPED)

        assert words(facts(late, in_time)) == [Finding.SWAPPED]

    def test_a_window_that_the_lock_has_not_got_yet_is_not_its_clock(self) -> None:
        code = replace(GOOD, held=Window(NOW - timedelta(days=3), NOW - MINUTE))

        assert words(facts(typed(0.5, Refusal.OUTSIDE_WINDOW), code=code)) == [Finding.NOT_ON_LOCK]


class TestLockedOut:
    def test_it_is_over_after_five_minutes(self) -> None:
        resting = typed(4.9, Refusal.LOCKED_OUT)
        rested = typed(5, Refusal.LOCKED_OUT)

        assert words(facts(resting)) == [Finding.LOCKED_OUT]
        assert words(facts(rested)) == [Finding.UNEXPLAINED]

    def test_five_wrong_tries_in_five_minutes_are_one_though_the_lock_does_not_say(self) -> None:
        lines = [typed(n / 2, mistake=Mistake.ONE_WRONG) for n in range(1, 6)]

        found = find_trouble(facts(*lines))

        assert found[0] == Found(Finding.LOCKED_OUT, at=NOW - MINUTE / 2 + RESTS)
        assert Finding.LOCKED_OUT not in words(facts(*lines[:4]))

    def test_tries_at_other_doors_do_not_count(self) -> None:
        lines = [typed(n / 2, is_here=False, door="Room 2") for n in range(1, 7)]

        assert words(facts(*lines)) == [Finding.WRONG_DOOR]

    def test_a_barred_door_is_said_before_a_mistake(self) -> None:
        lines = (typed(1, mistake=Mistake.SWAPPED), typed(2, Refusal.DOUBLE_LOCKED))

        assert words(facts(*lines)) == [Finding.DOUBLE_LOCKED, Finding.SWAPPED]


@pytest.mark.parametrize(
    ("percent", "expected"),
    [
        (None, [Finding.NOTHING_TYPED]),
        (100, [Finding.NOTHING_TYPED]),
        (LOW, [Finding.NOTHING_TYPED]),
        (LOW - 1, [Finding.BATTERY_LOW, Finding.NOTHING_TYPED]),
        (FLAT + 1, [Finding.BATTERY_LOW, Finding.NOTHING_TYPED]),
        (FLAT, [Finding.BATTERY_FLAT]),
        (0, [Finding.BATTERY_FLAT]),
    ],
)
def test_batteries(percent: int | None, expected: list[Finding]) -> None:
    found = find_trouble(facts(lock=replace(FINE, battery_percent=percent)))

    assert [one.what for one in found] == expected
    if expected[0] in (Finding.BATTERY_LOW, Finding.BATTERY_FLAT):
        assert found[0].percent == percent


def test_a_lock_that_lost_contact_is_not_blamed_for_its_silence() -> None:
    since = NOW - timedelta(hours=2)

    assert find_trouble(facts(lock=LockFacts(False, since, 80))) == [
        Found(Finding.LOST_CONTACT, at=since)
    ]


@pytest.mark.parametrize("online", [True, None])
def test_a_keypad_that_was_not_heard_was_not_typed_on(online: bool | None) -> None:
    assert words(facts(lock=LockFacts(online))) == [Finding.NOTHING_TYPED]


def test_silence_is_not_claimed_where_somebody_typed() -> None:
    assert words(facts(was_touched=True)) == [Finding.UNEXPLAINED]


def test_a_log_that_cannot_be_read_says_so_and_claims_no_silence() -> None:
    found = find_trouble(facts(log_fault="The lock service does not answer."))

    assert found == [Found(Finding.LOG_UNREAD, why="The lock service does not answer.")]


def test_what_is_known_is_said_though_the_log_cannot_be_read() -> None:
    one = facts(
        typed(mistake=Mistake.SWAPPED), lock=replace(FINE, battery_percent=3), log_fault="No."
    )

    assert words(one) == [Finding.SWAPPED, Finding.BATTERY_FLAT, Finding.LOG_UNREAD]


def test_there_is_always_something_to_say() -> None:
    for because in Because:
        for lines in ((), (typed(refusal=None),), (typed(20),)):
            for code in (None, GOOD):
                verdict = Verdict(because == Because.THEIRS, because, WINDOW)
                assert find_trouble(facts(*lines, verdict=verdict, code=code))


def test_only_a_person_opens_these() -> None:
    for finding in Finding:
        alone = [Found(finding)]
        assert needs_a_person(alone) is (finding in BY_A_PERSON)
        assert is_time_for_help(alone) is (finding not in NOT_THEIR_TIME)


def test_a_code_that_fails_on_a_lock_out_of_reach_needs_a_person() -> None:
    away = Found(Finding.LOST_CONTACT)

    assert needs_a_person([Found(Finding.NOT_ON_LOCK), away])
    assert needs_a_person([Found(Finding.CODE_REFUSED), away])
    assert not needs_a_person([Found(Finding.SWAPPED), away])


def test_typing_mistakes_are_no_reason_for_another_code() -> None:
    slips = {
        Finding.DIGITS_MISSING,
        Finding.DIGITS_ADDED,
        Finding.ONE_WRONG,
        Finding.SWAPPED,
        Finding.OTHER_DIGITS,
        Finding.WRONG_DOOR,
        Finding.OTHER_CODE,
        Finding.NOTHING_TYPED,
    }

    assert not slips & CODE_FAILS
