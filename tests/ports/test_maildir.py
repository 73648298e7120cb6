"""A mailbox in a folder that others deliver to, read and tidy at the same time."""

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Event, Thread

import pytest

from app.ports.mail.inbox import MailBatch
from app.ports.mail.inboxes import inbox_for
from app.ports.mail.maildir import MaildirInbox, path_of
from tests.ports.faults import fault_of
from tests.ports.inbox_worlds import NOW, MaildirWorld, letter

DAY = timedelta(days=1)


@pytest.fixture
def world(tmp_path: Path) -> MaildirWorld:
    return MaildirWorld(tmp_path)


def subjects(batch: MailBatch) -> list[bytes]:
    return [mail.raw.splitlines()[0] for mail in batch.mails]


# The URL


@pytest.mark.parametrize(
    ("url", "path"),
    [
        ("maildir:///var/mail/me", "/var/mail/me"),
        ("maildir:///var/mail%20box/%C3%BC%23%3F", "/var/mail box/ü#?"),
        ("maildir:/var/mail/", "/var/mail"),
    ],
)
def test_path_is_taken_from_the_url(url: str, path: str) -> None:
    assert path_of(url) == Path(path)


@pytest.mark.parametrize(
    "url",
    [
        "maildir:",
        "maildir://",
        "maildir://var/mail",
        "maildir:var/mail",
        "maildir:///var/mail?x",
        "maildir:///var/mail#x",
        "maildir:///var/%00mail",
        "maildir://[/var/mail",
        "file:///var/mail",
    ],
)
def test_malformed_url_is_refused(url: str) -> None:
    with pytest.raises(ValueError, match="expected"):
        inbox_for(url)


# What is a mail


def test_only_files_in_new_and_cur_are_mails(world: MaildirWorld) -> None:
    world.deliver(letter(1), name="1.a")
    for other in ("tmp/2.a", "new/.3.a", "dovecot-uidlist", ".Sent"):
        (world.root / other).write_bytes(letter(2))
    (world.root / "new" / "folder").mkdir()
    os.mkfifo(world.root / "new" / "4.fifo")
    (world.root / "cur" / "5.link").symlink_to("/etc/passwd")

    assert subjects(world.inbox().read(None)) == [b"Subject: letter-0001"]


def test_names_that_are_no_text_are_read(world: MaildirWorld) -> None:
    world.deliver(letter(1), name=os.fsdecode(b"1.\xff\xfe"))

    batch = world.inbox().read(None)

    assert len(batch.mails) == 1
    assert world.inbox().read(batch.place).mails == ()


@pytest.mark.parametrize("at", [NOW + 2 * DAY, datetime(2261, 1, 1, tzinfo=UTC)])
def test_time_of_delivery_is_never_to_come(world: MaildirWorld, at: datetime) -> None:
    world.deliver(letter(1), at)

    (mail,) = world.inbox().read(None).mails

    assert mail.received_at == NOW


def test_one_of_the_two_folders_is_enough(world: MaildirWorld) -> None:
    (world.root / "cur").rmdir()
    world.deliver(letter(1))

    assert len(world.inbox().read(None).mails) == 1


def test_folder_that_is_no_maildir_needs_a_person(tmp_path: Path) -> None:
    (tmp_path / "new").write_text("a file")

    fault = fault_of(lambda: MaildirInbox(f"maildir://{tmp_path}").read(None))

    assert fault.permanent
    assert "no maildir" in fault.reason


# What is new


def test_mail_that_was_delivered_earlier_and_appears_late_is_read(world: MaildirWorld) -> None:
    world.deliver(letter(1))
    place = world.inbox().read(None).place
    world.deliver(letter(2), NOW - 29 * DAY)
    world.deliver(letter(3), NOW - timedelta(seconds=1))

    assert subjects(world.inbox().read(place)) == [b"Subject: letter-0002", b"Subject: letter-0003"]


def test_mail_that_moves_on_and_is_marked_is_not_read_again(world: MaildirWorld) -> None:
    world.deliver(letter(1), name="1.a")
    place = world.inbox().read(None).place
    (world.root / "new" / "1.a").rename(world.root / "cur" / "1.a:2,")
    moved = world.inbox().read(place)
    (world.root / "cur" / "1.a:2,").rename(world.root / "cur" / "1.a:2,RS")
    marked = world.inbox().read(moved.place)

    assert (moved.mails, marked.mails) == ((), ())


def test_mail_that_is_in_both_folders_is_read_once(world: MaildirWorld) -> None:
    world.deliver(letter(1), name="1.a")
    os.link(world.root / "new" / "1.a", world.root / "cur" / "1.a:2,S")

    assert len(world.inbox().read(None).mails) == 1


def test_place_grows_with_a_months_mails_and_no_further(world: MaildirWorld) -> None:
    sizes = []
    place: str | None = None
    for month in range(4):
        at = NOW + 31 * month * DAY
        for number in range(40):
            world.deliver(letter(number), at)
        place = world.inbox(at).read(place).place
        sizes.append(len(place))

    assert max(sizes) == min(sizes) < 400


def test_place_forgets_what_was_deleted(world: MaildirWorld) -> None:
    world.deliver(letter(1))
    place = world.inbox().read(None).place
    world.delete(letter(1))

    assert len(world.inbox().read(place).place) < len(place)


def test_mailbox_in_use_loses_no_mail_and_raises_nothing(world: MaildirWorld) -> None:
    """Others deliver, move on, mark and delete all the while."""
    over = Event()

    def use() -> None:
        for number in range(400):
            world.deliver(letter(number), name=f"{number}.a")
            new, cur = world.root / "new", world.root / "cur"
            (new / f"{number}.a").rename(cur / f"{number}.a:2,")
            (cur / f"{number}.a:2,").rename(cur / f"{number}.a:2,S")
            if number % 3 == 0:
                (cur / f"{number}.a:2,S").unlink()
        over.set()

    seen: set[bytes] = set()
    place: str | None = None
    user = Thread(target=use)
    user.start()
    is_last = False
    while not is_last:
        is_last = over.is_set()
        is_complete = False
        while not is_complete:
            batch = world.inbox().read(place)
            seen |= {mail.raw for mail in batch.mails}
            place, is_complete = batch.place, batch.is_complete
    user.join()

    assert seen >= {letter(number) for number in range(400) if number % 3}
