"""What the channels call their columns: a table to add to when a host meets another heading.

Seen in real files or in code that reads them: Booking.com in English; Airbnb in English, German,
Portuguese, Italian and Spanish (earnings), French, Dutch and German (reservations). The rest is
what the sites' own pages say in that language, and may want mending.
"""

from collections.abc import Mapping
from enum import StrEnum


class Column(StrEnum):
    """What a column tells, whatever it is called."""

    REFERENCE = "reference"
    ARRIVAL = "check-in date"
    DEPARTURE = "check-out date"
    STATUS = "status"
    GUEST = "guest"
    BOOKER = "booker"
    BOOKED_ON = "booked on"
    CANCELLED_ON = "cancelled on"
    ROOMS = "rooms"
    PERSONS = "persons"
    ADULTS = "adults"
    CHILDREN = "children"
    NIGHTS = "nights"
    UNIT = "unit"
    """Booking.com: unit types. Airbnb: the listing."""
    PHONE = "phone"
    KIND = "kind"
    """Of an entry of Airbnb's earnings: a reservation, a payout, a tax."""


Words = Mapping[Column, tuple[str, ...]]

BOOKING_COM: Words = {
    Column.REFERENCE: (
        *("Book number", "Booking number", "Reservation number", "Broj rezervacije"),
        *("Buchungsnummer", "Numero di prenotazione", "Número de reserva", "Número da reserva"),
        *("Numéro de réservation", "Boekingsnummer", "Reserveringsnummer"),
    ),
    Column.ARRIVAL: (
        *("Check-in", "Check-in date", "Arrival", "Arrival date"),
        *("Prijava", "Dolazak", "Datum prijave", "Datum dolaska", "Prijavljivanje"),
        *("Anreise", "Arrivo", "Entrada", "Llegada", "Arrivée", "Aankomst"),
    ),
    Column.DEPARTURE: (
        *("Check-out", "Check-out date", "Departure", "Departure date"),
        *("Odjava", "Odlazak", "Datum odjave", "Datum odlaska", "Odjavljivanje"),
        *("Abreise", "Partenza", "Salida", "Saída", "Départ", "Vertrek"),
    ),
    Column.STATUS: ("Status", "Stato", "Estado", "Statut"),
    Column.GUEST: (
        *("Guest name(s)", "Guest name", "Guest names"),
        *("Ime gosta", "Ime (imena) gosta", "Imena gostiju", "Ime gosta/gostiju"),
        *("Name(n) des Gastes", "Name des Gastes", "Nome dell'ospite", "Nombre del huésped"),
        *("Nome do hóspede", "Nom du client", "Naam gast", "Naam van de gast"),
    ),
    Column.BOOKER: (
        *("Booked by", "Booker name"),
        *("Rezervirao", "Rezervirao/la", "Rezervisao", "Rezervisao/la", "Ime rezervatora"),
        *("Gebucht von", "Prenotato da", "Reservado por", "Réservé par", "Geboekt door"),
    ),
    Column.BOOKED_ON: (
        *("Booked on", "Booking date"),
        *("Rezervirano", "Rezervirano dana", "Rezervisano", "Rezervisano dana"),
        *("Datum rezervacije", "Gebucht am", "Prenotato il", "Reservado el", "Reservado em"),
        *("Réservé le", "Geboekt op"),
    ),
    Column.CANCELLED_ON: (
        *("Cancellation date", "Cancelled on", "Datum otkazivanja", "Datum otkaza"),
        *("Stornierungsdatum", "Data di cancellazione", "Fecha de cancelación"),
        *("Data de cancelamento", "Date d'annulation", "Annuleringsdatum"),
    ),
    Column.ROOMS: (
        *("Rooms", "Sobe", "Broj soba", "Jedinice", "Smještajne jedinice", "Smeštajne jedinice"),
        *("Zimmer", "Camere", "Habitaciones", "Quartos", "Chambres", "Kamers"),
    ),
    Column.PERSONS: (
        *("Persons", "People", "Osobe", "Broj osoba", "Gosti", "Broj gostiju"),
        *("Personen", "Persone", "Personas", "Pessoas", "Personnes"),
    ),
    Column.ADULTS: (
        *("Adults", "Odrasli", "Odrasle osobe"),
        *("Erwachsene", "Adulti", "Adultos", "Adultes", "Volwassenen"),
    ),
    Column.CHILDREN: (
        *("Children", "Djeca", "Deca"),
        *("Kinder", "Bambini", "Niños", "Crianças", "Enfants", "Kinderen"),
    ),
    Column.NIGHTS: (
        *("Duration (nights)", "Nights", "Trajanje (noćenja)", "Trajanje (broj noćenja)"),
        *("Trajanje (noći)", "Broj noćenja", "Broj noći", "Aufenthaltsdauer (Nächte)"),
        *("Durata (notti)", "Duración (noches)", "Duração (noites)", "Durée (nuits)"),
        *("Duur (nachten)", "Verblijfsduur (nachten)"),
    ),
    Column.UNIT: (
        *("Unit type", "Room type", "Vrsta jedinice", "Tip jedinice", "Vrsta sobe", "Tip sobe"),
        *("Vrsta smještajne jedinice", "Tip smještajne jedinice"),
        *("Vrsta smeštajne jedinice", "Tip smeštajne jedinice"),
        *("Zimmertyp", "Tipologia", "Tipo de unidad", "Tipo de unidade", "Type d'hébergement"),
        *("Type accommodatie", "Kamertype"),
    ),
    Column.PHONE: (
        *("Phone number", "Phone", "Broj telefona", "Telefon", "Telefonski broj"),
        *("Telefonnummer", "Numero di telefono", "Número de teléfono", "Número de telefone"),
        *("Numéro de téléphone", "Telefoonnummer"),
    ),
}

AIRBNB: Words = {
    Column.REFERENCE: (
        *("Confirmation code", "Bestätigungs-Code", "Bestätigungscode", "Código de confirmação"),
        *("Código de confirmación", "Code de confirmation", "Codice di conferma"),
        *("Bevestigingscode",),
    ),
    Column.ARRIVAL: (
        *("Start date", "Startdatum", "Data de início", "Fecha de inicio", "Date de début"),
        *("Data di inizio", "Data inizio", "Begindatum"),
    ),
    Column.DEPARTURE: (
        *("End date", "Enddatum", "Data de término", "Data de fim", "Fecha de finalización"),
        *("Fecha de fin", "Date de fin", "Data di fine", "Data fine", "Einddatum"),
    ),
    Column.STATUS: ("Status", "Estado", "Statut", "Stato"),
    Column.GUEST: (
        *("Guest name", "Guest", "Name des Gastes", "Gast", "Nome do hóspede", "Hóspede"),
        *("Nombre del huésped", "Huésped", "Nom du voyageur", "Voyageur", "Nome dell'ospite"),
        *("Ospite", "Naam van de gast"),
    ),
    Column.BOOKED_ON: (
        *("Booked", "Booking date", "Gebucht", "Buchungsdatum", "Data da reserva", "Reservado"),
        *("Reservada", "Fecha de la reserva", "Fecha de reserva", "Fecha de reservación"),
        *("Réservée", "Date de réservation", "Date de la réservation", "Prenotato", "Prenotata"),
        *("Data della prenotazione", "Data di prenotazione", "Gereserveerd", "Boekingsdatum"),
    ),
    Column.ADULTS: (
        *("# of adults", "# Erwachsene", "Anzahl der Erwachsenen", "# de adultos"),
        *("Número de adultos", "# des adultes", "# d'adultes", "# di adulti", "# volwassenen"),
    ),
    Column.CHILDREN: (
        *("# of children", "# Kinder", "Anzahl der Kinder", "# de crianças", "# de niños"),
        *("Número de crianças", "Número de niños", "# des enfants", "# d'enfants"),
        *("# di bambini", "# kinderen"),
    ),
    Column.NIGHTS: (
        *("# of nights", "Nights", "Nächte", "# Nächte", "Anzahl der Nächte", "Noites"),
        *("# de noites", "Noches", "# de noches", "Nuits", "# des nuits", "# de nuits"),
        *("Notti", "# di notti", "Nachten", "# nachten"),
    ),
    Column.UNIT: ("Listing", "Inserat", "Anúncio", "Annonce", "Annuncio", "Advertentie"),
    Column.PHONE: ("Contact", "Kontakt", "Contato", "Contacto", "Contatto"),
    Column.KIND: ("Type", "Typ", "Tipo"),
}

HEADINGS: Mapping[str, Words] = {"booking.com": BOOKING_COM, "airbnb": AIRBNB}
"""By channel. What they call the reference tells them apart."""
