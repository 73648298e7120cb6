"""Words of calendars: what says block, what says stay, where names and references stand."""

import re
from collections.abc import Sequence

_BLOCKED = re.compile(
    r"\b(not available|unavailable|blocked|closed|busy|owner|maintenance|indisponible|"
    r"no disponible|bloqueado|bloqueada|non disponibile|nicht verfügbar|gesperrt|belegt|occupé|"
    r"bloqué)\b",
    re.IGNORECASE,
)
_TENTATIVE = re.compile(r"\b(provisoire|tentative|vorläufig|provvisori[oa]|provisional)\b", re.I)
_BLOCKED_BY_MANAGER = re.compile(r"\bblocked by guesty\b", re.IGNORECASE)
"""Guesty shows every Vrbo stay so to a feed with limited rights: it may be a stay."""

_REFERENCES = (
    re.compile(r"(?:details/|code=)(HM[A-Z0-9]{6,10})\b"),
    re.compile(r"\b(HM[A-Z0-9]{8})\b"),
    re.compile(r"\b(VRB-HA-[A-Z0-9]+(?:-[A-Z0-9]+)*)\b"),
    re.compile(r"\b(HA-[A-Z0-9]{6,})\b"),
    re.compile(r"\b(?:ref|reference|reservation|booking)\.?[ :#]+([A-Z]*\d[A-Z0-9-]{4,})\b", re.I),
)
_PHONE = re.compile(r"Phone Number \(Last 4 Digits\):\s*(\d{4})\b")
_NAME_IN_TEXT = re.compile(r"^\s*(?:guest|guest name|name)\s*:\s*(.+)$", re.I | re.MULTILINE)
_RESERVED = r"reserved|réservée?|reservado|reservada|reserviert|prenotato|gereserveerd|booked"
_NAMES = (
    re.compile(rf"^(?:{_RESERVED}|provisoire|closed)\s*[-\u2013]\s*(?P<name>.+)$", re.I),
    re.compile(rf"^(?P<name>.+?)\s*[-\u2013]\s*(?:{_RESERVED})$", re.I),
    re.compile(r"^tripadvisor[^:]*:\s*(?P<name>.+)$", re.I),
    re.compile(
        r"^(?P<name>.+?)\s*\((?:\d+ guests?|booking\.com|airbnb|vrbo|expedia|direct)\)$", re.I
    ),
    re.compile(r"\bref\s+\S+;\s*(?P<name>.+)$", re.I),
)
_NO_NAME = re.compile(
    rf"^(?:{_RESERVED}|reservation|booking|guest|airbnb|provisoire|late utc start|closed|"
    r"not available|check-?in|check-?out)\b",
    re.IGNORECASE,
)


def says_blocked(summary: str) -> bool:
    return bool(_BLOCKED.search(summary))


def says_tentative(summary: str) -> bool:
    return bool(_TENTATIVE.search(summary))


def may_hide_a_stay(summary: str) -> bool:
    """Tell whether a "blocked" may be a stay that the manager does not show."""
    return bool(_BLOCKED_BY_MANAGER.search(summary))


def reference_in(*texts: str) -> str | None:
    """Return the first booking reference, capital letters."""
    return _first(_REFERENCES, texts)


def phone_ending_in(text: str) -> str | None:
    found = _PHONE.search(text)
    return found.group(1) if found else None


def name_in(summary: str, description: str) -> str | None:
    """Return the guest's name where a feed gives one; never a placeholder."""
    if found := _NAME_IN_TEXT.search(description):
        return _real_name(found.group(1))
    for pattern in _NAMES:
        if found := pattern.search(summary.strip()):
            return _real_name(found.group("name"))
    return None


def _real_name(text: str) -> str | None:
    name = " ".join(text.split())
    is_placeholder = _NO_NAME.match(name) or says_blocked(name) or not re.search(r"[^\W\d_]", name)
    return None if is_placeholder else name[:200]


def _first(patterns: Sequence[re.Pattern[str]], texts: Sequence[str]) -> str | None:
    for pattern in patterns:
        for text in texts:
            if found := pattern.search(text):
                return found.group(1).upper()
    return None
