"""What booking sites call a new, a changed and a cancelled booking, in the languages of hosts.

Booking.com's mails are seen in the first five; the others are what those languages call it, and
best effort. Stems of words, folded (`folding`), as regular expressions.
"""

import re
from typing import NamedTuple

from app.domain.mails.folding import folded
from app.domain.notices import NoticeKind

_HURRIED = r"(?:last[- ]?minute[- ]?|genius )?\s?"


class _Stems(NamedTuple):
    cancelled: str
    modified: str
    new: str


_STEMS = {
    "en": _Stems(
        "cancell?ed|cancell?ation",
        "modified|modification|changed|updated",
        f"new {_HURRIED}(?:booking|reservation)",
    ),
    "nl": _Stems(
        "geannuleer|annulering",
        "gewijzigd|wijziging|aangepast",
        f"nieuwe? {_HURRIED}(?:boeking|reservering)",
    ),
    "it": _Stems(
        "cancellat|cancellazion|annullat|annullament",
        "modific",
        r"nuov\w+ prenotazion",
    ),
    "es": _Stems("cancelad|cancelacion|anulad|anulacion", "modific", "nuevas? reserva"),
    "fr": _Stems("annul", "modifi", "nouvelles? reservation|reservation de derniere minute"),
    "de": _Stems(
        "stornier|storno",
        "geander|anderung|aktualisier",
        f"neue {_HURRIED}(?:buchung|reservierung)",
    ),
    "pt": _Stems("cancelad|cancelament", "modific|alterad|alterac", "nova reserva"),
    "ca": _Stems(r"cancel\W?lad|anul\W?lad", "modific", "nova reserva"),
    "da": _Stems(
        "annuller|aflys|afbestil", "ændr", f"ny {_HURRIED}(?:booking|reservation|bestilling)"
    ),
    "nb": _Stems("kanseller|avbestil", "endr", f"ny {_HURRIED}(?:booking|reservasjon|bestilling)"),
    "sv": _Stems("avbok", "andra", f"ny {_HURRIED}(?:bokning|reservation)"),
    "fi": _Stems("peruu|perutt", "muut", r"uusi (?:\w+ ){0,2}varau"),
    "pl": _Stems("anulow|odwol", "zmien|zmian|zmodyfik", r"now\w+ rezerwacj"),
    "cs": _Stems("zrus|storn", "zmen|uprav", r"nov\w+ rezervac(?:e|i|ia)\b"),  # and Slovak
    "hr": _Stems("otkaz", "izmij|izmen|promij|promen", r"nov\w+ rezervacij"),  # and Serbian
    "sl": _Stems("odpoved|preklic", "spremen", r"nov\w+ rezervacij"),
    "hu": _Stems("lemond|torol", "modosit", r"uj (?:\w+ ){0,2}foglalas"),
    "ro": _Stems("anulat|anulare", "modific", "rezervare noua|noua rezervare"),
    "tr": _Stems("iptal", "degis|guncel", r"yeni (?:\w+ ){0,2}rezervasyon"),
    "el": _Stems("ακυρω", "τροποποι|αλλαγ", r"νεα (?:\w+ )?κρατηση"),
    "ru": _Stems("отмен", "измен", r"новое (?:\w+ )?бронирование"),
    "uk": _Stems("скасов", "змін|змен", r"нове (?:\w+ )?бронювання"),
    "bg": _Stems("отмен|анулир", "промен", "нова резервация"),
    "ja": _Stems("キャンセル|取消", "変更", "新(?:しい|規の?)予約"),
    "zh": _Stems("取消", "修改|更改|变更", "新的?(?:预订|订单|預訂|訂單)"),
    "ko": _Stems("취소", "변경|수정", "(?:새|신규) ?예약"),
}
_AT_START_OF_WORD = r"(?<![a-z\u0370-\u04ff])"
_KINDS = (NoticeKind.CANCELLED, NoticeKind.MODIFIED, NoticeKind.NEW)
"""In this order: the cancellation of a new booking is one."""
_TABLE = [
    (kind, language, re.compile(f"{_AT_START_OF_WORD}(?:{getattr(stems, kind)})"))
    for kind in _KINDS
    for language, stems in _STEMS.items()
]
_ONLY_ASKED = re.compile(
    r"\b(?:request|waive|would like to|wants? to|solicit|pedid|richiest|demande|anfrage|verzoek)"
)
_BOOKING = re.compile(
    r"\b(?:book(?:ing|ed)|reserv|prenota|buchung|boeking|bokning|bestilling|rezer[vw]|varau|"
    r"foglal)|κρατησ|бронир|бронюв|резерв|予約|预订|預訂|订单|訂單|예약"
)


def kind_in(words: str) -> tuple[NoticeKind, str] | None:
    """Return what has become of a booking and the language that says so; None when neither is sure.

    Somebody who asks for a cancellation has not got it.
    """
    text = folded(words)
    if _ONLY_ASKED.search(text):
        return None
    return next(
        ((kind, language) for kind, language, stem in _TABLE if stem.search(text)),
        None,
    )


def speaks_of_booking(words: str) -> bool:
    return bool(_BOOKING.search(folded(words)))
