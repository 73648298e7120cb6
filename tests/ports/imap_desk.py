"""An IMAP server that is told what to answer, for answers that no well-behaved one gives."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from socketserver import StreamRequestHandler, ThreadingTCPServer
from threading import Event, Thread

CUT, HANG, DRIP = "cut", "hang", "drip"
"""Answers: the connection is closed, nothing comes, or a letter now and then."""


@dataclass
class ImapDesk:
    """Answers by command; each answer is lines, the last without its tag: `OK done`.

    `greeting` is a command, too. `pauses` are seconds before an answer. `said` is what came,
    without tags.
    """

    answers: dict[str, str] = field(default_factory=dict)
    pauses: dict[str, float] = field(default_factory=dict)
    said: list[str] = field(default_factory=list)
    over: Event = field(default_factory=Event)
    port: int = 0

    def url(self, scheme: str = "imap", folder: str = "INBOX") -> str:
        return f"{scheme}://user:secret@127.0.0.1:{self.port}/{folder}"

    def answer_to(self, command: str) -> str:
        return self.answers.get(command, _USUAL.get(command, "OK done"))


_USUAL = {
    "greeting": "* OK here",
    "CAPABILITY": "* CAPABILITY IMAP4rev1\r\nOK done",
    "EXAMINE": "* 1 EXISTS\r\n* OK [UIDVALIDITY 5] x\r\n* OK [UIDNEXT 9] x\r\nOK [READ-ONLY] done",
    "UID SEARCH": "* SEARCH 8\r\nOK done",
    "UID FETCH": (
        '* 1 FETCH (UID 8 INTERNALDATE "22-Nov-2026 10:00:00 +0100" BODY[]<0> {11}\r\n'
        "Subject: x\n)\r\nOK done"
    ),
    "LOGOUT": "* BYE then\r\nOK done",
}


class _Clerk(StreamRequestHandler):
    desk: ImapDesk

    def handle(self) -> None:
        try:
            if self.give("greeting", ""):
                while line := self.rfile.readline().decode(errors="replace").strip():
                    tag, _, words = line.partition(" ")
                    self.desk.said.append(words)
                    command = " ".join(words.upper().split(" ")[: 2 if "UID " in words else 1])
                    if not self.give(command, f"{tag} ") or command == "LOGOUT":
                        return
        except ConnectionError:
            return

    def give(self, command: str, tag: str) -> bool:
        """Answer, and tell whether the connection goes on."""
        answer = self.desk.answer_to(command)
        self.desk.over.wait(self.desk.pauses.get(command, 0))
        if answer == CUT:
            return False
        if answer == HANG:
            return not self.desk.over.wait()
        while answer == DRIP:
            self.wfile.write(b"*")
            if self.desk.over.wait(0.05):
                return False
        *lines, last = answer.split("\r\n")
        self.wfile.write("\r\n".join([*lines, tag + last, ""]).encode())
        return True


class _Listener(ThreadingTCPServer):
    daemon_threads = True


@contextmanager
def imap_desk() -> Iterator[ImapDesk]:
    one = ImapDesk()
    clerk = type("ClerkOfOne", (_Clerk,), {"desk": one})
    with _Listener(("127.0.0.1", 0), clerk) as server:
        one.port = server.server_address[1]
        Thread(target=server.serve_forever, kwargs={"poll_interval": 0.005}, daemon=True).start()
        yield one
        one.over.set()
        server.shutdown()
