"""Mail by SMTP: what is written, and what the server's answers mean."""

import email
from collections.abc import Iterator
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.policy import default
from socketserver import StreamRequestHandler, ThreadingTCPServer
from threading import Event, Thread

import pytest

from app.ports.mail import Letter
from app.ports.mail.smtp import Server, SmtpMail
from tests.ports.faults import fault_of
from tests.ports.loopback import closed_port
from tests.support.simulator import Simulator

LETTER = Letter(
    "zoe@example.com",
    "Zoë’s codes",
    "Grüße aus dem Kanalhaus\n.a line with a dot\n",
    "<message-17-1795442400@stay.example.com>",
)

CUT = "cut"
HANG = "hang"


@dataclass
class PostOffice:
    """An SMTP server whose answers are given by verb; `greeting` and `mail` are two of them.

    An answer may be CUT or HANG instead.
    """

    answers: dict[str, str] = field(default_factory=dict)
    extensions: tuple[str, ...] = ()
    said: list[str] = field(default_factory=list)
    mails: list[bytes] = field(default_factory=list)
    over: Event = field(default_factory=Event)
    port: int = 0

    def url(self, scheme: str = "smtp", login: str = "") -> str:
        return f"{scheme}://{login}127.0.0.1:{self.port}"

    @property
    def mail(self) -> EmailMessage:
        (raw,) = self.mails
        read = email.message_from_bytes(raw, policy=default)
        assert isinstance(read, EmailMessage)
        return read


class Cut(Exception):
    pass


class Clerk(StreamRequestHandler):
    """Speaks SMTP to one caller (RFC 5321), as its office says."""

    office: PostOffice

    def handle(self) -> None:
        try:
            self.answer("greeting", "220 here")
            while line := self.rfile.readline().decode(errors="replace").strip():
                self.office.said.append(line)
                if not self.follow(line.split(" ")[0].upper()):
                    return
        except (Cut, ConnectionError):
            return

    def follow(self, verb: str) -> bool:
        if verb == "EHLO":
            lines = ["here", *self.office.extensions]
            marked = [f"250{' ' if line is lines[-1] else '-'}{line}" for line in lines]
            self.answer(verb, "\r\n".join(marked))
        elif verb == "DATA":
            self.answer(verb, "354 go on")
            if self.office.answers.get(verb, "354").startswith("354"):
                self.office.mails.append(self.read_mail())
                self.answer("mail", "250 taken")
        elif verb == "AUTH":
            self.answer(verb, "235 welcome")
        else:
            self.answer(verb, "221 bye" if verb == "QUIT" else "250 yes")
        return verb != "QUIT"

    def answer(self, verb: str, usual: str) -> None:
        line = self.office.answers.get(verb, usual)
        if line == HANG:
            self.office.over.wait()
        if line in (CUT, HANG):
            raise Cut
        self.wfile.write(f"{line}\r\n".encode())

    def read_mail(self) -> bytes:
        lines = []
        while (line := self.rfile.readline()) not in (b".\r\n", b""):
            lines.append(line.removeprefix(b"."))
        return b"".join(lines)


class Listener(ThreadingTCPServer):
    daemon_threads = True


@pytest.fixture
def office() -> Iterator[PostOffice]:
    one = PostOffice()
    clerk = type("ClerkOfOne", (Clerk,), {"office": one})
    with Listener(("127.0.0.1", 0), clerk) as server:
        one.port = server.server_address[1]
        Thread(target=server.serve_forever, kwargs={"poll_interval": 0.005}, daemon=True).start()
        yield one
        one.over.set()
        server.shutdown()


def client(
    url: str, sender: str = "Canal House <stay@example.com>", timeout: float = 5
) -> SmtpMail:
    return SmtpMail(url, sender, timeout)


# What is written


def test_mail_arrives_with_its_words_and_its_own_id(office: PostOffice) -> None:
    client(office.url()).send(LETTER)

    mail = office.mail
    assert (mail["From"], mail["To"]) == ("Canal House <stay@example.com>", "zoe@example.com")
    assert mail["Subject"] == "Zoë’s codes"
    assert mail["Message-ID"] == LETTER.message_id
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["Date"].datetime.tzinfo is not None
    assert mail.get_content().replace("\r\n", "\n") == LETTER.body
    assert [line for line in office.said if "<" in line] == [
        "mail FROM:<stay@example.com>",
        "rcpt TO:<zoe@example.com>",
    ]


def test_mail_is_plain_ascii_on_the_way(office: PostOffice) -> None:
    client(office.url()).send(LETTER)

    assert office.mails[0].isascii()
    assert max(map(len, office.mails[0].splitlines())) < 998


def test_second_try_bears_the_same_id(office: PostOffice) -> None:
    mail = client(office.url())

    mail.send(LETTER)
    mail.send(LETTER)

    ids = [email.message_from_bytes(raw)["Message-ID"] for raw in office.mails]
    assert ids == [LETTER.message_id] * 2


def test_subject_cannot_add_a_header(office: PostOffice) -> None:
    subject = "Codes\r\nBcc: mallory@example.com\r\n\r\nA body"

    client(office.url()).send(Letter(LETTER.to, subject, LETTER.body, LETTER.message_id))

    assert office.mail["Subject"] == "Codes Bcc: mallory@example.com A body"
    assert office.mail["Bcc"] is None


@pytest.mark.parametrize(
    "address",
    [
        "",
        "zoe",
        "zoe@",
        "@example.com",
        "zoe@example.com\r\nBcc: mallory@example.com",
        "zoe@example.com>\r\nRCPT TO:<mallory@example.com",
        "zoe@example.com, mallory@example.com",
        "zoë@example.com",
    ],
)
def test_address_that_is_none_is_refused_before_anything_is_sent(
    office: PostOffice, address: str
) -> None:
    letter = Letter(address, LETTER.subject, LETTER.body, LETTER.message_id)

    fault = fault_of(lambda: client(office.url()).send(letter))

    assert fault.permanent
    assert office.said == []


def test_domain_of_other_letters_is_written_so_that_servers_know_it(office: PostOffice) -> None:
    letter = Letter("zoe@bücher.example", LETTER.subject, LETTER.body, LETTER.message_id)

    client(office.url()).send(letter)

    assert office.mail["To"] == "zoe@xn--bcher-kva.example"


# How the server is reached


def test_log_in_takes_user_and_password_out_of_the_url(office: PostOffice) -> None:
    office.extensions = ("AUTH PLAIN",)

    client(office.url(login="stay%40example.com:p%2Fw@")).send(LETTER)

    # base64 of \0stay@example.com\0p/w
    assert "AUTH PLAIN AHN0YXlAZXhhbXBsZS5jb20AcC93" in office.said
    assert len(office.mails) == 1


def test_password_is_not_shown() -> None:
    server = Server.from_url("smtps://stay:a-password@mail.example.com")

    assert "a-password" not in repr(server)
    assert (server.host, server.port) == ("mail.example.com", 465)


@pytest.mark.parametrize(
    ("url", "port"),
    [
        ("smtp://mail.example.com", 25),
        ("smtp+starttls://mail.example.com", 587),
        ("smtps://mail.example.com", 465),
        ("smtp://mail.example.com:2525", 2525),
    ],
)
def test_each_scheme_has_its_usual_port(url: str, port: int) -> None:
    assert Server.from_url(url).port == port


@pytest.mark.parametrize("url", ["", "http://mail.example.com", "smtp://", "mail.example.com:25"])
def test_malformed_url_is_refused_at_once(url: str) -> None:
    with pytest.raises(ValueError, match="smtp"):
        SmtpMail(url, "stay@example.com")


def test_mail_is_not_sent_in_clear_where_encryption_was_asked_for(office: PostOffice) -> None:
    fault = fault_of(lambda: client(office.url("smtp+starttls", "stay:secret@")).send(LETTER))

    assert "SMTP_URL" in fault.reason
    assert not fault.permanent
    assert not any(line.startswith("AUTH") for line in office.said)
    assert office.mails == []


def test_refused_log_in_names_the_setting_and_leaves_the_mail_to_be_sent(
    office: PostOffice,
) -> None:
    office.extensions = ("AUTH PLAIN",)
    office.answers["AUTH"] = "535 5.7.8 no"

    fault = fault_of(lambda: client(office.url(login="stay:wrong@")).send(LETTER))

    assert "SMTP_URL" in fault.reason
    assert not fault.permanent
    assert not fault.unclear
    assert "wrong" not in fault.reason


# What answers mean


@pytest.mark.parametrize("verb", ["MAIL", "RCPT", "DATA", "mail"])
def test_refusal_for_good_is_permanent_and_refusal_for_now_is_not(
    office: PostOffice, verb: str
) -> None:
    office.answers[verb] = "550 5.1.1 <zoe@example.com> no such user"
    for_good = fault_of(lambda: client(office.url()).send(LETTER))
    office.answers[verb] = "451 4.7.1 greylisted"
    for_now = fault_of(lambda: client(office.url()).send(LETTER))

    assert (for_good.permanent, for_good.unclear) == (True, False)
    assert (for_now.permanent, for_now.unclear) == (False, False)
    assert for_now.retry_after is not None
    assert "zoe" not in for_good.reason


@pytest.mark.parametrize("how", [CUT, HANG])
@pytest.mark.parametrize("verb", ["greeting", "EHLO", "MAIL", "RCPT"])
def test_cut_before_the_mail_is_not_unclear(office: PostOffice, verb: str, how: str) -> None:
    office.answers[verb] = how

    fault = fault_of(lambda: client(office.url(), timeout=1).send(LETTER))

    assert not fault.unclear
    assert not fault.permanent


@pytest.mark.parametrize("how", [CUT, HANG, "what?"])
def test_cut_after_the_mail_is_unclear(office: PostOffice, how: str) -> None:
    office.answers["mail"] = how

    fault = fault_of(lambda: client(office.url(), timeout=1).send(LETTER))

    assert fault.unclear
    assert not fault.permanent


@pytest.mark.parametrize("how", [CUT, HANG, "500 what?"])
def test_mail_that_was_taken_is_sent_whatever_becomes_of_the_goodbye(
    office: PostOffice, how: str
) -> None:
    office.answers["QUIT"] = how

    client(office.url(), timeout=1).send(LETTER)

    assert len(office.mails) == 1


def test_server_that_is_not_there_is_not_unclear() -> None:
    fault = fault_of(lambda: client(f"smtp://127.0.0.1:{closed_port()}").send(LETTER))

    assert not fault.unclear
    assert not fault.permanent


def test_server_that_speaks_no_tls_is_not_unclear(office: PostOffice) -> None:
    fault = fault_of(lambda: client(office.url("smtps"), timeout=0.5).send(LETTER))

    assert not fault.unclear
    assert not fault.permanent


def test_mail_reaches_the_simulated_mailbox(simulator: Simulator) -> None:
    client(simulator.smtp_url).send(LETTER)

    (mail,) = simulator.mails()
    assert (mail["to"], mail["from"]) == (LETTER.to, "stay@example.com")
    assert (mail["subject"], mail["message_id"]) == (LETTER.subject, LETTER.message_id)
    assert mail["body"].replace("\r\n", "\n") == LETTER.body
