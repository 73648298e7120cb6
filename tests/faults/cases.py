"""What is tried: each thing a lock is asked for, with each way in which that can go wrong."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any


class Verb(StrEnum):
    PUT = "put"
    CHANGE = "change"
    REMOVE = "remove"
    LIST = "list"
    UNLOCK = "unlock"


class Fault(StrEnum):
    TIMEOUT_BEFORE = "timeout before effect"
    TIMEOUT_AFTER = "timeout after effect"
    LATE = "effect after the timeout"
    CUT = "connection cut"
    HTTP_500 = "HTTP 500"
    BUSY = "busy"
    OFFLINE = "gateway offline for an hour"
    TOKEN = "token expired"
    DUPLICATE = "duplicate digits"
    FULL = "lock full"
    CLOCK = "clock off"
    NONSENSE = "answer with nonsense"


PATHS: Mapping[Verb, str] = {
    Verb.PUT: "keyboardPwd/add",
    Verb.CHANGE: "keyboardPwd/change",
    Verb.REMOVE: "keyboardPwd/delete",
    Verb.LIST: "lock/listKeyboardPwd",
    Verb.UNLOCK: "lock/unlock",
}

TIMEOUT_SECONDS = 2.0
"""How long the app waits for a lock in this world."""
HANGS = {"seconds": TIMEOUT_SECONDS + 0.5}

TOLD: Mapping[Fault, Sequence[Mapping[str, Any]]] = {
    Fault.TIMEOUT_BEFORE: [{"kind": "timeout_before", "times": 1, **HANGS}],
    Fault.TIMEOUT_AFTER: [{"kind": "timeout_after", "times": 1, **HANGS}],
    Fault.LATE: [{"kind": "slow", "times": 1, **HANGS}],
    Fault.CUT: [{"kind": "cut_before", "times": 1}, {"kind": "cut_after", "times": 1}],
    Fault.HTTP_500: [{"kind": "http_500", "times": 1}, {"kind": "http_500_after", "times": 1}],
    Fault.BUSY: [{"kind": "busy", "times": 3}],
    Fault.OFFLINE: [],
    Fault.TOKEN: [{"kind": "errcode", "errcode": 10004, "times": 1}],
    Fault.DUPLICATE: [{"kind": "errcode", "errcode": -3007, "times": 1}],
    Fault.FULL: [{"kind": "errcode", "errcode": -3009, "times": 3}],
    Fault.CLOCK: [{"kind": "errcode", "errcode": 80000, "times": 4}],
    Fault.NONSENSE: [{"kind": "nonsense", "times": 1}, {"kind": "wrong_types", "times": 1}],
}

REAL = {(Verb.PUT, Fault.DUPLICATE), (Verb.PUT, Fault.FULL)}
"""Here the lock itself is so that it refuses: nothing is told to the cloud."""

RIGHT: Mapping[Verb, str] = {
    Verb.PUT: "on the lock",
    Verb.CHANGE: "new dates, same digits",
    Verb.REMOVE: "gone",
    Verb.LIST: "put back, same digits",
    Verb.UNLOCK: "opened, told so",
}
"""What must come of each in the end, whatever went wrong on the way."""

OTHERWISE: Mapping[tuple[Verb, Fault], str] = {
    (Verb.PUT, Fault.DUPLICATE): "on the lock, other digits",
    # The guest is there, and it takes longer than a guest waits: see "key ladder".
    (Verb.PUT, Fault.FULL): "offline code",
    (Verb.PUT, Fault.CLOCK): "offline code",
    # It is sent once. What cannot be known is said to be unknown.
    (Verb.UNLOCK, Fault.TIMEOUT_BEFORE): "shut, told unknown",
    (Verb.UNLOCK, Fault.TIMEOUT_AFTER): "opened, told unknown",
    (Verb.UNLOCK, Fault.LATE): "opened, told unknown",
    (Verb.UNLOCK, Fault.CUT): "opened, told unknown",
    (Verb.UNLOCK, Fault.HTTP_500): "opened, told unknown",
    (Verb.UNLOCK, Fault.BUSY): "shut, told so",
    (Verb.UNLOCK, Fault.OFFLINE): "shut, told so",
    (Verb.UNLOCK, Fault.DUPLICATE): "shut, told so",
    (Verb.UNLOCK, Fault.FULL): "shut, told so",
    (Verb.UNLOCK, Fault.CLOCK): "shut, told so",
    (Verb.UNLOCK, Fault.NONSENSE): "opened, told unknown",
}

MOST_CALLS = 10
"""For one lock: a look and a command for each of four tries, and of one cut short by a crash."""
MOST_CALLS_OFFLINE = 60
MOST_UNLOCKS = 2
"""One, and one more where a token or a date was refused: then nothing was done."""


@dataclass(frozen=True)
class Case:
    """One lock with a gateway of its own, one guest, and one thing that goes wrong."""

    number: int
    verb: Verb
    fault: Fault

    @property
    def lock_id(self) -> str:
        return str(1000 + self.number)

    @property
    def gateway_id(self) -> int:
        return 5000 + self.number

    @property
    def reference(self) -> str:
        return f"HMFAULT{self.number:03}"

    @property
    def told(self) -> Sequence[Mapping[str, Any]]:
        """What the cloud is told to do wrong, in this order; an unlock is sent only once."""
        if (self.verb, self.fault) in REAL:
            return []
        told = TOLD[self.fault]
        return told[-1:] if self.verb == Verb.UNLOCK else told

    @property
    def right(self) -> str:
        return OTHERWISE.get((self.verb, self.fault), RIGHT[self.verb])

    @property
    def most_calls(self) -> int:
        if self.verb == Verb.UNLOCK:
            return MOST_UNLOCKS
        return MOST_CALLS_OFFLINE if self.fault == Fault.OFFLINE else MOST_CALLS

    def __str__(self) -> str:
        return f"{self.verb} × {self.fault}"


CASES = tuple(
    Case(number, verb, fault)
    for number, (verb, fault) in enumerate(
        ((verb, fault) for verb in Verb for fault in Fault), start=1
    )
)
SPARE = Case(len(CASES) + 1, Verb.UNLOCK, Fault.OFFLINE)
"""One more lock, for the tap that no worker is there for."""
