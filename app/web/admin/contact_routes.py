"""How a guest can be reached, said by a host on the reservation's page."""

from flask import flash
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from app.db import reading, transaction
from app.domain.errors import DomainError
from app.models import Role
from app.services.contacts import add_contact
from app.web.admin.blueprint import admin, now, seals, the_host, the_house
from app.web.admin.reservation_forms import ContactForm, Forms
from app.web.admin.reservation_routes import back_to, show_reservation
from app.web.admin.sessions import needs
from app.web.guest.houses import country_of


@admin.post("/reservations/<int:reservation_id>/contact")
@needs(Role.STAFF)
def contact(reservation_id: int) -> AnyResponse:
    """Write down phone or mail address, and send the link there."""
    with reading() as session:
        country = country_of(the_house(session))
    form = ContactForm(country=country)
    if not form.validate():
        return show_reservation(reservation_id, forms=Forms(contact=form), status=422)
    try:
        with transaction() as session:
            add_contact(
                session,
                the_host(session),
                reservation_id,
                phone=form.phone_number,
                email=form.email.data or None,
                seals=seals(),
                now=now(),
            )
    except DomainError as fault:
        forms = Forms(contact=form)
        return show_reservation(reservation_id, forms=forms, problem=fault.message, status=422)
    flash(_("Saved. The link is on its way."), "good")
    return back_to(reservation_id)
