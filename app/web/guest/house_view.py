"""The house and its rooms, as a guest knows them."""

from datetime import datetime

from flask_babel import gettext as _

from app import wording
from app.models import Property, Reservation, Status
from app.services.access import stay_window
from app.web.guest.pages import House, RoomOnPage, Wifi


def house_on_page(house: Property) -> House:
    """Return what guests are told of the property."""
    wifi = Wifi(house.wifi_name, house.wifi_password) if house.wifi_name else None
    return House(
        name=house.name,
        phone=house.phone,
        phone_text=wording.phone_text(house.phone),
        address=house.address,
        directions=house.directions,
        wifi=wifi,
        guide=house.house_guide,
        rules=house.house_rules,
        check_in_text=wording.clock(house.check_in),
        check_out_text=wording.clock(house.check_out),
    )


def room_on_page(house: Property, stay: Reservation, now: datetime) -> RoomOnPage:
    """Return one reservation as its guest knows it; `stay.room` is loaded."""
    today = now.astimezone(house.zone).date()
    window = stay_window(house, stay)
    comes = window.valid_from.astimezone(house.zone)
    leaves = window.valid_until.astimezone(house.zone)
    return RoomOnPage(
        number=stay.room.number,
        name=stay.room.name,
        arrival_text=_(
            "%(day)s, from %(time)s",
            day=wording.weekday(stay.arrival, today),
            time=wording.clock(comes.time()),
        ),
        departure_text=_(
            "%(day)s, until %(time)s",
            day=wording.weekday(stay.departure, today),
            time=wording.clock(leaves.time()),
        ),
        nights=len(stay.nights),
        is_cancelled=stay.status == Status.CANCELLED,
        is_unconfirmed=stay.is_unconfirmed,
    )
