"""The doors page: batteries, gateways, codes, and opening a door from afar."""

from collections import Counter
from collections.abc import Mapping
from datetime import datetime

from flask import Response, abort, make_response, redirect, render_template, url_for
from sqlalchemy import func, select
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as AnyResponse

from app import wording
from app.db import reading, transaction
from app.domain.tonight import LOW_BATTERY
from app.models import AccessCode, Door, Property, Role, Stranger, UnlockRequest
from app.models import CodeState as Stored
from app.services.board import doors_of
from app.services.unlocks import request_by_host
from app.web.admin.blueprint import admin, now, the_host, the_house
from app.web.admin.door_pages import CodeCount, DoorRow, DoorUnlock, GatewayState
from app.web.admin.rows import CODE_STATES
from app.web.admin.sessions import current, needs
from app.web.htmx import wants_partial
from app.web.unlock_button import ANSWER_SHOWN, step_of

PROVIDERS = {"ttlock": "TTLock", "seam": "Seam"}


@admin.get("/doors")
@needs(Role.CLEANER)
def doors() -> Response:
    """List every door."""
    at = now()
    with reading() as session:
        house = the_house(session)
        counts, strangers = _counts(session, house), _strangers(session, house)
        taps = _taps(session, at)
        rows = [
            _row(door, counts, strangers, taps.get(door.id), house, at)
            for door in doors_of(session, house)
        ]
        return make_response(render_template("admin/doors/index.html", doors=rows))


@admin.post("/doors/<int:door_id>/unlock")
@needs(Role.STAFF)
def unlock(door_id: int) -> AnyResponse:
    """Open a door from afar; a worker does it, the answer comes at once."""
    with transaction() as session:
        door = the_door(session, door_id)
        request_by_host(session, the_host(session), door, now())
    if not wants_partial():
        return redirect(url_for(".doors"), 303)
    return _unlock_partial(door_id)


@admin.get("/doors/<int:door_id>/unlock")
@needs(Role.STAFF)
def unlock_status(door_id: int) -> AnyResponse:
    """Tell how far the unlock is."""
    if not wants_partial():
        return redirect(url_for(".doors"))
    return _unlock_partial(door_id)


def _unlock_partial(door_id: int) -> Response:
    at = now()
    with reading() as session:
        door = the_door(session, door_id)
        shown = _unlock(door, _taps(session, at).get(door.id), at)
        return make_response(render_template("admin/doors/_unlock.html", unlock=shown))


def the_door(session: Session, door_id: int) -> Door:
    """Return a door of this host's property; 404 for any other."""
    door = session.get(Door, door_id)
    if door is None or door.property_id != current().property_id:
        abort(404)
    return door


def one_row(session: Session, house: Property, door: Door, at: datetime) -> DoorRow:
    """Fill the line of one door."""
    if door.room_id is not None:
        session.refresh(door, ["room"])
    counts, strangers = _counts(session, house), _strangers(session, house)
    return _row(door, counts, strangers, _taps(session, at).get(door.id), house, at)


def _strangers(session: Session, house: Property) -> dict[int, int]:
    rows = session.execute(
        select(Stranger.door_id, func.count())
        .join(Door, Door.id == Stranger.door_id)
        .where(Door.property_id == house.id)
        .group_by(Stranger.door_id)
    )
    return dict(rows.all())


def _counts(session: Session, house: Property) -> dict[int, Counter[Stored]]:
    counts: dict[int, Counter[Stored]] = {}
    rows = session.execute(
        select(AccessCode.door_id, AccessCode.state, func.count())
        .join(Door)
        .where(Door.property_id == house.id, AccessCode.state != Stored.GONE)
        .group_by(AccessCode.door_id, AccessCode.state)
    )
    for door_id, state, count in rows:
        counts.setdefault(door_id, Counter())[state] = count
    return counts


def _taps(session: Session, at: datetime) -> dict[int, UnlockRequest]:
    rows = session.scalars(
        select(UnlockRequest)
        .where(
            UnlockRequest.host_id == current().id, UnlockRequest.requested_at > at - ANSWER_SHOWN
        )
        .order_by(UnlockRequest.id)
    )
    return {tap.door_id: tap for tap in rows}


def _unlock(door: Door, tap: UnlockRequest | None, at: datetime) -> DoorUnlock:
    reason = tap.detail if tap is not None else None
    return DoorUnlock(door.id, door.name, step_of(tap, at), reason)


def _row(
    door: Door,
    counts: dict[int, Counter[Stored]],
    strangers: Mapping[int, int],
    tap: UnlockRequest | None,
    house: Property,
    at: datetime,
) -> DoorRow:
    gateway = GatewayState.UNKNOWN
    if door.gateway_online is not None:
        gateway = GatewayState.ONLINE if door.gateway_online else GatewayState.OFFLINE
    battery = door.battery_percent
    on_door = counts.get(door.id, Counter())
    return DoorRow(
        id=door.id,
        name=door.name,
        provider=PROVIDERS.get(door.provider, door.provider),
        lock_id=door.lock_id,
        room_text=f"{door.room.number} {door.room.name}" if door.room is not None else None,
        battery_percent=battery,
        is_battery_low=battery is not None and battery < LOW_BATTERY,
        gateway=gateway,
        seen_text=wording.recently(door.seen_at, house.zone, at) if door.seen_at else None,
        counts=tuple(CodeCount(CODE_STATES[state], n) for state, n in sorted(on_door.items())),
        strangers=strangers.get(door.id, 0),
        unlock=_unlock(door, tap, at) if current().may(Role.STAFF) else None,
    )
