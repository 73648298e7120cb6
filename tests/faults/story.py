"""All cases in one house on one afternoon: what is done, what breaks, and how long it takes."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from app.models import CodeState, UnlockState
from tests.faults.cases import CASES, PATHS, SPARE, Case, Fault, Verb
from tests.faults.house import ALL
from tests.faults.oracle import calls, judge, look
from tests.faults.people import People
from tests.faults.world import FaultWorld
from tests.support.waiting import eventually, pause

MINUTE = 60.0
STEPS = (3, 5, 5, 10, 15, *[MINUTE] * 12, *[3 * MINUTE] * 20)
"""Seconds at a time: as few as tell one try from the next."""
USED_AT, REDIS_AT, ROOM_AT, BACK_AT = 2 * MINUTE, 5 * MINUTE, 30 * MINUTE, 60 * MINUTE
"""Guests use the codes that are there; Redis is emptied; the owner makes room on the full lock; the
gateways are back."""
NEXT_COMPARISON = 7 * 60 * MINUTE
SLOW_CLOCK = -180.0
"""Seconds by which one lock's own clock is behind."""
A_RETRY, TOO_LATE = 8.0, 21.0
"""After a tap: so soon a second try would be made, if there were any; and when none may begin."""
PAST_ALL_WINDOWS = 5 * 24 * 60 * MINUTE


PUT_ON_FULL, PUT_BY_SLOW_CLOCK = (
    next(case for case in CASES if (case.verb, case.fault) == (Verb.PUT, fault))
    for fault in (Fault.FULL, Fault.CLOCK)
)


@dataclass(frozen=True)
class Told:
    """How it went: a word for each case, its calls, and all that is wrong."""

    outcomes: Mapping[Case, str]
    calls: Mapping[Case, int]
    wrong: list[str]


def play(world: FaultWorld) -> Told:
    """Let it all happen."""
    one = _Story(world)
    one.guests_come()
    one.things_go_wrong()
    one.taps()
    for_taps = calls(world)
    one.verbs()
    one.crash()
    one.an_hour()
    counted = {case: count + for_taps[case] for case, count in calls(world).items()}
    outcomes = one.the_day_after(counted)
    one.all_leave()
    return Told(outcomes, counted, one.wrong)


def of(verb: Verb) -> list[Case]:
    return [case for case in CASES if case.verb == verb]


class _Story:
    def __init__(self, world: FaultWorld) -> None:
        self.world, self.simulator = world, world.simulator
        self.people = People(world)
        self.wrong: list[str] = []
        self._meanwhile = (
            (USED_AT, self._use_codes),
            (REDIS_AT, self.world.empty_redis),
            (ROOM_AT, self._make_room),
            (BACK_AT, self._plug_in),
        )

    def guests_come(self) -> None:
        """All but those of the first verb are in house, and have opened their door by code."""
        early = [case for case in ALL if case.verb != Verb.PUT]
        self.people.check_in(early)
        self.world.settle()
        self._type_codes(early)

    def things_go_wrong(self) -> None:
        for case in CASES:
            for fault in case.told:
                path = PATHS[case.verb]
                self.simulator.fault(**{"path": path, "lock_id": case.lock_id, **fault})
            if case.verb == Verb.LIST:
                self.people.add_stranger(case)
                self.people.delete_ours(case)
            if case == PUT_ON_FULL:
                self.people.add_stranger(case)
                self.simulator.lock(case.lock_id, capacity=1)
            if case == PUT_BY_SLOW_CLOCK:
                self.simulator.lock(case.lock_id, clock_offset_seconds=SLOW_CLOCK)
            if case.fault == Fault.OFFLINE:
                self.simulator.gateway(case.gateway_id, online=False)
        self.simulator.forget_calls()

    def taps(self) -> None:
        """Unlocks come first: they end within seconds, and no time may be skipped for them."""
        cases = of(Verb.UNLOCK)
        self.world.jump(0)
        self.people.tap(cases)
        self.world.settle()
        # The simulator notes a call when it has ended: what timed out here goes on there.
        eventually(lambda: min(calls(self.world)[case] for case in cases) > 0)
        self.world.pass_time(A_RETRY)

    def verbs(self) -> None:
        self.people.check_in(of(Verb.PUT))
        self.people.compare(of(Verb.LIST))
        self.people.stay_longer(of(Verb.CHANGE))
        self.people.cancel(of(Verb.REMOVE))

    def crash(self) -> None:
        """Kill the worker in the middle of it, and tap while there is none."""
        pause(1)
        self.world.kill_worker()
        self.people.tap([SPARE])
        self.world.jump(TOO_LATE)
        self.world.start_worker()
        self.world.settle()

    def an_hour(self) -> None:
        passed = 0.0
        for seconds in STEPS:
            self.world.pass_time(seconds)
            passed += seconds
            for at, happen in self._meanwhile:
                if passed - seconds < at <= passed:
                    happen()

    def the_day_after(self, counted: Mapping[Case, int]) -> dict[Case, str]:
        """Let the doors be compared as usual; then everything must be as it should."""
        self.world.pass_time(NEXT_COMPARISON)
        for _ in range(4):
            self.world.pass_time(MINUTE)
        seen, outcomes = look(self.world), {}
        for case in CASES:
            outcomes[case], wrong = judge(case, self.people, seen[case])
            if counted[case] > case.most_calls:
                wrong.append(f"{counted[case]} calls, more than {case.most_calls}")
            self.wrong += [f"{case}: {one}" for one in wrong]
        self._type_codes(CASES)
        [(told, _)] = seen[SPARE].unlocks
        if told != UnlockState.DROPPED or seen[SPARE].opened_at:
            self.wrong.append(f"the tap without a worker: {told}, {seen[SPARE].opened_at}")
        return outcomes

    def all_leave(self) -> None:
        """No code outlives its window, on no lock; and nothing of ours stays."""
        was = look(self.world)
        self.world.jump(PAST_ALL_WINDOWS)
        for case in ALL:
            for held in was[case].ours:
                if self.simulator.keypad(case.lock_id, held["digits"]):
                    self.wrong.append(f"{case}: it opens after its window")
        self.world.settle()
        self.world.pass_time(MINUTE)
        for case, seen in look(self.world).items():
            if seen.ours or seen.codes:
                self.wrong.append(f"{case}: left behind {seen.codes} {len(seen.ours)}")

    def _use_codes(self) -> None:
        self._type_codes(of(Verb.PUT))

    def _make_room(self) -> None:
        self.simulator.lock(PUT_ON_FULL.lock_id, capacity=250)

    def _plug_in(self) -> None:
        for case in CASES:
            if case.fault == Fault.OFFLINE:
                self.simulator.gateway(case.gateway_id, online=True)

    def _type_codes(self, cases: Iterable[Case]) -> None:
        """Have guests type the codes that their locks have confirmed; the doors must open."""
        seen = look(self.world)
        for case in cases:
            for code in seen[case].codes:
                is_there = code.state == CodeState.ACTIVE
                if is_there and not self.simulator.keypad(case.lock_id, code.digits):
                    self.wrong.append(f"{case}: its code does not open")
