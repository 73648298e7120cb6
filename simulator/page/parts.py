"""The parts of the page: each is a template and a view, and can be shown by itself again."""

import zlib
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from flask import Response, abort, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

View = dict[str, Any]


def only_from_here() -> None:
    """Refuse presses that another site's page sends here."""
    origin = request.headers.get("Origin")
    if request.method == "POST" and origin and urlsplit(origin).netloc != request.host:
        abort(403)


def is_by_htmx() -> bool:
    return request.headers.get("HX-Request") == "true"


def seen(view: View) -> str:
    """Name what a view shows: it changes when that does."""
    return str(zlib.crc32(repr(view).encode()))


def with_seen(views: Mapping[str, View]) -> dict[str, View]:
    return {name: {**view, "seen": seen(view)} for name, view in views.items()}


def rendered(name: str, view: View, **once: Any) -> Response:
    """Render a part alone. `once` is for this answer only, and no part of what was seen."""
    context = with_seen({name: view})
    return Response(render_template(f"_{name}.html", **context, **once))


def answer(name: str, view: View, anchor: str | None = None, **once: Any) -> AnyResponse:
    """Answer a press: with its part alone for htmx, else by going back to the page."""
    if is_by_htmx():
        return rendered(name, view, **once)
    return redirect(url_for("page.house") + f"#{anchor or name}", 303)
