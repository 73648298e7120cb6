"""Answering htmx: the same URL gives the page, or the part of it that was asked for."""

from dataclasses import dataclass
from typing import Any

from flask import Flask, Response, make_response, redirect, render_template, request
from werkzeug.wrappers import Response as AnyResponse

from config import HTMX_INTEGRITY, Settings

STOP_POLLING = 286
"""htmx: swap this in, and ask no more."""


@dataclass(frozen=True)
class HtmxScript:
    """Where the pages load htmx from; the browser refuses a file that does not match."""

    url: str
    integrity: str


def register_htmx(app: Flask, settings: Settings) -> None:
    """Tell every template where htmx is, and every cache that answers differ."""
    script = HtmxScript(settings.htmx_url, HTMX_INTEGRITY)

    @app.context_processor
    def htmx() -> dict[str, HtmxScript]:
        return {"htmx": script}

    @app.after_request
    def vary(response: Response) -> Response:
        response.vary.add("HX-Request")
        return response


def wants_partial() -> bool:
    """Tell whether only a part of the page was asked for."""
    headers = request.headers
    return (
        headers.get("HX-Request") == "true"
        and "HX-Boosted" not in headers
        and "HX-History-Restore-Request" not in headers
    )


def page_or_partial(
    page: str, partial: str, *, partial_status: int = 200, **context: Any
) -> Response:
    """Render the whole page, or only the partial that it includes."""
    if wants_partial():
        return make_response(render_template(partial, **context), partial_status)
    return make_response(render_template(page, **context))


def go_to(url: str) -> AnyResponse:
    """Send the browser to another page, whoever asked: 303, or HX-Location for htmx."""
    if wants_partial():
        return Response(status=204, headers={"HX-Location": url})
    return redirect(url, 303)
