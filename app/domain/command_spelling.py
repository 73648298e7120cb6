"""What thumbs, keyboards and mail programs do to a text, undone before it is read."""

import re
import unicodedata

_LINE_END = re.compile("[\n\r\x0b\x0c\x1c-\x1e\x85\u2028\u2029;\u037e\ufe14\ufe54\uff1b]+")
_DASHES = "\u2010\u2011\u2012\u2013\u2014\u2015\u2043\u2212\ufe58\ufe63\uff0d"
_QUOTES = "'\"`\u00b4\u2018\u2019\u201a\u201b\u201c\u201d\u201e\u201f\u00ab\u00bb\u2039\u203a\u02bc"
_BLANKS = "#\u2116()[]{}<>\u2022\u00b7\u25cf\u25e6\uff03"
_ARROWS = "\u2192\u21d2\u27a1\u279c"
_MARKS = str.maketrans(
    dict.fromkeys(_DASHES, "-")
    | dict.fromkeys(_QUOTES, "")
    | dict.fromkeys(_BLANKS, " ")
    | dict.fromkeys(_ARROWS, ":")
)
_NOT_READ = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Sk"})
"""Controls, invisible marks, halves of characters, skin tones."""
_KEYCAP_AND_VARIANTS = frozenset(["\u20e3", "\u034f", *map(chr, range(0xFE00, 0xFE10))])
_LOOK_ALIKES = str.maketrans(
    "\u0410\u0412\u0415\u041a\u041c\u041d\u041e\u0420\u0421\u0422\u0423\u0425"
    "\u0391\u0392\u0395\u0396\u0397\u0399\u039a\u039c\u039d\u039f\u03a1\u03a4\u03a5\u03a7",
    "ABEKMHOPCTYXABEZHIKMNOPTYX",
)
"""Cyrillic and Greek capitals that look Latin: `OK` from a keyboard in another script."""
_THUMBS_UP = re.compile(
    "^[\U0001f44d\U0001f44c\u2705\u2714\u2611 ]*[\U0001f44d\U0001f44c\u2705\u2714\u2611]"
)
_THUMBS_DOWN = re.compile("^[\U0001f44e ]*\U0001f44e")


def lines_of(text: str) -> list[tuple[str, str]]:
    """Return (as typed, plain) for every line that says anything.

    Line breaks of all kinds and `;` part lines. Plain is: NFKC, ASCII digits and dashes, single
    spaces, no quotes, brackets or '#', nothing that only decorates the start (`> `, `- `) or the
    end (dots, emoji). A thumb at the start is OK or NO.
    """
    pairs = ((typed.strip(), _undecorated(_plain(typed))) for typed in _LINE_END.split(text))
    return [(typed, line) for typed, line in pairs if line]


def folded(line: str) -> str:
    """Return a plain line in Latin capitals, for comparing with words and references."""
    return line.upper().translate(_LOOK_ALIKES)


def _plain(text: str) -> str:
    """Return the text on one line, in the characters and single spaces that the grammar knows."""
    text = unicodedata.normalize("NFKC", text.translate(_MARKS)).translate(_MARKS)
    return " ".join("".join(map(_read_as, text)).split())


def _read_as(character: str) -> str:
    if character.isspace():
        return " "
    category = unicodedata.category(character)
    if category == "Nd":
        return str(unicodedata.decimal(character))
    if character.isascii() and category == "Sk":
        return character
    if category in _NOT_READ or character in _KEYCAP_AND_VARIANTS:
        return ""
    return character


def _undecorated(line: str) -> str:
    line = line.lstrip(" -.,:*|")
    line = _THUMBS_UP.sub("OK ", line, count=1)
    line = _THUMBS_DOWN.sub("NO ", line, count=1)
    while line and (line[-1] in " .,!" or _is_emoji(line[-1])):
        line = line[:-1]
    return line


def _is_emoji(character: str) -> bool:
    """Tell pictures apart; a thumb down is kept, as it would contradict what stands before it."""
    return unicodedata.category(character) == "So" and character != "\U0001f44e"
