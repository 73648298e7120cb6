"""Worker processes: one per queue, forked from a parent that has the app loaded."""

import ctypes
import gc
import logging
import os
import signal
import sys
import time
from types import FrameType

from flask import Flask
from redis import Redis
from redis.exceptions import RedisError
from rq import Queue, Worker
from rq.job import Job

from app.db import db
from app.jobs.doorbell import QueueName
from config import Settings

logger = logging.getLogger(__name__)

MAINTENANCE_SECONDS = 60
STOP_SECONDS = 8.0


def run_workers(app: Flask) -> None:
    """Fork a worker for each queue and keep them running until told to stop.

    Each queue has its own process, so that an unlock never waits for a code or a feed; the app is
    loaded once and shared. A worker that dies is replaced.
    """
    with app.app_context():
        db.engine.dispose()  # no connection may cross a fork
    # What is loaded by now stays shared: the collector would touch, and so copy, every page of it.
    gc.collect()
    gc.freeze()
    children = {_fork(app, queue): queue for queue in QueueName}
    stopping = False

    def stop(_number: int, _frame: FrameType | None) -> None:
        nonlocal stopping
        stopping = True
        for pid in children:
            os.kill(pid, signal.SIGTERM)

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    while children:
        try:
            pid, status = os.wait()
        except ChildProcessError:
            break
        queue = children.pop(pid, None)
        if queue is not None and not stopping:
            logger.warning("worker ended", extra={"queue": queue, "status": status})
            time.sleep(1)
            children[_fork(app, queue)] = queue


def _fork(app: Flask, queue: QueueName) -> int:
    pid = os.fork()
    if pid:
        return pid
    die_with_parent()
    _work(app, queue)
    sys.exit(0)


def die_with_parent() -> None:
    """Ask the kernel to end this process with its parent, however that ends (Linux only).

    Elsewhere an orphaned worker goes on until its job is done; nothing is done twice for that.
    """
    if sys.platform == "linux":
        set_parent_death_signal = 1  # PR_SET_PDEATHSIG, linux/prctl.h
        ctypes.CDLL(None).prctl(set_parent_death_signal, signal.SIGKILL)


class OutboxWorker(Worker):
    """RQ's worker; the process it forks for a job does not outlive it."""

    def main_work_horse(self, job: Job, queue: Queue) -> None:
        die_with_parent()
        super().main_work_horse(job, queue)


def _work(app: Flask, queue: QueueName) -> None:
    settings: Settings = app.extensions["settings"]
    while True:
        try:
            with app.app_context():
                connection = Redis.from_url(settings.redis_url)
                worker = OutboxWorker(
                    [Queue(queue, connection=connection, serializer="json")],
                    connection=connection,
                    serializer="json",
                    maintenance_interval=MAINTENANCE_SECONDS,
                )
                worker.work(logging_level="WARNING")
                return
        except RedisError as fault:
            logger.warning("queue not reached", extra={"fault": type(fault).__name__})
            time.sleep(2)
