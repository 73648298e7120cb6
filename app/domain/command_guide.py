"""The list of text commands, in one message."""

_LINES = (
    "REF = booking reference",
    "REF or A REF: whose it is",
    "REF: 1-2 = room 1, 2 nights, a line per room",
    "REF: 2-2 correct = move to room 2",
    "OK, NO, block, OK A: answer",
    "check REF",
    "cancel REF, then sure REF",
    "unlock 1, unlock front",
    "today, tomorrow, tonight",
    "undo: take back the last change",
    "guide, menu, commands: this list",
)


def guide_text() -> str:
    """Return every command of the design's table, in GSM-7 and at most two segments."""
    return "\n".join(_LINES)
