"""Booking sites' mails that a host forwards by hand."""

from datetime import UTC, date, datetime

import pytest

from app.domain.notices import NoticeKind
from tests.domain.mails.letters import HOST, NEW, STRANGER, doubt, ignored, letter, notice

OWN = (HOST, "cohost@example.org")
OWNER = f"Owner <{HOST}>"
ORIGINAL = f"""\
Please add this.

---------- Forwarded message ---------
From: Booking.com <noreply@booking.com>
Date: Sun, 22 Nov 2026 at 09:58
Subject: {NEW}
To: <{HOST}>

You have just received a new booking.
https://admin.booking.com/booking.html?res_id=5100200301
"""


def forwarded(subject: str, body: str = ORIGINAL, sender: str = OWNER, **more: str) -> bytes:
    return letter(subject, body, sender=sender, **more)


@pytest.mark.parametrize(
    "prefix",
    [
        "Fwd: ",
        "FW: ",
        "WG: ",
        "TR: ",
        "RV: ",
        "I: ",
        "Doorst: ",
        "Fwd: Fwd: ",
        "fw: WG:Re: ",
        "Re: FW: ",
    ],
)
def test_prefix_in_any_language_is_taken_off(prefix: str) -> None:
    found = notice(forwarded(prefix + NEW), OWN)

    assert (found.channel, found.kind) == ("booking.com", NoticeKind.NEW)
    assert (found.reference, found.arrival) == ("5100200301", date(2026, 12, 19))


@pytest.mark.parametrize(
    "line",
    [
        "From: noreply@booking.com",
        "Von: Booking.com <noreply@booking.com>",
        "> De : Booking.com <noreply@booking.com>",
        "*Van:* Booking.com <noreply@booking.com>",
        "Da: Booking.com [mailto:noreply@booking.com]",
        "Från: <NoReply@Booking.com>",
        "差出人: Booking.com <noreply@booking.com>",
    ],
)
def test_original_sender_is_found_below_a_label_in_any_language(line: str) -> None:
    body = ORIGINAL.replace("From: Booking.com <noreply@booking.com>", line)

    assert notice(forwarded(f"Fwd: {NEW}", body), OWN).reference == "5100200301"


def test_original_in_html_is_found() -> None:
    html = (
        "<div>Forwarded message<br>From: <b>Booking.com</b> "
        '&lt;<a href="mailto:noreply@booking.com">noreply@booking.com</a>&gt;<br>'
        f"Subject: {NEW}</div>"
    )

    raw = letter(f"Fwd: {NEW}", sender=OWNER, html=html)

    assert notice(raw, OWN).reference == "5100200301"


def test_subject_of_the_original_is_read_where_the_host_wrote_another() -> None:
    assert notice(forwarded("One more for you"), OWN).reference == "5100200301"


def test_airbnb_mail_is_read_when_forwarded() -> None:
    body = (
        "From: Airbnb <automated@airbnb.com>\nCheck-in  Checkout\nDec 5  Dec 9\n"
        "CONFIRMATION CODE\nHMTESTQ2CC"
    )

    subject = "Fwd: Reservation confirmed - Wren Abernathy arrives Dec 5"
    found = notice(forwarded(subject, body), OWN)

    assert (found.channel, found.name) == ("airbnb", "Wren Abernathy")
    assert found.departure == date(2026, 12, 9)


def test_notice_was_said_when_the_original_was_sent() -> None:
    assert notice(forwarded(f"Fwd: {NEW}"), OWN).said_at == datetime(
        2026, 11, 22, 9, 58, tzinfo=UTC
    )


@pytest.mark.parametrize(
    ("line", "said_at"),
    [
        ("Sent: Sunday, November 22, 2026 1:05 PM", datetime(2026, 11, 22, 13, 5, tzinfo=UTC)),
        ("Sent: Sunday, November 22, 2026 12:05 AM", datetime(2026, 11, 22, 0, 5, tzinfo=UTC)),
        ("Fecha: 22 de noviembre de 2026", datetime(2026, 11, 22, tzinfo=UTC)),
        ("Date: tomorrow", datetime(2026, 11, 23, 9, 15, tzinfo=UTC)),
        ("Date: 24 December 2026 at 10:00", datetime(2026, 11, 23, 9, 15, tzinfo=UTC)),
    ],
)
def test_original_is_never_later_than_its_forwarding(line: str, said_at: datetime) -> None:
    body = ORIGINAL.replace("Date: Sun, 22 Nov 2026 at 09:58", line)

    assert notice(forwarded(f"Fwd: {NEW}", body), OWN).said_at == said_at


def test_mail_forwarded_from_host_to_host_is_read() -> None:
    body = f"From: cohost@example.org\nSubject: Fwd: {NEW}\n\n{ORIGINAL}"

    assert notice(forwarded(f"Fwd: Fwd: {NEW}", body), OWN).reference == "5100200301"


@pytest.mark.parametrize(
    "body",
    [
        "Can you add this one?",
        ORIGINAL.replace("noreply@booking.com", "noreply@booking.com.evil.example"),
        ORIGINAL.replace("<noreply@booking.com>", ""),
        ORIGINAL.replace("noreply@booking.com>", "noreply@booking.com> me@evil.example"),
        f"From: {STRANGER}\nSubject: Fwd: {NEW}\n\n{ORIGINAL}",
    ],
)
def test_forwarded_mail_without_a_site_for_its_sender_is_shown_to_the_host(body: str) -> None:
    found = doubt(forwarded(f"Fwd: {NEW}", body), OWN)

    assert found.number == "5100200301"
    assert "sent it first" in found.warning


def test_forwarded_by_a_stranger_is_not_believed() -> None:
    found = doubt(forwarded(f"Fwd: {NEW}", sender=STRANGER), OWN)

    assert found.number == "5100200301"
    assert "forwarded by somebody@example.net, which is no host’s address" in found.warning


def test_forged_host_is_not_believed() -> None:
    verdict = "mx.example; dmarc=fail header.from=example.org"

    raw = forwarded(f"Fwd: {NEW}", Authentication_Results=verdict)

    assert "forged" in doubt(raw, OWN).warning


def test_hosts_own_words_before_the_original_are_not_read() -> None:
    body = f"Like https://admin.booking.com/?res_id=5100200399 last week.\n{ORIGINAL}"

    assert notice(forwarded(f"Fwd: {NEW}", body), OWN).reference == "5100200301"


def test_hosts_own_mail_is_left_alone() -> None:
    ignored(forwarded("Booking (12345678) is mine", "Keep room 1."), OWN)
