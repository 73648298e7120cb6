"""What the lock services tell us. Nothing of it is believed or stored: a worker asks them."""

import hmac
import logging
from collections.abc import Collection

from flask import Blueprint, Response, abort, current_app, request
from werkzeug.exceptions import HTTPException

from app.clock import now
from app.db import transaction
from app.jobs.doorbell import Doorbell
from app.jobs.lock_events import ring
from app.ports.locks.seam_webhook import (
    OF_CODES,
    OF_RETURN,
    ForgedHint,
    SeamHint,
    UnreadableHint,
)
from app.ports.locks.seam_webhook import read_hint as read_seam_hint
from app.services.code_notices import look_soon
from app.services.lock_notices import bring_all_forward, bring_forward, may_refresh_doors
from app.web.hooks.ttlock_form import Hint, read_hint
from app.web.security import csrf
from config import Settings

logger = logging.getLogger(__name__)

MOST_BYTES = 64 * 1024
TTLOCK_BYTES = 1024 * 1024
"""One notice may hold all that a lock wrote while its gateway was away."""

OF_ACCOUNT = "connected_account."
OF_STATE = ("device.", OF_ACCOUNT)
"""Seam's events that tell of batteries and connections; the others may be of a door's log."""

hooks = Blueprint("hooks", __name__, url_prefix="/hooks")
csrf.exempt(hooks)


@hooks.post("/ttlock/<token>")
def ttlock(token: str) -> Response:
    """Take a hint of TTLock's, whoever wrote it: only the address is a secret.

    The answer is the word that TTLock expects, also to what cannot be read: it would not be better
    the next time. It may have been of any lock.
    """
    settings: Settings = current_app.extensions["settings"]
    expected = settings.ttlock_callback_token
    if expected is None or not hmac.compare_digest(token.encode(), expected.encode()):
        abort(404)
    request.max_content_length = request.max_form_memory_size = TTLOCK_BYTES
    try:
        hint = read_hint(request.form)
    except HTTPException:
        logger.warning("lock notice too large", extra={"provider": "ttlock"})
        with transaction() as session:
            bring_all_forward(session, "ttlock", now())
    else:
        _follow_ttlock(hint)
    return Response("success", mimetype="text/plain")


@hooks.post("/seam")
def seam() -> Response:
    """Take a hint of Seam's, which signs them."""
    settings: Settings = current_app.extensions["settings"]
    if settings.seam is None or settings.seam.webhook_secret is None:
        abort(404)
    request.max_content_length = MOST_BYTES
    secret = settings.seam.webhook_secret
    try:
        hint = read_seam_hint(request.get_data(cache=False), dict(request.headers), secret)
    except ForgedHint:
        logger.warning("lock notice without a valid signature", extra={"provider": "seam"})
        abort(401)
    except UnreadableHint:
        logger.warning("lock notice not read", extra={"provider": "seam"})
        return Response(status=204)
    if hint.event_type in OF_CODES | OF_RETURN:
        _look_at_codes(hint)
    if hint.event_type.startswith(OF_STATE):
        _refresh_doors()
    elif hint.event_type not in OF_CODES and hint.device_id is not None:
        _read_logs("seam", [hint.device_id])
    return Response(status=204)


def _follow_ttlock(hint: Hint | None) -> None:
    if hint is None:
        logger.warning("lock notice not read", extra={"provider": "ttlock"})
    elif hint.of_state:
        _refresh_doors()
    else:
        _read_logs("ttlock", hint.lock_ids)


def _read_logs(provider: str, lock_ids: Collection[str]) -> None:
    with transaction() as session:
        door_ids = bring_forward(session, provider, lock_ids, now())
    ring(door_ids)


def _look_at_codes(hint: SeamHint) -> None:
    """Leave the ringing to the scheduler, which finds what is due within seconds."""
    if hint.device_id is not None:
        locks = [hint.device_id]
    elif hint.event_type.startswith(OF_ACCOUNT):
        locks = None  # which locks are the account's, we do not know
    else:
        return
    with transaction() as session:
        look_soon(session, "seam", now(), locks)


def _refresh_doors() -> None:
    with transaction() as session:
        is_time = may_refresh_doors(session, now())
    if is_time:
        doorbell: Doorbell = current_app.extensions["doorbell"]
        doorbell.ask_for_doors()
