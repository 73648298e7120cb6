"""The text of a host's message, read whole: all of it is understood, or none of it is done."""

import re
import unicodedata
from collections.abc import Iterator, Sequence

from app.domain.command_lines import read_line
from app.domain.command_spelling import lines_of
from app.domain.commands import (
    Answer,
    Carrier,
    Command,
    Commands,
    Empty,
    GiveReference,
    LineFault,
    Misread,
    Naming,
    Reading,
    Unclear,
    canonical,
)
from app.domain.plain_text import one_line

OPT_OUT = frozenset({"STOP", "STOPALL", "UNSUBSCRIBE", "CANCEL", "END", "QUIT", "REVOKE", "OPTOUT"})
OPT_IN = frozenset({"START", "YES", "UNSTOP"})
CARRIER_WORDS = OPT_OUT | OPT_IN | {"HELP", "INFO"}
"""Acted on by Twilio or the network when they are the whole message (`facts/twilio.md` 5)."""
MOST_CHARACTERS = 1600
MOST_LINES = 30
"""Also the most rooms or answers, which may share a line."""
_QUOTED = 40
_REACTION = re.compile(
    r"\s*(?:(?:liked|loved|disliked|laughed at|emphasi[sz]ed|questioned|reacted \S+ to"
    r"|removed an? \w+ from)\s+[\"\u201c]|\S{1,8}\s+to\s+\u201c)",
    re.IGNORECASE,
)
"""What phones send for a tap on a message: `Liked "..."` of ours, which may hold commands."""


def read_commands(text: str) -> Reading:
    """Read a host's text message. Every text has a reading; nothing is raised."""
    if len(text) > MOST_CHARACTERS:
        return _unread(
            f"The message is longer than {MOST_CHARACTERS} characters. Send it in parts."
        )
    if (word := _carrier_word(_seen(text))) is not None:
        return Carrier(word)
    lines = lines_of(text)
    if not any(character.isalnum() or character == "?" for _, line in lines for character in line):
        return Empty()
    if _REACTION.match(_seen(text)):
        return _unread("A reaction to a message is no answer here. Write OK, or NO.")
    if len(lines) > MOST_LINES:
        return _unread(f"The message has more than {MOST_LINES} lines. Send it in parts.")
    return _read(lines)


def _read(lines: Sequence[tuple[str, str]]) -> Reading:
    commands: list[Command] = []
    faults: list[tuple[int, str]] = []
    for number, (_, line) in enumerate(lines, start=1):
        try:
            commands += read_line(line, number)
        except Unclear as unclear:
            faults.append((number, str(unclear)))
    faults = faults or list(_unfit(commands))
    if len(commands) > MOST_LINES:
        return _unread(f"The message asks for more than {MOST_LINES} things. Send it in parts.")
    if not faults:
        return Commands(tuple(commands))
    return Misread(
        tuple(
            LineFault(number, lines[number - 1][0], _sentence(lines, number, why))
            for number, why in faults
        )
    )


def _unfit(commands: Sequence[Command]) -> Iterator[tuple[int, str]]:
    """Yield what keeps commands of one message from being applied together, by line.

    References and rooms go together; so do answers (OK, NO, block) that each name their match,
    and name it once. All else is sent alone: one message does one thing, and is undone as one.
    """
    if len(commands) < 2:
        return
    names = any(isinstance(command, Naming) for command in commands)
    answered: set[str] = set()
    for command in commands:
        ticket = _ticket(command)
        if not (isinstance(command, Naming) if names else isinstance(command, Answer)):
            yield command.line, "must be sent alone, in a message of its own."
        elif isinstance(command, Answer) and ticket is None:
            word = canonical(command)
            yield command.line, f"needs its letter when more is sent with it, such as {word} A."
        elif ticket in answered:
            yield command.line, f"speaks of {ticket} a second time. Send one line for {ticket}."
        if ticket is not None:
            answered.add(ticket)


def _ticket(command: Command) -> str | None:
    return command.ticket if isinstance(command, GiveReference | Answer) else None


def _carrier_word(seen: str) -> str | None:
    word = seen.strip().rstrip(". \t\r\n").upper()
    return word if word in CARRIER_WORDS else None


def _seen(text: str) -> str:
    """Return the text as it looks: without invisible marks, full-width letters as letters."""
    return "".join(
        c for c in unicodedata.normalize("NFKC", text) if unicodedata.category(c) != "Cf"
    )


def _sentence(lines: Sequence[tuple[str, str]], number: int, why: str) -> str:
    typed = one_line(lines[number - 1][0], _QUOTED + 1).replace('"', "'")
    quoted = typed if len(typed) <= _QUOTED else f"{typed[:_QUOTED]}..."
    where = f"Line {number}: " if len(lines) > 1 else ""
    return f'{where}"{quoted}" {why}'


def _unread(why: str) -> Misread:
    return Misread((LineFault(0, "", why),))
