"""A house with a door, a lock and a gateway for each case: as the simulator and as the app know it.

Guests may come from midnight, so that it does not matter at what hour this runs.
"""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from app.models import Door, Property, Room
from app.seals import Seals
from tests.factories import make_host, make_reservation
from tests.faults.cases import CASES, SPARE, Case, Fault, Verb

ZONE = ZoneInfo("Europe/London")
ALL = (*CASES, SPARE)
NOT_HERE = timedelta(days=60)

NO_OFFLINE_CODES = "3F0421C4F573"
"""An older lock, for which the cloud makes no codes: the hour's end has to be waited for."""

HEAD = """
[house]
name = "Fault House"
timezone = "Europe/London"
[account]
client_id = "demo-client"
client_secret = "demo-client-secret"
username = "owner@example.com"
password = "demo-lock-password"
[twilio]
account_sid = "AC00000000000000000000000000000001"
auth_token = "demo-twilio-token"
from = "+447700900100"
"""


def house_file() -> str:
    """Write the simulator's house file."""
    return HEAD + "".join(_lines(case) for case in ALL)


def _lines(case: Case) -> str:
    features = f'feature_value = "{NO_OFFLINE_CODES}"' if case.fault == Fault.OFFLINE else ""
    return f"""
[[gateways]]
id = {case.gateway_id}
name = "Gateway {case.number}"
[[rooms]]
number = {case.number}
name = "Room {case.number}"
[[locks]]
id = {case.lock_id}
name = "Room {case.number}"
gateway = {case.gateway_id}
room = {case.number}
{features}
"""


def make_fault_house(session: Session, seals: Seals, now: datetime, compared_at: datetime) -> None:
    """Make the property and one reservation for each case, from today.

    `compared_at`: when the doors of that verb are due to be compared with what they should hold.
    The others are so only where something happens to them, as each comparison takes its time.
    """
    house = Property(
        name="Fault House", timezone=ZONE.key, check_in=time(0), check_out=time(11),
        code_length=6, asks_car=False, retention_months=12,
    )  # fmt: skip
    session.add(house)
    session.flush()
    rooms = [Room(property_id=house.id, number=case.number, name=str(case)) for case in ALL]
    session.add_all(rooms)
    session.flush()
    session.add_all(
        Door(
            property_id=house.id, room_id=room.id, name=f"Door {case.number}", provider="ttlock",
            lock_id=case.lock_id,
            sync_due_at=compared_at if case.verb == Verb.LIST else now + NOT_HERE,
        )
        for case, room in zip(ALL, rooms, strict=True)
    )  # fmt: skip
    make_host(session, house)
    for case in ALL:
        make_reservation(
            session, house, case.number, seals=seals, reference=case.reference,
            arrival=now.astimezone(ZONE).date(), now=now,
        )  # fmt: skip
