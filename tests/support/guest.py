"""People on the web without JavaScript: a guest at check-in, a host at the dashboard."""

import html
import re
from dataclasses import dataclass

import requests

from tests.support.simulator import PHONE
from tests.support.waiting import eventually

ENDING = PHONE[-4:]


@dataclass(frozen=True)
class StayPage:
    """What a guest reads on the stay page."""

    url: str
    text: str
    source: str

    @property
    def codes(self) -> dict[str, str]:
        """Return each door's digits, of the doors that show any."""
        doors = re.findall(r'class="door-name">([^<]+)</h2>(.*?)</li>', self.source, re.DOTALL)
        found = {}
        for name, rest in doors:
            if code := re.search(r'class="code" value="(\d+)"', rest):
                found[html.unescape(name)] = code[1]
        return found

    @property
    def unlocks(self) -> list[str]:
        """Return where the Unlock buttons post to."""
        return re.findall(r'<form method="post" action="(/stay/[^"]+/unlock)"', self.source)


class Browser:
    """One visitor: follows links and fills in forms, as the pages' own HTML says."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.session = requests.Session()

    def get(self, path: str, **headers: str) -> requests.Response:
        return self.session.get(self._full(path), headers=headers, timeout=20)

    def post(self, path: str, token: str | None = None, **fields: str) -> requests.Response:
        """Post a form with the CSRF token of `/`, or of the page it was taken from."""
        fields["csrf_token"] = token or self.token()
        return self.session.post(self._full(path), data=fields, timeout=20)

    def token(self, path: str = "/check-in") -> str:
        found = re.search(r'X-CSRFToken": "([^"]+)"', self.get(path).text)
        assert found is not None
        return html.unescape(found[1])

    def check_in(
        self, reference: str, proof: str = ENDING, name: str = "Alice Moore", phone: str = PHONE
    ) -> StayPage:
        """Walk the three steps; fail with the page that stops it."""
        token = self.token("/")
        self.post("/check-in", token, reference=reference)
        asked = self.post("/check-in", token, reference=reference, proof=proof)
        assert asked.ok, page_text(asked.text)
        if "/stay/" in asked.url:
            return _stay_page(asked)
        done = self.post(
            "/check-in", token, reference=reference, full_name=name, phone=phone, party_size="2"
        )
        assert "/stay/" in done.url, page_text(done.text)
        return _stay_page(done)

    def stay(self, url: str) -> StayPage:
        return _stay_page(self.get(url))

    def codes(self, url: str, doors: int, seconds: float = 20) -> dict[str, str]:
        """Wait until so many doors show their code; return them by the door's name."""

        def look() -> dict[str, str]:
            codes = self.stay(url).codes
            return codes if len(codes) >= doors else {}

        return eventually(look, seconds)

    def sign_in(
        self, email: str = "sam@example.com", password: str = "heron on the towpath"
    ) -> None:
        token = self.token("/admin/sign-in")
        done = self.post("/admin/sign-in", token, email=email, password=password)
        assert done.url.endswith("/admin/"), page_text(done.text)

    def press(self, path: str, **fields: str) -> requests.Response:
        """Press a button of the dashboard."""
        done = self.post(path, self.token("/admin/"), **fields)
        assert done.ok, page_text(done.text)
        return done

    def reservation_ids(self, reference: str) -> dict[int, int]:
        """Return the reservation of each room number found under a reference."""
        page = self.get(f"/admin/?q={reference}").text
        rows = re.findall(
            r'id="reservation-row-(\d+)".*?class="room-number figures">(\d+)<', page, re.DOTALL
        )
        return {int(number): int(row) for row, number in rows}

    def _full(self, path: str) -> str:
        return path if path.startswith("http") else self.url + path


def page_text(source: str) -> str:
    """Return what a person reads, in one line."""
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", source)).split())


def _stay_page(response: requests.Response) -> StayPage:
    assert response.ok, page_text(response.text)
    return StayPage(response.url, page_text(response.text), response.text)
