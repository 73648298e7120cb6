"""Is it up, is it ready, and how much is waiting."""

import hmac
from datetime import timedelta

from flask import Blueprint, Response, abort, current_app, request
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Gauge, generate_latest
from sqlalchemy import func, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from app.clock import now
from app.db import reading
from app.jobs.schedule import BEAT
from app.models import AccessCode, Beat, Feed
from app.services.outbox import waiting_by_kind
from app.web.admin.sessions import signed_in_host
from config import Settings

health = Blueprint("health", __name__)

BEAT_LASTS = timedelta(seconds=30)


@health.get("/healthz")
def alive() -> tuple[str, int]:
    """Answer while the process is up."""
    return "ok\n", 200


@health.get("/readyz")
def ready() -> tuple[str, int]:
    """Answer 200 when database, queue and scheduler are there; else 503 and which are not."""
    missing = [name for name, is_there in _parts() if not is_there]
    if missing:
        return f"not ready: {', '.join(missing)}\n", 503
    return "ready\n", 200


def _parts() -> list[tuple[str, bool]]:
    try:
        with reading() as session:
            beat = session.scalar(select(Beat.at).where(Beat.name == BEAT))
    except SQLAlchemyError:
        return [("database", False)]
    recent = beat is not None and now() - beat < BEAT_LASTS
    return [("queue", current_app.extensions["doorbell"].answers()), ("scheduler", recent)]


@health.get("/metrics")
def metrics() -> Response:
    """Numbers for Prometheus; for a signed-in host, or with METRICS_TOKEN as bearer token."""
    settings: Settings = current_app.extensions["settings"]
    given = request.headers.get("Authorization", "").removeprefix("Bearer ")
    token = settings.metrics_token
    with reading() as session:
        if not (token and hmac.compare_digest(given, token)) and signed_in_host(session) is None:
            abort(404)
        return Response(generate_latest(_collect(session)), content_type=CONTENT_TYPE_LATEST)


def _collect(session: Session) -> CollectorRegistry:
    registry = CollectorRegistry()
    waiting = Gauge("latchkey_outbox_waiting", "Effects to be done", ["kind"], registry=registry)
    for kind, count in waiting_by_kind(session).items():
        waiting.labels(kind).set(count)
    codes = Gauge("latchkey_access_codes", "Codes by state", ["state"], registry=registry)
    by_state = select(AccessCode.state, func.count()).group_by(AccessCode.state)
    for state, count in session.execute(by_state):
        codes.labels(state).set(count)
    failing = Gauge("latchkey_feeds_failing", "Feeds whose last fetch failed", registry=registry)
    faulty = select(func.count()).where(Feed.failing_since.is_not(None), Feed.retired_at.is_(None))
    failing.set(session.scalar(faulty) or 0)
    return registry
