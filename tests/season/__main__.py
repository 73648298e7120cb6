"""Run a season: `python -m tests.season --seed 7 --events 10000 --days 365`."""

import argparse
import gc
import logging
import os
import sys
import tempfile
import time
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path

from app.db import db
from app.factory import create_app
from config import Settings
from tests.conftest import BASE, _migrate
from tests.season.checks import Broken
from tests.season.house import write_house
from tests.season.season import Season
from tests.support.servers import postgresql
from tests.support.simulator import Simulator


def main() -> int:
    told = argparse.ArgumentParser(prog="season")
    told.add_argument("--seed", type=int, default=1)
    told.add_argument("--events", type=int, default=10_000)
    told.add_argument("--days", type=int, default=365)
    told.add_argument("--after", type=int, default=0, help="days from today until it begins")
    told.add_argument("--spares", action="store_true", help="load spare codes on the doors")
    told.add_argument(
        "--postgresql", action="store_true", help="instead of SQLite, which is faster"
    )
    options = told.parse_args()
    logging.disable(logging.INFO)
    gc.freeze()
    gc.set_threshold(100_000, 20, 50)
    with tempfile.TemporaryDirectory() as name, ExitStack() as servers:
        folder = Path(name)
        url = f"sqlite:///{folder}/season.db"
        if options.postgresql:
            url = servers.enter_context(postgresql())
        write_house(folder / "season.toml")
        simulator = Simulator(sys.executable, folder, folder / "season.toml")
        servers.callback(simulator.stop)
        return _run(simulator, url, options)


def _run(simulator: Simulator, url: str, options: argparse.Namespace) -> int:
    _migrate(url)
    env = {**BASE, **simulator.env(), "DATABASE_URL": url, "REDIS_URL": "redis://127.0.0.1:1/0"}
    app = create_app(Settings.from_environment({**os.environ, **env}))
    began = time.monotonic()
    with app.app_context():
        season = Season(app, simulator, options.seed, spares=options.spares)
        season.leap(timedelta(days=options.after))
        first = season.now
        try:
            tally = season.run(options.events, timedelta(days=options.days))
        except Broken as broken:
            sys.stdout.write("\n".join(season.story(str(broken))) + "\n")
            raise
        finally:
            season.stop()
            db.session.remove()
            db.engine.dispose()
    minutes = (time.monotonic() - began) / 60
    happened = ", ".join(f"{name} {count}" for name, count in tally.happened.most_common())
    sys.stdout.write(
        f"seed {options.seed}: {tally.events} events in {(season.now - first).days} days, "
        f"{tally.checks} looks at all locks, {tally.codes_seen} codes seen there, "
        f"{tally.kills} kills, {minutes:.1f} minutes\n{happened}\n"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
