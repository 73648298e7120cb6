"""The alphabet of short text messages, GSM 03.38, and how other writing is put into it."""

import re
import unicodedata

BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
EXTENSION = frozenset("^{}\\[~]|€\f")
"""Sent as two: an escape and a letter."""

_LOST, _DROPPED = "\x00", "\x01"
"""Stand in for a letter that cannot be written, and for a picture or sign nobody misses."""

_WRITTEN_AS: dict[str, str] = (
    dict.fromkeys("\u2018\u2019\u201a\u201b\u2032\u02bc\u2039\u203a`\u00b4", "'")
    | dict.fromkeys("\u201c\u201d\u201e\u201f\u2033\u00ab\u00bb", '"')
    | dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2015\u2043\u2212", "-")
    | dict.fromkeys("\u2022\u00b7\u25cf", "*")
    | dict.fromkeys("\u2028\u2029\x85", "\n")
    | dict(zip("łŁđĐðÐħĦŧŦıŋŊ", "lLdDdDhHtTinN", strict=True))
    | {"œ": "oe", "Œ": "OE", "þ": "th", "Þ": "Th", "ẞ": "SS", "\u3001": ",", "\u3002": "."}
    | {"\u00d7": "x", "\u2044": "/", "→": "->", "°": " deg", "©": "(c)", "®": "(r)", "\t": " "}
)
_LATIN = [*"abvgde", "zh", *"ziiklmnoprstuf", "kh", "ts", "ch", "sh", "shch"]
_LATIN += ["", "y", "", "e", "iu", "ia"]
_CYRILLIC: dict[str, str] = dict(zip(map(chr, range(0x430, 0x450)), _LATIN, strict=True))
_CYRILLIC |= {"\u0456": "i", "\u0454": "ie", "\u0491": "g", "\u0458": "j", "\u0452": "dj"}
_CYRILLIC |= {"\u0459": "lj", "\u045a": "nj", "\u045b": "c", "\u045f": "dz"}
_GREEK: dict[str, str] = dict(
    zip(
        "\u0391\u0392\u0395\u0396\u0397\u0399\u039a\u039c\u039d\u039f\u03a1\u03a4\u03a5\u03a7",
        "ABEZHIKMNOPTYX",
        strict=True,
    )
)
_SIGNS = frozenset({"Sc", "Sk", "Sm", "So", "Pc", "Pd", "Pe", "Pf", "Pi", "Po", "Ps"})


def is_gsm7(text: str) -> bool:
    """Tell whether the text can be sent in GSM-7; one other character makes all of it UCS-2."""
    return all(character in BASIC or character in EXTENSION for character in text)


def to_gsm7(text: str) -> str:
    """Return the text as GSM-7 can write it.

    Quotes, dashes and letters with marks become their plain like ("Łukasz" is "Lukasz"; "Zoë" is
    "Zoe", as ë is not in the alphabet and é is); Cyrillic is transliterated, Greek written in
    capitals as Greek phones do. Emoji and signs are left out. Letters of other scripts become one
    "..." for each run of them, so that it shows that something stood there: `can_be_written` tells
    beforehand whether a name is better not said at all.
    """
    marked = _marked(text)
    marked = re.sub(f"{_LOST}(?:[ {_DROPPED}]*{_LOST})*", "...", marked)
    if _DROPPED not in marked:
        return marked
    marked = re.sub(f"(^|[ \n])[{_DROPPED}][ {_DROPPED}]*", r"\1", marked)
    return re.sub(" +(?=\n|$)", "", marked.replace(_DROPPED, ""))


def can_be_written(text: str) -> bool:
    """Tell whether `to_gsm7` keeps all letters and digits of the text, be it transliterated."""
    return _LOST not in _marked(text)


def _marked(text: str) -> str:
    return "".join(map(_written, unicodedata.normalize("NFC", text)))


def _written(character: str) -> str:
    if character in BASIC or character in EXTENSION:
        return character
    plain = _WRITTEN_AS.get(character) or _transliterated(character)
    if plain is not None:
        return plain
    parts = unicodedata.normalize("NFKD", character)
    if parts != character:
        return "".join(map(_written, parts))
    category = unicodedata.category(character)
    if category[0] in "LN":
        return _LOST
    if category == "Zs":
        return " "
    return _DROPPED if category in _SIGNS else ""


def _transliterated(character: str) -> str | None:
    """Return a Cyrillic or Greek letter's likes, None for others; hard and soft signs are none."""
    lower, upper = character.lower(), character.upper()
    if lower in _CYRILLIC:
        latin = _CYRILLIC[lower]
        return latin if character == lower else latin.capitalize()
    if upper in _GREEK:
        return _GREEK[upper]
    return upper if "\u03ac" <= character <= "\u03ce" and upper in BASIC else None
