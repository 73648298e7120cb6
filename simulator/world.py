"""The state of the simulated world: one dictionary under one lock, kept in a file."""

import json
import os
import threading
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from simulator.house import House
from simulator.post.maildir import Maildir

SAVE_SECONDS = 0.05
"""The most that an end without warning may lose."""
NEVER_STORED = ("calls", "faults")


class World:
    """Everything that changes. Hold `guard` while reading or writing `data`."""

    def __init__(
        self, house: House, path: Path | None, maildir: Maildir | None = None, webhook: str = ""
    ) -> None:
        self.house, self._path, self.maildir, self._webhook = house, path, maildir, webhook
        self.guard = threading.RLock()
        self.zone = ZoneInfo(house.timezone)
        self.base_url = ""
        self.busy: set[str] = set()
        """Gateways with a command under way; never stored."""
        self.said: dict[str, dict[str, Any]] = {}
        """What the last press of each part of the page came to; never stored."""
        self._saving = threading.Lock()
        self._changed = threading.Event()
        self.data = self._load() or self._fresh()
        if path is not None:
            threading.Thread(target=self._keep_saving, daemon=True).start()

    def now(self) -> datetime:
        """Return the world's own time, aware UTC."""
        return datetime.now(UTC) + timedelta(seconds=self.data["clock_offset"])

    def today(self) -> Any:
        return self.now().astimezone(self.zone).date()

    def next_id(self) -> int:
        self.data["last_id"] += 1
        return int(self.data["last_id"])

    def changed(self) -> None:
        """Ask for the state to be stored soon."""
        self.data["version"] += 1
        self._changed.set()

    def reset(self) -> None:
        """Return to the house file, with an empty mailbox."""
        with self.guard:
            self.data = self._fresh()
            self.busy.clear()
            self.said.clear()
            if self.maildir is not None:
                self.maildir.empty()
            self.changed()

    def save(self) -> None:
        """Store the state now, whole or not at all."""
        if self._path is None:
            return
        with self._saving:
            with self.guard:
                kept = {key: self.data[key] for key in self.data if key not in NEVER_STORED}
                text = json.dumps(kept)
            self._path.parent.mkdir(parents=True, exist_ok=True)
            draft = self._path.with_suffix(".new")
            draft.write_text(text, encoding="utf-8")
            os.replace(draft, self._path)

    def _keep_saving(self) -> None:
        while True:
            self._changed.wait()
            time.sleep(SAVE_SECONDS)
            self._changed.clear()
            self.save()

    def _load(self) -> dict[str, Any] | None:
        if self._path is None or not self._path.exists():
            return None
        stored: dict[str, Any] = json.loads(self._path.read_text(encoding="utf-8"))
        fresh = self._fresh()
        stored["locks"] = {**fresh["locks"], **stored["locks"]}
        # Texts that an older simulator stored do not say which way they went.
        stored["texts"] = [text for text in stored["texts"] if "direction" in text]
        if self._webhook:
            stored["webhook"] = self._webhook
        kept = {key: stored[key] for key in stored if key not in NEVER_STORED}
        return {**fresh, **kept}

    def _fresh(self) -> dict[str, Any]:
        return {
            "version": 0,
            "last_id": 100,
            "clock_offset": 0.0,
            "first_day": datetime.now(self.zone).date().isoformat(),
            "tokens": {},
            "gateways": {
                str(one["id"]): {"name": one["name"], "online": True, "delay_seconds": 0.3}
                for one in self.house.gateways
            },
            "locks": {
                str(one["id"]): {
                    "name": one["name"],
                    "room": one.get("room"),
                    "gateway": str(one["gateway"]) if "gateway" in one else None,
                    "battery": one.get("battery", 90),
                    "clock_offset_seconds": 0.0,
                    "memory": {},
                    "open_until": 0.0,
                }
                for one in self.house.locks
            },
            "codes": {},
            "records": [],
            "bookings": {},
            "blocks": [],
            "feeds": {},
            "texts": [],
            "phones": {},
            "webhook": self._webhook,
            "webhook_seconds": 15.0,
            "mails": [],
            "mail": {"delay_seconds": 0, "copies": 1, "language": "en", "enabled": True},
            "outgoing": [],
            "faults": [],
            "calls": [],
        }
