"""Logs for operators: one line each, with fields; secrets masked whatever was passed."""

import logging

from flask import Flask

from app.log_masks import HIDDEN, is_secret, masked

_PLAIN = frozenset(logging.makeLogRecord({}).__dict__) | {"message", "asctime", "taskName"}


class LineFormatter(logging.Formatter):
    """`time level logger message key=value …`, without what no log may show."""

    def format(self, record: logging.LogRecord) -> str:
        extras = {
            name: HIDDEN if is_secret(name) else value
            for name, value in record.__dict__.items()
            if name not in _PLAIN
        }
        fields = "".join(f" {name}={value}" for name, value in sorted(extras.items()))
        return masked(super().format(record) + fields)


def init_logs(app: Flask) -> None:
    """Send everything to stderr once, however often an app is made in this process."""
    root = logging.getLogger()
    if not any(isinstance(handler.formatter, LineFormatter) for handler in root.handlers):
        handler = logging.StreamHandler()
        handler.setFormatter(LineFormatter("%(asctime)s %(levelname)s %(name)s %(message)s"))
        root.addHandler(handler)
    root.setLevel(logging.INFO)
    # They write URLs, which carry feeds' secrets and stay links.
    clients = ("twilio.http_client", "httpx", "urllib3")
    for noisy in (*clients, "werkzeug", "alembic.runtime.migration"):
        logging.getLogger(noisy).setLevel(logging.WARNING)
    app.logger.handlers.clear()
