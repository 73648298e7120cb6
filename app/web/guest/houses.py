"""Which property a guest's page speaks for, before it is known where they stay."""

import phonenumbers
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.models import Property
from app.web.guest.house_view import house_on_page
from app.web.guest.pages import House


def only_property(session: Session) -> Property | None:
    """Return the property, where there is but one."""
    houses = session.scalars(select(Property).limit(2)).all()
    return houses[0] if len(houses) == 1 else None


def only_house(session: Session) -> House | None:
    """Return what guests are told of it; of several, none is told before a proof."""
    house = only_property(session)
    return house_on_page(house) if house is not None else None


def country_of(house: Property) -> str | None:
    """Return the country that guests' numbers are guessed to be from."""
    if house.phone is None:
        return None
    number = phonenumbers.parse(house.phone, None)
    return phonenumbers.region_code_for_number(number)
