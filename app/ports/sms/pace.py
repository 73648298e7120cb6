"""The pace at which one number may send."""

import threading
import time
from collections.abc import Callable

from app.domain.sms_text import segments


class Pace:
    """Lets texts go no faster than the number's country allows.

    Twilio queues what comes faster, and in the end refuses it. The wait is before a text, for the
    one that went before: once a text is handed over, its sid is to be recorded at once.
    """

    def __init__(
        self,
        segments_per_second: float,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._rate, self._clock, self._sleep = segments_per_second, clock, sleep
        self._free_at = clock()
        self._guard = threading.Lock()

    def wait_for(self, body: str) -> None:
        """Wait until this text may go."""
        with self._guard:
            begins = max(self._clock(), self._free_at)
            self._free_at = begins + segments(body) / self._rate
        wait = begins - self._clock()
        if wait > 0:
            self._sleep(wait)
