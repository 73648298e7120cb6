"""What time it is: the one place that asks."""

from collections.abc import Callable
from datetime import UTC, datetime


def real() -> datetime:
    """Return the present instant as the machine has it, aware UTC."""
    return datetime.now(UTC)


_source: Callable[[], datetime] = real


def now() -> datetime:
    """Return the present instant, aware UTC."""
    return _source()


def tell_time_by(source: Callable[[], datetime]) -> None:
    """Have this process live by another clock, as whoever lets a season pass in minutes does."""
    global _source
    _source = source
