"""Booking.com's words in five languages.

Seen in real mails: all English, Dutch and Italian subjects, and the Spanish ones but `modified`.
French ones come from another program's test data, and what is nowhere to be found is translated.
"""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Words:
    """One language. Subjects and sentences by kind: new, last-minute, modified, cancelled."""

    subjects: Mapping[str, str]
    greeting: str
    sentences: Mapping[str, str]
    link: str


WORDS: Mapping[str, Words] = {
    "en": Words(
        {
            "new": "New booking!",
            "last-minute": "New last-minute booking",
            "modified": "Modified booking!",
            "cancelled": "Cancelled booking!",
        },
        "Hello {house}:",
        {
            "new": "You have just received a new booking from a Booking.com guest.",
            "last-minute": "A guest has just made a last-minute booking. Arrival is soon.",
            "modified": "The guest changed this booking.",
            "cancelled": "Reservation number {number} for {guest} has been cancelled.",
        },
        "See the booking",
    ),
    "nl": Words(
        {
            "new": "Nieuwe boeking!",
            "last-minute": "Nieuwe last-minutereservering",
            "modified": "Gewijzigde boeking!",
            "cancelled": "Geannuleerde boeking!",
        },
        "Hallo {house},",
        {
            "new": "U heeft zojuist een nieuwe boeking ontvangen van een gast van Booking.com.",
            "last-minute": "Een gast heeft zojuist een last-minutereservering gemaakt.",
            "modified": "De gast heeft deze boeking gewijzigd.",
            "cancelled": "Reserveringsnummer {number} van {guest} is geannuleerd.",
        },
        "Bekijk de boeking",
    ),
    "it": Words(
        {
            "new": "Hai una nuova prenotazione!",
            "last-minute": "Nuova prenotazione last minute",
            "modified": "Prenotazione modificata!",
            "cancelled": "Prenotazione cancellata!",
        },
        "Ciao {house},",
        {
            "new": "Hai appena ricevuto una nuova prenotazione da un ospite di Booking.com.",
            "last-minute": "Un ospite ha appena effettuato una prenotazione last minute.",
            "modified": "L'ospite ha modificato questa prenotazione.",
            "cancelled": "La prenotazione numero {number} di {guest} è stata cancellata.",
        },
        "Vedi la prenotazione",
    ),
    "es": Words(
        {
            "new": "¡Nueva reserva!",
            "last-minute": "Nueva reserva de última hora",
            "modified": "¡Reserva modificada!",
            "cancelled": "¡Reserva cancelada!",
        },
        "Hola, {house}:",
        {
            "new": "Acabas de recibir una nueva reserva de un cliente de Booking.com.",
            "last-minute": "Un cliente acaba de hacer una reserva de última hora.",
            "modified": "El cliente ha modificado esta reserva.",
            "cancelled": "La reserva número {number} de {guest} ha sido cancelada.",
        },
        "Ver reserva",
    ),
    "fr": Words(
        {
            "new": "Nouvelle réservation !",
            "last-minute": "Nouvelle réservation de dernière minute",
            "modified": "Réservation modifiée",
            "cancelled": "Réservation annulée",
        },
        "Bonjour {house},",
        {
            "new": "Vous venez de recevoir une nouvelle réservation d'un client de Booking.com.",
            "last-minute": "Un client vient de faire une réservation de dernière minute.",
            "modified": "Le client a modifié cette réservation.",
            "cancelled": "La réservation numéro {number} de {guest} a été annulée.",
        },
        "Voir la réservation",
    ),
}
