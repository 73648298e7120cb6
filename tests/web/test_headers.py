"""What surrounds every page: headers, cookies, signing in and out, and where `next` leads."""

import re
from collections.abc import Callable
from urllib.parse import urljoin, urlsplit

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from app.models import Role
from tests.conftest import BASE
from tests.factories import PASSWORD, make_host, make_house
from tests.support.apps import MakeApp
from tests.web.houses import Lived, put_on_locks
from tests.web.test_walls import routes
from tests.web.visitor import SIGN_IN, Elements, Visitor

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

EVERYWHERE = ["/", "/check-in", SIGN_IN, "/healthz", "/nowhere", "/static/latchkey.css", "/metrics"]
ELSEWHERE = [
    "https://evil.example", "http://evil.example/admin", "//evil.example", "///evil.example",
    "/\\evil.example", "\\\\evil.example", "\\/evil.example", "/admin\\..\\\\evil.example",
    "/admin//evil.example", "/admin/../../\\evil.example", "javascript:alert(1)",
    "data:text/html,x", " //evil.example", "\t//evil.example", "/\t/evil.example",
    "/admin\r\nLocation: https://evil.example", "/admin\x00", "/admin@evil.example:80//x",
    "evil.example", "https:evil.example", "/%5cevil.example", "/%2f%2fevil.example",
    "@evil.example", ".evil.example", "/adminhttps://evil.example", "/admin/\u2028//evil.example",
]  # fmt: skip


@pytest.mark.parametrize("path", EVERYWHERE)
def test_every_answer_carries_the_headers(visitor: Visitor, path: str) -> None:
    headers = visitor.get(path).headers

    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"
    assert "Permissions-Policy" in headers
    assert "Content-Security-Policy" in headers


def test_the_policy_allows_no_inline_code_and_no_frames(visitor: Visitor) -> None:
    parts = visitor.get("/").headers["Content-Security-Policy"].split("; ")

    policy = {name: sources for name, *sources in (part.split() for part in parts)}
    assert policy["default-src"] == ["'none'"]
    assert policy["frame-ancestors"] == policy["base-uri"] == ["'none'"]
    assert policy["form-action"] == policy["style-src"] == policy["connect-src"] == ["'self'"]
    everything = {source for sources in policy.values() for source in sources}
    assert not everything & {"'unsafe-inline'", "'unsafe-eval'", "*", "https:", "http:"}
    assert policy["img-src"] == ["'self'", "data:"]


@pytest.mark.parametrize("method", ["get", "post"])
def test_failures_carry_the_headers_too(visitor: Visitor, method: str) -> None:
    answer = visitor.send(method.upper(), "/admin/sign-out", htmx=False)

    assert answer.status_code >= 400
    assert "Content-Security-Policy" in answer.headers


def test_no_page_has_code_or_style_in_it(
    app: Flask, session: Session, lived: Lived, sign_in: Callable[[Role], Visitor]
) -> None:
    put_on_locks(session, lived.guest)
    owner = sign_in(Role.OWNER)
    seen = 0

    for _method, _endpoint, path in routes(app, lived.arguments(), "GET"):
        for htmx in (False, True):
            answer = owner.get(path, htmx=htmx)
            if answer.mimetype != "text/html":
                continue
            seen += 1
            for tag, attrs in Elements(answer.text).all:
                assert tag != "style", path
                assert tag != "script" or attrs.get("src"), path
                assert "style" not in attrs, (path, tag)
                assert not [name for name in attrs if name.startswith("on")], (path, tag)
                assert not (attrs.get("href") or "").startswith("javascript:"), (path, tag)
    assert seen > 15


def test_a_script_from_elsewhere_is_held_to_its_hash(visitor: Visitor) -> None:
    scripts = [attrs for tag, attrs in Elements(visitor.get("/").text).all if tag == "script"]

    assert scripts
    for attrs in scripts:
        assert (attrs["integrity"] or "").startswith("sha384-")
        assert attrs["crossorigin"] == "anonymous"


@pytest.mark.parametrize("target", ELSEWHERE)
def test_signing_in_never_leads_off_the_site(
    app: Flask, session: Session, visitor: Visitor, target: str
) -> None:
    host = make_host(session, make_house(session))
    visitor.get(SIGN_IN)
    form = {"email": host.email, "password": PASSWORD, "csrf_token": visitor.token}

    answer = visitor.send("POST", SIGN_IN, htmx=False, query_string={"next": target}, data=form)

    assert answer.status_code == 303
    end = urljoin("http://localhost/admin/sign-in", answer.headers["Location"])
    assert urlsplit(end).netloc == "localhost"
    assert urlsplit(end).path.startswith("/admin")
    assert not re.search(r"[\x00-\x20\\]", answer.headers["Location"])


def test_signing_in_leads_back_to_where_one_was_going(session: Session, visitor: Visitor) -> None:
    host = make_host(session, make_house(session))
    sent = visitor.get("/admin/doors").headers["Location"]

    answer = visitor.sign_in(host, to=sent.removeprefix(SIGN_IN))

    assert answer.headers["Location"] == "/admin/doors"


def test_the_sign_in_form_keeps_where_one_was_going(session: Session, visitor: Visitor) -> None:
    host = make_host(session, make_house(session))
    page = visitor.get(visitor.get("/admin/doors").headers["Location"]).text
    action = next(attrs["action"] for tag, attrs in Elements(page).all if tag == "form")

    answer = visitor.post(action or "", {"email": host.email, "password": PASSWORD})

    assert answer.headers["Location"] == "/admin/doors"


def test_another_host_header_changes_no_address(lived: Lived, visitor: Visitor) -> None:
    forged = {"Host": "evil.example", "X-Forwarded-Host": "evil.example"}

    answer = visitor.get("/admin/", headers=forged)
    page = visitor.get("/", headers=forged)

    assert "evil.example" not in answer.headers["Location"]
    assert "evil.example" not in page.text


def _cookie(answer_headers: list[str]) -> str:
    return next(header for header in answer_headers if "latchkey=" in header)


def test_the_cookie_is_out_of_reach_of_scripts_and_other_sites(visitor: Visitor) -> None:
    cookie = _cookie(visitor.get(SIGN_IN).headers.getlist("Set-Cookie"))

    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert "Path=/" in cookie


def test_on_https_the_cookie_is_secure_and_bound_to_the_host(
    database_url: str, redis_url: str, make_app: MakeApp
) -> None:
    env = {**BASE, "DATABASE_URL": database_url, "REDIS_URL": redis_url}
    secured = make_app({**env, "PUBLIC_URL": "https://x.example"})

    answer = secured.test_client().get(SIGN_IN, base_url="https://x.example")

    cookie = _cookie(answer.headers.getlist("Set-Cookie"))
    assert cookie.startswith("__Host-latchkey=")
    assert "Secure" in cookie
    assert "Domain" not in cookie
    assert answer.headers["Strict-Transport-Security"].startswith("max-age=")


def test_five_failures_lock_an_account_out_whoever_tries(app: Flask, session: Session) -> None:
    host = make_host(session, make_house(session))

    tries = [Visitor(app).sign_in(host, "wrong").status_code for _try in range(5)]
    right = Visitor(app).sign_in(host)

    assert (tries, right.status_code) == ([422] * 5, 429)


def test_an_account_locked_out_leaves_the_others_open(app: Flask, session: Session) -> None:
    house = make_house(session)
    host, other = make_host(session, house), make_host(session, house, Role.STAFF)
    for _try in range(6):
        Visitor(app).sign_in(host, "wrong")

    assert Visitor(app).sign_in(other).status_code == 303


def test_an_unknown_address_and_a_wrong_password_answer_alike(app: Flask, session: Session) -> None:
    host = make_host(session, make_house(session))
    one = Visitor(app)

    wrong = one.post(SIGN_IN, {"email": host.email, "password": "wrong"})
    unknown = one.post(SIGN_IN, {"email": "nobody@example.com", "password": "wrong"})

    def plain(page: str) -> str:
        page = re.sub(r'(name="csrf_token"[^>]*value=|"X-CSRFToken": )"[^"]+"', r"\1", page)
        return page.replace(host.email, "MAIL").replace("nobody@example.com", "MAIL")

    assert wrong.status_code == unknown.status_code == 422
    assert plain(wrong.text) == plain(unknown.text)


def test_the_password_never_comes_back_in_the_form(app: Flask, session: Session) -> None:
    host = make_host(session, make_house(session))

    assert "wrong-one" not in Visitor(app).sign_in(host, "wrong-one").text


def test_signing_in_starts_a_session_that_has_nothing_of_the_one_before(
    session: Session, visitor: Visitor
) -> None:
    host = make_host(session, make_house(session))
    visitor.get(SIGN_IN)
    before = visitor.client.get_cookie("latchkey")
    with visitor.client.session_transaction() as planted:
        planted["planted"] = "by somebody else"

    visitor.sign_in(host)

    after = visitor.client.get_cookie("latchkey")
    assert before is not None
    assert after is not None
    assert before.value != after.value
    with visitor.client.session_transaction() as now:
        assert "planted" not in now


def test_a_cookie_kept_from_before_sign_out_is_dead(
    app: Flask, lived: Lived, staff: Visitor
) -> None:
    kept = staff.client.get_cookie("latchkey")
    assert kept is not None
    thief = Visitor(app)
    thief.client.set_cookie("latchkey", kept.value)
    assert thief.get("/admin/").status_code == 200

    staff.post("/admin/sign-out")

    thief.client.set_cookie("latchkey", kept.value)
    assert thief.get("/admin/").status_code == 303


def test_a_forged_cookie_is_nobody(app: Flask, lived: Lived, staff: Visitor) -> None:
    kept = staff.client.get_cookie("latchkey")
    assert kept is not None
    payload, _, signature = kept.value.partition(".")
    thief = Visitor(app)
    thief.client.set_cookie("latchkey", payload[:-2] + "AA." + signature)

    assert thief.get("/admin/").status_code == 303


def test_a_form_too_large_is_413(visitor: Visitor) -> None:
    assert visitor.post("/check-in", {"reference": "x" * 300_000}).status_code == 413


@pytest.mark.parametrize("path", ["/", SIGN_IN, "/nowhere"])
def test_pages_are_never_stored(visitor: Visitor, path: str) -> None:
    assert visitor.get(path).headers["Cache-Control"] == "no-store"
