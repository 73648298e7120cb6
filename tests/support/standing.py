"""A world on each kind of database, started for the first test that wants it, and kept running."""

from collections.abc import Callable

from tests.support.databases import Database
from tests.support.world import World


class StandingWorlds:
    """Starting the processes of a world takes many times as long as most of what they are tried at.

    Each world has a database, a Redis database and a simulator that no other test uses.
    """

    def __init__(self, make: Callable[[str], tuple[World, Database]]) -> None:
        self._make = make
        self._made: dict[str, tuple[World, Database]] = {}

    def on(self, kind: str) -> World:
        """Return the world on this kind of database, as if it had just been set up."""
        if kind in self._made:
            world, database = self._made[kind]
            try:
                world.start_over(database)
            except BaseException:
                self._stop(kind)
                raise
            return world
        self._made[kind] = world, database = self._make(kind)
        world.start()
        return world

    def stop(self) -> None:
        for kind in tuple(self._made):
            self._stop(kind)

    def _stop(self, kind: str) -> None:
        world, database = self._made.pop(kind)
        world.stop()
        world.simulator.stop()
        database.close()
