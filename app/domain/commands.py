"""What a host can say in a text message, and what a text was read as."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class _Said:
    line: int = 1
    """Which line of the message said it, from 1; blank lines do not count."""


@dataclass(frozen=True)
class GiveReference(_Said):
    """The booking reference for the match `ticket`, or for the only one that waits."""

    reference: str
    ticket: str | None = None


@dataclass(frozen=True)
class AssignRoom(_Said):
    """The booking `reference` has this room for so many nights (1-60).

    With `correct` an assignment made before was wrong and is moved here.
    """

    reference: str
    room_number: int
    nights: int
    correct: bool = False


@dataclass(frozen=True)
class Confirm(_Said):
    ticket: str | None = None


@dataclass(frozen=True)
class Reject(_Said):
    ticket: str | None = None


@dataclass(frozen=True)
class Block(_Said):
    """The nights in question are closed by the host, not a stay."""

    ticket: str | None = None


@dataclass(frozen=True)
class Check(_Said):
    reference: str


@dataclass(frozen=True)
class Cancel(_Said):
    """Asks for `Sure`; cancels nothing by itself."""

    reference: str


@dataclass(frozen=True)
class Sure(_Said):
    reference: str


@dataclass(frozen=True)
class Unlock(_Said):
    """`door_words` as `domain.door_words.door_words` returns them; `pick_door` finds the door."""

    door_words: str


@dataclass(frozen=True)
class Today(_Said):
    pass


@dataclass(frozen=True)
class Tomorrow(_Said):
    pass


@dataclass(frozen=True)
class Tonight(_Said):
    """Asks whether every arrival of today and tomorrow will work."""


@dataclass(frozen=True)
class Guide(_Said):
    pass


@dataclass(frozen=True)
class Undo(_Said):
    pass


Answer = Confirm | Reject | Block
Naming = GiveReference | AssignRoom
Command = (
    Naming | Answer | Check | Cancel | Sure | Unlock | Today | Tomorrow | Tonight | Guide | Undo
)  # fmt: skip


@dataclass(frozen=True)
class Carrier:
    """The whole message is a word that carriers act on themselves; upper case. Never a command."""

    word: str


@dataclass(frozen=True)
class Empty:
    """Nothing to read: blanks, emoji, a picture alone."""


@dataclass(frozen=True)
class Commands:
    """Every line was understood, and they may be applied together. At least one."""

    commands: tuple[Command, ...]


@dataclass(frozen=True)
class LineFault:
    """A line that was not understood; `why` is the whole sentence for the host.

    `number` counts like `Command.line`; 0, with an empty `text`, is the message as a whole.
    """

    number: int
    text: str
    why: str


class Unclear(Exception):
    """A line that says no command. Its message goes on where a quotation of the line ends."""


@dataclass(frozen=True)
class Misread:
    """At least one line was not understood, so that none is applied."""

    faults: tuple[LineFault, ...]


Reading = Carrier | Empty | Commands | Misread


def canonical(command: Command) -> str:
    """Print the command as the guide spells it; it reads back as itself, but for its line."""
    match command:
        case GiveReference(reference, ticket):
            return f"{ticket} {reference}" if ticket else reference
        case AssignRoom(reference, room_number, nights, correct):
            return f"{reference}: {room_number}-{nights}{' correct' if correct else ''}"
        case Confirm(ticket):
            return _with_ticket("OK", ticket)
        case Reject(ticket):
            return _with_ticket("NO", ticket)
        case Block(ticket):
            return _with_ticket("block", ticket)
        case Check(reference) | Cancel(reference) | Sure(reference):
            return f"{type(command).__name__.lower()} {reference}"
        case Unlock(door_words):
            return f"unlock {door_words}"
        case Today() | Tomorrow() | Tonight() | Guide() | Undo():
            return type(command).__name__.lower()


def _with_ticket(word: str, ticket: str | None) -> str:
    return f"{word} {ticket}" if ticket else word
