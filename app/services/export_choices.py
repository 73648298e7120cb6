"""What a host chooses while looking at an export: kept with the file until it is applied."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.errors import DomainError
from app.domain.imports.outcomes import PickRooms
from app.models import ExportFile, Host, Room
from app.services.export_files import open_export, rows_of
from app.services.export_plans import plan_of
from app.services.lanes import hold_property


class CannotPick(DomainError):
    """Rooms were chosen that cannot be meant."""

    code = "cannot-pick"


def pick_rooms(
    session: Session,
    host: Host,
    export_id: int,
    reference: str,
    numbers: Sequence[int],
    *,
    now: datetime,
) -> ExportFile:
    """Take the host's word on which rooms a row means; none: it is asked anew. Raises CannotPick.

    It is kept with the file until that is applied.
    """
    house = hold_property(session, host.property_id)
    file = open_export(session, house, export_id)
    if not numbers:
        file.picks = {one: rooms for one, rooms in file.picks.items() if one != reference}
        return file
    plan = plan_of(session, house, file, now, without=reference)
    need = next((one.need for one in plan.rows if one.row.reference == reference), None)
    if not isinstance(need, PickRooms):
        raise CannotPick("There is nothing to choose for this booking any more.")
    wanted = (Room.property_id == house.id) & Room.number.in_(set(numbers))
    rooms = set(session.scalars(select(Room.id).where(wanted)))
    if not rooms <= {choice.room_id for choice in need.choices}:
        raise CannotPick("One of these rooms cannot be had any more. Please choose again.")
    if len(rooms) != need.wanted:
        raise CannotPick(_how_many(need.wanted))
    file.picks = {**file.picks, reference: sorted(set(numbers))}
    return file


def leave_out(
    session: Session, host: Host, export_id: int, reference: str, *, out: bool
) -> ExportFile:
    """Take the host's word that a row is to be left out, or is not any more."""
    house = hold_property(session, host.property_id)
    file = open_export(session, house, export_id)
    if reference not in {row.reference for row in rows_of(file)}:
        raise CannotPick("This booking is not in the file.")
    kept = {one: rooms for one, rooms in file.picks.items() if one != reference}
    file.picks = {**kept, reference: None} if out else kept
    return file


def _how_many(wanted: int) -> str:
    return "Choose one room." if wanted == 1 else f"Choose {wanted} rooms."
