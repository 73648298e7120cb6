"""The stay page tells that it is open in a browser; previews of its link run no scripts."""

from flask import Response, abort, redirect, url_for
from werkzeug.wrappers import Response as AnyResponse

from app.db import transaction
from app.services.guests import guest_by_link, mark_page_seen
from app.web.guest.blueprint import guest, now
from app.web.htmx import wants_partial


@guest.post("/stay/<token>/seen")
def seen(token: str) -> AnyResponse:
    """Write down when the page was first open."""
    with transaction() as session:
        known = guest_by_link(session, token)
        if known is None:
            abort(404)
        mark_page_seen(session, known, now())
    if wants_partial():
        return Response(status=204)
    return redirect(url_for(".stay", token=token), 303)
