"""The outbox: each order is done by one worker, once, whatever breaks."""

from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from app.models import Effect, OutboxEntry
from app.services.outbox import (
    LEASE,
    RING_AGAIN,
    LostLeaseError,
    finish,
    next_in_lane,
    order,
    postpone,
    renew,
    take,
    unrung,
)
from tests.factories import NOW


def put(session: Session, number: int = 1, **facts: object) -> OutboxEntry:
    entry = order(
        session,
        facts.pop("kind", Effect.PUT_CODE),  # type: ignore[arg-type]
        number,
        key=f"effect:{number}",
        now=NOW,
        **facts,  # type: ignore[arg-type]
    )
    session.flush()
    return entry


def test_entry_is_taken_by_one_worker(session: Session) -> None:
    entry = put(session)

    assert take(session, entry.id, NOW) is not None
    assert take(session, entry.id, NOW) is None


def test_entry_of_a_dead_worker_is_free_after_its_lease(session: Session) -> None:
    entry = put(session)
    take(session, entry.id, NOW)

    again = take(session, entry.id, NOW + LEASE + timedelta(seconds=1))

    assert again is not None
    assert again.attempts == 2


def test_living_worker_keeps_its_lease(session: Session) -> None:
    entry = put(session)
    take(session, entry.id, NOW)
    renew(session, [entry.id], NOW + LEASE / 2)

    assert take(session, entry.id, NOW + LEASE + timedelta(seconds=1)) is None


def test_worker_that_lost_its_lease_records_nothing(session: Session) -> None:
    entry = put(session)
    slow = take(session, entry.id, NOW)
    quick = take(session, entry.id, NOW + LEASE + timedelta(seconds=1))
    assert slow is not None
    assert quick is not None

    with pytest.raises(LostLeaseError):
        finish(session, slow, "done", NOW)
    finish(session, quick, "done", NOW)


def test_done_is_done(session: Session) -> None:
    entry = put(session)
    taken = take(session, entry.id, NOW)
    assert taken is not None
    finish(session, taken, "done", NOW)

    assert take(session, entry.id, NOW + timedelta(days=1)) is None


def test_postponed_entry_waits_and_is_rung_for_when_due(session: Session) -> None:
    entry = put(session)
    taken = take(session, entry.id, NOW)
    assert taken is not None
    due = NOW + timedelta(seconds=30)
    postpone(session, taken, due, "The gateway is busy.")

    assert take(session, entry.id, NOW + timedelta(seconds=29)) is None
    assert unrung(session, NOW + timedelta(seconds=29)) == []
    assert unrung(session, due) == [(entry.id, Effect.PUT_CODE)]
    assert take(session, entry.id, due) is not None


def test_lost_ring_is_found_by_the_sweep_and_not_repeated_at_once(session: Session) -> None:
    entry = put(session)
    later = NOW + RING_AGAIN + timedelta(seconds=1)

    assert unrung(session, NOW + timedelta(seconds=1)) == []
    assert unrung(session, later) == [(entry.id, Effect.PUT_CODE)]
    assert unrung(session, later + timedelta(seconds=1)) == []


def test_expired_entry_is_never_taken(session: Session) -> None:
    entry = put(session, kind=Effect.UNLOCK, expires_at=NOW + timedelta(seconds=20))

    assert take(session, entry.id, NOW + timedelta(seconds=20)) is None


def test_person_at_the_door_goes_before_codes_of_the_same_gateway(session: Session) -> None:
    put(session, 1, lane="ttlock:g")
    unlock = put(session, 2, kind=Effect.UNLOCK, lane="ttlock:g")

    assert next_in_lane(session, "ttlock:g", NOW) == unlock.id
