"""Mails are anybody's: none raises, none takes long, none is believed for being broken."""

from datetime import UTC, datetime

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from app.domain.mails import message_id, read_mail
from app.domain.notices import BookingNotice, Doubtful, NotABooking, NoticeKind
from tests.domain.mails.letters import HOST, NEW, RECEIVED, SAMPLES, notice

HEADERS = f"From: noreply@booking.com\nSubject: {NEW}\n".encode()
TWO_MEGABYTES = 2 * 1024 * 1024
GENUINE = [path.read_bytes() for path in sorted(SAMPLES.glob("*.eml"))]
SPLINTERS = [
    b"\x00", b"\xff", b"\r", b"\n\n", b"=?utf-8?b?", b"?=", b'"', b"(", b"\\", b"=\n", b"--b\n",
    b"From: a@b.example, c@d.example\n", b"Content-Type: multipart/mixed; boundary=b\n",
    b"Content-Type: message/rfc822\n", b"; charset=utf-16", b"charset*0*=x''%ff",
    b"Content-Transfer-Encoding: uuencode\n", b"Content-Transfer-Encoding: base64\n",
    b"Date: Mon, 99 Nov 9999 99:99:99 +9999\n", b"\xed\xa0\x80", b"29 feb", b"HMTESTQ2CC",
]  # fmt: skip


@st.composite
def broken(draw: st.DrawFn) -> bytes:
    """A genuine mail with splinters driven in somewhere, and pieces broken out."""
    raw = draw(st.sampled_from(GENUINE))
    for _ in range(draw(st.integers(1, 6))):
        start = draw(st.integers(0, len(raw)))
        splinter = draw(st.sampled_from([*SPLINTERS, b""]) | st.binary(max_size=8))
        raw = raw[:start] + splinter + raw[start + draw(st.integers(0, 60)) :]
    return raw


def check(raw: bytes) -> None:
    found = read_mail(raw, RECEIVED, (HOST,))
    assert isinstance(found, BookingNotice | NotABooking | Doubtful)
    said = [value for value in vars(found).values() if isinstance(value, str)]
    for text in (*said, message_id(raw)):
        assert "\x00" not in text
        text.encode()


@given(st.binary(max_size=2_000))
@example(b"\xff\xfe")
@example(b"From: \xff@\xff\nSubject: =?utf-7?b?KzJBQS0=?=\n\n\x00")
@example(b"Content-Type: text/plain; charset=undefined\n\nx")
def test_any_bytes_are_read(raw: bytes) -> None:
    check(raw)


@settings(max_examples=300)
@given(broken())
def test_broken_mails_are_read(raw: bytes) -> None:
    check(raw)


@given(st.binary(max_size=60), st.integers(0, 7_000_000_000))
def test_any_date_is_read(date: bytes, at: int) -> None:
    raw = b"From: automated@airbnb.com\nSubject: Reservation confirmed - A arrives Feb 29\nDate: "

    read_mail(raw + date + b"\n\nHMTESTQ2CC", datetime.fromtimestamp(at, UTC), ())


# Bombs: each takes a second or so; nothing of this is measured, but a slow one would time out.


def nested(levels: int, end: str) -> bytes:
    parts = (
        f'Content-Type: multipart/mixed; boundary="b{i}"{end}{end}--b{i}{end}'
        for i in range(levels)
    )
    return HEADERS + "".join(parts).encode()


def filled(before: bytes, piece: bytes) -> bytes:
    return HEADERS + before + piece * (TWO_MEGABYTES // len(piece))


BOMBS = {
    "5,000 nested parts": nested(5_000, "\n"),
    "nested parts with CR alone": nested(5_000, "\r"),
    "nested mails": HEADERS + b"Content-Type: message/rfc822\n\n" * 5_000,
    "parts side by side": filled(b"Content-Type: multipart/mixed; boundary=b\n\n", b"--b\n\nx\n"),
    "a digest": filled(b"Content-Type: multipart/digest; boundary=b\n\n", b"--b\n\n\n"),
    "parameters": filled(b"Content-Type: text/plain", b";"),
    "folded parameters": filled(b"Content-Type: text/plain", b"\n ;"),
    "headers": filled(b"", b"a:b\n"),
    "coded words": filled(b"Comments: x\nTo: ", b"=?a?q?"),
    "quotes": filled(b"X: ", b'"'),
    "a slow charset": filled(b"Content-Type: text/plain; charset=punycode\n\n", b"a"),
    "open tags": filled(b"Content-Type: text/html\n\n", b"<div>"),
    "closed tags": filled(b"Content-Type: text/html\n\n", b"</div>"),
    "broken tags": filled(b"Content-Type: text/html\n\n", b"<"),
    "open comments": filled(b"Content-Type: text/html\n\n", b"<!--"),
    "open declarations": filled(b"Content-Type: text/html\n\n", b"<![CDATA["),
    "open scripts": filled(b"Content-Type: text/html\n\n", b"<script>"),
    "links": filled(b"Content-Type: text/html\n\n", b"<a href=x>"),
    "entities": filled(b"Content-Type: text/html\n\n", b"&#"),
    "empty lines": filled(b"\n", b"\n"),
}


@pytest.mark.parametrize("bomb", BOMBS)
def test_bomb_is_read_by_its_headers(bomb: str) -> None:
    found = notice(BOMBS[bomb])

    assert (found.kind, found.reference) == (NoticeKind.NEW, "5100200301")


@pytest.mark.parametrize(
    "piece", ["Check-in\n", "GUESTS\n", "Dec 5 – ", "HM", "From: a@b.example\n"]
)
@pytest.mark.parametrize(
    "headers",
    [
        "From: automated@airbnb.com\nSubject: Reservation confirmed - Wren arrives Dec 5",
        "From: automated@airbnb.com\nSubject: Canceled: Reservation HMTESTQ2CC",
        f"From: {HOST}\nSubject: Fwd: {NEW}",
        "From: somebody@example.net\nSubject: New booking",
    ],
)
def test_long_text_is_read(headers: str, piece: str) -> None:
    body = piece * (TWO_MEGABYTES // len(piece.encode()))

    check(f"{headers}\n\n{body}".encode())
