"""The steps at a door, from the setup file to the door."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.house_file import read_house_file
from app.models import Door
from app.seals import Seals
from app.services.setup import set_up
from tests.factories import NOW

FILE = """
[property]
name = "Canal House"
timezone = "Europe/London"
check_in = "15:00"
check_out = "11:00"

[[shared_doors]]
name = "Front door"
provider = "ttlock"
lock_id = "1001"
"""


def steps(session: Session, seals: Seals, line: str) -> str | None:
    """Set the house up with this line for its door; return what the door then has."""
    set_up(session, read_house_file(FILE + line), seals=seals, now=NOW)
    session.flush()
    return session.scalars(select(Door.how_to_open)).one()


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_steps_are_set_changed_and_taken_back_by_the_file(session: Session, seals: Seals) -> None:
    assert steps(session, seals, "") is None
    assert steps(session, seals, 'how_to_open = "Wake it."') == "Wake it."
    assert steps(session, seals, 'how_to_open = "Knock."') == "Knock."
    assert steps(session, seals, "") is None
