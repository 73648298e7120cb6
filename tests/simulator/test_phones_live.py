"""The phones in a real browser: what is being typed survives whatever else happens."""

from playwright.sync_api import Locator, Page, expect

from tests.simulator.twilio_api import sent
from tests.simulator.webhook import Webhook
from tests.support.simulator import HOST_PHONE, Simulator


def last_bubble(page: Page) -> Locator:
    return page.locator(f"#phone-{HOST_PHONE[1:]} .bubble").last


def test_typing_goes_on_while_texts_arrive(simulator: Simulator, phone_page: Page) -> None:
    phone_page.goto(simulator.url)
    phone_page.get_by_label("Text as Sam").click()
    phone_page.keyboard.type("1234567890")

    sent(simulator, To=HOST_PHONE, Body="Answer OK.")
    expect(last_bubble(phone_page)).to_have_text("Answer OK.")
    phone_page.keyboard.type(": 1-2")

    field = phone_page.get_by_label("Text as Sam")
    expect(field).to_be_focused()
    expect(field).to_have_value("1234567890: 1-2")
    expect(phone_page.locator("#news")).to_have_text("Sam’s phone: Answer OK.")


def test_text_is_sent_by_the_keyboard_and_the_next_can_be_typed(
    simulator: Simulator, webhook: Webhook, phone_page: Page
) -> None:
    simulator.webhook(webhook.url)
    webhook.replies("Done.")
    for number in range(12):
        sent(simulator, To=HOST_PHONE, Body=f"Text {number}, long enough for two lines of it.")
    phone_page.goto(simulator.url)
    phone_page.evaluate("window.notReloaded = true")

    phone_page.get_by_label("Text as Sam").fill("OK")
    phone_page.keyboard.press("Tab")
    phone_page.keyboard.press("Enter")

    expect(last_bubble(phone_page)).to_have_text("Done.")
    expect(last_bubble(phone_page)).to_be_in_viewport()
    expect(phone_page.get_by_label("Text as Sam")).to_be_focused()
    expect(phone_page.get_by_label("Text as Sam")).to_have_value("")
    assert phone_page.evaluate("window.notReloaded")


def test_mail_that_waits_is_sent_when_the_clock_moves_on(
    simulator: Simulator, phone_page: Page
) -> None:
    phone_page.goto(simulator.url)
    phone_page.get_by_label("1", exact=True).check()
    phone_page.locator("select[name=channel]").select_option("Booking.com")
    phone_page.locator("select[name=mail]").select_option("ten minutes late")
    phone_page.get_by_role("button", name="Book", exact=True).click()
    line = phone_page.locator(".mail-line")
    expect(line).to_contain_text("waits until")

    phone_page.get_by_role("button", name="Move the clock on by 10 minutes").click()

    expect(line).to_contain_text("Booking mail sent")
    expect(phone_page.locator("#mailbox")).to_contain_text("Booking.com - New last-minute booking")
    width = phone_page.evaluate("document.documentElement.scrollWidth")
    assert width == 390
