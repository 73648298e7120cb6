"""The pace of one number: a long text makes the next one wait, and none waits for itself."""

from app.ports.sms.pace import Pace


def paced(*texts: tuple[float, str]) -> list[float]:
    """Send texts, each so many seconds after the one before; return how long each waited."""
    waits: list[float] = []
    at = 100.0
    pace = Pace(0.5, lambda: at, waits.append)
    found = []
    for after, body in texts:
        at += after
        pace.wait_for(body)
        found.append(waits.pop() if waits else 0.0)
    return found


def test_first_text_goes_at_once_and_the_next_waits_for_its_segments() -> None:
    assert paced((0, "x" * 200), (1, "Hello"), (0, "Hello")) == [0, 3, 5]


def test_text_after_a_while_goes_at_once() -> None:
    assert paced((0, "Hello"), (2, "Hello"), (10, "Hello")) == [0, 0, 0]
