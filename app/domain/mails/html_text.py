"""HTML into lines of text, in time that grows with its length alone, however it is broken.

A parser that builds a tree is slow, or deep, on tags that never close; mails are from anybody.
"""

import re
from dataclasses import dataclass
from html import unescape

MOST_LINKS = 200
LONGEST_LINK = 2_000

_UNSEEN = re.compile(r"<(?=(?:script|style|title)\b)", re.IGNORECASE)
_UNSEEN_END = re.compile(r"</(?:script|style|title)\b[^<>]*>", re.IGNORECASE)
_TAG = re.compile(r"<(/?)([a-z][a-z0-9]*)\b([^<>]*)>|<[!?/a-z][^<>]*>", re.IGNORECASE)
_LINK = re.compile(r"""\bhref\s*=\s*["']?([^\s"'<>]+)""", re.IGNORECASE)
_CELLS = frozenset({"td", "th"})
_INLINE = frozenset(
    {"a", "abbr", "b", "bdi", "bdo", "big", "cite", "code", "em", "font", "i", "img", "ins", "mark",
     "o", "q", "s", "small", "span", "strong", "sub", "sup", "time", "u", "wbr"}
)  # fmt: skip


@dataclass(frozen=True)
class HtmlText:
    """What a reader sees, a line for each block and row of a table, and where the links lead."""

    text: str
    links: tuple[str, ...]


def read_html(html: str) -> HtmlText:
    """Return the text and the links; comments, styles and scripts say nothing."""
    seen = "".join(_without_unseen(_without_comments(html)))
    links = (
        unescape(link.group(1))[:LONGEST_LINK]
        for tag in _TAG.finditer(seen)
        if (tag.group(2) or "").lower() == "a" and (link := _LINK.search(tag.group(3)))
    )
    text = unescape(_TAG.sub(_space, " ".join(seen.split())))
    lines = (" ".join(line.split(" ")).strip() for line in text.split("\n"))
    found = tuple(link for _, link in zip(range(MOST_LINKS), links, strict=False))
    return HtmlText("\n".join(line for line in lines if line), found)


def _without_comments(html: str) -> str:
    first, *rest = html.split("<!--")
    return first + "".join(piece.partition("-->")[2] for piece in rest)


def _without_unseen(html: str) -> list[str]:
    first, *rest = _UNSEEN.split(html)
    shown = [first]
    for piece in rest:
        end = _UNSEEN_END.search(piece)
        shown.append(piece[end.end() :] if end else "")
    return shown


def _space(tag: re.Match[str]) -> str:
    """Return what a tag is to the eye: a new line, the next cell of a row, or nothing."""
    name = (tag.group(2) or "").lower()
    if name in _CELLS:
        return "  " if tag.group(1) else ""
    return "" if name in _INLINE or not name else "\n"
