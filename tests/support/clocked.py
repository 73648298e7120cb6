"""python -m tests.support.clocked worker|scheduler FILE: the real one, by the clock in FILE.

That clock stands still until a test moves it, so that it does not matter how fast the machine is.
The file is mapped into memory: every process sees at once that an hour has passed.
"""

import mmap
import struct
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

from app.clock import tell_time_by
from app.factory import create_app
from app.jobs import schedule
from app.jobs.worker import run_workers
from config import load

SECONDS = struct.Struct("d")
TICK_SECONDS = 0.1
"""Of the scheduler, in real time: where hours pass in seconds, it must look more often."""


class SharedClock:
    """A clock that several processes live by; it starts at the present, and goes when told."""

    def __init__(self, path: Path) -> None:
        if not path.exists():
            path.write_bytes(SECONDS.pack(time.time()))
        with path.open("r+b") as file:
            self._memory = mmap.mmap(file.fileno(), SECONDS.size)

    def now(self) -> datetime:
        return datetime.fromtimestamp(self._seconds, UTC)

    def move(self, seconds: float) -> None:
        self._memory[:] = SECONDS.pack(self._seconds + seconds)

    @property
    def _seconds(self) -> float:
        seconds: float = SECONDS.unpack(self._memory[:])[0]
        return seconds


def main(what: str, clock: str) -> int:
    """Run until told to stop."""
    tell_time_by(SharedClock(Path(clock)).now)
    app = create_app(load())
    if what == "worker":
        run_workers(app)
        return 0
    schedule.TICK_SECONDS = TICK_SECONDS
    with app.app_context():
        schedule.run_schedule()
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
