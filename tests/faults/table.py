"""The table of all cases, as it stands in the docs."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.faults.cases import CASES, Case, Fault, Verb
from tests.support.processes import ROOT

PAGE: Path = ROOT / "docs" / "faults.md"

TABLE = pytest.StashKey[str]()
"""Where a run leaves its table."""

TEXT = """\
# When things go wrong at the locks

What comes of each thing that a lock is asked for, with each way in which that can fail.

`make faults` writes this page: it runs a worker and a scheduler over a simulated house with a lock,
a gateway and a guest for each cell, all at once; kills the worker in the middle of it and empties
Redis; lets an hour pass, and then the days until everybody has left. `make test` does the same, and
fails when a cell comes to anything else; when a code is lost, is there twice, opens after its
window or stays on a lock; when a door opens twice or late; or when that takes too many calls.

In each cell: what has come of it · how many calls to the lock service it took, until all was well.
Where the crash struck it is one or two more, so that these numbers differ a little from run to run.

{table}

- Faults are for one call or a few in a row: *connection cut*, *HTTP 500* and *nonsense* once before
  the effect and once after it, *busy* and *lock full* three times. *Effect after the timeout* is a
  command that reaches its lock when nobody waits for the answer any more. For an unlock it is the
  last of them, as it is sent once.
- *put* is a guest's check-in; *change*, dates that move; *remove*, a cancellation; *list*, the
  comparison of a door whose code the owner has deleted in the lock's app; *unlock*, a tap.
- *duplicate digits*: somebody else's code with the same digits is on the lock; nobody has been told
  ours yet, so they are drawn anew. *lock full*: it is full of others' codes until their owner makes
  room half an hour later. For other verbs than *put*, the service only says so.
- *offline code*: the guest is at the door, and has waited for 90 seconds. They have got a code that
  needs no gateway, and were told of it. The locks whose gateway is away for an hour are of an older
  kind that has none: their codes come when the gateway is back.
- *told unknown*: nobody can know whether the door has opened, and so the page says. *told so*: the
  page said what has happened, *opened* or *shut*.
- The list that fails with *duplicate digits*, which no list does, is read again at the door's next
  regular comparison, after six hours; each other one within the hour.
"""


def table(outcomes: Mapping[Case, str], calls: Mapping[Case, int]) -> str:
    """Write it as Markdown: verbs down, faults across, `what came of it · calls` in each cell."""
    head = ["", *Fault]
    rows = [
        [verb, *(f"{outcomes[case]} · {calls[case]}" for case in CASES if case.verb == verb)]
        for verb in Verb
    ]
    return "\n".join(_line(cells) for cells in (head, ["---"] * len(head), *rows))


def _line(cells: list[str]) -> str:
    return f"| {' | '.join(cells)} |"


def write(text: str) -> None:
    """Put a table into the docs."""
    PAGE.write_text(TEXT.format(table=text), encoding="utf-8")


def read() -> dict[tuple[str, str], str]:
    """Return the outcome of each cell of the table in the docs, by its row and column."""
    lines = [line for line in PAGE.read_text(encoding="utf-8").splitlines() if line[:1] == "|"]
    head, _, *rows = [[cell.strip() for cell in line[1:-1].split("|")] for line in lines]
    return {
        (row[0], column): cell.rpartition(" · ")[0]
        for row in rows
        for column, cell in zip(head[1:], row[1:], strict=True)
    }
