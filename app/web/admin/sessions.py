"""Who is signed in, and what they may do: deny unless a view says otherwise."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from flask import Response, abort, current_app, g, redirect, request, url_for
from flask import session as cookie
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as AnyResponse

from app.db import reading
from app.models import Host, Role
from app.services.hosts import host_of_session
from app.services.open_days import count_open
from app.web.admin.pages import Frame
from app.web.htmx import wants_partial

View = TypeVar("View", bound=Callable[..., Any])

_RANK = list(reversed(Role))


@dataclass(frozen=True)
class SignedIn:
    """The host of this request."""

    id: int
    property_id: int
    property_name: str
    name: str
    role: Role
    to_place: int = 0
    """How many questions on whose bookings are wait for an answer; for the pages' frame."""

    def may(self, least: Role) -> bool:
        """Tell whether the role is this or more."""
        return _RANK.index(self.role) >= _RANK.index(least)

    @property
    def frame(self) -> Frame:
        return Frame(self.property_name, self.name, self.role, self.to_place)


def needs(least: Role) -> Callable[[View], View]:
    """Open a view to hosts of this role or more."""

    def mark(view: View) -> View:
        view.least_role = least  # type: ignore[attr-defined]
        return view

    return mark


def open_to_all(view: View) -> View:
    """Open a view to whoever comes: signing in, and the one-time link."""
    view.least_role = None  # type: ignore[attr-defined]
    return view


def guard() -> AnyResponse | None:
    """Let a request of the admin pages through, send it to sign in, or refuse it."""
    view = current_app.view_functions.get(request.endpoint or "")
    if not hasattr(view, "least_role"):
        abort(404)
    least: Role | None = view.least_role  # type: ignore[union-attr]
    if least is None:
        return None
    with reading() as session:
        host = signed_in_host(session)
        if host is not None:
            house = host.house
            to_place = 0 if wants_partial() else count_open(session, house)
            g.host = SignedIn(host.id, house.id, house.name, host.name, host.role, to_place)
    if host is None:
        return _to_sign_in()
    if not g.host.may(least):
        abort(403)
    return None


def current() -> SignedIn:
    """Return the host of this request; only in views that need a role."""
    host: SignedIn = g.host
    return host


def signed_in_host(session: Session) -> Host | None:
    """Return the host whose cookie this is, with their property."""
    host_id, epoch = cookie.get("host"), cookie.get("epoch")
    if not isinstance(host_id, int) or not isinstance(epoch, int):
        return None
    return host_of_session(session, host_id, epoch)


def begin(host: Host) -> None:
    """Sign the host in, in a session that has nothing of the one before."""
    cookie.clear()
    cookie.permanent = True
    cookie["host"], cookie["epoch"] = host.id, host.session_epoch


def end() -> None:
    cookie.clear()


def _to_sign_in() -> AnyResponse:
    to = url_for("admin.sign_in", next=request.path if request.method == "GET" else None)
    if wants_partial():
        return Response(status=204, headers={"HX-Redirect": url_for("admin.sign_in")})
    return redirect(to, 303)


def is_safe_path(target: str) -> bool:
    """Tell whether a `next` stays on this site: one slash, then neither slash nor backslash."""
    return (
        target.startswith("/admin")
        and "\\" not in target
        and "//" not in target
        and target.isprintable()
    )
