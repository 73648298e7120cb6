"""In a real browser: pages that change by themselves, and nothing blocked by their own policy."""

import pytest
from playwright.sync_api import Page, expect

from tests.support.simulator import PHONE
from tests.support.world import World

pytestmark = pytest.mark.parametrize("world", ["sqlite"], indirect=True)

SECONDS = 15_000


def check_in(page: Page, world: World, reference: str) -> None:
    page.goto(world.url)
    page.get_by_label("Your booking reference").fill(reference.lower())
    page.get_by_role("button", name="Continue").click()
    page.get_by_label("Last name or last four digits of your phone number").fill(PHONE[-4:])
    page.get_by_role("button", name="Continue").click()
    page.get_by_label("Full name").fill("Alice Moore")
    page.get_by_label("Mobile phone").fill(PHONE)
    page.get_by_role("button", name="Check in").click()


def test_codes_of_all_doors_appear_without_a_reload_and_unlock_tells_the_truth(
    world: World, phone_page: Page
) -> None:
    for gateway in (501, 502, 503):
        world.simulator.gateway(gateway, delay_seconds=1)
    reference = world.simulator.book(1, 2)
    world.sync()
    check_in(phone_page, world, reference)
    expect(phone_page.get_by_text("Your codes are on their way")).to_be_visible()
    phone_page.evaluate("window.notReloaded = true")

    expect(phone_page.locator("data.code")).to_have_count(3, timeout=SECONDS)
    expect(phone_page.get_by_role("heading", name="You can go in now")).to_be_visible()
    assert phone_page.evaluate("window.notReloaded")

    digits = phone_page.locator("data.code").first.get_attribute("value") or ""
    assert world.simulator.keypad(1001, digits)
    phone_page.get_by_role("button", name="Unlock Front door").click()
    expect(phone_page.get_by_text("Unlocking…").first).to_be_visible()
    expect(phone_page.get_by_text("Open. Turn the handle now.")).to_be_visible(timeout=SECONDS)
    assert phone_page.evaluate("window.notReloaded")


def test_host_checks_in_and_takes_it_back_in_place(world: World, phone_page: Page) -> None:
    world.simulator.book(1)
    world.sync()
    phone_page.goto(f"{world.url}/admin/")
    phone_page.get_by_label("E-mail").fill("sam@example.com")
    phone_page.get_by_label("Password").fill("heron on the towpath")
    phone_page.get_by_role("button", name="Sign in").click()
    phone_page.evaluate("window.notReloaded = true")

    phone_page.get_by_role("button", name="Check in").click()
    expect(phone_page.get_by_role("button", name="Undo")).to_be_visible()
    expect(phone_page.locator("#counters")).to_contain_text("1")
    expect(phone_page.get_by_text("ready").first).to_be_visible(timeout=SECONDS)
    phone_page.get_by_role("button", name="Undo").click()
    expect(phone_page.get_by_role("button", name="Check in")).to_be_visible()

    assert phone_page.evaluate("window.notReloaded")
