"""What Airbnb's mails to hosts say, language by language; folded (`folding`).

English, Spanish and Italian are seen; the others are best effort. The header X-Template tells a
confirmation in any language.
"""

import re

CONFIRMATION = "BOOKING_CONFIRMATION_TO_HOST"

CONFIRMED = re.compile(
    r"\b(?:reservation confirmed|reserva confirmada|prenotazione confermata|"
    r"reservation confirmee|buchung bestatigt|reservierung bestatigt|reservering bevestigd|"
    r"boeking bevestigd|rezerwacja potwierdzona)\b"
)
ASKED = re.compile(
    r"\b(?:wants? to change|would like to change|quiere (?:cambiar|modificar)|vuole modificare|"
    r"souhaite modifier|mochte \S+ buchung andern|wil \S+ reservering wijzigen|quer alterar|"
    r"request|solicitud|richiesta|demande|anfrage|aanvraag|pedido|inquiry|consulta)\b"
)
UPDATED = re.compile(
    r"\b(?:reservation updated|change (?:request )?was accepted|"
    r"reserva (?:actualizada|modificada|alterada|atualizada)|"
    r"prenotazione (?:aggiornata|modificata)|reservation (?:mise a jour|modifiee)|"
    r"buchung (?:aktualisiert|geandert)|reservering (?:bijgewerkt|gewijzigd))\b"
)
CANCELLED = re.compile(
    r"^(?:cancell?ed|cancelada|anulada|cancellata|annullata|annulee|storniert|geannuleerd)\b|"
    r"\b(?:reservation cancell?ed|reserva cancelada|prenotazione (?:cancellata|annullata)|"
    r"reservation annulee|buchung storniert|reservering geannuleerd)\b"
)
ARRIVES = re.compile(
    r"(?:\s[-\u2013\u2014]|\s?:)\s+(?P<name>\S.*?)\s+"
    r"(?:arrives|llega|arriver[àa]|arrive|kommt|komt|chega)\b\s*(?P<when>.*)",
    re.IGNORECASE,
)
"""In a subject, unfolded: who arrives, and on what day."""
CHECK_IN = re.compile(
    r"^(?:check-?in|llegada|arrivo|arrivee|anreise|ankunft|inchecken|aankomst|entrada)\b"
)
PARTY = re.compile(
    r"^(?:guests?|viajeros|huespedes|ospiti|voyageurs|gaste|gasten|hospedes)\b\W*(?P<here>\d.*)?$"
)
COUNTED = re.compile(
    r"(?<!\d)(\d{1,2}) (?!infant|bebe|neonat|nourrisson|kleinkind|baby|pet|mascot)"
)
"""People; Airbnb counts neither infants nor pets."""
LONGEST_LABEL = 80
"""Characters; a longer line is a sentence."""
