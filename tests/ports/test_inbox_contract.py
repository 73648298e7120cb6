"""What every client of a mailbox must do, on a real maildir and on a real Dovecot."""

from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from app.ports.mail.inbox import MOST_BATCH_BYTES, MOST_BYTES, MOST_MAILS, MailBatch
from tests.ports.faults import fault_of
from tests.ports.inbox_worlds import (
    NOW,
    DovecotWorld,
    InboxWorld,
    MaildirWorld,
    letter,
    read_all,
)
from tests.support.mail_server import MailServer

DAY = timedelta(days=1)


@pytest.fixture(params=["maildir", "dovecot"])
def world(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[InboxWorld]:
    if request.param == "maildir":
        yield MaildirWorld(tmp_path)
        return
    server: MailServer = request.getfixturevalue("mail_server")
    with closing(DovecotWorld(server)) as one:
        yield one


def subjects(*batches: MailBatch) -> list[int]:
    """Return the numbers of the letters that were read."""
    lines = [mail.raw.splitlines()[0] for batch in batches for mail in batch.mails]
    return [int(line.removeprefix(b"Subject: letter-")) for line in lines]


# What is read


def test_first_reading_gives_the_last_30_days_oldest_first(world: InboxWorld) -> None:
    for number, days in enumerate((45, 32, 29, 3, 0)):
        world.deliver(letter(number), NOW - days * DAY)

    batch = world.inbox().read(None)

    assert subjects(batch) == [2, 3, 4]
    assert batch.is_complete
    assert [mail.received_at for mail in batch.mails] == [NOW - 29 * DAY, NOW - 3 * DAY, NOW]


def test_mail_comes_byte_for_byte(world: InboxWorld) -> None:
    raw = b"Subject: Gr\xc3\xbc\xc3\x9fe\n\n\xff\xfe 8-bit\n.dot\nFrom here\n"
    world.deliver(raw)

    (mail,) = world.inbox().read(None).mails

    assert mail.raw.replace(b"\r\n", b"\n") == raw


def test_next_reading_gives_what_came_meanwhile_and_no_more(world: InboxWorld) -> None:
    world.deliver(letter(1))
    first = world.inbox().read(None)
    world.deliver(letter(2))

    second = world.inbox().read(first.place)
    third = world.inbox().read(second.place)

    assert (subjects(first), subjects(second), subjects(third)) == ([1], [2], [])
    assert third.place == second.place


def test_same_place_gives_the_same_again(world: InboxWorld) -> None:
    world.deliver(letter(1))
    place = world.inbox().read(None).place
    world.deliver(letter(2))

    assert world.inbox().read(place) == world.inbox().read(place)


def test_empty_mailbox_is_complete_and_its_first_mail_is_read(world: InboxWorld) -> None:
    empty = world.inbox().read(None)
    world.deliver(letter(1))

    assert (empty.mails, empty.is_complete) == ((), True)
    assert subjects(world.inbox().read(empty.place)) == [1]


def test_old_mails_stay_unread_though_nothing_else_is_there(world: InboxWorld) -> None:
    world.deliver(letter(1), NOW - 40 * DAY)
    first = world.inbox().read(None)
    second = world.inbox().read(first.place)
    world.deliver(letter(2))

    assert subjects(first, second, world.inbox().read(second.place)) == [2]


def test_mails_of_a_long_absence_are_all_read(world: InboxWorld) -> None:
    world.deliver(letter(1))
    place = world.inbox().read(None).place
    world.deliver(letter(2), NOW + 5 * DAY)
    world.deliver(letter(3), NOW + 60 * DAY)

    batch = world.inbox(NOW + 60 * DAY).read(place)

    assert subjects(batch) == [2, 3]
    assert subjects(world.inbox(NOW + 61 * DAY).read(batch.place)) == []


def test_300_mails_come_in_batches_each_once(world: InboxWorld) -> None:
    for number in range(300):
        world.deliver(letter(number), NOW - timedelta(seconds=300 - number))

    batches, place = read_all(world.inbox())

    assert subjects(*batches) == list(range(300))
    assert [len(batch.mails) for batch in batches] == [MOST_MAILS] * 6
    assert [batch.is_complete for batch in batches] == [False] * 5 + [True]
    assert subjects(world.inbox().read(place)) == []


def test_mail_that_comes_between_two_batches_is_read_too(world: InboxWorld) -> None:
    for number in range(MOST_MAILS + 1):
        world.deliver(letter(number), NOW - DAY)
    first = world.inbox().read(None)
    world.deliver(letter(900))

    batches, _ = read_all(world.inbox(), first.place)

    assert sorted(subjects(first, *batches)) == [*range(MOST_MAILS + 1), 900]


def test_ten_megabytes_are_cut(world: InboxWorld) -> None:
    world.deliver(letter(1, size=10_000_000))
    world.deliver(letter(2), NOW)

    batch = world.inbox().read(None)

    assert subjects(batch) == [1, 2]
    assert len(batch.mails[0].raw) == MOST_BYTES


def test_long_mails_make_a_short_batch(world: InboxWorld) -> None:
    for number in range(6):
        world.deliver(letter(number, size=3_000_000), NOW - timedelta(minutes=6 - number))

    batches, _ = read_all(world.inbox())

    assert [len(batch.mails) for batch in batches] == [MOST_BATCH_BYTES // MOST_BYTES, 2]
    assert subjects(*batches) == list(range(6))


# What is left as it was


def test_reading_marks_moves_and_deletes_nothing(world: InboxWorld) -> None:
    for number in range(3):
        world.deliver(letter(number), NOW - DAY)
    before = world.look()

    place = world.inbox().read(None).place
    world.inbox().read(place)

    assert world.look() == before


# When the mailbox changes under us


def test_deleted_mails_do_no_harm(world: InboxWorld) -> None:
    for number in range(4):
        world.deliver(letter(number), NOW - timedelta(minutes=4 - number))
    place = world.inbox().read(None).place
    world.deliver(letter(4))
    world.deliver(letter(5))
    world.delete(letter(3))
    world.delete(letter(4))

    assert subjects(world.inbox().read(place)) == [5]


def test_deleting_the_last_mail_makes_no_other_new(world: InboxWorld) -> None:
    world.deliver(letter(1), NOW - DAY)
    world.deliver(letter(2))
    place = world.inbox().read(None).place
    world.delete(letter(2))

    batch = world.inbox().read(place)

    assert subjects(batch) == []
    assert subjects(world.inbox().read(batch.place)) == []


def test_mailbox_made_anew_is_read_from_its_beginning(world: InboxWorld) -> None:
    for number in range(5):
        world.deliver(letter(number), NOW - DAY)
    place = world.inbox().read(None).place
    world.remake()
    world.deliver(letter(7), NOW - 40 * DAY)
    world.deliver(letter(8), NOW - DAY)

    batch = world.inbox().read(place)

    assert subjects(batch) == [8]
    assert subjects(world.inbox().read(batch.place)) == []


@pytest.mark.parametrize(
    "place", ["", "7", "imap:0123456789ab:1:9", "imap:x:y:z", "maildir:1:?", "maildir:1:A", "\x00"]
)
def test_place_that_is_none_of_this_mailbox_begins_again(world: InboxWorld, place: str) -> None:
    world.deliver(letter(1), NOW - DAY)

    assert subjects(world.inbox().read(place)) == [1]


def test_mailbox_that_is_not_there_needs_a_person(world: InboxWorld) -> None:
    world.remove()

    fault = fault_of(lambda: world.inbox().read(None))

    assert fault.permanent
    assert "MAILBOX_URL" in fault.reason
