"""How many examples a property is tried on: enough for every day, or more (`make test-deep`)."""

import os

from hypothesis import settings

TIMES = int(os.environ.get("EXAMPLES") or 1)


def load_profile() -> None:
    """Have properties that say no number of their own be tried on as many times more, too."""
    if TIMES > 1:
        settings.register_profile("deep", max_examples=100 * TIMES, deadline=None)
        settings.load_profile("deep")


def examples(everyday: int) -> settings:
    """Return how often a property is tried whose every example takes its time."""
    return settings(max_examples=everyday * TIMES, deadline=None)
