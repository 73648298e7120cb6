"""The worker: one process, and for each queue threads of its own."""

import contextlib
import gc
import importlib
import logging
import os
import threading
import time
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor

from flask import Flask
from redis import Redis
from redis.exceptions import RedisError
from rq import Queue, SimpleWorker
from rq.exceptions import InvalidJobOperation
from rq.job import Job

from app.jobs.doorbell import QueueName
from app.jobs.runtime import guarded
from config import Settings

logger = logging.getLogger(__name__)

MAINTENANCE_SECONDS = 60
STOP_SECONDS = 8.0

THREADS: Mapping[QueueName, int] = {
    QueueName.UNLOCKS: 8,
    QueueName.DOORS: 8,
    QueueName.MESSAGES: 2,
    QueueName.TEXTS: 1,
    QueueName.FEEDS: 2,
}
"""Jobs of each queue at once. They wait for the network most of the time: a lock that does not
answer for a minute must hold up neither the next tap nor another gateway's codes."""


class QueueWorker(SimpleWorker):
    """RQ's worker, which hands each job to its queue's threads instead of forking for it.

    Nothing hangs on what RQ remembers of a job: it is only the ring, so a job in hand when the
    process ends is rung for again.
    """

    def __init__(self, app: Flask, connection: Redis) -> None:
        queues = [Queue(name, connection=connection, serializer="json") for name in QueueName]
        super().__init__(
            queues,
            connection=connection,
            serializer="json",
            maintenance_interval=MAINTENANCE_SECONDS,
        )
        self._app = app
        self._threads = {
            str(name): ThreadPoolExecutor(count, thread_name_prefix=name)
            for name, count in THREADS.items()
        }

    def execute_job(self, job: Job, queue: Queue) -> None:
        self._threads[queue.name].submit(self._perform, job)

    def finish(self) -> None:
        """Take no more jobs, and wait for those in hand."""
        for threads in self._threads.values():
            threads.shutdown(cancel_futures=True)

    def _perform(self, job: Job) -> None:
        with self._app.app_context():
            guarded(_do)(job)


def _do(job: Job) -> None:
    try:
        job.perform()
    finally:
        with contextlib.suppress(InvalidJobOperation):  # Redis was emptied meanwhile
            job.delete(remove_from_queue=False)


def run_workers(app: Flask) -> None:
    """Work for all queues until told to stop (SIGTERM, SIGINT), and while Redis is away, wait."""
    settings: Settings = app.extensions["settings"]
    if settings.seam is not None:
        # Now rather than in the first job that calls Seam: its SDK takes a second to load.
        importlib.import_module("app.ports.locks.seam_wire")
    gc.collect()
    gc.freeze()
    while True:
        try:
            worker = QueueWorker(app, Redis.from_url(settings.redis_url))
            worker.work(logging_level="WARNING")
        except RedisError as fault:
            logger.warning("queue not reached", extra={"fault": type(fault).__name__})
            time.sleep(2)
            continue
        _end_in_time()
        worker.finish()
        return


def _end_in_time() -> None:
    """End the process even if a call to a lock goes on; what it was for is taken up again."""
    end: threading.Timer = threading.Timer(STOP_SECONDS, os._exit, (0,))
    end.daemon = True
    end.start()
