"""How a guest can be reached, said by a host on the reservation's page."""

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.models import Guest, Message
from app.seals import Seals
from app.services.messages import Event
from tests.factories import make_reservation
from tests.web.harbour import Harbour
from tests.web.houses import now
from tests.web.test_dashboard import BOTH_WAYS
from tests.web.visitor import Visitor, value_of


@BOTH_WAYS
def test_contact_is_taken_and_the_link_sent(
    session: Session, seals: Seals, harbour: Harbour, host: Visitor, htmx: bool
) -> None:
    stay = make_reservation(
        session, harbour.house, 3, seals=seals, reference="HMDORA3333", name="Dora Quay",
        arrival=harbour.stay.arrival, now=now(),
    )  # fmt: skip
    session.commit()
    path = f"/admin/reservations/{stay.id}"
    assert "Save and send the link" in host.get(path).text

    answer = host.post(f"{path}/contact", {"phone": "07700 900555", "email": ""}, htmx=htmx)

    assert (answer.status_code, answer.headers["Location"]) == (303, path)
    session.refresh(stay)
    guest = session.get_one(Guest, stay.guest_id)
    assert (guest.phone, guest.checked_in_at) == ("+447700900555", None)
    message = session.scalars(select(Message).filter_by(guest_id=guest.id)).one()
    assert message.template == Event.CHECK_IN_LINK


@pytest.mark.parametrize(
    ("phone", "email", "says"),
    [
        ("", "", "Enter a phone number or a mail address."),
        ("12", "", "Enter a phone number with its country"),
        ("", "nobody", "Enter a mail address such as"),
    ],
)
@BOTH_WAYS
def test_contact_that_is_none_is_422_and_stays_in_the_form(
    session: Session,
    harbour: Harbour,
    host: Visitor,
    htmx: bool,
    phone: str,
    email: str,
    says: str,
) -> None:
    path = f"/admin/reservations/{harbour.stay.id}/contact"
    before = session.scalar(select(func.count(Message.id)))

    answer = host.post(path, {"phone": phone, "email": email}, htmx=htmx)

    assert answer.status_code == 422
    assert says in answer.text
    assert (value_of(answer.text, "phone"), value_of(answer.text, "email")) == (phone, email)
    assert session.scalar(select(func.count(Message.id))) == before
