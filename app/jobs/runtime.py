"""What every job runs in: the app's context, and the one place that catches everything."""

import functools
import logging
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor, wait
from typing import ParamSpec, TypeVar

from flask import Flask, current_app

from app.clock import now as now
from app.seals import Seals

logger = logging.getLogger(__name__)

THREADS = 8
"""Calls side by side in one job. They wait for the network, not for the processor."""

P = ParamSpec("P")
R = TypeVar("R")


def the_app() -> Flask:
    """Return the app itself, to hand it to threads, which do not see this one's context."""
    return current_app._get_current_object()  # type: ignore[attr-defined,no-any-return]


def the_seals() -> Seals:
    seals: Seals = current_app.extensions["seals"]
    return seals


def guarded(work: Callable[P, R]) -> Callable[P, R | None]:
    """Log what nobody foresaw, and go on: what was ordered stays ordered in the database."""

    @functools.wraps(work)
    def run(*args: P.args, **kwargs: P.kwargs) -> R | None:
        try:
            return work(*args, **kwargs)
        except Exception:
            logger.exception("job failed", extra={"job": work.__name__})
            return None

    return run


def side_by_side(
    app: Flask,
    work: Callable[[int], R],
    ids: list[int],
    *,
    meanwhile: Callable[[], None] | None = None,
    every_seconds: float = 5.0,
) -> list[R]:
    """Do `work` for each id in threads of their own app context; results in the order of `ids`.

    `meanwhile` is called in this thread every few seconds until all are done.
    """

    def in_context(one: int) -> R:
        with app.app_context():
            return work(one)

    with ThreadPoolExecutor(max_workers=min(len(ids), THREADS) or 1) as pool:
        futures: list[Future[R]] = [pool.submit(in_context, one) for one in ids]
        pending = set(futures)
        while pending:
            _, pending = wait(pending, timeout=every_seconds)
            if pending and meanwhile is not None:
                meanwhile()
    return [future.result() for future in futures]
