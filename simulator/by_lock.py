"""The cloud's codes and records, to be found by lock."""

from typing import Any

Row = dict[str, Any]

MOST_RECORDS = 20_000
AT_ONCE = 1_000
"""Records are dropped so many at a time, as that means finding the others anew."""


class ByLock:
    """Finds rows of the world's two tables; never stored, made anew from the tables themselves.

    Codes and records come and go by its verbs alone. Hold the world's guard.
    """

    def __init__(self, data: dict[str, Any]) -> None:
        self._data = data
        self._codes: dict[str, dict[str, Row]] = {}
        self._records: dict[str, list[Row]] = {}
        for row in data["codes"].values():
            self._codes.setdefault(str(row["lockId"]), {})[str(row["keyboardPwdId"])] = row
        self._find_records()

    def codes(self, lock_id: object) -> dict[str, Row]:
        """Return the rows of one lock by their id, the oldest first."""
        return self._codes.get(str(lock_id), {})

    def keep_code(self, row: Row) -> None:
        ref = str(row["keyboardPwdId"])
        self._data["codes"][ref] = row
        self._codes.setdefault(str(row["lockId"]), {})[ref] = row

    def forget_code(self, ref: str) -> Row | None:
        row: Row | None = self._data["codes"].pop(ref, None)
        if row is not None:
            self._codes[str(row["lockId"])].pop(ref, None)
        return row

    def records(self, lock_id: object) -> list[Row]:
        """Return what was heard of one lock, the first heard first."""
        return self._records.get(str(lock_id), [])

    def keep_record(self, row: Row) -> None:
        table = self._data["records"]
        table.append(row)
        self._records.setdefault(str(row["lockId"]), []).append(row)
        if len(table) >= MOST_RECORDS + AT_ONCE:
            del table[:AT_ONCE]
            self._find_records()

    def _find_records(self) -> None:
        self._records = {}
        for row in self._data["records"]:
            self._records.setdefault(str(row["lockId"]), []).append(row)
