"""The grammar of one line of a text message: which commands it says, or why it says none."""

import re

from app.domain.command_naming import naming_in
from app.domain.command_references import is_ticket, reference_in, ticket_before
from app.domain.command_spelling import folded
from app.domain.commands import (
    Block,
    Cancel,
    Check,
    Command,
    Confirm,
    Guide,
    Reject,
    Sure,
    Today,
    Tomorrow,
    Tonight,
    Unclear,
    Undo,
    Unlock,
)
from app.domain.door_words import MOST_CHARACTERS, door_words

AnswerKind = type[Confirm] | type[Reject] | type[Block]

_ANSWERS: dict[str, AnswerKind] = {
    "OK": Confirm,
    "OKAY": Confirm,
    "CONFIRM": Confirm,
    "YES": Confirm,
    "NO": Reject,
    "NOPE": Reject,
    "BLOCK": Block,
}
_OF_A_BOOKING: dict[str, type[Check] | type[Cancel] | type[Sure]] = {
    "CHECK": Check,
    "CANCEL": Cancel,
    "SURE": Sure,
}
_ALONE: dict[str, type[Today] | type[Tomorrow] | type[Tonight] | type[Guide] | type[Undo]] = {
    "TODAY": Today,
    "ARRIVALS": Today,
    "TOMORROW": Tomorrow,
    "TOMMORROW": Tomorrow,
    "TOMOROW": Tomorrow,
    "TOMMOROW": Tomorrow,
    "TONIGHT": Tonight,
    "TONITE": Tonight,
    "GUIDE": Guide,
    "MENU": Guide,
    "COMMANDS": Guide,
    "UNDO": Undo,
}
_WORD = re.compile("([A-Z]+)[ :=.,-]*(.*)")
_DOTTED_OK = re.compile("^O[. ]?K(?![A-Z0-9])")


def read_line(line: str, number: int) -> tuple[Command, ...]:
    """Return what a plain line (`command_spelling.lines_of`) says: one command, or several alike.

    Raises Unclear.
    """
    said = _DOTTED_OK.sub("OK", folded(line), count=1)
    if said == "?":
        return (Guide(line=number),)
    if (verb := _WORD.fullmatch(said)) is not None:
        word, rest = verb.groups()
        if word in _ANSWERS:
            return _answers(word, rest, number)
        if word in _OF_A_BOOKING:
            return (_of_a_booking(word, rest, number),)
        if word in _ALONE:
            return (_alone(word, rest, number),)
        if word in {"UNLOCK", "OPEN"}:
            return (_unlock(line[len(word) :], number),)
    rest, ticket = ticket_before(said)
    if ticket is not None and rest in _ANSWERS:
        return _answers(rest, ticket, number)
    return naming_in(said, number)


def _answers(word: str, rest: str, number: int) -> tuple[Command, ...]:
    kind = _ANSWERS[word]
    name = {Confirm: "OK", Reject: "NO", Block: "block"}[kind]
    named = [one for one in re.split("[ ,.&+/]+", rest) if one and one != "AND"]
    if word == "YES" and not named:
        raise Unclear("is a word phone companies keep for themselves. Write OK.")
    if not all(map(is_ticket, named)):
        raise Unclear(f"says more than it can. Write {name}, or {name} and a letter: {name} A.")
    return tuple(kind(ticket, line=number) for ticket in named or (None,))


def _of_a_booking(word: str, rest: str, number: int) -> Command:
    reference = reference_in(rest)
    if reference is None:
        verb = word.lower()
        raise Unclear(f"needs a booking reference, such as {verb} 1234567890.")
    return _OF_A_BOOKING[word](reference, line=number)


def _alone(word: str, rest: str, number: int) -> Command:
    if rest not in ("", "?"):
        raise Unclear(f"says more than it can. Write only {word.lower()}.")
    return _ALONE[word](line=number)


def _unlock(rest: str, number: int) -> Command:
    words = door_words(rest)
    if not words:
        raise Unclear("needs a door, such as unlock 1 or unlock front.")
    if len(words) > MOST_CHARACTERS:
        raise Unclear("is too long for a door. Write only its name, such as unlock front.")
    return Unlock(words, line=number)
