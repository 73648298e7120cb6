"""Reading the host's mailbox as any mail program does."""

import re
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any, cast

from tests.support.simulator import Simulator


def mails(simulator: Simulator) -> list[EmailMessage]:
    """Return the new mails, in the order of their delivery."""
    files = sorted((simulator.maildir / "new").iterdir(), key=_delivered)
    parse: Any = message_from_bytes
    return [cast(EmailMessage, parse(one.read_bytes(), policy=policy.default)) for one in files]


def only_mail(simulator: Simulator) -> EmailMessage:
    [mail] = mails(simulator)
    return mail


def part(mail: EmailMessage, kind: str) -> str:
    """Return the `plain` or `html` part, empty where there is none."""
    found = cast(EmailMessage | None, mail.get_body((kind,)))
    return "" if found is None else str(found.get_content())


def _delivered(file: Path) -> list[int]:
    """Read seconds, microseconds, process and count from a file's name."""
    return [int(number) for number in re.findall(r"\d+", file.name)[:4]]
