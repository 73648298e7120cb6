"""The season's worker: a process that works through outbox entries, and can be killed at it."""

import os
import signal
import warnings
from collections.abc import Sequence
from multiprocessing import Pipe
from multiprocessing.connection import Connection

from flask import Flask

from app.db import db
from app.jobs.outbox import work
from tests.season.ports import impatient_ports


class SeasonWorker:
    """Does what `flask worker` does with a ring, at once, in a process of its own."""

    def __init__(self, app: Flask) -> None:
        self._app = app
        self.kills = 0
        self._start()

    def work(self, entry_ids: Sequence[int]) -> None:
        """Have the entries done, and wait for that."""
        self._pipe.send(list(entry_ids))
        self._pipe.recv()

    def work_and_die(self, entry_ids: Sequence[int], after_seconds: float) -> None:
        """Begin the entries, and be killed so soon, whatever is under way."""
        self._pipe.send(list(entry_ids))
        self._pipe.poll(after_seconds)
        os.kill(self._pid, signal.SIGKILL)
        os.waitpid(self._pid, 0)
        self._pipe.close()
        self.kills += 1
        self._start()

    def stop(self) -> None:
        self._pipe.close()
        os.waitpid(self._pid, 0)

    def _start(self) -> None:
        self._pipe, theirs = Pipe()
        with warnings.catch_warnings():
            # Of threads that may hold locks: none here does, while the driver waits for this.
            warnings.simplefilter("ignore", DeprecationWarning)
            self._pid = os.fork()
        if self._pid == 0:
            try:
                self._pipe.close()
                _serve(self._app, theirs)
            finally:
                os._exit(0)
        theirs.close()


def _serve(app: Flask, pipe: Connection) -> None:
    with app.app_context():
        db.engine.dispose(close=False)  # the connections of the process it was forked from
        app.extensions["ports"] = impatient_ports(app)
        while True:
            try:
                entry_ids = pipe.recv()
            except EOFError:
                return
            work(entry_ids)
            pipe.send("done")
