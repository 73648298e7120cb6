"""A guest tells the host of a booking that nobody knows of yet, and waits for the answer.

Whatever is claimed, the answer is the same: it tells neither which rooms are open when nor which
references exist. Only what becomes known after the claim is told of.
"""

from datetime import datetime, timedelta

from flask import Response, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from app.db import reading, transaction
from app.domain.references import normalised
from app.services.claims import Claim, has_come_true, take_claim
from app.services.throttle import Key, LockedOut, Tries, address_key, claim_key
from app.web.guest import check_in_steps as steps
from app.web.guest.blueprint import guest, now, seals
from app.web.guest.check_in_steps import Claimed
from app.web.guest.forms import ClaimForm
from app.web.guest.houses import country_of, only_house, only_property
from app.web.guest.pages import ClaimPanel, Pace
from app.web.htmx import STOP_POLLING, go_to, wants_partial

PATIENCE = timedelta(minutes=2)
"""So long the page asks often; then it slows, and says whom to phone."""


@guest.get("/check-in/claim")
def claim_page() -> AnyResponse:
    """Show the form; to whoever has sent it, what has come of it."""
    at = now()
    claimed = steps.claimed(at)
    if wants_partial():
        return _part(claimed, at)
    if claimed is None or "reference" in request.args:
        return _ask(_fresh_form(claimed))
    panel = _panel(claimed, at)
    page = render_template(
        "guest/claim/answer.html", house=panel.house, panel=panel, claimed=claimed
    )
    return make_response(page)


@guest.post("/check-in/claim")
def claim() -> AnyResponse:
    """Take a claim."""
    with reading() as session:
        house = only_property(session)
        form = ClaimForm(country=country_of(house) if house else None)
    if not form.validate():
        return _ask(form, 422)
    reference = normalised(form.reference.data or "") or ""
    keys = (address_key(request.remote_addr), Key("reference", reference))
    return take(form, now(), keys)


def take(form: ClaimForm, at: datetime, also_counted: tuple[Key, ...] = ()) -> AnyResponse:
    """Put a claim that was filled in well to the hosts, and go to the page that waits.

    `also_counted`: a claim is a try that did not fit; keys that did not count it already.
    """
    reference = normalised(form.reference.data or "") or ""
    number = form.phone_number
    said = Claim(
        reference,
        form.full_name.data or "",
        form.arrival.data or at.date(),
        number[-4:] if number else None,
    )
    try:
        with transaction() as session:
            keys = (claim_key(request.remote_addr), *also_counted)
            Tries(session, keys, seals=seals(), now=at).failed()
            take_claim(session, said, seals=seals(), now=at)
    except LockedOut:
        problem = _(
            "That was tried too often. Please wait 15 minutes, then try again, or call your host."
        )
        return _ask(form, 429, problem)
    steps.claim(reference, said.full_name, said.arrival, at)
    return redirect(url_for(".claim_page"), 303)


def _ask(form: ClaimForm, status: int = 200, problem: str | None = None) -> Response:
    with reading() as session:
        house = only_house(session)
    page = render_template("guest/claim/show.html", form=form, house=house, problem=problem)
    return make_response(page, status)


def _fresh_form(claimed: Claimed | None) -> ClaimForm:
    """Begin with the reference that was not found, or with what was claimed before."""
    form = ClaimForm(formdata=None)
    form.reference.data = request.args.get("reference", "")[:60]
    if claimed is not None:
        form.reference.data = form.reference.data or claimed.reference
        form.full_name.data, form.arrival.data = claimed.full_name, claimed.arrival
    return form


def _part(claimed: Claimed | None, at: datetime) -> AnyResponse:
    if claimed is None:
        return go_to(url_for(".home"))
    panel = _panel(claimed, at)
    if request.args.get("seen") == panel.seen:
        return Response(status=204)
    status = STOP_POLLING if panel.is_confirmed else 200
    return make_response(render_template("guest/claim/_claim_panel.html", panel=panel), status)


def _panel(claimed: Claimed, at: datetime) -> ClaimPanel:
    with reading() as session:
        return ClaimPanel(
            house=only_house(session),
            reference=claimed.reference,
            is_confirmed=has_come_true(session, claimed.reference, claimed.at),
            pace=Pace.FAST if at - claimed.at < PATIENCE else Pace.SLOW,
        )
