"""The workspace at Seam: its client, made at the first call, and how long we look at one thing."""

import time
from collections.abc import Callable, Iterator
from threading import Lock
from typing import TYPE_CHECKING, Any, TypeVar

from app.ports.errors import PortError
from app.ports.locks.seam_errors import NoSuchCode
from app.ports.locks.seam_rows import lock_fault

if TYPE_CHECKING:
    from seam.seam import Seam

    from app.ports.locks.seam_wire import SeamWire

T = TypeVar("T")

FIRST_PAUSE, LONGEST_PAUSE = 0.1, 2.0
"""Seconds between two looks at what Seam is doing; each pause is half as long again."""


class SeamAccount:
    """Calls in the workspace's name, for any number of threads."""

    def __init__(
        self, api_key: str, api_url: str, device_timeout: float, cloud_timeout: float
    ) -> None:
        self._api_key = api_key
        self._api_url = api_url
        self._device_timeout = device_timeout
        self._cloud_timeout = cloud_timeout
        self._wire: SeamWire | None = None
        self._guard = Lock()

    @property
    def wire(self) -> "SeamWire":
        """Return the client, which loads the SDK the first time. Raises PortError."""
        with self._guard:
            if self._wire is None:
                from app.ports.locks.seam_wire import SeamWire

                self._wire = SeamWire(self._api_key, self._api_url, self._cloud_timeout)
            return self._wire

    def read(self, call: "Callable[[Seam], T]") -> T:
        """Ask what Seam knows; nothing is changed by it. Raises PortError, never unclear."""
        return self.wire.ask(call)

    def command(self, call: "Callable[[Seam], T]") -> T:
        """Ask for something to be done. Raises PortError, unclear where Seam may have taken it."""
        return self.wire.ask(call, acts=True)

    def pages(self, page: "Callable[[Seam, str | None], list[T]]") -> list[T]:
        """Read a whole list; `page` reads one, given a cursor. Raises PortError, never unclear."""
        return self.wire.pages(page)

    def reachable(self, lock_id: str) -> Any:
        """Return the lock's row. Raises PortError (LockOffline above all) when it is out of reach.

        Nothing but a removal may be asked for then: Seam would carry it out hours later.
        """
        device = self.read(lambda seam: seam.devices.get(device_id=lock_id))
        if (found := lock_fault(device)) is not None:
            word, fault = found
            raise fault.made(word)
        return device

    def looks(self, look: Callable[[], T], began: float | None = None) -> Iterator[T]:
        """Look again and again until the time for a device is over; a look that fails is left out.

        The time counts from now, or from an earlier `time.monotonic()`. Ends early when no later
        look can succeed. Raises NoSuchCode, and an unclear PortError where we are not to ask again
        within our time.
        """
        until = (time.monotonic() if began is None else began) + self._device_timeout
        pause = FIRST_PAUSE
        while True:
            asked_for = 0.0
            try:
                seen = look()
            except NoSuchCode:
                raise
            except PortError as fault:
                if fault.permanent:
                    return
                asked_for = fault.retry_after.total_seconds() if fault.retry_after else 0.0
                if asked_for > max(until - time.monotonic(), 0.0):
                    fault.unclear = True  # what we look for may happen unseen
                    raise
            else:
                yield seen
            left = until - time.monotonic()
            if left <= 0:
                return
            time.sleep(min(max(pause, asked_for), left))
            pause = min(1.5 * pause, LONGEST_PAUSE)
