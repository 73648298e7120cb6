"""Waiting for what happens in other processes; the only place where tests sleep."""

import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")


def eventually(look: Callable[[], T], seconds: float = 20.0, every: float = 0.1) -> T:
    """Return the first true answer of `look`, or fail with its last one after `seconds`."""
    deadline = time.monotonic() + seconds
    while not (found := look()):
        if time.monotonic() > deadline:
            raise AssertionError(f"not within {seconds} s; last seen: {found!r}")
        time.sleep(every)
    return found


def pause(seconds: float) -> None:
    """Let time pass where the absence of something is to be shown."""
    time.sleep(seconds)
