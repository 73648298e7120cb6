"""The host's mailbox: when mails arrive there, and that they arrive whole."""

from datetime import timedelta

import pytest
import requests

from tests.simulator.mailbox import mails, only_mail
from tests.support.simulator import Simulator
from tests.support.waiting import eventually

TEN_MINUTES = 600


def book(simulator: Simulator, *rooms: int, **told: object) -> str:
    return simulator.book(*rooms or (1,), channel="booking", mail=told)


def waiting(simulator: Simulator) -> list[str]:
    return [mail["reference"] for mail in simulator.outgoing_mails()["waiting"]]


def test_mail_is_there_when_the_booking_is_made(simulator: Simulator) -> None:
    number = book(simulator)

    [told] = simulator.outgoing_mails()["delivered"]
    [file] = (simulator.maildir / "new").iterdir()
    assert number in only_mail(simulator)["Subject"]
    assert told["files"] == [file.name]
    assert told["raw"] == file.read_text()
    assert list((simulator.maildir / "tmp").iterdir()) == []


def test_late_mail_comes_when_the_worlds_time_has_passed(simulator: Simulator) -> None:
    number = book(simulator, delay_seconds=TEN_MINUTES)

    simulator.advance(TEN_MINUTES - 60)
    too_early = mails(simulator), waiting(simulator)
    simulator.advance(60)

    assert too_early == ([], [number])
    assert number in only_mail(simulator)["Subject"]
    assert waiting(simulator) == []


def test_late_mail_tells_when_it_was_written(simulator: Simulator) -> None:
    book(simulator, delay_seconds=3 * 86_400)
    simulator.advance(3 * 86_400)

    written = only_mail(simulator)["Date"].datetime.date()
    assert written - simulator.today() <= timedelta(days=1)


def test_late_mail_comes_by_itself_too(simulator: Simulator) -> None:
    book(simulator, delay_seconds=0.3)
    assert mails(simulator) == []

    eventually(lambda: mails(simulator))


def test_mails_come_in_the_order_in_which_they_are_due(simulator: Simulator) -> None:
    late = book(simulator, 1, delay_seconds=60)
    soon = book(simulator, 2, delay_seconds=30)

    simulator.advance(90)

    first, second = (str(mail["Subject"]) for mail in mails(simulator))
    assert soon in first
    assert late in second


def test_mail_told_to_come_twice_is_the_same_mail(simulator: Simulator) -> None:
    book(simulator, copies=2)

    one, other = mails(simulator)

    assert one.as_bytes() == other.as_bytes()


def test_mail_told_never_to_come_does_not(simulator: Simulator) -> None:
    number = book(simulator, enabled=False)
    simulator.cancel(number)

    assert mails(simulator) == []
    assert simulator.outgoing_mails() == {"waiting": [], "delivered": []}


def test_what_is_told_of_all_mails_holds_but_for_bookings_told_otherwise(
    simulator: Simulator,
) -> None:
    simulator.mail(delay_seconds=60, language="nl")

    waits = book(simulator, 1)
    book(simulator, 2, delay_seconds=0)

    assert waiting(simulator) == [waits]
    assert "Nieuwe" in only_mail(simulator)["Subject"]


@pytest.mark.parametrize(
    "told",
    [
        {"delay_seconds": -1},
        {"delay_seconds": "soon"},
        {"copies": 0},
        {"copies": True},
        {"language": "tlh"},
        {"enabled": "no"},
        {"colour": "red"},
    ],
)
def test_what_cannot_be_is_refused_and_nothing_is_booked(
    simulator: Simulator, told: dict[str, object]
) -> None:
    with pytest.raises(AssertionError, match=next(iter(told))):
        simulator.mail(**told)
    with pytest.raises(AssertionError, match=next(iter(told))):
        book(simulator, **told)

    assert simulator.state()["bookings"] == {}


def test_reset_empties_the_mailbox_and_what_waits_for_it(simulator: Simulator) -> None:
    book(simulator, 1)
    book(simulator, 2, delay_seconds=60)
    read = next((simulator.maildir / "new").iterdir())
    read.rename(simulator.maildir / "cur" / f"{read.name}:2,S")

    simulator.reset()
    simulator.advance(120)

    assert mails(simulator) == []
    assert list((simulator.maildir / "cur").iterdir()) == []


@pytest.mark.parametrize(
    "raw", [b"Subject: hello\r\n\r\nNo more.", b"\x00\xff\xfe not a mail at all", b""]
)
def test_foreign_mail_lies_in_the_mailbox_to_the_byte(simulator: Simulator, raw: bytes) -> None:
    assert simulator.drop_mail(raw).read_bytes() == raw


def test_foreign_mail_may_be_told_as_text(simulator: Simulator) -> None:
    told = {"raw": "Subject: Grüße\n\nHello"}

    done = requests.post(f"{simulator.url}/control/mails", json=told, timeout=10)

    file = simulator.maildir / "new" / done.json()["file"]
    assert file.read_bytes() == told["raw"].encode()


@pytest.mark.parametrize("told", [{}, {"base64": "not base64!"}, {"raw": 17}])
def test_foreign_mail_that_is_none_is_refused(
    simulator: Simulator, told: dict[str, object]
) -> None:
    refused = requests.post(f"{simulator.url}/control/mails", json=told, timeout=10)

    assert refused.status_code == 422


def test_mail_that_cannot_be_written_waits_until_it_can(own: Simulator) -> None:
    new = own.maildir / "new"
    new.rmdir()
    new.write_text("in the way")

    book(own)
    waits = waiting(own)
    new.unlink()

    assert len(waits) == 1
    eventually(lambda: new.is_dir() and mails(own))
    assert waiting(own) == []


def test_waiting_mail_outlives_a_restart(own: Simulator) -> None:
    number = book(own, delay_seconds=TEN_MINUTES)

    own.restart()
    own.advance(TEN_MINUTES)

    assert number in only_mail(own)["Subject"]
