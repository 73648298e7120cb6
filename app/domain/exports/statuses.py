"""What a row says has become of its booking."""

from dataclasses import dataclass

from app.domain.exports.cells import folded
from app.domain.notices import NoticeKind

_CANCELLED = ("cancel", "storn", "annul", "otkaz", "ponist")
"""Stems: `cancelled_by_guest`, `Canceled by you`, `Storniert`, `Annulée par le voyageur`."""
_NO_SHOW = ("noshow",)
_LIVE = (
    *("inhouse", "confirmed", "past guest", "currently hosting", "arriving", "checking out"),
    *("checked in", "checked out", "awaiting guest review", "review guest", "stayed", "completed"),
    *("bestätigt", "ehemaliger gast", "früherer gast", "vergangener gast", "aktueller gast"),
    *("confirmad", "confirmée", "confermat", "bevestigd", "potvrđen"),
    *("hóspede anterior", "huésped anterior", "antiguo huésped", "ex-hóspede"),
    *("ancien voyageur", "ospite precedente", "ospite passato", "eerdere gast", "vorige gast"),
)
"""How such a word begins."""
_LIVE_FOLDED = tuple(map(folded, _LIVE))
_KINDS_OF_RESERVATION = frozenset(
    map(
        folded,
        (
            *("Reservation", "Buchung", "Reservierung", "Reserva", "Reservación", "Réservation"),
            *("Prenotazione", "Boeking", "Reservering"),
        ),
    )
)


@dataclass(frozen=True)
class Status:
    """A no-show is NEW: the guest did not come, but the booking was not cancelled."""

    kind: NoticeKind
    no_show: bool = False


def status_of(word: str, cancelled_on: str) -> Status | None:
    """Read the status and the cancellation date; None for a word that is not known.

    No word at all is a booking that holds: some lists have no such column. A date of noughts is
    how some exports leave it empty.
    """
    said = folded(word)
    no_show = said.startswith(_NO_SHOW)
    if any(stem in said for stem in _CANCELLED) or any(c in "123456789" for c in cancelled_on):
        return Status(NoticeKind.CANCELLED, no_show)
    if said in ("", "ok") or no_show or said.startswith(_LIVE_FOLDED):
        return Status(NoticeKind.NEW, no_show)
    return None


def is_reservation(kind: str) -> bool:
    """Tell an entry of Airbnb's earnings that is a reservation from a payout or a tax."""
    return folded(kind) in _KINDS_OF_RESERVATION
