"""The second proof at check-in: whether what the guest typed fits what we know of them."""

import hmac
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

_NOT_A_LETTER = re.compile(r"[^\w]+")
_STANDALONE = str.maketrans(
    {"ł": "l", "ø": "o", "đ": "d", "æ": "ae", "œ": "oe", "ß": "ss", "\u0131": "i"}
)


@dataclass(frozen=True)
class KnownOfGuest:
    """What the sources say of the party under one reference."""

    names: frozenset[str]
    phone_endings: frozenset[str]
    arrivals: frozenset[date]

    @property
    def asks_for_arrival(self) -> bool:
        """With neither a name nor a phone known, the arrival date is all there is to ask for."""
        return not self.names and not self.phone_endings


def is_proof(text: str, known: KnownOfGuest) -> bool:
    """Tell whether `text` is a name or the last four digits of the phone of this guest.

    A name fits when every word typed is a word of one known name: families write surnames first,
    last or twice, so none is preferred. Accents, case, hyphens and apostrophes are forgiven; parts
    of words never fit.
    """
    digits = re.sub(r"\D", "", text)
    if digits and len(digits) >= 4 and not re.search(r"[^\W\d_]", text):
        return any(hmac.compare_digest(digits[-4:], ending) for ending in known.phone_endings)
    return any(_names_them(text, name) for name in known.names)


def _names_them(text: str, name: str) -> bool:
    typed, full = _words(text), _words(name)
    if not typed:
        return False
    return set(typed) <= set(full) or "".join(typed) in _joined(full)


def _words(name: str) -> list[str]:
    """Split into comparable words of two letters or more (one, where the script has such names)."""
    if "," in name:
        last, _, first = name.partition(",")
        name = f"{first} {last}"
    plain = unicodedata.normalize("NFKD", name.casefold()).translate(_STANDALONE)
    plain = "".join(c for c in plain if not unicodedata.combining(c))
    plain = re.sub(r"['\u2019\u02bc`\u00b4]", "", plain)
    words = [word for word in _NOT_A_LETTER.split(plain) if word]
    return [word for word in words if len(word) > 1 or not word.isascii()]


def _joined(words: Iterable[str]) -> set[str]:
    """Return every run of neighbouring words, written together: "de la Cruz", "delacruz"."""
    listed = list(words)
    return {"".join(listed[i:j]) for i in range(len(listed)) for j in range(i + 1, len(listed) + 1)}
