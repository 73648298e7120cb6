"""Words of calendars: what says block, what says stay, and where the reference stands."""

import re

from app.domain.channels.names import name_in as name_in
from app.domain.references import normalised

_BLOCKED = re.compile(
    r"\b(?:not available|unavailable|blocked|closed|busy|owner|maintenance|indisponible|"
    r"no disponible|bloquead[oa]|bloccat[oa]|non disponibile|nicht verfügbar|gesperrt|belegt|"
    r"bloquée?|niet beschikbaar|geblokkeerd|chiuso|cerrado|fermée?)\b",
    re.IGNORECASE,
)
_TENTATIVE = re.compile(
    r"\b(?:provisoire|tentative|vorläufig|provvisori[oa]|provisional|pending)\b", re.IGNORECASE
)
_CANCELLED = re.compile(
    r"\W*(?:cancell?ed|annulée?|cancelad[oa]|storniert|annullat[oa]|geannuleerd)\b", re.IGNORECASE
)
_MAY_HIDE_A_STAY = re.compile(
    r"\bblocked by guesty\b|\boccup(?:é|ée|ied)(?!\w)|^closed\s*[-\u2013]\s*(?!not\b)\w",
    re.IGNORECASE,
)
"""Guesty shows every Vrbo stay so to a feed with limited rights; a feed of a host's own site says
`Occupé` for both; older Booking.com feeds wrote `CLOSED - Guest Name`."""

_AIRBNB_CODE = re.compile(r"(?<![A-Z0-9])HM[A-Z0-9]{8}(?![A-Z0-9])")
_VRBO_NUMBER = re.compile(r"(?<![A-Z0-9-])(?:VRB-)?HA-[A-Z0-9]{6}(?:-[A-Z0-9]{5})?(?![A-Z0-9])")
_LABELLED = re.compile(
    r"\b(?:ref(?:erence)?|booking|reservation|confirmation)(?:\s*(?:no|number|id|code))?[.:# ]+"
    r"(?!\d{4}-\d\d-\d\d\b)(?=[A-Z-]*\d)([A-Z0-9][A-Z0-9-]{3,30}[A-Z0-9])\b(?![/@])",
    re.IGNORECASE,
)
_LAST_DIGITS = re.compile(r"\blast 4 digits\)?\s*:\s*(\d{4})\b", re.IGNORECASE)
_PHONE = re.compile(
    r"^[ \t]*(?:phone|telephone|tel|mobile)\b[^:\n]{0,30}:[ \t]*([+(\d][\d ()./-]{6,20})$",
    re.IGNORECASE | re.MULTILINE,
)


def says_blocked(summary: str) -> bool:
    return bool(_BLOCKED.search(summary))


def says_tentative(summary: str) -> bool:
    return bool(_TENTATIVE.search(summary))


def says_cancelled(summary: str) -> bool:
    """Tell whether the summary begins with the word; a stay "not to be cancelled" is none."""
    return bool(_CANCELLED.match(summary))


def may_hide_a_stay(summary: str) -> bool:
    """Tell whether a word for a block is one that some sites use for stays too."""
    return bool(_MAY_HIDE_A_STAY.search(summary))


def airbnb_code_in(*texts: str) -> str | None:
    """Return `HM` and 8 capitals or digits, in a link of either form or by itself."""
    found = _AIRBNB_CODE.search("\n".join(texts))
    return found.group() if found else None


def reference_in(*texts: str) -> str | None:
    """Return the first booking reference, spelt as all references are."""
    text = "\n".join(texts)
    if found := _AIRBNB_CODE.search(text) or _VRBO_NUMBER.search(text):
        return normalised(found.group())
    found = _LABELLED.search(text)
    return normalised(found.group(1)) if found else None


def phone_ending_in(text: str) -> str | None:
    """Return the last four digits of the guest's phone."""
    if found := _LAST_DIGITS.search(text):
        return found.group(1)
    digits = (
        "".join(filter(str.isdecimal, found.group(1))) if (found := _PHONE.search(text)) else ""
    )
    return digits[-4:] if len(digits) >= 7 else None
