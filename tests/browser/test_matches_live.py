"""Two hosts place bookings at once: each sees what the other settles, and goes on typing."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from threading import Thread

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import select
from werkzeug.serving import make_server

from app.db import db
from app.factory import create_app
from app.models import Origin, Property, Reservation, Role
from app.seals import Seals
from app.services.enrichment import tend_matches
from app.services.notices import take_notices
from config import Settings
from tests.conftest import BASE
from tests.factories import PASSWORD, booking_mail, make_closed, make_host, make_house
from tests.support.simulator import Simulator

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

A, B = "5100200301", "5100200304"
SOON = 12_000
"""Two rounds of asking, in milliseconds."""


@dataclass
class Place:
    """A house whose pages are served, with rows made beside them."""

    url: str
    house: Property
    seals: Seals
    hosts: dict[str, str]

    def closed(self, number: int, later: int) -> int:
        arrival = now().date() + timedelta(days=later)
        stay = make_closed(
            db.session(), self.house, number, arrival=arrival, seals=self.seals, now=now()
        )
        stay_id = stay.id
        self._tend()
        return stay_id

    def mail(self, reference: str, later: int) -> None:
        said = booking_mail(reference, now().date() + timedelta(days=later), said_at=now())
        session = db.session()
        take_notices(session, self.house, [said], Origin.MAIL, seals=self.seals, now=now())
        self._tend()

    def _tend(self) -> None:
        tend_matches(db.session(), self.house, seals=self.seals, now=now())
        db.session.commit()


def now() -> datetime:
    return datetime.now(UTC)


@pytest.fixture
def place(database_url: str, redis_url: str, simulator: Simulator) -> Iterator[Place]:
    env = {
        **BASE,
        "DATABASE_URL": database_url,
        "REDIS_URL": redis_url,
        "HTMX_URL": simulator.env()["HTMX_URL"],
    }
    app = create_app(Settings.from_environment(env))
    server = make_server("127.0.0.1", 0, app, threaded=True)
    Thread(target=server.serve_forever, daemon=True).start()
    with app.app_context():
        house = make_house(db.session())
        hosts = {}
        for name in ("Sam", "Kim"):
            host = make_host(db.session(), house, Role.STAFF)
            host.name, hosts[name] = name, host.email
        db.session.commit()
        yield Place(f"http://127.0.0.1:{server.server_port}", house, app.extensions["seals"], hosts)
        db.session.remove()
        db.engine.dispose()
    server.shutdown()


@pytest.fixture
def pages(chromium: Browser, place: Place) -> Iterator[dict[str, Page]]:
    """Sam at a desk, Kim on a phone, both signed in; nothing may be refused on their pages."""
    faults: list[str] = []
    found = {}
    for name, size in (("Sam", (1280, 800)), ("Kim", (390, 844))):
        context = chromium.new_context(viewport={"width": size[0], "height": size[1]})
        page = context.new_page()
        page.on("pageerror", lambda fault: faults.append(str(fault)))
        page.on(
            "console",
            lambda said: faults.append(said.text) if "Content Security" in said.text else None,
        )
        page.goto(f"{place.url}/admin/matches")
        page.get_by_label("E-mail").fill(place.hosts[name])
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Sign in").click()
        found[name] = page
    yield found
    for page in found.values():
        page.context.close()
    assert faults == []


def open_page(place: Place, page: Page) -> None:
    page.goto(f"{place.url}/admin/matches")
    page.evaluate("window.notReloaded = true")


def test_what_one_host_settles_the_other_sees_and_undo_brings_it_back(
    place: Place, pages: dict[str, Page]
) -> None:
    sam, kim = pages["Sam"], pages["Kim"]
    place.closed(1, 10)
    place.closed(2, 10)
    place.mail(A, 10)
    for page in (sam, kim):
        open_page(place, page)
        expect(page.get_by_text(f"proposed: {A}").first).to_be_visible()
    assert sam.locator(".bonds path.is-proposed").count() == 2

    sam.get_by_role("button", name=f"Yes, all of these are {A}").click()
    expect(sam.get_by_text("All bookings of this day are known.")).to_be_visible()
    expect(sam.locator("#to-place")).to_have_text("")
    expect(kim.get_by_text("All bookings of this day are known.")).to_be_visible(timeout=SOON)
    expect(kim.get_by_text("Sam, at the dashboard").first).to_be_visible()
    expect(kim.get_by_text("Every booking is known. Nothing is open.")).to_be_visible()
    expect(kim.get_by_role("button", name="Undo")).to_have_count(0)

    sam.get_by_role("button", name="Undo").click()
    expect(sam.get_by_text("Taken back:")).to_be_visible()
    again = f"Yes, all of these are {A}"
    expect(sam.get_by_role("button", name=again)).to_be_visible()
    expect(kim.get_by_role("button", name=again)).to_be_visible(timeout=SOON)
    assert all(page.evaluate("window.notReloaded") for page in (sam, kim))


@pytest.mark.parametrize("moves", [True, False])
def test_what_is_half_typed_outlives_what_comes_to_light(
    place: Place, pages: dict[str, Page], moves: bool
) -> None:
    """In a browser that moves what is preserved, and in one that must take it out and put it in."""
    sam, kim = pages["Sam"], pages["Kim"]
    if not moves:
        kim.add_init_script("delete Element.prototype.moveBefore")
    one, two, three = (place.closed(number, 10) for number in (1, 2, 3))
    place.mail(A, 10)
    place.mail(B, 10)
    for page in (sam, kim):
        open_page(place, page)
    kim.locator(f"label:has(#pick-{one}-{B})").click()
    kim.locator("summary", has_text="Something else").click()
    kim.locator(f"#reference-{two}").press_sequentially("51002")

    sam.locator(f"label:has(#pick-{three}-nobody)").click()
    sam.get_by_role("button", name="Settle").click()
    expect(sam.get_by_role("button", name="Undo")).to_be_visible()

    expect(kim.locator(f"#reference-{three}")).to_have_count(0, timeout=SOON)
    expect(kim.locator(f"#reference-{two}")).to_have_value("51002")
    if moves:
        expect(kim.locator(f"#reference-{two}")).to_be_focused()
    expect(kim.locator(f"#pick-{one}-{B}")).to_be_checked()
    expect(kim.get_by_role("button", name=f"{A} is not a booking of ours")).to_be_visible()

    kim.locator(f"#reference-{two}").press("End")
    kim.locator(f"#reference-{two}").press_sequentially("00301")
    kim.get_by_role("button", name="Settle").click()
    expect(kim.get_by_text("All bookings of this day are known.")).to_be_visible()
    db.session.rollback()
    given = db.session.scalars(
        select(Reservation.reference)
        .where(Reservation.reference.is_not(None))
        .order_by(Reservation.room_id)
    ).all()
    assert given == [B, A]


def test_a_new_day_appears_in_its_place_and_no_other_moves(
    place: Place, pages: dict[str, Page]
) -> None:
    kim = pages["Kim"]
    place.closed(1, 10)
    place.closed(2, 14)
    open_page(place, kim)
    kim.evaluate("document.querySelectorAll('.day').forEach(day => day.mark = true)")

    place.closed(3, 12)

    expect(kim.locator(".day")).to_have_count(3, timeout=SOON)
    marks = kim.evaluate("[...document.querySelectorAll('.day')].map(day => Boolean(day.mark))")
    assert marks == [True, False, True]


def test_a_form_that_cannot_be_done_comes_back_in_place(
    place: Place, pages: dict[str, Page]
) -> None:
    kim = pages["Kim"]
    stay = place.closed(1, 10)
    open_page(place, kim)
    kim.locator(f"#reference-{stay}").fill("??")

    kim.get_by_role("button", name="Settle").click()

    expect(kim.get_by_text("Enter the reference as it is in the booking")).to_be_visible()
    expect(kim.locator(f"#reference-{stay}")).to_have_value("??")
    expect(kim.locator(f"#reference-{stay}")).to_be_focused()
    assert kim.evaluate("window.notReloaded")
