"""The house page as its source: sections, doors, problems, and presses by plain forms."""

import html
import re
from datetime import timedelta

import requests

from tests.support.simulator import Simulator


def page(simulator: Simulator) -> str:
    return requests.get(simulator.url, timeout=10).text


def pressed(
    simulator: Simulator, path: str, form: dict[str, object], **headers: str
) -> requests.Response:
    return requests.post(f"{simulator.url}/{path}", data=form, headers=headers, timeout=10)


def dates(simulator: Simulator, first: int, last: int) -> dict[str, object]:
    arrival, departure = (simulator.today() + timedelta(days=n) for n in (first, last))
    return {"arrival": str(arrival), "departure": str(departure)}


def section(source: str, name: str) -> str:
    found = re.search(rf'<section id="{name}".*?</section>', source, re.DOTALL)
    assert found is not None
    return html.unescape(found[0])


def problem(source: str) -> str | None:
    found = re.search(r'class="problem" role="alert">(.*?)</p>', section(source, "channel"))
    return found and found[1]


def door(source: str, name: str) -> str:
    """Return one door's part of the page."""
    [found] = [one for one in source.split('<li class="door') if f"<h3>{name}</h3>" in one]
    return found
