"""The state of the simulated world: one dictionary under one lock, kept in a file."""

import json
import os
import threading
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from simulator.by_lock import ByLock
from simulator.fresh_locks import fresh_cloud, fresh_gateway, fresh_lock
from simulator.house import House
from simulator.post.maildir import Maildir
from simulator.seam.fresh import fresh_seam

SAVE_SECONDS = 0.05
"""The most that an end without warning may lose, while the state is small."""
SAVE_SHARE = 10
"""A large state is stored less often, so that this takes a tenth of the time at most."""
NEVER_STORED = ("calls", "faults")


class World:
    """Everything that changes. Hold `guard` while reading or writing `data`."""

    def __init__(
        self,
        house: House,
        path: Path | None,
        maildir: Maildir | None = None,
        webhook: str = "",
        lock_callback: str = "",
    ) -> None:
        self.house, self._path, self.maildir, self._webhook = house, path, maildir, webhook
        self._lock_callback = lock_callback
        self.guard = threading.RLock()
        self.zone = ZoneInfo(house.timezone)
        self.base_url = ""
        self.busy: set[str] = set()
        """Gateways with a command under way; never stored."""
        self.on_air: set[str] = set()
        """What Seam has under way: codes, attempts to open; never stored."""
        self.said: dict[str, dict[str, Any]] = {}
        """What the last press of each part of the page came to; never stored."""
        self._saving = threading.Lock()
        self._changed = threading.Event()
        self.data = self._load() or self._fresh()
        self.by_lock = ByLock(self.data)
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
            self.by_lock = ByLock(self.data)
            self.busy.clear()
            self.on_air.clear()
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
        took = 0.0
        while True:
            self._changed.wait()
            time.sleep(max(SAVE_SECONDS, SAVE_SHARE * took))
            self._changed.clear()
            began = time.monotonic()
            self.save()
            took = time.monotonic() - began

    def _load(self) -> dict[str, Any] | None:
        if self._path is None or not self._path.exists():
            return None
        stored: dict[str, Any] = json.loads(self._path.read_text(encoding="utf-8"))
        fresh = self._fresh()
        for table in ("locks", "gateways"):  # an older simulator stored less of each
            rows = {**fresh[table], **stored[table]}
            stored[table] = {key: {**fresh[table].get(key, {}), **rows[key]} for key in rows}
        stored["ttlock"] = {**fresh["ttlock"], **stored.get("ttlock", {})}
        if self._lock_callback:
            stored["ttlock"]["callback_url"] = self._lock_callback
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
            "gateways": {str(one["id"]): fresh_gateway(one) for one in self.house.gateways},
            "locks": {str(one["id"]): fresh_lock(one) for one in self.house.locks},
            "ttlock": fresh_cloud(self._lock_callback),
            "notices": [],
            "seam": fresh_seam(),
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
