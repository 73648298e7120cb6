"""Whose mails are believed: those of a booking site's own domain, and no others."""

import pytest

from tests.domain.mails.letters import (
    AIRBNB,
    BOOKING,
    NEW,
    STRANGER,
    bare,
    doubt,
    ignored,
    letter,
    notice,
    read,
)

NUMBER = "5100200301"
AIRBNB_NEW = "Reservation confirmed - Wren Abernathy arrives Dec 5"
AIRBNB_BODY = "CONFIRMATION CODE\nHMTESTQ2CC"


@pytest.mark.parametrize(
    "sender",
    [
        "From: noreply@booking.com",
        "From: NoReply@Booking.COM",
        "from: <noreply@booking.com>",
        'From: "Booking.com (me@evil.example)" <noreply@booking.com>',
        "From: Booking.com <noreply@booking.com> (by me@evil.example)",
        "From: =?utf-8?q?Booking=2Ecom?= <noreply@booking.com>",
    ],
)
def test_exact_domain_is_believed_however_it_is_written(sender: str) -> None:
    assert notice(bare(sender, f"Subject: {NEW}")).reference == NUMBER


@pytest.mark.parametrize(
    "address",
    [
        "noreply@booking.com.evil.example",
        "noreply@booking-com.example",
        "noreply@xbooking.com",
        "noreply@mail.booking.com",
        "noreply@property.booking.com",
        "noreply@booking.co",
        "noreply@bookìng.com",
        "noreply@xn--bookng-dwa.com",
        "noreply@boo\u212aing.com",  # the sign of kelvins, a k in small letters
        "noreply@bооking.com",  # Cyrillic
        "noreply.booking.com@evil.example",
        "noreply@booking.com@evil.example",
        "noreply@booking.com\u200b",
        "noreply@booking.com'",
        "noreply@booking.com.",
        "booking.com@evil.example",
    ],
)
def test_look_alike_is_never_a_notice_and_the_host_is_warned(address: str) -> None:
    found = doubt(bare(f"From: Booking.com <{address}>", f"Subject: {NEW}"))

    assert found.number == NUMBER
    assert "Booking.com" in found.warning
    assert "Nothing was changed" in found.warning


@pytest.mark.parametrize(
    "address",
    ["automated@airbnb.com.evil.example", "automated@airbnb-mail.example", "x@guest.airbnb.com"],
)
def test_look_alike_of_airbnb_is_never_a_notice(address: str) -> None:
    found = doubt(letter(AIRBNB_NEW, AIRBNB_BODY, sender=f"Airbnb <{address}>"))

    assert found.number == "HMTESTQ2CC"
    assert "looks like one from Airbnb" in found.warning


def test_name_shown_counts_for_nothing() -> None:
    found = doubt(letter(NEW, sender="noreply@booking.com via Booking.com <me@evil.example>"))

    assert "was sent by me@evil.example" in found.warning


def test_look_alike_that_speaks_of_no_booking_is_left_alone() -> None:
    body = "Reservation number: 5100200301"

    found = ignored(letter("Verify your account", body, sender="Booking.com <me@evil.example>"))

    assert "not from a booking site" in found.reason


@pytest.mark.parametrize(
    "headers",
    [
        ("From: noreply@booking.com, me@evil.example",),
        ("From: noreply@booking.com", "From: me@evil.example"),
        ("From: me@evil.example", "From: noreply@booking.com"),
        ("From: noreply@booking.com", "From: noreply@booking.com"),
        ("From: noreply@booking.com <me@evil.example>",),
        ("From: me@evil.example <noreply@booking.com>",),
        ("From: =?utf-8?q?noreply@booking.com?= <me@evil.example>",),
        ("From: Hosts: noreply@booking.com, me@evil.example;",),
        ("From: noreply@booking.com, evil.example",),
        ("From: <noreply@booking.com> <me@evil.example>",),
        ("From: <@evil.example:noreply@booking.com>",),
        ("From: noreply@booking.com\u2028.evil.example",),
        ("From: noreply@booking.com" + " " * 3000 + "<me@evil.example>",),
        ("From: Booking.com",),
        ("From:",),
        (),
        ('From: "noreply@booking.com"',),
    ],
)
def test_none_or_several_senders_are_not_believed(headers: tuple[str, ...]) -> None:
    found = doubt(bare(*headers, f"Subject: {NEW}"))

    assert found.number == NUMBER
    assert "who it is from" in found.warning


def test_unclear_sender_that_speaks_of_no_booking_is_left_alone() -> None:
    ignored(bare("From: a@example.com, b@example.com", "Subject: Lunch?"))


@pytest.mark.parametrize("sender", [BOOKING, AIRBNB])
def test_mail_that_its_senders_server_disowns_is_not_believed(sender: str) -> None:
    verdict = "mx.example; spf=fail; dkim=none; dmarc=fail (p=reject) header.from=booking.com"

    raw = letter(f"{NEW} HMTESTQ2CC", sender=sender, Authentication_Results=verdict)

    assert "forged" in doubt(raw).warning


def test_mail_that_its_senders_server_confirms_is_believed() -> None:
    notice(letter(NEW, Authentication_Results="mx.example; dmarc=pass header.from=booking.com"))


# Anybody else


@pytest.mark.parametrize(
    ("subject", "body", "number"),
    [
        ("Booking confirmed (12345678)", "", "12345678"),
        ("Your reservation", "Reservation number: 12345678", "12345678"),
        ("Nieuwe boeking (12345678)", "", "12345678"),
        ("New booking from Expedia", "Confirmation code: 1234AB78", "1234AB78"),
        ("Reservation VRB-HA-T3ST01-AAAAA", "", "VRB-HA-T3ST01-AAAAA"),
    ],
)
def test_booking_of_an_unknown_sender_is_shown_to_the_host(
    subject: str, body: str, number: str
) -> None:
    found = doubt(letter(subject, body, sender=STRANGER))

    assert found.number == number
    assert "not one of the booking sites" in found.warning


@pytest.mark.parametrize(
    ("subject", "body"),
    [
        ("Lunch on Friday?", "Call me: +44 1632 960123"),
        ("Your order (12345678)", "Order confirmation: 12345678"),
        ("Book club", "No number here"),
        ("Re: our booking (12345678)", "See you soon"),
        ("Your parcel", "Reference: AB12345678"),
    ],
)
def test_other_mail_of_an_unknown_sender_is_left_alone(subject: str, body: str) -> None:
    ignored(letter(subject, body, sender=STRANGER))


def test_mail_without_anything_is_left_alone() -> None:
    ignored(b"")


def test_warning_fits_on_one_line_whatever_the_subject() -> None:
    found = doubt(letter("New booking (12345678) " + "x" * 900, sender=STRANGER))

    assert len(found.warning) < 500


def test_control_characters_do_not_reach_the_host() -> None:
    subject = "=?utf-8?q?New_booking_(12345678)=00=0A=E2=80=AEforged?="

    found = doubt(bare(f"From: {STRANGER}", f"Subject: {subject}"))

    assert found.warning.isprintable()
    assert read(bare(f"From: {STRANGER}", f"Subject: {subject}")) == found
