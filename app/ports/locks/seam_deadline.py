"""A total time for each call to Seam: httpx counts anew with every piece of an answer.

Nothing but `SeamWire` imports this file.
"""

import time
from collections.abc import Callable, Iterator
from contextvars import copy_context
from queue import Empty, SimpleQueue
from threading import Thread
from typing import TypeVar

import httpx

T = TypeVar("T")

UNTIL = "latchkey_until"
"""Where a request says, among its extensions, until when its answer may come."""


def within(seconds: float, call: Callable[[], T]) -> T:
    """Return what the call does; raise httpx.ReadTimeout when it has not ended by then.

    It is left behind on a thread of its own: nothing can stop one that waits for a name to be
    looked up, or for headers that come letter by letter.
    """
    outcome: SimpleQueue[tuple[T | None, BaseException | None]] = SimpleQueue()

    def answered() -> None:
        try:
            outcome.put((call(), None))
        except BaseException as fault:  # noqa: BLE001  # handed on to whoever waits
            outcome.put((None, fault))

    Thread(target=copy_context().run, args=(answered,), daemon=True).start()
    try:
        result, fault = outcome.get(timeout=seconds)
    except Empty:
        raise httpx.ReadTimeout("") from None
    if fault is not None:
        raise fault
    return result  # type: ignore[return-value]


class TimedBody(httpx.SyncByteStream):
    """The body of an answer, cut off when its time is over, so that its thread ends as well."""

    def __init__(self, body: httpx.SyncByteStream, until: float) -> None:
        """`until`: by `time.monotonic()`."""
        self._body = body
        self._until = until

    def __iter__(self) -> Iterator[bytes]:
        for piece in self._body:
            if time.monotonic() > self._until:
                raise httpx.ReadTimeout("")
            yield piece

    def close(self) -> None:
        self._body.close()
