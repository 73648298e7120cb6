"""The simulator as tests use it: a process of its own, told what to do over its control API."""

import base64
import re
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from tests.support.processes import ROOT, Process
from tests.support.simulated_locks import SimulatedLocks
from tests.support.waiting import eventually

HOUSE = ROOT / "demo" / "house.toml"
READY = re.compile(r"simulator ready http=(\S+) smtp=(\S+)")
PHONE = "+447700900417"
"""A guest's."""
HOST_PHONE = "+447700900123"
STAFF_PHONE = "+447700900124"


class Simulator(SimulatedLocks):
    """One simulated world. `restart` keeps ports and state; `kill` plays an outage of all of it."""

    def __init__(self, python: str, folder: Path, house: Path = HOUSE) -> None:
        self._python, self._folder, self._house = python, folder, house
        self.maildir = folder / "maildir"
        """The host's mailbox, which the channels write to."""
        self._starts = 0
        self._port = self._smtp_port = 0
        self._process = self._started()

    @property
    def ttlock_url(self) -> str:
        return f"{self.url}/ttlock"

    @property
    def twilio_url(self) -> str:
        return f"{self.url}/twilio"

    @property
    def cdn_url(self) -> str:
        return f"{self.url}/cdn/htmx.org@2.0.11/dist/htmx.min.js"

    def feed_url(self, channel: str, room: int) -> str:
        return f"{self.url}/channel/{channel}/{room}.ics"

    def env(self) -> Mapping[str, str]:
        """Return the settings that lead an app into this world."""
        return {
            "TTLOCK_API_URL": self.ttlock_url,
            "TTLOCK_CLIENT_ID": "demo-client",
            "TTLOCK_CLIENT_SECRET": "demo-client-secret",
            "TTLOCK_USERNAME": "owner@example.com",
            "TTLOCK_PASSWORD": "demo-lock-password",
            "TWILIO_API_URL": self.twilio_url,
            "TWILIO_ACCOUNT_SID": "AC00000000000000000000000000000001",
            "TWILIO_AUTH_TOKEN": "demo-twilio-token",
            "TWILIO_FROM": "+447700900100",
            "SMTP_URL": self.smtp_url,
            "MAIL_FROM": "stay@example.com",
            "MAILBOX_URL": f"maildir://{self.maildir}",
            "HTMX_URL": self.cdn_url,
            "FEED_ALLOWED_HOSTS": "127.0.0.1",
        }

    def book(
        self,
        *rooms: int,
        reference: str = "",
        channel: str = "airbnb",
        arrival: date | None = None,
        nights: int = 2,
        guest: str = "Alice Moore",
        mail: Mapping[str, Any] | None = None,
    ) -> str:
        """Book rooms under one reference, from today unless said; return the reference.

        `mail` says how the mails about this booking are sent, where it differs from `self.mail`.
        """
        first = arrival or self.today()
        dates = {"arrival": str(first), "departure": str(first + timedelta(days=nights))}
        asked = {
            "channel": channel,
            "reference": reference,
            "guest": guest,
            "phone": PHONE,
            "rooms": [{"number": number, **dates} for number in rooms],
            "mail": dict(mail or {}),
        }
        return str(self._ask("POST", "bookings", asked)["reference"])

    def add_room(self, reference: str, room: int, nights: int = 2) -> None:
        first = self.today()
        dates = {"arrival": str(first), "departure": str(first + timedelta(days=nights))}
        self._ask("POST", f"bookings/{reference}/rooms", {"number": room, **dates})

    def change(self, reference: str, arrival: date, nights: int, room: int | None = None) -> None:
        asked = {"arrival": str(arrival), "departure": str(arrival + timedelta(days=nights))}
        self._ask("PATCH", f"bookings/{reference}", {**asked, "number": room})

    def cancel(self, reference: str, room: int | None = None) -> None:
        """Cancel a booking, or one room of it."""
        self._ask("DELETE", f"bookings/{reference}" + (f"?room={room}" if room else ""))

    def feed(self, channel: str, room: int, **told: Any) -> None:
        """Tell a feed how to behave: `mode="http_500"`, or `body="…"` to serve verbatim."""
        self._ask("POST", f"feeds/{channel}/{room}", told)

    def fault(self, kind: str, *, service: str = "ttlock", **told: Any) -> None:
        self._ask("POST", "faults", {"kind": kind, "service": service, **told})

    def seam(self, **told: Any) -> None:
        """Tell Seam its `webhook_url`, or how many rows a page has (`page_size`)."""
        self._ask("POST", "seam", told)

    def clear_faults(self) -> None:
        self._ask("DELETE", "faults")

    def calls(self, path: str | None = None) -> list[dict[str, Any]]:
        """Return the calls made to the lock cloud, all or of one path."""
        calls: list[dict[str, Any]] = self._ask("GET", "calls")
        return [call for call in calls if path in (None, call["path"])]

    def forget_calls(self) -> None:
        self._ask("DELETE", "calls")

    def texts(self, number: str = PHONE) -> list[str]:
        """Return the texts to a number that Twilio took, whatever became of them."""
        return [text["body"] for text in self.state()["texts"] if text["to"] == number]

    def inbox(self, number: str = HOST_PHONE) -> list[str]:
        """Return the texts that have arrived on a phone, the oldest first."""
        state = self.state()
        is_silent = state["phones"].get(number, {}).get("outcome") == "silent"
        there = ("delivered", "sent") if is_silent else ("delivered",)
        texts = [text for text in state["texts"] if text["to"] == number]
        return [text["body"] for text in texts if text["status"] in there]

    def text(self, body: str, number: str = HOST_PHONE, **told: Any) -> int | None:
        """Text our number; return what the webhook answered, None where it did not.

        `sid`, `times` (the same post again), `sign` (True, False, "wrong"), form `fields`.
        """
        answer = self._ask("POST", "texts", {"from": number, "body": body, **told}, timeout=60)
        status: int | None = answer["status"]
        return status

    def phone(self, number: str, **told: Any) -> None:
        """Tell what becomes of texts to a phone: `outcome`, `error_code`, `opted_out`."""
        self._ask("POST", f"phones/{number}", told)

    def webhook(self, url: str, seconds: float = 15) -> None:
        """Tell Twilio where to post texts to our number, and how long to wait for an answer.

        A reset forgets it.
        """
        self._ask("POST", "webhook", {"url": url, "seconds": seconds})

    def mails(self) -> list[dict[str, Any]]:
        """Return the mails that the app sent."""
        found: list[dict[str, Any]] = self.state()["mails"]
        return found

    def mail(self, **told: Any) -> None:
        """Tell how channels mail the host: `delay_seconds`, `copies`, `language`, `enabled`."""
        self._ask("POST", "mail", told)

    def drop_mail(self, raw: str | bytes) -> Path:
        """Put a mail into the host's mailbox as it is; return its file."""
        content = base64.b64encode(raw.encode() if isinstance(raw, str) else raw).decode()
        return self.maildir / "new" / str(self._ask("POST", "mails", {"base64": content})["file"])

    def outgoing_mails(self) -> dict[str, list[dict[str, Any]]]:
        """Return what channels wrote to the host, as `waiting` and `delivered`."""
        found: dict[str, list[dict[str, Any]]] = self._ask("GET", "outgoing-mails")
        return found

    def advance(self, seconds: float) -> None:
        """Put the world's clock on; what is due by then has been delivered on return."""
        self._ask("POST", "clock", {"advance_seconds": seconds})

    def set_clock(self, at: datetime) -> None:
        """Have it be this instant in the world; its clock goes on from there."""
        ahead = at - datetime.now(UTC)
        self._ask("POST", "clock", {"offset_seconds": ahead.total_seconds()})

    def state(self) -> Any:
        return self._ask("GET", "state")

    def today(self) -> date:
        """Return the day of the simulated house, whose zone is London's."""
        return datetime.now(ZoneInfo("Europe/London")).date()

    def reset(self) -> None:
        self._ask("POST", "reset")

    def kill(self) -> None:
        self._process.kill()

    def restart(self) -> None:
        """Start again on the same ports, with what was stored."""
        self._process.stop()
        self._process = self._started()

    def stop(self) -> None:
        self._process.stop()

    def _started(self) -> Process:
        self._starts += 1
        log = self._folder / f"simulator-{self._starts}.log"
        process = Process(
            [
                self._python, "-m", "simulator", "--house", str(self._house),
                "--port", str(self._port), "--smtp-port", str(self._smtp_port),
                "--state", str(self._folder / "simulator.json"), "--maildir", str(self.maildir),
            ],
            {"PATH": "/usr/bin:/bin"},
            log,
        )  # fmt: skip
        found = eventually(lambda: READY.search(log.read_text()))
        assert found is not None
        self.url, smtp = found[1], found[2]
        self.smtp_url = f"smtp://{smtp}"
        self._port, self._smtp_port = (int(one.rpartition(":")[2]) for one in (self.url, smtp))
        return process
