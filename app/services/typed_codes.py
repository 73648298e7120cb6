"""Whose code was typed at a door, among those of ours."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from cryptography.fernet import InvalidToken
from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from app.domain.lock_words import Mistake, Refusal, Way
from app.domain.mistakes import LiveCode, compare
from app.domain.retention import DIGITS_KEPT
from app.models import AccessCode, CodeState, Door
from app.ports.locks import LockRecord
from app.seals import Seals

Meant = tuple[int | None, Mistake | None]
"""The id of a code of ours, and how what was typed differs from its digits."""


class _Stored(NamedTuple):
    """What is needed of an access code, by the same names."""

    id: int
    door_id: int
    name: str
    state: CodeState
    guest_id: int | None
    staff_code_id: int | None
    digits_hash: str
    sealed_digits: bytes | None


class TypedCodes:
    """The codes that these records may be about: loaded at once, opened only where need be.

    Those are the live ones of the whole property, and of this door also what has gone: by name
    whenever that was, by digits while a guest may still have them.
    """

    def __init__(
        self,
        session: Session,
        door: Door,
        records: Sequence[LockRecord],
        seals: Seals,
        now: datetime,
    ) -> None:
        self._door, self._seals = door, seals
        typed = {one.digits for one in records if one.digits}
        hashes = {found for digits in typed for found in seals.digits_hashes(digits)}
        is_live = AccessCode.state != CodeState.GONE
        is_named = AccessCode.name.in_({one.code_name for one in records if one.code_name})
        was_typed = (AccessCode.gone_at > now - DIGITS_KEPT) & AccessCode.digits_hash.in_(hashes)
        is_here = AccessCode.door_id == door.id
        found = session.execute(
            select(
                AccessCode.id,
                AccessCode.door_id,
                AccessCode.name,
                AccessCode.state,
                AccessCode.guest_id,
                AccessCode.staff_code_id,
                AccessCode.digits_hash,
                AccessCode.sealed_digits,
            )
            .join(Door, Door.id == AccessCode.door_id)
            .where(
                Door.property_id == door.property_id,
                or_(is_live, is_here & or_(is_named, was_typed)),
            )
            # A guest who has the same digits on several doors means their room's, not the front's.
            .order_by(Door.room_id.is_(None), AccessCode.id)
        )
        rows = [_Stored(*row) for row in found]
        here = [row for row in rows if row.door_id == door.id]
        self._live = [row for row in rows if row.state != CodeState.GONE]
        self._by_name: Mapping[str, int] = {row.name: row.id for row in here}
        self._gone: Mapping[str, int] = {
            row.digits_hash: row.id for row in here if row.state == CodeState.GONE
        }
        self._opened: dict[int, LiveCode] = {}

    def meant_by(self, one: LockRecord) -> Meant:
        """Tell which code was typed, or meant: by its name on the lock, else by the digits."""
        if one.way != Way.CODE:
            return None, None
        if (named := self._by_name.get(one.code_name)) is not None:
            return named, None
        if one.digits is None:
            return None, None
        code, mistake = compare(one.digits, self._comparable(one.digits), self._door.id)
        if code is not None and mistake in (None, Mistake.OTHER_DOOR):
            return (None, None) if mistake and _is_known_there(one) else (code.id, mistake)
        if (gone := self._gone_code(one.digits)) is not None:
            return gone, None
        return (None, None) if code is None or _is_known_there(one) else (code.id, mistake)

    def _gone_code(self, typed: str) -> int | None:
        """Return the latest code with these digits that this door once held."""
        found = [self._gone[one] for one in self._seals.digits_hashes(typed) if one in self._gone]
        return max(found, default=None)

    def _comparable(self, typed: str) -> list[LiveCode]:
        """Return this door's codes, and those of other doors that have these very digits."""
        hashes = self._seals.digits_hashes(typed)
        found = []
        for row in self._live:
            if row.door_id == self._door.id or row.digits_hash in hashes:
                code = self._open(row)
                if code is not None:
                    found.append(code)
        return found

    def _open(self, row: _Stored) -> LiveCode | None:
        if row.id not in self._opened:
            try:
                digits = self._seals.unseal(row.sealed_digits)
            except InvalidToken:  # sealed under a key that is not here
                return None
            self._opened[row.id] = LiveCode(row.id, row.door_id, _owner(row), digits)
        return self._opened[row.id]


def _is_known_there(one: LockRecord) -> bool:
    """Tell whether the lock knew what was typed: then it was no slip, however near to ours."""
    return one.refusal is None or (bool(one.code_name) and one.refusal != Refusal.UNKNOWN_CODE)


def _owner(row: _Stored) -> str:
    if row.guest_id is not None:
        return f"guest:{row.guest_id}"
    return f"staff:{row.staff_code_id}" if row.staff_code_id is not None else f"code:{row.id}"
