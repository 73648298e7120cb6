"""Errors that a call to Seam is answered with."""

from typing import Any


class Refused(Exception):
    """The call is refused: an HTTP status, and Seam's own words for why."""

    def __init__(self, status: int, kind: str, message: str, **more: Any) -> None:
        super().__init__(message)
        self.status = status
        self.error = {"type": kind, "message": message, **more}


def invalid(field: str, message: str) -> Refused:
    errors = {"_errors": [], field: {"_errors": [message]}}
    return Refused(400, "invalid_input", message, validation_errors=errors)
