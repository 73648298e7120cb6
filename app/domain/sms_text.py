"""How many segments a text message takes, and how a list is fitted into a few."""

from collections.abc import Callable, Sequence

from app.domain.gsm7 import EXTENSION, can_be_written, is_gsm7, to_gsm7

__all__ = ["can_be_written", "fitted", "is_gsm7", "segments", "shortened", "to_gsm7"]

_GSM7_ALONE, _GSM7_EACH = 160, 153
_UCS2_ALONE, _UCS2_EACH = 70, 67
_CUT = "..."


def segments(text: str) -> int:
    """Return how many segments carriers bill for the text; 0 for an empty one.

    GSM-7 holds 160, or 153 each when there are several; UCS-2 70 and 67 (`facts/twilio.md` 6).
    An extension character or a surrogate pair is never parted by a segment's end.
    """
    if is_gsm7(text):
        return _count([2 if c in EXTENSION else 1 for c in text], _GSM7_ALONE, _GSM7_EACH)
    return _count([2 if ord(c) > 0xFFFF else 1 for c in text], _UCS2_ALONE, _UCS2_EACH)


def fitted(lines: Sequence[str], *, most_segments: int, more: Callable[[int], str]) -> str:
    """Join the lines, in GSM-7, as far as they fit; `more(n)` closes for the n that do not.

    No line is cut, but for the first where it leaves no room for itself and the closing line: it
    is always there, and what is left out is always said.
    """
    if not lines:
        return ""
    written = [to_gsm7(line) for line in lines]
    fitting = _how_many_fit(written, most_segments)
    if fitting == len(written):
        return "\n".join(written)
    for kept in range(fitting, 0, -1):
        text = "\n".join([*written[:kept], to_gsm7(more(len(written) - kept))])
        if segments(text) <= most_segments:
            return text
    left_out = len(written) - 1
    closing = "\n" + to_gsm7(more(left_out)) if left_out else ""
    if segments(_CUT + closing) > most_segments:
        closing = ""
    return _cut(written[0], closing, most_segments)


def shortened(text: str, *, most_segments: int) -> str:
    """Return a text of lines in GSM-7, cut at a line's end where it would take more segments.

    The last line stays: it says what came of it all.
    """
    lines = to_gsm7(text).split("\n")
    for kept in range(len(lines), 1, -1):
        cut = _without_middle(lines, kept)
        if segments(cut) <= most_segments:
            return cut
    closing = _without_middle(["", *lines[1:]], 2) if len(lines) > 1 else ""
    if segments(_CUT + closing) > most_segments:
        closing = ""
    return _cut(lines[0], closing, most_segments)


def _without_middle(lines: Sequence[str], kept: int) -> str:
    """Join the first lines and the last, `kept` in all, and say how many are left out."""
    left_out = len(lines) - kept
    if not left_out:
        return "\n".join(lines)
    more = f"... and {left_out} more {'line' if left_out == 1 else 'lines'}."
    return "\n".join([*lines[: kept - 1], more, lines[-1]])


def _count(sizes: Sequence[int], alone: int, each: int) -> int:
    if sum(sizes) <= alone:
        return 1 if sizes else 0
    count, room = 1, each
    for size in sizes:
        if size > room:
            count, room = count + 1, each
        room -= size
    return count


def _how_many_fit(lines: Sequence[str], most_segments: int) -> int:
    text = ""
    for number, line in enumerate(lines):
        text = f"{text}\n{line}" if number else line
        if segments(text) > most_segments:
            return number
    return len(lines)


def _cut(line: str, closing: str, most_segments: int) -> str:
    if segments(line + closing) <= most_segments:
        return line + closing
    kept = line[: _GSM7_ALONE * most_segments]
    while kept and segments(kept + _CUT + closing) > most_segments:
        kept = kept[:-1]
    return kept.rstrip() + _CUT + closing
