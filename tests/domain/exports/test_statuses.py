import pytest

from app.domain.exports.statuses import Status, is_reservation, status_of
from app.domain.notices import NoticeKind

LIVE = Status(NoticeKind.NEW)
CANCELLED = Status(NoticeKind.CANCELLED)


@pytest.mark.parametrize(
    "word",
    [
        *("ok", " OK ", "inhouse", "in_house", "", "Confirmed", "Past guest", "Currently hosting"),
        *("Arriving in 3 days", "Bestätigt", "Confirmada", "Confirmée", "Confermata", "Bevestigd"),
        *("Ancien voyageur", "Huésped anterior", "Potvrđeno"),
    ],
)
def test_booking_holds(word: str) -> None:
    assert status_of(word, "") == LIVE


@pytest.mark.parametrize(
    "word",
    [
        *("cancelled_by_guest", "cancelled_by_hotel", "cancelled_by_booking_dot_com", "CANCELLED"),
        *("Canceled by guest", "Cancelled by you", "Storniert", "Vom Gast storniert", "Otkazano"),
        *("Cancelada", "Annulée par le voyageur", "Cancellata dall'ospite", "Geannuleerd"),
    ],
)
def test_booking_is_cancelled(word: str) -> None:
    assert status_of(word, "") == CANCELLED


@pytest.mark.parametrize("cancelled_on", ["2026-11-26 11:39:12", "26/11/2026", "46352"])
def test_cancellation_date_cancels_whatever_the_status(cancelled_on: str) -> None:
    assert status_of("ok", cancelled_on) == CANCELLED


@pytest.mark.parametrize("empty", ["", "-", "0000-00-00", "0000-00-00 00:00:00", "N/A"])
def test_cancellation_date_that_is_none_cancels_nothing(empty: str) -> None:
    assert status_of("ok", empty) == LIVE


@pytest.mark.parametrize("word", ["no_show", "No-show", "NO SHOW"])
def test_no_show_is_no_cancellation(word: str) -> None:
    assert status_of(word, "") == Status(NoticeKind.NEW, no_show=True)
    assert status_of(word, "2026-11-10") == Status(NoticeKind.CANCELLED, no_show=True)


@pytest.mark.parametrize("word", ["Pending", "Awaiting payment", "Expired", "Inquiry", "okra"])
def test_word_that_is_not_known_is_not_guessed(word: str) -> None:
    assert status_of(word, "") is None


@pytest.mark.parametrize(
    ("kind", "is_one"),
    [
        *((one, True) for one in ("Reservation", "Buchung", "Reserva", "Prenotazione", "Boeking")),
        *((one, False) for one in ("Payout", "Auszahlung", "Doorloop-totaal", "Adjustment", "")),
    ],
)
def test_entries_of_earnings_are_told_apart(kind: str, *, is_one: bool) -> None:
    assert is_reservation(kind) == is_one
