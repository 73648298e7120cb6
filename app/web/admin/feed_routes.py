"""The feeds page: what each calendar said, in plain words."""

from datetime import datetime

from flask import Response, abort, flash, make_response, redirect, render_template, url_for
from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import joinedload
from werkzeug.wrappers import Response as AnyResponse

from app import wording
from app.db import reading, transaction
from app.models import Feed, Property, Role, Room
from app.services.feeds import accept_loss
from app.services.history import by_host
from app.services.lanes import hold_property
from app.web.admin.blueprint import admin, now, the_house
from app.web.admin.feed_pages import FeedRow, FeedState
from app.web.admin.sessions import current, needs


@admin.get("/feeds")
@needs(Role.VIEWER)
def feeds() -> Response:
    """List the calendars by room."""
    at = now()
    with reading() as session:
        house = the_house(session)
        rows = session.scalars(
            select(Feed)
            .join(Room)
            .where(Room.property_id == house.id, Feed.retired_at.is_(None))
            .options(joinedload(Feed.room))
            .order_by(Room.number, Feed.id)
        ).all()
        page = [_row(feed, house, at) for feed in rows]
        return make_response(render_template("admin/feeds/index.html", feeds=page))


@admin.post("/feeds/<int:feed_id>/loss", endpoint="accept_loss")
@needs(Role.STAFF)
def accept_loss_(feed_id: int) -> AnyResponse:
    """Take the host's word that what vanished is really gone."""
    with transaction() as session:
        house = hold_property(session, current().property_id)
        feed = session.scalar(
            select(Feed).join(Room).where(Feed.id == feed_id, Room.property_id == house.id)
        )
        if feed is None:
            abort(404)
        accept_loss(session, house, feed, actor=by_host(current().id), now=now())
    flash(_("Thank you. They are cancelled as soon as the calendar has been read again."), "good")
    return redirect(url_for(".feeds"), 303)


def _row(feed: Feed, house: Property, at: datetime) -> FeedRow:
    zone = house.zone
    failing = feed.failing_since
    return FeedRow(
        id=feed.id,
        room_number=feed.room.number,
        room_name=feed.room.name,
        channel=wording.channel_name(feed.channel) or _("Other"),
        state=_state(feed),
        fetched_text=wording.recently(feed.fetched_at, zone, at) if feed.fetched_at else None,
        outcome=feed.outcome,
        changed_text=wording.recently(feed.changed_at, zone, at) if feed.changed_at else None,
        fault=feed.fault,
        failing_since_text=wording.recently(failing, zone, at) if failing else None,
        hold=feed.hold,
    )


def _state(feed: Feed) -> FeedState:
    if feed.failing_since is not None:
        return FeedState.FAILING
    if feed.hold is not None:
        return FeedState.HELD
    return FeedState.NEW if feed.read_at is None else FeedState.FINE
