"""Somebody with a browser: cookies, a CSRF token from the page, and requests of both kinds."""

import re
from collections.abc import Mapping
from html.parser import HTMLParser
from typing import Any

from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from app.db import db
from app.models import Host
from app.models.base import Base
from tests.factories import PASSWORD

HTMX = {"HX-Request": "true"}
SIGN_IN = "/admin/sign-in"
_TOKEN = re.compile(r'"X-CSRFToken": "([^"]+)"')


class Visitor:
    """One browser. What the test has set up is committed before each request."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self.client = app.test_client()
        self.token: str | None = None

    def get(self, path: str, *, htmx: bool = False, **more: Any) -> TestResponse:
        return self.send("GET", path, htmx=htmx, **more)

    def post(
        self, path: str, data: Mapping[str, Any] | None = None, *, htmx: bool = False, **more: Any
    ) -> TestResponse:
        """Send a form with the token of the page seen last."""
        if self.token is None:
            self.get(SIGN_IN)
        return self.send("POST", path, data={**(data or {}), "csrf_token": self.token}, htmx=htmx)

    def post_without_token(self, path: str, *, htmx: bool = False) -> TestResponse:
        return self.send("POST", path, htmx=htmx)

    def sign_in(self, host: Host, password: str = PASSWORD, to: str = "") -> TestResponse:
        form = {"email": host.email, "password": password}
        answer = self.post(SIGN_IN + to, form)
        if answer.status_code == 303:
            self.token = None
        return answer

    def send(self, method: str, path: str, *, htmx: bool, **more: Any) -> TestResponse:
        """Send just this, without a token."""
        db.session.commit()
        headers = {**more.pop("headers", {}), **(HTMX if htmx else {})}
        # A context of its own, as in production: `g` and the session end with the request.
        with self.app.app_context():
            answer = self.client.open(path, method=method, headers=headers, **more)
            answer.get_data()
            answer.close()
        if found := _TOKEN.search(answer.text):
            self.token = found[1]
        return answer


def everything(session: Session) -> dict[str, list[tuple[Any, ...]]]:
    """Return all rows of all tables, to be compared."""
    session.rollback()
    found = {
        table.name: sorted((tuple(row) for row in session.execute(select(table))), key=repr)
        for table in Base.metadata.sorted_tables
    }
    session.rollback()
    return found


class Elements(HTMLParser):
    """Every element of a text, with its attributes, and which of them are roots."""

    VOID = frozenset({"input", "br", "wbr", "meta", "link", "img", "hr", "use", "path", "circle"})

    def __init__(self, text: str) -> None:
        super().__init__()
        self.all: list[tuple[str, dict[str, str | None]]] = []
        self.roots: list[tuple[str, dict[str, str | None]]] = []
        self._depth = 0
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_startendtag(tag, attrs)
        if tag not in self.VOID:
            self._depth += 1

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.all.append((tag, dict(attrs)))
        if self._depth == 0:
            self.roots.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        if tag not in self.VOID:
            self._depth -= 1


def value_of(page: str, name: str) -> str | None:
    """Return what a form's field holds."""
    found = [attrs for tag, attrs in Elements(page).all if tag == "input"]
    return next(attrs.get("value") for attrs in found if attrs.get("name") == name)
