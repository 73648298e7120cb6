"""Days in the words of mails."""

from datetime import date
from typing import Literal

import pytest
from babel.dates import get_month_names

from app.domain.mails import months
from app.domain.mails.dates import NamedDay, date_in, days_in, span_in
from app.domain.mails.folding import folded

DAY = date(2026, 12, 5)


@pytest.mark.parametrize("width", ["wide", "abbreviated"])
@pytest.mark.parametrize("language", sorted(months._NAMES))
def test_months_are_those_of_the_cldr(language: str, width: Literal["wide", "abbreviated"]) -> None:
    names = get_month_names(width, "format", language)
    bare = {n: folded(name).split(" ")[-1].split("’")[-1].rstrip(".") for n, name in names.items()}

    assert {n: months.month_of(name, language) for n, name in bare.items()} == {
        n: n for n in range(1, 13)
    }


def test_name_of_two_months_is_none_without_its_language() -> None:
    assert months.month_of("listopada") is None
    assert months.month_of("listopada", "pl") == 11
    assert months.month_of("listopada", "hr") == 10
    assert months.month_of("blursday") is None


@pytest.mark.parametrize(
    "text",
    [
        "Saturday, 5 December 2026",
        "Saturday, December 5, 2026",
        "Sat, Dec 5th, 2026",
        "5 DEC 2026",
        "sábado, 5 de diciembre de 2026",
        "sabato 5 dicembre 2026",
        "samedi 5 décembre 2026",
        "Samstag, 5. Dezember 2026",
        "dissabte, 5 de desembre del 2026",
        "5. prosince 2026",
        "2026. december 5., szombat",
        "2026-12-05",
        "2026/12/05",
        "2026年12月5日",
        "2026년 12월 5일",
        "5/12/2026",
        "05.12.2026",
        "5-12-2026",
        "５/１２/２０２６",
        "12/5/2026 which is 5 December 2026",
    ],
)
def test_full_date_is_read(text: str) -> None:
    language = "en" if text.startswith("12/5") else None
    assert date_in(text, language) == (None if language else DAY)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "5 December",
        "31 June 2026",
        "30/02/2026",
        "5 Blursday 2026",
        "5 December 2026 or 6 December 2026",
        "5 December 1826",
        "15:05 December 2026",
        "5100200301",
        "x" * 5000 + " 5 December 2026",
    ],
)
def test_what_is_no_one_date_is_none(text: str) -> None:
    assert date_in(text) is None


@pytest.mark.parametrize(
    ("text", "language", "day"),
    [
        ("1/8/2026", None, date(2026, 8, 1)),
        ("1/8/2026", "es", date(2026, 8, 1)),
        ("1/8/2026", "en", None),
        ("8/8/2026", "en", date(2026, 8, 8)),
        ("31/8/2026", "en", date(2026, 8, 31)),
        ("8/31/2026", "en", date(2026, 8, 31)),
        ("8/31/2026", "es", date(2026, 8, 31)),
    ],
)
def test_day_stands_first_but_in_english_nobody_knows(
    text: str, language: str | None, day: date | None
) -> None:
    assert date_in(text, language) == day


def test_days_are_read_in_their_order() -> None:
    assert days_in("Sat, Dec 5    Wed, 9 Dec 2026") == [NamedDay(5, 12), NamedDay(9, 12, 2026)]


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("Feb 10 – 14, 2027", NamedDay(10, 2, 2027), NamedDay(14, 2, 2027)),
        ("Mar 1-27", NamedDay(1, 3), NamedDay(27, 3)),
        ("del 18 – 19 jul 2026", NamedDay(18, 7, 2026), NamedDay(19, 7, 2026)),
        ("10.–14. Feb. 2027", NamedDay(10, 2, 2027), NamedDay(14, 2, 2027)),
        ("Dec 30 – Jan 3, 2027", NamedDay(30, 12), NamedDay(3, 1, 2027)),
        ("30 dic 2026 – 3 ene 2027", NamedDay(30, 12, 2026), NamedDay(3, 1, 2027)),
    ],
)
def test_span_has_two_days(text: str, first: NamedDay, last: NamedDay) -> None:
    assert span_in(text) == (first, last)


@pytest.mark.parametrize(
    "text", ["", "Feb 10", "10 – 14", "Feb 1, Feb 2, Feb 3", "1 – 2 listopada"]
)
def test_what_is_no_span_is_none(text: str) -> None:
    assert span_in(text) is None


def test_day_that_few_years_have_is_found() -> None:
    assert NamedDay(29, 2).from_day(date(2096, 3, 1)) == date(2104, 2, 29)
    assert NamedDay(31, 2).from_day(DAY) is None
