"""Twilio's REST API, called without its SDK: every field as it comes."""

from typing import Any

import requests

from tests.support.simulator import PHONE, Simulator

SID, TOKEN, FROM = "AC00000000000000000000000000000001", "demo-twilio-token", "+447700900100"


def address(simulator: Simulator, sid: str = SID) -> str:
    return f"{simulator.twilio_url}/2010-04-01/Accounts/{sid}/Messages.json"


def sent(simulator: Simulator, **changed: str) -> requests.Response:
    form = {"To": PHONE, "From": FROM, "Body": "Your code is ready.", **changed}
    form = {name: value for name, value in form.items() if value is not ABSENT}
    return requests.post(address(simulator), data=form, auth=(SID, TOKEN), timeout=10)


ABSENT = "(no such field)"


def fetched(simulator: Simulator, sid: str) -> requests.Response:
    url = address(simulator).replace("Messages.json", f"Messages/{sid}.json")
    return requests.get(url, auth=(SID, TOKEN), timeout=10)


def page(simulator: Simulator, **wanted: str) -> Any:
    answer = requests.get(address(simulator), params=wanted, auth=(SID, TOKEN), timeout=10)
    assert answer.ok, answer.text
    return answer.json()


def listed(simulator: Simulator, **wanted: str) -> list[str]:
    return [row["body"] for row in page(simulator, **wanted)["messages"]]
