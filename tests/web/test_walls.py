"""Who gets where: every route of the map, by every role, with and without a token."""

from collections.abc import Callable, Iterator

import pytest
from flask import Flask
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from app.models import Role
from app.seals import Seals
from tests.conftest import BASE
from tests.factories import make_host, make_house
from tests.support.apps import MakeApp
from tests.web.houses import Lived
from tests.web.visitor import SIGN_IN, Visitor, everything

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

MOST_TO_LEAST = [Role.OWNER, Role.STAFF, Role.VIEWER, Role.CLEANER]


def routes(
    app: Flask, arguments: dict[str, int | str], *methods: str
) -> Iterator[tuple[str, str, str]]:
    """Yield method, endpoint and path of each route, with the arguments in it; sign-out last."""
    adapter = app.url_map.bind("localhost")
    for rule in sorted(app.url_map.iter_rules(), key=lambda rule: rule.endpoint.endswith("out")):
        if rule.endpoint == "static":
            continue
        values = {name: arguments[name] for name in rule.arguments}
        for method in methods:
            if method in (rule.methods or ()):
                yield method, rule.endpoint, adapter.build(rule.endpoint, values)


def closed(
    app: Flask, arguments: dict[str, int | str], *methods: str
) -> Iterator[tuple[str, str, Role]]:
    """Yield method, path and least role of each route that needs a role."""
    for method, endpoint, path in routes(app, arguments, *methods):
        least = getattr(app.view_functions[endpoint], "least_role", None)
        if least is not None:
            yield method, path, least


def send(visitor: Visitor, method: str, path: str, *, htmx: bool) -> TestResponse:
    one = visitor.get if method == "GET" else visitor.post
    return one(path, htmx=htmx)


def test_every_admin_view_says_who_may_see_it(app: Flask) -> None:
    views = [
        app.view_functions[rule.endpoint]
        for rule in app.url_map.iter_rules()
        if rule.rule.startswith("/admin") or rule.endpoint.startswith("admin.")
    ]

    assert len(views) > 20
    assert [view for view in views if not hasattr(view, "least_role")] == []


def test_only_signing_in_and_the_welcome_link_are_open_to_all(app: Flask) -> None:
    endpoints = {rule.endpoint for rule in app.url_map.iter_rules()}

    views = {name: app.view_functions[name] for name in endpoints if name.startswith("admin.")}

    opened = {name for name, view in views.items() if getattr(view, "least_role", 0) is None}
    assert opened == {"admin.sign_in", "admin.welcome"}


def test_a_view_that_forgot_to_say_is_closed_even_to_the_owner(
    database_url: str, redis_url: str, session: Session, lived: Lived, make_app: MakeApp
) -> None:
    env = {**BASE, "DATABASE_URL": database_url, "REDIS_URL": redis_url}
    forgetful = make_app(env)
    forgetful.add_url_rule("/admin/forgotten", "admin.forgotten", lambda: "open")
    owner = Visitor(forgetful)
    assert owner.sign_in(make_host(session, lived.house, Role.OWNER)).status_code == 303

    answer = owner.get("/admin/forgotten")

    assert answer.status_code == 404


def test_signed_out_every_admin_page_goes_to_sign_in(
    app: Flask, lived: Lived, visitor: Visitor
) -> None:
    for _method, path, _least in closed(app, lived.arguments(), "GET"):
        answer = visitor.get(path)

        assert answer.status_code == 303, path
        assert answer.headers["Location"].startswith(SIGN_IN + "?next=/admin"), path


def test_signed_out_every_admin_partial_sends_the_whole_page_to_sign_in(
    app: Flask, lived: Lived, visitor: Visitor
) -> None:
    for _method, path, _least in closed(app, lived.arguments(), "GET"):
        answer = visitor.get(path, htmx=True)

        assert (answer.status_code, answer.text) == (204, ""), path
        assert answer.headers["HX-Redirect"] == SIGN_IN, path


def test_signed_out_no_admin_post_changes_anything(
    app: Flask, session: Session, lived: Lived, visitor: Visitor
) -> None:
    before = everything(session)

    for _method, path, _least in closed(app, lived.arguments(), "POST"):
        assert visitor.post(path).status_code == 303, path

    assert everything(session) == before


@pytest.mark.parametrize("htmx", [False, True])
@pytest.mark.parametrize("role", MOST_TO_LEAST[1:])
def test_what_needs_more_than_the_role_is_refused_and_changes_nothing(
    app: Flask,
    session: Session,
    lived: Lived,
    sign_in: Callable[[Role], Visitor],
    role: Role,
    htmx: bool,
) -> None:
    one = sign_in(role)
    before = everything(session)

    for method, path, least in closed(app, lived.arguments(), "GET", "POST"):
        if MOST_TO_LEAST.index(least) < MOST_TO_LEAST.index(role):
            assert send(one, method, path, htmx=htmx).status_code == 403, (method, path)

    assert everything(session) == before


@pytest.mark.parametrize("htmx", [False, True])
@pytest.mark.parametrize("role", MOST_TO_LEAST)
def test_what_the_role_is_enough_for_is_answered(
    app: Flask, lived: Lived, sign_in: Callable[[Role], Visitor], role: Role, htmx: bool
) -> None:
    one = sign_in(role)
    tried = 0

    for method, path, least in closed(app, lived.arguments(), "GET", "POST"):
        if MOST_TO_LEAST.index(least) >= MOST_TO_LEAST.index(role):
            answer = send(one, method, path, htmx=htmx)
            tried += 1
            assert answer.status_code in (200, 204, 302, 303, 422), (method, path)
            assert SIGN_IN not in answer.headers.get("Location", "") or "sign-out" in path, path

    assert tried >= 4


def test_a_cleaner_reads_no_name_and_no_reference(
    app: Flask, lived: Lived, sign_in: Callable[[Role], Visitor]
) -> None:
    cleaner = sign_in(Role.CLEANER)
    pages = [
        cleaner.get(path, htmx=htmx).text
        for _method, path, least in closed(app, lived.arguments(), "GET")
        if least == Role.CLEANER
        for htmx in (False, True)
    ]

    assert [
        word
        for word in ("Moore", "Stone", "HMALICE111", "5100200301")
        if any(word in page for page in pages)
    ] == []


def test_a_cleaner_cannot_search_for_who_is_there(
    lived: Lived, sign_in: Callable[[Role], Visitor]
) -> None:
    page = sign_in(Role.CLEANER).get("/admin/?q=Moore").text

    assert f'id="reservation-row-{lived.alice.id}"' not in page


@pytest.mark.parametrize("htmx", [False, True])
def test_every_post_without_a_token_is_400_and_changes_nothing(
    app: Flask,
    session: Session,
    lived: Lived,
    sign_in: Callable[[Role], Visitor],
    htmx: bool,
) -> None:
    owner = sign_in(Role.OWNER)
    before = everything(session)

    for _method, endpoint, path in routes(app, lived.arguments(), "POST"):
        if not endpoint.startswith(("sms.", "hooks.")):
            assert owner.post_without_token(path, htmx=htmx).status_code == 400, path

    assert everything(session) == before


def test_the_header_that_htmx_sends_is_a_token_too(lived: Lived, staff: Visitor) -> None:
    staff.get("/admin/doors")

    answer = staff.send(
        "POST",
        f"/admin/doors/{lived.door.id}/unlock",
        htmx=True,
        headers={"X-CSRFToken": staff.token},
    )

    assert answer.status_code == 200


def test_a_token_of_another_browser_is_400(app: Flask, lived: Lived, staff: Visitor) -> None:
    other = Visitor(app)
    other.get(SIGN_IN)
    staff.token = other.token

    assert staff.post(f"/admin/doors/{lived.door.id}/unlock").status_code == 400


def test_a_report_of_a_text_needs_no_token_but_a_signature(
    database_url: str, redis_url: str, make_app: MakeApp
) -> None:
    env = {
        **BASE,
        "DATABASE_URL": database_url,
        "REDIS_URL": redis_url,
        "TWILIO_ACCOUNT_SID": "AC" + "0" * 32,
        "TWILIO_AUTH_TOKEN": "token",
        "TWILIO_FROM": "+447700900100",
    }
    texting = make_app(env)

    for path in ("/sms/status", "/sms/inbound"):
        answer = texting.test_client().post(path, data={"MessageSid": "SM1"})
        assert answer.status_code == 403


def test_texts_switched_off_have_no_webhook(visitor: Visitor) -> None:
    for path in ("/sms/status", "/sms/inbound"):
        assert visitor.post_without_token(path).status_code == 404


@pytest.mark.parametrize("htmx", [False, True])
def test_no_get_changes_anything(
    app: Flask,
    session: Session,
    lived: Lived,
    sign_in: Callable[[Role], Visitor],
    htmx: bool,
) -> None:
    owner = sign_in(Role.OWNER)
    before = everything(session)

    for _method, _endpoint, path in routes(app, lived.arguments(), "GET"):
        owner.get(path, htmx=htmx)

    assert everything(session) == before


@pytest.mark.parametrize("method", ["get", "put", "patch", "delete"])
def test_what_changes_state_answers_to_post_alone(
    app: Flask, lived: Lived, sign_in: Callable[[Role], Visitor], method: str
) -> None:
    owner = sign_in(Role.OWNER)
    readable = {path for _method, _endpoint, path in routes(app, lived.arguments(), "GET")}

    for _method, _endpoint, path in routes(app, lived.arguments(), "POST"):
        if path not in readable:
            answer = owner.send(method.upper(), path, htmx=False)
            assert answer.status_code in (400, 404, 405), path


@pytest.mark.parametrize("htmx", [False, True])
def test_a_host_of_another_property_is_refused_whatever_is_ours(
    app: Flask, session: Session, seals: Seals, lived: Lived, htmx: bool
) -> None:
    stranger = Visitor(app)
    stranger.sign_in(make_host(session, make_house(session, "Harbour House")))
    before = everything(session)

    for method, path, _least in closed(app, lived.arguments(), "GET", "POST"):
        if not any(part.isdigit() for part in path.split("/")):
            continue
        answer = send(stranger, method, path, htmx=htmx)
        # A page may send the browser on first, but only to something that tells nothing.
        if answer.status_code in (302, 303):
            end = stranger.get(answer.headers["Location"])
            assert end.status_code == 404 or end.request.path in ("/admin/", "/admin/doors")
            answer = end
        else:
            assert answer.status_code == 404, (method, path)
        assert "Moore" not in answer.text, (method, path)

    assert everything(session) == before


def test_a_host_of_another_property_finds_none_of_our_guests(
    app: Flask, session: Session, lived: Lived
) -> None:
    stranger = Visitor(app)
    stranger.sign_in(make_host(session, make_house(session, "Harbour House")))

    pages = [stranger.get(f"/admin/{path}").text for path in ("", "?q=Moore", "doors", "feeds")]

    assert not any("Moore" in page.replace('value="Moore"', "") for page in pages[:1])
    assert not any(f'id="reservation-row-{lived.alice.id}"' in page for page in pages)
    assert not any(f'id="feed-{lived.feed.id}"' in page for page in pages)
    assert not any(f'id="unlock-{lived.door.id}"' in page for page in pages)
