"""Guests' names in calendars: where they stand, and what only looks like one.

A wrong name is worse than none: it is asked as a proof at check-in.
"""

import re

_RESERVED = (
    r"reserved|réservée?|reservado|reservada|reserviert|prenotato|prenotata|gereserveerd|"
    r"booked|provisoire"
)
_IN_TEXT = re.compile(
    r"^[ \t]*(?:guest|guest name|name)[ \t]*:[ \t]*(\S.*)$", re.IGNORECASE | re.MULTILINE
)
_IN_SUMMARY = (
    re.compile(rf"^(?:{_RESERVED}|closed)\s*[-\u2013:]\s*(?P<name>.+)$", re.IGNORECASE),
    re.compile(rf"^(?P<name>.+?)\s*[-\u2013]\s*(?:{_RESERVED})$", re.IGNORECASE),
    re.compile(r"^tripadvisor[^:]*:\s*(?P<name>.+)$", re.IGNORECASE),
    re.compile(
        r"^(?P<name>[^()]+?)\s*"
        r"\((?:\d+ guests?|booking\.com|airbnb|vrbo|homeaway|expedia|agoda|direct)\)$",
        re.IGNORECASE,
    ),
    re.compile(r"\bref\s+\S+;\s*(?P<name>.+)$", re.IGNORECASE),
)
_NEVER_IN_A_NAME = re.compile(
    rf"\b(?:{_RESERVED}|not available|unavailable|available|blocked|closed|busy|maintenance|"
    r"indisponible|disponible|disponibile|verfügbar|gesperrt|belegt|occupée?|bloquée?|"
    r"reservation|booking|airbnb|vrbo|guesty|check-?in|check-?out|n/a)(?!\w)",
    re.IGNORECASE,
)
_NOT_ALONE = frozenset({"guest", "owner", "unknown", "name", "none", "private", "test"})
_PARTICLES = re.compile(
    r"al|and|bin|da|das|de|del|den|der|di|do|dos|du|e|el|et|ibn|la|le|los|mac|of|ten|ter|und|van|"
    r"von|y|zu|&|\+",
    re.IGNORECASE,
)
LONGEST = 100


def name_in(summary: str, description: str) -> str | None:
    """Return the guest's name where a feed gives one; never a placeholder."""
    if found := _IN_TEXT.search(description):
        return _real_name(found.group(1))
    for pattern in _IN_SUMMARY:
        if found := pattern.search(summary.strip()):
            return _real_name(found.group("name"))
    return None


def _real_name(text: str) -> str | None:
    name = " ".join(text.split())
    words = name.split()
    if not words or len(words) > 8 or len(name) > LONGEST or _NEVER_IN_A_NAME.search(name):
        return None
    if all(word.strip(",.").casefold() in _NOT_ALONE for word in words):
        return None
    return name if all(map(_may_be_of_a_name, words)) and _has_letters(words[0]) else None


def _may_be_of_a_name(word: str) -> bool:
    """Tell a word that begins with a capital (or has none, as in Chinese), or joins such words."""
    if _PARTICLES.fullmatch(word):
        return True
    first = word.lstrip("'\u2019(\"")[:1]
    return first.isalpha() and not first.islower() and not any(map(str.isdecimal, word))


def _has_letters(word: str) -> bool:
    return any(map(str.isalpha, word))
