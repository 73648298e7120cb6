"""Logs for operators: one line each, with fields; secrets masked whatever was passed."""

import logging
import re

from flask import Flask

_PLAIN = frozenset(logging.makeLogRecord({}).__dict__) | {"message", "asctime", "taskName"}
_STAY_LINK = re.compile(r"(/stay/|/welcome/)[\w-]{8,}")
_PHONE = re.compile(r"\+\d{7,12}(\d{3})\b")


class LineFormatter(logging.Formatter):
    """`time level logger message key=value …`, with stay links and phone numbers masked."""

    def format(self, record: logging.LogRecord) -> str:
        extras = {k: v for k, v in record.__dict__.items() if k not in _PLAIN}
        fields = "".join(f" {name}={value}" for name, value in sorted(extras.items()))
        return masked(super().format(record) + fields)


def masked(text: str) -> str:
    return _PHONE.sub(r"+…\1", _STAY_LINK.sub(r"\1…", text))


def init_logs(app: Flask) -> None:
    """Send everything to stderr once, however often an app is made in this process."""
    root = logging.getLogger()
    if not any(isinstance(handler.formatter, LineFormatter) for handler in root.handlers):
        handler = logging.StreamHandler()
        handler.setFormatter(LineFormatter("%(asctime)s %(levelname)s %(name)s %(message)s"))
        root.addHandler(handler)
    root.setLevel(logging.INFO)
    # They write URLs, which carry feeds' secrets and stay links.
    for noisy in ("twilio.http_client", "urllib3", "werkzeug", "alembic.runtime.migration"):
        logging.getLogger(noisy).setLevel(logging.WARNING)
    app.logger.handlers.clear()
