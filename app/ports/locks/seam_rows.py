"""Seam's rows read into our words: access codes, devices, events.

The SDK hands on whatever came, or None, whatever its types say: so each field is looked at.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from app.domain.windows import Window
from app.ports.locks import HeldCode, LockStatus
from app.ports.locks.seam_errors import OF_CODE, OF_LOCK, UNKNOWN, Fault, not_understood

DEFERRED = "deferring_creation"
DELETING = "deleting"
NEVER_SET = frozenset({"creating", DEFERRED})
"""Pending mutations of a code that has never been on the lock, as far as Seam knows."""
LATE = {
    "delay_in_setting_on_device": "setting",
    "delay_in_issuing": "setting",
    "delay_in_removing_from_device": DELETING,
    "being_deleted": DELETING,
}
"""Warnings that something is not done yet, whatever the pending mutations say."""
UNDER_WAY = ("setting", "removing")
"""What `status` may say to the same end: the SDK makes an empty list of missing mutations."""
NO_WORD = "unknown"
"""Stands for one that bears no word: that it is there counts, too."""


@dataclass(frozen=True)
class CodeRow:
    """An access code as Seam tells of it. It is on the lock when nothing is pending or wrong.

    `status` proves nothing: it is deprecated, and "unset" for a code that waits on the lock. But
    where it says that something is under way, that is believed.
    """

    ref: str
    name: str
    digits: str = field(repr=False)
    window: Window | None
    pending: frozenset[str]
    errors: tuple[str, ...]
    """Error codes; of the warnings only those that matter as much."""
    due_at: datetime | None
    """When Seam will load a deferred code onto the lock."""

    @classmethod
    def read(cls, row: object, *, acts: bool = False) -> "CodeRow":
        """Read an access code, managed by Seam or not. Raises PortError for one without an id."""
        ref = getattr(row, "access_code_id", None)
        if not isinstance(ref, str) or not ref:
            raise not_understood(acts=acts)
        mutations = getattr(row, "pending_mutations", None)
        warnings = _words(getattr(row, "warnings", None), "warning_code")
        status = text(getattr(row, "status", None))
        return cls(
            ref=ref,
            name=text(getattr(row, "name", None)),
            digits=text(getattr(row, "code", None)),
            window=_window(getattr(row, "starts_at", None), getattr(row, "ends_at", None)),
            pending=frozenset(
                [
                    *_words(mutations, "mutation_code"),
                    *(LATE[word] for word in warnings if word in LATE),
                    *([status] if status in UNDER_WAY else []),
                ]
            ),
            errors=(
                *_words(getattr(row, "errors", None), "error_code"),
                *(word for word in warnings if word in OF_CODE),
            ),
            due_at=_due_at(mutations),
        )

    @property
    def fault(self) -> tuple[str, Fault] | None:
        """The first error there is a row for, and failing that any error as Seam's own."""
        return _first(self.errors, OF_CODE)

    @property
    def was_set(self) -> bool:
        return not self.pending & NEVER_SET

    @property
    def is_settled(self) -> bool:
        return not self.pending and not self.errors

    def held(self) -> HeldCode:
        """Return it as a held code: whatever Seam has not given up may open the door yet.

        That is so even of one that failed to be set, as Seam tries again. Its window is None then,
        which makes whoever wants the code set the window, and so hear how it stands.
        """
        window = self.window if self.is_settled else None
        return HeldCode(self.ref, self.name, self.digits, window)


def lock_fault(device: object) -> tuple[str, Fault] | None:
    """Return what keeps commands from reaching a lock, as Seam sees it now."""
    words = _words(getattr(device, "errors", None), "error_code")
    found = _first([word for word in words if word in OF_LOCK], OF_LOCK)
    if found is None and getattr(getattr(device, "properties", None), "online", None) is False:
        return "offline", OF_LOCK["device_offline"]
    return found


def lock_status(device: object, keypad: str | None) -> LockStatus | None:
    """Read a row of `devices/list`; None when it has no id.

    Seam tells of the way to the lock as a whole, not of gateways: it is open when the lock is
    `online` and nothing keeps commands from it, as when its account is lost.
    """
    lock_id = getattr(device, "device_id", None)
    if not isinstance(lock_id, str) or not lock_id:
        return None
    properties = getattr(device, "properties", None)
    online = getattr(properties, "online", None) if lock_fault(device) is None else False
    opens = getattr(device, "can_remotely_unlock", None)
    name = text(getattr(device, "display_name", None)) or text(getattr(properties, "name", None))
    return LockStatus(
        lock_id=lock_id,
        name=name,
        battery_percent=_percent(getattr(properties, "battery_level", None)),
        gateway_id=None,
        gateway_online=online if isinstance(online, bool) else None,
        seen_at=None,
        opens_remotely=opens if isinstance(opens, bool) else None,
        keypad=keypad,
    )


def instant(value: object) -> datetime | None:
    """Read an ISO 8601 time; None without a zone, as it could be any."""
    if not isinstance(value, str):
        return None
    try:
        at = datetime.fromisoformat(value)
    except ValueError:
        return None
    return at.astimezone(UTC) if at.tzinfo is not None else None


def iso(at: datetime) -> str:
    return at.astimezone(UTC).isoformat().replace("+00:00", "Z")


def text(value: object) -> str:
    return value if isinstance(value, str) else ""


def _words(rows: object, key: str) -> list[str]:
    """Return what each of these rows is called, as its `key` says, or NO_WORD."""
    if not isinstance(rows, list):
        return []
    return [text(getattr(row, key, None)) or NO_WORD for row in rows]


def _due_at(mutations: object) -> datetime | None:
    rows = mutations if isinstance(mutations, list) else []
    due = (instant(getattr(row, "scheduled_at", None)) for row in rows)
    return next((at for at in due if at is not None), None)


def _percent(level: object) -> int | None:
    if not isinstance(level, int | float) or not 0 <= level <= 1:
        return None
    return round(level * 100)


def _window(starts: object, ends: object) -> Window | None:
    begins, over = instant(starts), instant(ends)
    if begins is None or over is None or over <= begins:
        return None
    return Window(begins, over)


def _first(words: Sequence[str], table: Mapping[str, Fault]) -> tuple[str, Fault] | None:
    known = next(((word, table[word]) for word in words if word in table), None)
    return known or ((words[0], UNKNOWN) if words else None)
