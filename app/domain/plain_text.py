"""What people type, without what nobody types: control characters, marks that turn lines round."""

import unicodedata

_TURNING = frozenset("\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def one_line(text: str, most: int) -> str:
    """Return the text on one line, at most `most` characters, fit to be stored and shown.

    Names from forms go into messages and onto other people's pages: a line break could forge a
    line of a text, a direction mark could turn what follows it round; a NUL no database takes.
    """
    kept = "".join(
        character
        for character in text
        if character not in _TURNING
        and (character.isspace() or unicodedata.category(character) != "Cc")
    )
    return " ".join(kept.split())[:most]
