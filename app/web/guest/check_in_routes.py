"""Check-in by the guest, in three steps: reference, second proof, details."""

from datetime import datetime

from flask import Response, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from app.db import reading, transaction
from app.domain.references import normalised
from app.models import Property
from app.services import check_in as checking_in
from app.services.check_in import Details, NotCheckedIn, Party, parties
from app.services.throttle import Key, LockedOut, Tries, address_key
from app.web.guest import check_in_steps as steps
from app.web.guest.blueprint import guest, now, seals, stay_url
from app.web.guest.claim_routes import take as take_claim
from app.web.guest.forms import ClaimForm, DetailsForm, ProofForm, ReferenceForm
from app.web.guest.house_view import house_on_page, room_on_page
from app.web.guest.houses import country_of, only_house, only_property
from app.web.guest.pages import Booked
from app.web.language import chosen_language


@guest.get("/")
def home() -> AnyResponse:
    """Step 1, afresh."""
    steps.forget()
    return _ask_reference(ReferenceForm(request.args))


@guest.get("/check-in")
def check_in_page() -> AnyResponse:
    """Show the step the guest is at."""
    at = now()
    progress = steps.progress(at)
    if progress is None:
        return _ask_reference(ReferenceForm(request.args))
    if progress.property_id is None:
        return _ask_proof(progress.reference)
    return _ask_details(progress.reference, progress.property_id, None)


@guest.post("/check-in")
def check_in() -> AnyResponse:
    """Take whichever step was filled in; fields of several at once are fine, too."""
    at = now()
    typed = request.form
    reference = normalised(typed.get("reference", "")) if "reference" in typed else None
    progress = steps.progress(at)
    if reference is None and progress is not None and "reference" not in typed:
        reference = progress.reference
    if reference is None:
        return _refuse_reference()
    if progress is None or progress.reference != reference or progress.property_id is None:
        if "proof" not in typed and "arrival" not in typed:
            steps.begin(reference)
            return redirect(url_for(".check_in"), 303)
        refusal = _prove(reference, at)
        if refusal is not None and refusal.status_code == 422:
            refusal = _claim(at) or refusal
        if refusal is not None or "full_name" not in typed:
            return refusal or redirect(url_for(".check_in"), 303)
        progress = steps.progress(at)
    if progress is None or progress.property_id is None or "full_name" not in typed:
        return redirect(url_for(".check_in"), 303)
    return _take_details(reference, progress.property_id, at)


def _claim(at: datetime) -> AnyResponse | None:
    """Take a name and a day of arrival without any other proof for a claim.

    It must not matter whether the reference is known: the answer would tell.
    """
    typed = request.form
    if typed.get("proof", "").strip() or not {"arrival", "full_name"} <= typed.keys():
        return None
    with reading() as session:
        house = only_property(session)
        form = ClaimForm(country=country_of(house) if house else None)
    return take_claim(form, at) if form.validate() else None


def _ask_reference(form: ReferenceForm, status: int = 200) -> Response:
    with reading() as session:
        house = only_house(session)
    page = render_template("guest/check_in/reference.html", form=form, house=house, problem=None)
    return make_response(page, status)


def _refuse_reference() -> Response:
    form = ReferenceForm()
    if form.validate():
        form.reference.errors = [
            _("Enter the reference as it is in your confirmation: letters and digits.")
        ]
    return _ask_reference(form, 422)


def _ask_proof(reference: str, problem: str | None = None, status: int = 200) -> Response:
    with reading() as session:
        found = parties(session, reference, now())
        asks_for_arrival = _asks_for_arrival(reference, found)
        house = only_house(session)
    form = ProofForm()
    form.reference.data = reference
    page = render_template(
        "guest/check_in/proof.html",
        form=form,
        house=house,
        problem=problem,
        may_claim=status == 422,
        asks_for_arrival=asks_for_arrival,
    )
    return make_response(page, status)


def _asks_for_arrival(reference: str, found: list[Party]) -> bool:
    """Ask what can prove it; for a reference nobody knows, the same question every time.

    Otherwise the question itself would tell which references exist.
    """
    if found:
        return all(party.known.asks_for_arrival for party in found)
    return int(seals().hash("question", reference)[0], 16) < 4


def _prove(reference: str, at: datetime) -> AnyResponse | None:
    """Check the second proof; None when it fits and details are to be asked, else the answer."""
    form = ProofForm()
    arrival = form.arrival.data if form.validate() else None
    keys = (address_key(request.remote_addr), Key("reference", reference))
    try:
        with transaction() as session:
            tries = Tries(session, keys, seals=seals(), now=at)
            found = parties(session, reference, at)
            party = checking_in.prove(found, form.proof.data, arrival)
            if party is None:
                tries.failed()
            else:
                tries.succeeded()
                steps.prove(reference, party.house.id, at)
                if party.guest is not None and party.guest.agreed_to_rules_at is not None:
                    known = checking_in.rejoin(session, party, seals=seals(), now=at)
                    steps.forget()
                    return redirect(stay_url(known), 303)
    except LockedOut:
        return _ask_proof(
            reference,
            _(
                "Too many tries did not fit. Please wait 15 minutes, "
                "then try again, or call your host."
            ),
            429,
        )
    if party is None:
        problem = _("We found no booking with these details. Please check them and try again.")
        return _ask_proof(reference, problem, 422)
    return None


def _ask_details(reference: str, property_id: int, form: DetailsForm | None) -> AnyResponse:
    at = now()
    with reading() as session:
        party = _party(parties(session, reference, at), property_id)
        if party is None:
            steps.forget()
            return redirect(url_for(".home"), 303)
        house = party.house
        status = 422 if form is not None else 200
        form = form or _fresh_details(party)
        form.reference.data = reference
        if not house.asks_car:
            del form.car_registration
        rooms = tuple(room_on_page(house, stay, at) for stay in party.stays)
        page = render_template(
            "guest/check_in/details.html",
            form=form,
            house=house_on_page(house),
            problem=None,
            booked=Booked(reference, rooms),
        )
    return make_response(page, status)


def _fresh_details(party: Party) -> DetailsForm:
    form = DetailsForm(formdata=None, country=country_of(party.house))
    known = party.guest
    names = {stay.name for stay in party.stays if stay.name}
    form.full_name.data = known.full_name if known else next(iter(names), None)
    return form


def _take_details(reference: str, property_id: int, at: datetime) -> AnyResponse:
    with reading() as session:
        country = country_of(session.get_one(Property, property_id))
    form = DetailsForm(country=country)
    if not form.validate():
        return _ask_details(reference, property_id, form)
    details = Details(
        full_name=form.full_name.data or "",
        email=form.email.data or None,
        phone=form.phone_number,
        party_size=form.party_size.data or 1,
        expected_arrival=form.expected_arrival.data,
        car_registration=form.car_registration.data or None,
        language=chosen_language(),
    )
    try:
        with transaction() as session:
            known = checking_in.check_in(
                session, property_id, reference, details, seals=seals(), now=at
            )
            url = stay_url(known)
    except NotCheckedIn:
        steps.forget()
        return _ask_proof(
            reference, _("This booking is no longer open for check-in. Please call your host."), 422
        )
    steps.forget()
    steps.forget_claim()
    return redirect(url, 303)


def _party(found: list[Party], property_id: int) -> Party | None:
    return next((party for party in found if party.house.id == property_id), None)
