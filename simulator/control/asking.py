"""What is asked of the world: read with care, and refused with the reason."""

from typing import Any

from flask import Flask, Response, jsonify, request

from simulator.channel import CannotBook
from simulator.post.delivery import CannotPost
from simulator.texts.phones import NotAPhone


class Unclear(Exception):
    """The request cannot be understood; the message says why."""


def asked(*needed: str) -> dict[str, Any]:
    """Return the JSON object that was sent. Raises Unclear where it lacks one of these names."""
    body = request.get_json(silent=True)
    if not isinstance(body, dict):
        raise Unclear("Send a JSON object.")
    if missing := [name for name in needed if name not in body]:
        raise Unclear(f"Missing: {', '.join(missing)}.")
    return body


def refuse_with_the_reason(app: Flask) -> None:
    """Answer 422 and say why, where the world cannot do what it is told."""
    for kind in (Unclear, CannotBook, CannotPost, NotAPhone):
        app.register_error_handler(kind, _refusal)


def _refusal(fault: Exception) -> tuple[Response, int]:
    return jsonify(message=str(fault)), 422
