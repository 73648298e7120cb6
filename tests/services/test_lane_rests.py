"""A gateway that does not answer is asked seldom, and taken up at once when it is back."""

from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from app.models import Effect, LaneRest, OutboxEntry
from app.ports.errors import PortError
from app.ports.locks import LockOffline
from app.services.lane_rests import is_silence, note_failure, wake
from app.services.outbox import next_in_lane, order, postpone, take, unrung
from tests.factories import NOW

LANE = "ttlock:501"
SOON = NOW + timedelta(seconds=5)


def put(session: Session, number: int, kind: Effect = Effect.PUT_CODE) -> OutboxEntry:
    entry = order(session, kind, number, key=f"effect:{number}", now=NOW, lane=LANE)
    session.flush()
    return entry


def tried(session: Session, number: int) -> OutboxEntry:
    entry = put(session, number)
    taken = take(session, entry.id, NOW)
    assert taken is not None
    postpone(session, taken, NOW + timedelta(seconds=2), "The gateway is offline.")
    return entry


def fail(session: Session, times: int) -> None:
    for _ in range(times):
        note_failure(session, LANE, NOW)
        session.flush()


def test_lane_rests_after_three_failures_in_a_row(session: Session) -> None:
    entry = tried(session, 1)

    fail(session, 2)
    assert next_in_lane(session, LANE, SOON) == entry.id
    fail(session, 1)
    assert next_in_lane(session, LANE, SOON) is None
    assert take(session, entry.id, SOON) is None
    assert unrung(session, SOON) == []
    assert next_in_lane(session, LANE, NOW + timedelta(seconds=60)) == entry.id


def test_resting_lane_lets_what_is_new_and_unlocks_pass(session: Session) -> None:
    tried(session, 1)
    fresh, unlock = put(session, 2), put(session, 3, Effect.UNLOCK)
    fail(session, 5)

    assert next_in_lane(session, LANE, SOON) == unlock.id
    assert take(session, fresh.id, SOON) is not None


def test_first_answer_takes_up_all_that_waits(session: Session) -> None:
    entry = tried(session, 1)
    fail(session, 9)
    entry.due_at = NOW + timedelta(minutes=4)
    session.flush()

    wake(session, LANE, SOON)

    assert next_in_lane(session, LANE, SOON) == entry.id
    assert session.get(LaneRest, LANE) is None


def test_long_outage_is_asked_about_within_five_minutes_still(session: Session) -> None:
    tried(session, 1)
    fail(session, 3)
    later = NOW + timedelta(days=2)

    note_failure(session, LANE, later)
    session.flush()

    rest = session.get_one(LaneRest, LANE)
    assert rest.rests_until is not None
    assert timedelta(minutes=3) < rest.rests_until - later < timedelta(minutes=5)


@pytest.mark.parametrize(
    ("fault", "counts"),
    [
        (LockOffline("Offline.", retry_after=timedelta(seconds=30)), True),
        (PortError("No answer.", unclear=True), True),
        (PortError("Nonsense.", unclear=True, retry_after=timedelta(seconds=15)), True),
        (PortError("Not before its day.", unclear=True, retry_after=timedelta(hours=4)), False),
        (PortError("Busy.", retry_after=timedelta(seconds=3)), False),
    ],
)
def test_who_is_told_to_wait_has_been_answered(fault: PortError, counts: bool) -> None:
    assert is_silence(fault) == counts


def test_other_lanes_know_nothing_of_it(session: Session) -> None:
    other = order(session, Effect.PUT_CODE, 7, key="effect:7", now=NOW, lane="ttlock:502")
    session.flush()
    fail(session, 9)

    assert take(session, other.id, NOW) is not None
