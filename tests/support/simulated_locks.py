"""The simulator's locks, their gateways and their cloud, as tests tell and look at them."""

from typing import Any

import requests


class SimulatedLocks:
    """What can be told to the world about its doors, over its control API."""

    url: str

    def gateway(self, gateway_id: int, **told: Any) -> None:
        """Tell a gateway to be `online` or not, or how many `delay_seconds` a command takes."""
        self._ask("POST", f"gateways/{gateway_id}", told)

    def lock(self, lock_id: int | str, **told: Any) -> None:
        """Tell how a lock is: `battery`, `clock_offset_seconds`, `capacity`, `remote_unlock`,
        `feature_value`, `has_code_data`, `hours_off`, `double_locked`, `cancels_unused`.
        """
        self._ask("POST", f"locks/{lock_id}", told)

    def lock_event(self, lock_id: int | str, record_type: int, **told: Any) -> None:
        """Have a lock write a line into its log: `from_lock`, `success`, `name`, `digits`."""
        self._ask("POST", f"locks/{lock_id}/records", {"record_type": record_type, **told})

    def lock_cloud(self, **told: Any) -> None:
        """Tell how TTLock's cloud is: `callback_url`, `record_notice_seconds`,
        `gateway_notice_seconds`, `retry_seconds`, `monthly_quota`, `strict_date`.

        A reset forgets it.
        """
        self._ask("POST", "ttlock", told)

    def keypad(self, lock_id: int | str, digits: str) -> bool:
        """Type digits at a door; return whether it opened."""
        return bool(self._ask("POST", f"locks/{lock_id}/keypad", {"digits": digits})["opened"])

    def held(self, lock_id: int | str) -> list[dict[str, Any]]:
        """Return what the lock itself remembers."""
        found: list[dict[str, Any]] = self._ask("GET", f"locks/{lock_id}")["memory"]
        return found

    def all_held(self) -> dict[str, list[dict[str, Any]]]:
        """Return, for each lock, what it remembers and the offline codes it would take."""
        found: dict[str, list[dict[str, Any]]] = self._ask("GET", "locks")
        return found

    def unused_codes(self, lock_id: int | str) -> list[dict[str, Any]]:
        """Return the offline codes that a lock would take and has not seen yet."""
        found: list[dict[str, Any]] = self._ask("GET", f"locks/{lock_id}")["unused"]
        return found

    def _ask(self, method: str, path: str, body: object = None, timeout: float = 10) -> Any:
        url = f"{self.url}/control/{path}"
        answer = requests.request(method, url, json=body, timeout=timeout)
        if not answer.ok:
            raise AssertionError(f"the simulator refused {path}: {answer.text}")
        return answer.json()
