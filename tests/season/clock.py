"""One clock for the season's driver, its worker and the simulator: real time, put on in leaps."""

from datetime import UTC, datetime, timedelta
from multiprocessing.sharedctypes import RawValue

from app.clock import tell_time_by
from tests.support.simulator import Simulator


class SeasonClock:
    """Time as it passes here. Processes forked from this one live by it, too."""

    def __init__(self, simulator: Simulator) -> None:
        # Without a lock, which a killed worker would take with it: only the driver writes.
        self._offset = RawValue("d", 0.0)
        self._simulator = simulator
        tell_time_by(self.now)

    def now(self) -> datetime:
        return datetime.now(UTC) + timedelta(seconds=self._offset.value)

    def leap_to(self, instant: datetime) -> None:
        """Let the time until then pass; the past is left alone."""
        seconds = (instant - self.now()).total_seconds()
        if seconds > 0:
            self._offset.value += seconds
            self._simulator.advance(seconds)
