"""Where `make run` is tried."""

from pathlib import Path

import pytest

from tests.launcher.trees import check_out


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """The repository as it is checked out, with a state of its own."""
    return check_out(tmp_path / "latchkey")
