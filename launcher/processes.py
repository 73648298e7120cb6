"""The children: started in order, watched, and stopped together."""

import signal
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

STOP_SECONDS = 8.0
LAST_LINES = 15


class ChildEnded(Exception):
    """A child ended by itself; the message names it and shows its last lines."""


@dataclass
class Child:
    """One running program and where its output goes."""

    name: str
    process: subprocess.Popen[bytes]
    log: Path

    def last_lines(self) -> str:
        lines = self.log.read_text(errors="replace").splitlines()
        return "\n".join(lines[-LAST_LINES:])


class Children:
    """Everything that was started.

    Each child has a group of its own, so that Ctrl-C reaches us alone and they stop in order.
    """

    def __init__(self, logs: Path) -> None:
        self._logs = logs
        self._children: list[Child] = []
        logs.mkdir(parents=True, exist_ok=True)

    def start(self, name: str, command: Sequence[str], env: Mapping[str, str]) -> Child:
        """Start one; its output goes to var/log/NAME.log."""
        log = self._logs / f"{name}.log"
        with log.open("wb") as out:
            process = subprocess.Popen(  # noqa: S603
                command, env=dict(env), stdout=out, stderr=out, start_new_session=True
            )
        child = Child(name, process, log)
        self._children.append(child)
        return child

    def forget(self, child: Child) -> None:
        """Let go of one that was meant to end."""
        self._children.remove(child)

    def wait_until(self, is_ready: Callable[[], bool], what: str, seconds: float = 30.0) -> None:
        """Wait for something the children make true. Raises ChildEnded, also when it takes long."""
        deadline = time.monotonic() + seconds
        while not is_ready():
            self.check()
            if time.monotonic() > deadline:
                raise ChildEnded(f"{what} did not come up within {seconds:.0f} seconds.")
            time.sleep(0.1)

    def check(self) -> None:
        """Raise ChildEnded when one has ended."""
        for child in self._children:
            if (code := child.process.poll()) is not None:
                raise ChildEnded(
                    f"The {child.name} ended by itself (exit {code}). Its last lines, from "
                    f"{child.log}:\n{child.last_lines()}"
                )

    def watch(self) -> None:
        """Stay until one ends by itself."""
        while True:
            self.check()
            time.sleep(0.5)

    def stop(self) -> None:
        """Stop all, the last started first; whoever does not listen is ended."""
        for child in reversed(self._children):
            if child.process.poll() is None:
                child.process.send_signal(signal.SIGTERM)
                try:
                    child.process.wait(STOP_SECONDS)
                except subprocess.TimeoutExpired:
                    child.process.kill()
                    child.process.wait()
        self._children.clear()
