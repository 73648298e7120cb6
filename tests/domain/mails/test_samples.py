"""Each sample mail, read as the list of samples says."""

from datetime import UTC, date, datetime

import pytest

from app.domain.mails import message_id
from app.domain.notices import BookingNotice, MailReading, NoticeKind
from tests.domain.mails.letters import HOST, SAMPLES, doubt, ignored, notice, read, sample

AT_QUARTER_PAST = datetime(2026, 11, 23, 9, 15, tzinfo=UTC)


def booking(
    kind: NoticeKind, number: str, arrival: date, name: str | None = None
) -> tuple[object, ...]:
    return ("booking.com", kind, number, arrival, None, name, None)


def airbnb(
    kind: NoticeKind,
    code: str,
    arrival: date,
    departure: date,
    name: str | None = None,
    party: int | None = None,
) -> tuple[object, ...]:
    return ("airbnb", kind, code, arrival, departure, name, party)


EXPECTED = {
    "01-booking-new-en": booking(NoticeKind.NEW, "5100200301", date(2026, 12, 19)),
    "02-booking-lastminute-en": booking(NoticeKind.NEW, "5100200302", date(2026, 11, 24)),
    "03-booking-modified-en": booking(NoticeKind.MODIFIED, "5100200301", date(2026, 12, 21)),
    "04-booking-cancelled-en-named": booking(
        NoticeKind.CANCELLED, "5100200303", date(2027, 1, 15), "Marlow Teasdale"
    ),
    "05-booking-new-es-encoded-subject-base64": booking(
        NoticeKind.NEW, "5100200304", date(2026, 12, 19)
    ),
    "06-booking-new-it-html-only": booking(NoticeKind.NEW, "5100200305", date(2027, 7, 15)),
    "07-airbnb-confirmed-en": airbnb(
        NoticeKind.NEW, "HMTESTQ2CC", date(2026, 12, 5), date(2026, 12, 9), "Wren Abernathy", 3
    ),
    "08-airbnb-cancelled-en-thin-spaces": airbnb(
        NoticeKind.CANCELLED, "HMTESTQ2EE", date(2027, 2, 10), date(2027, 2, 14)
    ),
    "09-airbnb-confirmed-es": airbnb(
        NoticeKind.NEW, "HMTESTQ2DD", date(2026, 12, 30), date(2027, 1, 3), "Ximena Duarte", 1
    ),
    "10-forwarded-booking-new": booking(NoticeKind.NEW, "5100200306", date(2027, 2, 5)),
}


def facts(found: MailReading) -> tuple[object, ...]:
    assert isinstance(found, BookingNotice), found
    return (
        found.channel,
        found.kind,
        found.reference,
        found.arrival,
        found.departure,
        found.name,
        found.party_size,
    )


@pytest.mark.parametrize("name", EXPECTED)
def test_sample_says_what_its_list_says(name: str) -> None:
    assert facts(read(sample(name), own=(HOST,))) == EXPECTED[name]


@pytest.mark.parametrize("name", EXPECTED)
def test_sample_says_the_same_with_either_line_end(name: str) -> None:
    raw = sample(name).replace(b"\r\n", b"\n")

    assert facts(read(raw.replace(b"\n", b"\r\n"), own=(HOST,))) == EXPECTED[name]


def test_notice_was_said_when_the_mail_is_dated() -> None:
    assert notice(sample("01-booking-new-en")).said_at == AT_QUARTER_PAST


def test_forwarded_sample_is_doubtful_where_its_sender_is_no_host() -> None:
    found = doubt(sample("10-forwarded-booking-new"))

    assert found.number == "5100200306"
    assert "forwarded by owner@example.org" in found.warning


def test_invoice_and_guest_message_are_left_alone() -> None:
    assert "invoice" in ignored(sample("11-noise-booking-invoice")).reason
    assert "message" in ignored(sample("12-noise-guest-message")).reason


def test_every_sample_is_in_this_list() -> None:
    noise = {"11-noise-booking-invoice", "12-noise-guest-message"}

    assert {path.stem for path in SAMPLES.glob("*.eml")} == EXPECTED.keys() | noise


def test_every_sample_has_its_own_id() -> None:
    ids = {message_id(path.read_bytes()) for path in SAMPLES.glob("*.eml")}

    assert "<bk-new-1@mail.example>" in ids
    assert len(ids) == 12
