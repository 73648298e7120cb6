"""Faults told to the world: answers that are late, lost, cut, wrong, or never come.

Those whose name ends in `_after` come once the effect has taken place, and so do `wrong_types`
(JSON whose values are of other types) and `empty` (a list without its rows; else nothing at all).
"""

import contextlib
import socket
import time
from typing import Any

from flask import Response, jsonify, request

from simulator.world import World

KINDS = frozenset(
    {
        *("timeout_before", "timeout_after", "cut_before", "cut_after", "http_500"),
        *("http_500_after", "errcode", "nonsense", "slow", "down"),
        *("errcode_after", "nonsense_after", "busy", "wrong_types", "empty"),
    }
)


def fault_for(
    world: World, service: str, path: str, lock_id: str | None, gateway_id: str | None
) -> dict[str, Any] | None:
    """Return the first fault that fits this call, spending one of its times."""
    with world.guard:
        for fault in world.data["faults"]:
            wants = (
                fault.get("path") in (None, path),
                fault.get("method") in (None, request.method),
                fault.get("lock_id") in (None, lock_id),
                fault.get("gateway_id") in (None, gateway_id),
            )
            if fault["service"] != service or not all(wants):
                continue
            if fault.get("times") is not None:
                fault["times"] -= 1
                if fault["times"] <= 0:
                    world.data["faults"].remove(fault)
            return dict(fault)
    return None


def before(fault: dict[str, Any] | None) -> Response | None:
    """Play what happens before the effect; an answer means that there is no effect."""
    if fault is None:
        return None
    kind = fault["kind"]
    if kind == "slow":
        time.sleep(fault.get("seconds", 5))
        return None
    if kind in ("cut_before", "down"):
        return cut()
    if kind == "timeout_before":
        time.sleep(fault.get("seconds", 60))
        return cut()
    if kind == "http_500":
        return Response("Internal Server Error", 500)
    if kind == "nonsense":
        return Response("<html>maintenance</html>", 200, mimetype="text/html")
    return None


def after(fault: dict[str, Any] | None, answer: Response) -> Response:
    """Play what happens to the answer once the effect has taken place."""
    kind = fault["kind"] if fault else None
    if kind == "cut_after":
        return cut()
    if kind == "timeout_after":
        time.sleep((fault or {}).get("seconds", 60))
        return cut()
    if kind == "http_500_after":
        return Response("Internal Server Error", 500)
    if kind == "nonsense_after":
        return Response("<html>maintenance</html>", 200, mimetype="text/html")
    if kind == "wrong_types":
        return jsonify({name: _mistyped(value) for name, value in _fields(answer).items()})
    if kind == "empty":
        return jsonify({"list": []} if "list" in _fields(answer) else {})
    return answer


def _fields(answer: Response) -> dict[str, Any]:
    fields = answer.get_json(silent=True)
    return fields if isinstance(fields, dict) else {}


def _mistyped(value: object) -> object:
    """Make a list of rows an object of them, a row a list, a number or a text an object."""
    if isinstance(value, list):
        return {str(number): one for number, one in enumerate(value)}
    return list(value.items()) if isinstance(value, dict) else {"value": value}


def cut() -> Response:
    """Close the connection without an answer."""
    connection = request.environ.get("werkzeug.socket")
    if connection is not None:
        with contextlib.suppress(OSError):
            connection.shutdown(socket.SHUT_RDWR)
    return Response("", 500)
