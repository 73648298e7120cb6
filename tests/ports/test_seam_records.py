"""Events that Seam should not tell so: they hold up nothing else of a door's log."""

from datetime import UTC, datetime
from typing import Any

import pytest

from tests.ports.loopback import Answer, Form, Loopback, Reply, says
from tests.ports.seam_world import ROOM_1, client

EVENTS = "/events/list"
SINCE = datetime(2026, 11, 23, tzinfo=UTC)


def event(number: int, **fields: Any) -> dict[str, Any]:
    at = f"2026-11-23T15:{number:02}:00Z"
    row = {"event_id": f"e{number}", "event_type": "lock.unlocked", "occurred_at": at}
    return {**row, "created_at": at, "code": "048213", **fields}


def pages(*rows: dict[str, Any], size: int) -> Answer:
    """Answer with so many rows from the offset that is asked for."""

    def answer(asked: Form) -> Reply:
        first = int(asked.get("unstable_offset") or 0)
        return says(events=rows[first : first + size])

    return answer


def keys(seam: Loopback) -> list[str]:
    return [record.key for record in client(seam.url).records(ROOM_1, SINCE)]


@pytest.mark.parametrize(
    "fields",
    [{"event_id": None}, {"event_id": ""}, {"occurred_at": None}, {"occurred_at": "yesterday"}],
)
def test_event_that_cannot_be_read_is_left_out_and_noted(
    cloud: Loopback, fields: dict[str, object], caplog: pytest.LogCaptureFixture
) -> None:
    cloud.on(EVENTS, says(events=[event(3), event(2, **fields), event(1)]), says(events=[]))

    assert keys(cloud) == ["e1", "e3"]
    assert "cannot be read" in caplog.text
    assert "048213" not in caplog.text


def test_events_behind_some_that_cannot_be_read_are_found(cloud: Loopback) -> None:
    nameless = [event(number, event_id=None) for number in (4, 3, 2)]
    cloud.on(EVENTS, pages(event(5), *nameless, event(1), size=1))

    assert keys(cloud) == ["e1", "e5"]


def test_list_that_heeds_no_offset_is_read_to_the_end_of_what_it_shows(cloud: Loopback) -> None:
    cloud.on(EVENTS, says(events=[event(2), event(1)]))

    assert keys(cloud) == ["e1", "e2"]
    assert len(cloud.asked) == 3


def test_event_that_moves_a_page_on_hides_none_behind_it(cloud: Loopback) -> None:
    stays = says(events=[event(2)])
    cloud.on(EVENTS, stays, stays, says(events=[event(1)]), says(events=[]))

    assert keys(cloud) == ["e1", "e2"]
