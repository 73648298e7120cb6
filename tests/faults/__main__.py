"""python -m tests.faults: try every fault, print the table, and write it into the docs."""

import sys
from pathlib import Path

import pytest

from tests.faults import table


class _Keeper:
    """Writes the table of a run that went well."""

    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        if text := session.config.stash.get(table.TABLE, ""):
            table.write(text)
            sys.stdout.write(f"\nwritten to {table.PAGE}\n")


if __name__ == "__main__":
    suite = f"{Path(__file__).parent / 'test_faults.py'}::test_every_fault_ends_well"
    sys.exit(pytest.main([suite, "-q", "-s", "-n0"], plugins=[_Keeper()]))
