"""Apps for tests that cannot share one."""

from collections.abc import Callable, Mapping

from flask import Flask

MakeApp = Callable[[Mapping[str, str]], Flask]
"""From an environment; see the fixture `make_app`."""
