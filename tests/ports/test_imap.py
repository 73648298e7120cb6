"""A mailbox by IMAP: who is let in, what is said, and what becomes of a bad day."""

from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta

import pytest

from app.ports.mail.imap import ImapInbox
from app.ports.mail.imap_account import Account
from app.ports.mail.imap_session import Patience
from app.ports.mail.inbox import MailBatch
from app.ports.mail.inboxes import inbox_for
from tests.ports.faults import fault_of
from tests.ports.imap_desk import CUT, DRIP, HANG, ImapDesk, imap_desk
from tests.ports.inbox_worlds import NOW, DovecotWorld, letter
from tests.ports.loopback import closed_port
from tests.support.mail_server import MailServer

IMPATIENT = Patience(connect=0.3, answer=0.3, whole=5, goodbye=0.1)


@pytest.fixture
def desk() -> Iterator[ImapDesk]:
    with imap_desk() as one:
        yield one


def client(url: str, patience: Patience = IMPATIENT) -> ImapInbox:
    return ImapInbox(url, clock=lambda: NOW, patience=patience)


def read(desk: ImapDesk, place: str | None = None) -> MailBatch:
    return client(desk.url()).read(place)


# The URL


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("imaps://u:p@mail.example", ("imaps", 993, "u", "p", "INBOX")),
        ("imaps://u:p@mail.example/", ("imaps", 993, "u", "p", "INBOX")),
        ("imap://u:p@mail.example:10143/INBOX", ("imap", 10143, "u", "p", "INBOX")),
        ("imap+starttls://u:p@mail.example/A/B", ("imap+starttls", 143, "u", "p", "A/B")),
        (
            "imaps://a%40b:p%2Fw%40%3A@mail.example",
            ("imaps", 993, "a@b", "p/w@:", "INBOX"),
        ),
        ("imaps://u:p@mail.example/%C3%9Cber%20all", ("imaps", 993, "u", "p", "Über all")),
    ],
)
def test_url_is_taken_apart(url: str, expected: tuple[object, ...]) -> None:
    one = Account.from_url(url)

    assert (one.scheme, one.port, one.username, one.password, one.folder) == expected
    assert one.host == "mail.example"


@pytest.mark.parametrize(
    "url",
    [
        "",
        "imaps://",
        "imaps://mail.example",
        "imaps://:secret@mail.example",
        "imaps://u:secret@",
        "imaps://u:secret@mail.example:secret/INBOX",
        "imaps://u:sec/ret@mail.example",
        "imaps://u:secret%0d%0aA1%20LOGOUT@mail.example",
        "imaps://u:secret@mail.example/IN%00BOX",
        "imaps://u:secret@[mail.example",
        "imaps://u:secret\u2100@mail.example",
        "pop3://u:secret@mail.example",
    ],
)
def test_malformed_url_is_refused_without_being_quoted(url: str) -> None:
    with pytest.raises(ValueError, match=r"expected|character") as caught:
        inbox_for(url)

    assert "secret" not in str(caught.value)


def test_password_is_not_shown() -> None:
    account = Account.from_url("imaps://user:a-password@mail.example")

    assert "a-password" not in repr(account)
    assert "user" not in repr(account)


# Getting in, on a real server


@pytest.mark.parametrize("scheme", ["imaps", "imap+starttls"])
def test_encrypted_mailbox_is_read_when_its_certificate_is_valid(
    mail_server: MailServer, scheme: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(mail_server.certificate))
    with closing(DovecotWorld(mail_server)) as world:
        world.deliver(letter(1))
        url = mail_server.url(world.user, world.folder, scheme)

        batch = ImapInbox(url, clock=lambda: NOW).read(None)

    assert len(batch.mails) == 1


@pytest.mark.parametrize("scheme", ["imaps", "imap+starttls"])
def test_certificate_that_nobody_signed_is_not_believed(
    mail_server: MailServer, scheme: str
) -> None:
    url = mail_server.url("alice@example.org", scheme=scheme)

    fault = fault_of(lambda: ImapInbox(url).read(None))

    assert "certificate" in fault.reason
    assert not fault.permanent


def test_user_of_other_letters_gets_in(mail_server: MailServer) -> None:
    batch = ImapInbox(mail_server.url("jürgen@example.org")).read(None)

    assert batch.is_complete


@pytest.mark.parametrize("user", ["alice@example.org", "jürgen@example.org"])
def test_wrong_password_needs_a_person_and_is_not_shown(mail_server: MailServer, user: str) -> None:
    inbox = ImapInbox(mail_server.url(user, password="wrong-password"))

    fault = fault_of(lambda: inbox.read(None))

    assert fault.permanent
    assert "MAILBOX_URL" in fault.reason
    assert "wrong-password" not in f"{fault!r} {fault} {inbox!r}"
    assert fault.__cause__ is None


def test_place_in_one_users_mailbox_is_none_in_anothers(mail_server: MailServer) -> None:
    with closing(DovecotWorld(mail_server)) as alice, closing(DovecotWorld(mail_server)) as bob:
        for number in range(5):
            alice.deliver(letter(number))
        bob.deliver(letter(7))

        batch = bob.inbox().read(alice.inbox().read(None).place)

    assert len(batch.mails) == 1


# What is said


def test_folder_is_examined_and_bodies_are_peeked_at(desk: ImapDesk) -> None:
    place = read(desk).place
    desk.answers["UID SEARCH"] = "* SEARCH 8 12\r\nOK done"
    read(desk, place)

    assert [line for line in desk.said if line.startswith(("EXAMINE", "UID", "SELECT"))] == [
        'EXAMINE "INBOX"',
        "UID SEARCH (SINCE 24-Oct-2026)",
        "UID FETCH 8 (UID INTERNALDATE BODY.PEEK[]<0.2097152>)",
        'EXAMINE "INBOX"',
        "UID SEARCH (UID 9:*)",
        "UID FETCH 12 (UID INTERNALDATE BODY.PEEK[]<0.2097152>)",
    ]
    assert not any(line.startswith(("STORE", "COPY", "EXPUNGE", "CLOSE")) for line in desk.said)


def test_mail_has_the_time_that_the_server_got_it(desk: ImapDesk) -> None:
    (mail,) = read(desk).mails

    assert mail.received_at == datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
    assert mail.raw == b"Subject: x\n"


@pytest.mark.parametrize(
    "fetched",
    [
        '* 1 FETCH (BODY[]<0> {3}\r\nabc UID 8 INTERNALDATE "22-Nov-2026 10:00:00 +0100")\r\nOK x',
        "* 3 FETCH (FLAGS (\\Seen))\r\n* 1 FETCH (UID 8 BODY[]<0> {3}\r\nabc)\r\n"
        "* 4 EXPUNGE\r\n* 9 EXISTS\r\nOK x",
        '* 1 FETCH (UID 8 INTERNALDATE "nonsense" BODY[]<0> {3}\r\nabc)\r\nOK x',
        '* 1 FETCH (UID 8 INTERNALDATE "31-Dec-9999 23:59:59 -0100" BODY[]<0> {3}\r\nabc)\r\nOK x',
    ],
)
def test_mail_is_found_wherever_it_stands_in_the_answer(desk: ImapDesk, fetched: str) -> None:
    desk.answers["UID FETCH"] = fetched

    (mail,) = read(desk).mails

    assert mail.raw == b"abc"
    assert mail.received_at in (NOW, datetime(2026, 11, 22, 9, 0, tzinfo=UTC))


def test_mail_that_was_deleted_meanwhile_is_passed_over(desk: ImapDesk) -> None:
    desk.answers["UID FETCH"] = "OK done"

    batch = read(desk)

    assert (batch.mails, batch.is_complete) == ((), True)
    assert batch.place.endswith(":5:8")


@pytest.mark.parametrize(
    "found", ["* SEARCH", "* SEARCH 3 2", "* SEARCH 2\r\n* SEARCH 3", "* 1 EXISTS"]
)
def test_search_may_find_nothing_or_answer_in_any_order(desk: ImapDesk, found: str) -> None:
    desk.answers["UID SEARCH"] = f"{found}\r\nOK done"

    assert read(desk).place.endswith(":5:8")


def test_server_that_tells_no_next_uid_is_read_all_the_same(desk: ImapDesk) -> None:
    desk.answers["EXAMINE"] = "* OK [UIDVALIDITY 5] x\r\nOK done"
    first = read(desk)
    desk.answers["UID SEARCH"] = "* SEARCH 8\r\nOK done"

    assert len(first.mails) == 1
    assert read(desk, first.place).mails == ()


def test_mailbox_restored_from_an_older_copy_is_read_from_its_beginning(desk: ImapDesk) -> None:
    place = read(desk).place
    desk.answers["EXAMINE"] = "* OK [UIDVALIDITY 5] x\r\n* OK [UIDNEXT 4] x\r\nOK done"
    desk.answers["UID SEARCH"] = "* SEARCH 3\r\nOK done"

    assert len(read(desk, place).mails) == 1
    assert "SINCE" in next(line for line in reversed(desk.said) if "SEARCH" in line)


# A bad day


def test_server_that_is_down_is_tried_again() -> None:
    fault = fault_of(lambda: client(f"imap://u:p@127.0.0.1:{closed_port()}").read(None))

    assert not fault.permanent
    assert "reached" in fault.reason


def test_server_that_does_not_exist_is_tried_again() -> None:
    fault = fault_of(lambda: client("imap://u:p@no-such-host.invalid").read(None))

    assert not fault.permanent


@pytest.mark.parametrize("scheme", ["imap", "imaps", "imap+starttls"])
def test_server_that_accepts_and_says_nothing_is_given_up(desk: ImapDesk, scheme: str) -> None:
    desk.answers["greeting"] = HANG

    fault = fault_of(lambda: client(desk.url(scheme)).read(None))

    assert "too long" in fault.reason
    assert not fault.permanent


@pytest.mark.parametrize("how", [CUT, HANG, "what?", "* ", "BAD no", "NO no"])
@pytest.mark.parametrize("command", ["CAPABILITY", "UID SEARCH", "UID FETCH"])
def test_bad_answer_is_a_fault_that_passes(desk: ImapDesk, command: str, how: str) -> None:
    desk.answers[command] = how

    fault = fault_of(lambda: read(desk))

    assert not fault.permanent
    assert "secret" not in f"{fault!r} {fault}"


@pytest.mark.parametrize("how", [CUT, HANG, "what?", "BAD no"])
@pytest.mark.parametrize("command", ["greeting", "LOGIN", "EXAMINE"])
def test_bad_welcome_is_a_fault_that_passes(desk: ImapDesk, command: str, how: str) -> None:
    desk.answers[command] = how

    fault = fault_of(lambda: read(desk))

    assert not fault.permanent
    assert "secret" not in f"{fault!r} {fault}"


@pytest.mark.parametrize("command", ["LOGIN", "EXAMINE"])
def test_refusal_for_now_passes_and_refusal_for_good_needs_a_person(
    desk: ImapDesk, command: str
) -> None:
    desk.answers[command] = "NO [UNAVAILABLE] user:secret come back later"
    for_now = fault_of(lambda: read(desk))
    desk.answers[command] = "NO user:secret go away"
    for_good = fault_of(lambda: read(desk))

    assert (for_now.permanent, for_good.permanent) == (False, True)
    assert "secret" not in f"{for_now} {for_good}"


def test_server_that_wants_encryption_is_named_as_such(desk: ImapDesk) -> None:
    desk.answers["LOGIN"] = "NO [PRIVACYREQUIRED] not in clear"

    assert "imaps://" in fault_of(lambda: read(desk)).reason


def test_password_is_not_sent_where_encryption_was_asked_for_and_is_not_had(
    desk: ImapDesk,
) -> None:
    fault = fault_of(lambda: client(desk.url("imap+starttls")).read(None))

    assert "encryption" in fault.reason
    assert not any("secret" in line for line in desk.said)


def test_server_that_drips_is_cut_off(desk: ImapDesk) -> None:
    desk.answers["UID SEARCH"] = DRIP

    fault = fault_of(lambda: client(desk.url(), Patience(1, 1, whole=0.4)).read(None))

    assert not fault.permanent


def test_slow_server_gives_a_short_batch(desk: ImapDesk) -> None:
    desk.answers["UID SEARCH"] = "* SEARCH 6 7 8\r\nOK done"

    desk.pauses["UID FETCH"] = 0.6

    batch = client(desk.url(), Patience(connect=1, answer=1.5, whole=2)).read(None)

    assert 1 <= len(batch.mails) < 3
    assert not batch.is_complete


@pytest.mark.parametrize("how", [CUT, HANG, "BAD no"])
def test_batch_that_was_read_stands_whatever_becomes_of_the_goodbye(
    desk: ImapDesk, how: str
) -> None:
    desk.answers["LOGOUT"] = how

    assert len(read(desk).mails) == 1


def test_folder_without_validity_is_not_read(desk: ImapDesk) -> None:
    desk.answers["EXAMINE"] = "* 1 EXISTS\r\nOK done"

    assert "UIDVALIDITY" in fault_of(lambda: read(desk)).reason


def test_beginning_is_30_days_ago(desk: ImapDesk) -> None:
    ImapInbox(desk.url(), clock=lambda: NOW + timedelta(days=10), patience=IMPATIENT).read(None)

    assert "UID SEARCH (SINCE 3-Nov-2026)" in desk.said
