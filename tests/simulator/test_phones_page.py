"""The phones, the clock and the mails on the house page, by plain forms."""

import re

import pytest
import requests

from tests.ports.loopback import closed_port
from tests.simulator.house_page import dates, page, pressed, section
from tests.simulator.twilio_api import sent
from tests.simulator.webhook import Webhook
from tests.support.simulator import HOST_PHONE, PHONE, STAFF_PHONE, Simulator
from tests.support.waiting import eventually

SAM = f"phones/{HOST_PHONE[1:]}/texts"
KEPT = "Twilio keeps it, and Latchkey fetches it later."


def phones(source: str) -> dict[str, str]:
    """Return each phone's part of the page by its heading."""
    parts = section(source, "phones").split("<article")[1:]
    found = {}
    for part in parts:
        heading = re.search(r"<h3[^>]*>(.*?)</h3>", part)
        assert heading is not None
        found[re.sub("<[^>]+>", "", heading[1]).strip()] = part
    return found


def bubbles(phone: str) -> list[tuple[str, str]]:
    """Return who wrote each text of a conversation, and what."""
    return re.findall(r'unseen">(.*?) wrote: </span>\s*<p class="bubble">(.*?)</p>', phone)


def sam(source: str) -> str:
    return phones(source)[f"Sam {HOST_PHONE}"]


def channel(simulator: Simulator, **changed: object) -> str:
    form = {"room": "1", "channel": "booking", "mail": "at-once", **dates(simulator, 3, 4)}
    return section(pressed(simulator, "bookings", {**form, **changed}).text, "channel")


def test_hosts_phones_come_first_and_then_whoever_texts_or_is_texted(
    simulator: Simulator,
) -> None:
    simulator.book(1, guest="Alice Moore")
    sent(simulator, To=PHONE)
    simulator.text("hello", number="+4915112345678")

    assert list(phones(page(simulator))) == [
        f"Sam {HOST_PHONE}",
        f"Kim {STAFF_PHONE}",
        f"Alice Moore {PHONE}",
        "+4915112345678",
    ]


def test_text_is_posted_as_from_that_phone_and_its_answer_is_shown_below(
    simulator: Simulator, webhook: Webhook
) -> None:
    simulator.webhook(webhook.url)
    webhook.replies("Done: rooms 1 and 2.")

    done = pressed(simulator, SAM, {"body": "1234567890: 1-2\r\n1234567890: 2-2"})

    [form] = webhook.forms()
    assert (form["From"], form["Body"]) == (HOST_PHONE, "1234567890: 1-2\n1234567890: 2-2")
    assert done.history[0].headers["Location"].endswith(f"#phone-{HOST_PHONE[1:]}")
    assert bubbles(sam(done.text)) == [
        ("Sam", "1234567890: 1-2<br>1234567890: 2-2"),
        ("Latchkey", "Done: rooms 1 and 2."),
    ]
    assert re.search(r"<textarea[^>]*>\s*</textarea>", sam(done.text))


@pytest.mark.parametrize("status", [403, 500])
def test_text_that_latchkey_does_not_take_says_what_becomes_of_it(
    simulator: Simulator, webhook: Webhook, status: int
) -> None:
    simulator.webhook(webhook.url)
    webhook.answers("<h1>No</h1>", status)

    done = pressed(simulator, SAM, {"body": "OK"})

    assert f"Latchkey could not take it ({status}); {KEPT}" in sam(done.text)


def test_text_without_an_answer_says_what_becomes_of_it(simulator: Simulator) -> None:
    simulator.webhook(f"http://127.0.0.1:{closed_port()}/sms/inbound")

    done = pressed(simulator, SAM, {"body": "OK"})

    assert bubbles(sam(done.text)) == [("Sam", "OK")]
    assert f"Latchkey did not answer; {KEPT}" in sam(done.text)


def test_text_is_on_its_way_while_latchkey_thinks(simulator: Simulator, webhook: Webhook) -> None:
    simulator.webhook(webhook.url)
    webhook.hangs()

    done = pressed(simulator, SAM, {"body": "OK"})
    webhook.lets_go()

    assert "On its way to Latchkey…" in sam(done.text)
    eventually(lambda: "On its way" not in sam(page(simulator)))


@pytest.mark.parametrize(
    ("body", "said"),
    [("", "Write something first."), ("   \n", "Write something first."), ("x" * 1601, "1,600")],
)
def test_text_that_cannot_be_sent_says_why_and_is_kept_in_the_field(
    simulator: Simulator, body: str, said: str
) -> None:
    done = pressed(simulator, SAM, {"body": body})

    field = re.search(r'aria-invalid="true"[^>]*>\n(.*?)</textarea>', sam(done.text), re.DOTALL)
    assert said in sam(done.text)
    assert field is not None
    assert field[1].strip() == body.strip()
    assert simulator.state()["texts"] == []


def test_phone_that_is_nobodys_cannot_text(simulator: Simulator) -> None:
    assert pressed(simulator, "phones/447700900999/texts", {"body": "OK"}).status_code == 404


def test_text_that_did_not_arrive_is_said_to_be_so(simulator: Simulator) -> None:
    simulator.phone(HOST_PHONE, outcome="undelivered", error_code=30006)
    sent(simulator, To=HOST_PHONE)

    eventually(lambda: "Did not arrive (30006)" in sam(page(simulator)))


def test_phone_that_opted_out_says_so_and_who_answered(simulator: Simulator) -> None:
    done = pressed(simulator, SAM, {"body": "STOP"})

    assert "This phone has opted out" in sam(done.text)
    assert bubbles(sam(done.text))[1][0] == "Twilio"


def test_what_is_texted_is_text_and_its_links_are_links(
    simulator: Simulator, webhook: Webhook
) -> None:
    simulator.webhook(webhook.url)
    webhook.replies("See https://stay.example.com/a&amp;b")

    done = pressed(simulator, SAM, {"body": "<script>alert(1)</script>"})

    assert "<script>alert" not in done.text
    assert '<a href="https://stay.example.com/a&amp;b"' in done.text


def test_press_by_htmx_answers_with_the_phones_alone_and_an_empty_field(
    simulator: Simulator,
) -> None:
    part = pressed(simulator, SAM, {"body": "OK"}, **{"HX-Request": "true"}).text

    assert part.startswith('<section id="phones"')
    assert re.search(r'id="text-447700900123-1"[^>]* autofocus>\s*</textarea>', part)
    assert part.count("autofocus") == 1


def test_news_on_a_hosts_phone_is_told_to_those_who_do_not_see_it(simulator: Simulator) -> None:
    sent(simulator, To=HOST_PHONE, Body="Answer OK.")

    url = f"{simulator.url}/part/phones?seen=0"
    polled = requests.get(url, headers={"HX-Request": "true"}, timeout=10).text

    assert '<p id="news" hx-swap-oob="innerHTML">Sam’s phone: Answer OK.</p>' in polled
    assert '<p id="news" class="unseen" role="status"></p>' in page(simulator)


# Mails and the clock


@pytest.mark.parametrize(
    ("choice", "said"),
    [
        ("at-once", r"Booking mail sent \d\d:\d\d\."),
        ("late", r"Booking mail waits until \d\d:\d\d by the house’s clock\."),
        ("twice", r"Booking mail sent \d\d:\d\d, 2 times\."),
        ("never", r"No mail was sent\."),
    ],
)
def test_booking_says_what_became_of_its_mail(simulator: Simulator, choice: str, said: str) -> None:
    simulator.mail(delay_seconds=60, copies=3)  # the form's word counts

    assert re.search(f'class="mail-line"[^>]*>{said}</p>', channel(simulator, mail=choice))


def test_calendar_that_sends_no_mail_says_so(simulator: Simulator) -> None:
    assert "This calendar sends no mail." in channel(simulator, channel="other")


def test_choice_of_mail_is_kept_when_the_form_is_wrong(simulator: Simulator) -> None:
    wrong = channel(simulator, room=[], mail="twice")

    assert '<option value="twice" selected>twice</option>' in wrong


def test_clock_moves_on_by_ten_minutes_and_late_mail_is_there(simulator: Simulator) -> None:
    waits = channel(simulator, mail="late")

    done = pressed(simulator, "clock", {})

    assert "hx-trigger" in re.findall('class="mail-line"[^>]*>', waits)[0]
    assert "10 min ahead of the real time" in section(done.text, "clock")
    assert "Booking mail sent" in section(done.text, "channel")
    assert "hx-trigger" not in re.findall('class="mail-line"[^>]*>', done.text)[0]


def test_clock_goes_back_to_the_real_time(simulator: Simulator) -> None:
    simulator.advance(2 * 3600)
    ahead = section(page(simulator), "clock")

    done = pressed(simulator, "clock", {"to": "real"})

    assert "2 h ahead of the real time" in ahead
    assert "ahead" not in section(done.text, "clock")
    assert simulator.state()["clock_offset"] == 0


def test_mailbox_shows_what_came_and_what_waits(simulator: Simulator) -> None:
    channel(simulator, mail="late")
    channel(simulator, channel="airbnb", guest="Bob Reed")

    mailbox = section(page(simulator), "mailbox")

    assert re.search(r"Booking\.com - New booking! .*?Booking\.com, waits until", mailbox, re.S)
    assert "Reservation confirmed - Bob Reed arrives" in mailbox


def test_mail_line_of_a_booking_that_is_gone_is_asked_for_no_more(simulator: Simulator) -> None:
    gone = requests.get(f"{simulator.url}/part/mail/HMGONE0000", timeout=10)

    assert gone.status_code == 286
