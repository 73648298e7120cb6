"""Opening a mail: headers, text, links, and when it was said."""

from datetime import UTC, datetime, timedelta

import pytest

from app.domain.mails import message_id
from app.domain.mails.envelope import Envelope, opened
from app.domain.mails.html_text import read_html
from tests.domain.mails.letters import RECEIVED, bare, letter


def open_(raw: bytes) -> Envelope:
    return opened(raw, RECEIVED)


def at(hour: int, minute: int = 0, day: int = 23) -> datetime:
    return datetime(2026, 11, day, hour, minute, tzinfo=UTC)


@pytest.mark.parametrize(
    ("header", "subject"),
    [
        ("Plain", "Plain"),
        ("Folded\r\n  twice\r\n\there", "Folded twice here"),
        ("=?utf-8?q?N=C3=BCmmer_?= =?utf-8?b?w6R4?=", "Nümmer äx"),
        ("=?iso-8859-1?q?caf=E9?= au lait", "café au lait"),
        ("=?utf-8?q?thin=E2=80=89space=C2=A0here?=", "thin space here"),
        ("=?utf-8?q?one=E2=80=8Bword?=", "oneword"),
        ("=?no-such-charset?q?caf=C3=A9?=", "café"),
        ("=?utf-8?b?broken!?=", "=?utf-8?b?broken!?="),
        ("Grüße, raw", "Grüße, raw"),
        ("", ""),
    ],
)
def test_subject_is_read_as_people_see_it(header: str, subject: str) -> None:
    assert open_(bare(f"Subject: {header}")).subject == subject


@pytest.mark.parametrize(
    ("date", "said_at"),
    [
        ("Mon, 23 Nov 2026 09:15:00 +0000", at(9, 15)),
        ("Mon, 23 Nov 2026 01:15:00 -0800", at(9, 15)),
        ("Mon, 23 Nov 2026 09:15:00 -0000", at(9, 15)),
        ("Mon, 23 Nov 2026 09:15:00", at(9, 15)),
        ("Tue, 24 Nov 2026 09:00:00 +0000", at(9, 0, day=24)),
        ("Tue, 24 Nov 2026 10:00:00 +0000", RECEIVED),
        ("Mon, 23 Nov 2076 09:15:00 +0000", RECEIVED),
        ("Thu, 1 Jan 1970 00:00:00 +0000", RECEIVED),
        ("Mon, 1 Jan 0900 00:00:00 +2359", RECEIVED),
        ("Fri, 31 Dec 9999 23:59:59 -2359", RECEIVED),
        ("yesterday", RECEIVED),
        ("", RECEIVED),
    ],
)
def test_date_is_believed_unless_it_is_nonsense_or_to_come(date: str, said_at: datetime) -> None:
    assert open_(bare(f"Date: {date}")).said_at == said_at


def test_mail_without_a_date_was_said_when_it_came() -> None:
    assert open_(bare("Subject: x")).said_at == RECEIVED


def test_clock_of_the_sender_may_be_ahead_by_less_than_a_day() -> None:
    soon = RECEIVED + timedelta(hours=23)

    assert open_(bare(f"Date: {soon:%d %b %Y %H:%M:%S} +0000")).said_at == soon


def test_plain_text_comes_before_html_and_links_come_from_both() -> None:
    raw = letter("x", "Plain https://a.example/1", html='<a href="https://b.example/2">B</a>')

    mail = open_(raw)

    assert mail.text.strip() == "Plain https://a.example/1"
    assert mail.links == ("https://a.example/1", "https://b.example/2")


def test_html_is_read_where_the_plain_text_is_empty() -> None:
    assert open_(letter("x", " \n", html="<p>Hello</p>")).text == "Hello"


@pytest.mark.parametrize(
    ("charset", "data"),
    [
        ("utf-8", "Grüße".encode()),
        ("iso-8859-15", "Grüße".encode("iso-8859-15")),
        ("us-ascii", "Grüße".encode()),
        ("no-such-thing", "Grüße".encode()),
        ("zlib", "Grüße".encode()),
        ("punycode", "Grüße".encode()),
        ("us-ascii", "Grüße".encode("cp1252")),
        ('"utf-16"', "Grüße".encode("utf-16")),
    ],
)
def test_text_is_read_in_its_charset_or_else_as_well_as_can_be(charset: str, data: bytes) -> None:
    raw = f"Content-Type: text/plain; charset={charset}\r\n\r\n".encode() + data

    assert open_(raw).text == "Grüße"


def test_attachments_and_mails_within_are_not_its_text() -> None:
    raw = bare(
        "Content-Type: multipart/mixed; boundary=b",
        body=(
            "--b\r\nContent-Type: text/plain\r\nContent-Disposition: attachment\r\n\r\nA file\r\n"
            "--b\r\nContent-Type: message/rfc822\r\n\r\nSubject: y\r\n\r\nAnother mail\r\n"
            "--b\r\nContent-Type: text/plain\r\n\r\nIts text\r\n--b--\r\n"
        ),
    )

    assert open_(raw).text == "Its text"


# HTML


def test_html_becomes_a_line_for_each_block_and_row() -> None:
    page = read_html(
        "<html><head><title>No</title><style>p{}</style></head><body><!-- no <p>no</p> -->"
        "<h1>New\n booking</h1><p>From: <b>Booking</b> &lt;a@b.example&gt;<br>Next</p>"
        "<table><tr><td>Check-in</td><td>Checkout</td></tr><tr><td>Dec&nbsp;5</td>"
        "<td>Dec 9</td></tr></table><script>no()</script><![endif]>End</body></html>"
    )

    assert page.text.split("\n") == [
        "New booking",
        "From: Booking <a@b.example>",
        "Next",
        "Check-in  Checkout",
        "Dec\xa05  Dec 9",
        "End",
    ]


def test_links_are_those_of_anchors() -> None:
    page = read_html(
        '<a class="x" href="https://a.example/?a=1&amp;b=2">A</a><A HREF=https://b.example>B</A>'
        '<img src="https://no.example"><link href="https://no.example"><a name="c">C</a>'
    )

    assert page.links == ("https://a.example/?a=1&b=2", "https://b.example")


# Its own id


def test_id_is_the_header() -> None:
    assert message_id(bare("Message-ID: <one@mail.example>")) == "<one@mail.example>"
    assert message_id(bare("MESSAGE-ID:\r\n <one@mail.example> ")) == "<one@mail.example>"


@pytest.mark.parametrize(
    "header", ["Subject: x", "Message-ID:", "Message-ID: \x00 ", "Message-ID: <" + "x" * 300 + ">"]
)
def test_mail_without_a_usable_id_gets_one_of_its_bytes(header: str) -> None:
    raw = bare(header, body="Hello")

    made = message_id(raw)

    assert made.startswith("sha256:")
    assert made == message_id(raw.replace(b"\r\n", b"\n"))
    assert made != message_id(raw + b"!")
