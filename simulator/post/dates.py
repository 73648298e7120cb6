"""Days as channels write them, in the languages they write in."""

from collections.abc import Mapping
from datetime import date

_WEEKDAYS: Mapping[str, str] = {
    "en": "Monday Tuesday Wednesday Thursday Friday Saturday Sunday",
    "nl": "maandag dinsdag woensdag donderdag vrijdag zaterdag zondag",
    "it": "lunedì martedì mercoledì giovedì venerdì sabato domenica",
    "es": "lunes martes miércoles jueves viernes sábado domingo",
    "fr": "lundi mardi mercredi jeudi vendredi samedi dimanche",
}
_MONTHS: Mapping[str, str] = {
    "en": "January February March April May June July August September October November December",
    "nl": "januari februari maart april mei juni juli augustus september oktober november december",
    "it": "gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre "
    "dicembre",
    "es": "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre "
    "diciembre",
    "fr": "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
}
_LONG: Mapping[str, str] = {
    "en": "{weekday}, {day} {month} {year}",
    "es": "{weekday}, {day} de {month} de {year}",
}
_SHORT: Mapping[str, str] = {"en": "{month} {day}"}


def long_date(day: date, language: str) -> str:
    """Write `Saturday, 19 December 2026`, `vrijdag 14 augustus 2026` and so on."""
    form = _LONG.get(language, "{weekday} {day} {month} {year}")
    return form.format(
        weekday=weekday(day, language), day=day.day, month=month(day, language), year=day.year
    )


def short_date(day: date, language: str) -> str:
    """Write `Dec 5` or `5 dic`, as Airbnb does: there is no year in it."""
    form = _SHORT.get(language, "{day} {month}")
    return form.format(day=day.day, month=month(day, language)[:3])


def weekday(day: date, language: str) -> str:
    return _WEEKDAYS[language].split()[day.weekday()]


def month(day: date, language: str) -> str:
    return _MONTHS[language].split()[day.month - 1]
