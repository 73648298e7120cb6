"""Every verb with every fault, side by side in one house with real processes."""

import sys

import pytest

from tests.faults.cases import CASES
from tests.faults.story import play
from tests.faults.table import TABLE, read, table
from tests.faults.world import FaultWorld


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
@pytest.mark.timeout(600)
def test_every_fault_ends_well(world: FaultWorld, request: pytest.FixtureRequest) -> None:
    told = play(world)

    text, logs = table(told.outcomes, told.calls), world.logs()
    sys.stdout.write(f"\n{text}\n")
    assert told.wrong == [], "\n".join(told.wrong)
    assert "Traceback" not in logs, logs[logs.index("Traceback") :][:3000]
    request.config.stash[TABLE] = text


def test_docs_tell_what_comes_of_each_fault() -> None:
    assert read() == {(str(case.verb), str(case.fault)): case.right for case in CASES}
