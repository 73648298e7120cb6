"""What a command tells of the way to its lock is known at once, before the provider says so."""

from datetime import UTC, datetime

from app.jobs.code_plans import note_contact
from app.models import Door
from app.ports.errors import PortError
from app.ports.locks import LockOffline

NOW = datetime(2026, 12, 19, 16, 0, tzinfo=UTC)


def test_lock_out_of_reach_is_away_until_it_answers() -> None:
    door = Door(gateway_online=True)

    note_contact(door, NOW, LockOffline("The gateway is offline."))
    assert door.gateway_online is False

    note_contact(door, NOW)
    assert (door.gateway_online, door.seen_at) == (True, NOW)


def test_other_faults_say_nothing_of_the_way_to_the_lock() -> None:
    door = Door(gateway_online=True)

    note_contact(door, NOW, PortError("The lock is busy."))
    note_contact(door, NOW, PortError("No answer.", unclear=True))

    assert (door.gateway_online, door.seen_at) == (True, None)


def test_answer_does_not_invent_a_gateway() -> None:
    door = Door(gateway_online=None)

    note_contact(door, NOW)

    assert door.gateway_online is None
