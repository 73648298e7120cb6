"""Digits in the database: free or taken on a door, without being readable there; and its keys.

Each is stored as a hash keyed with one of the keys of CODES_KEY. All live codes of a door are
hashed with one key at any time, so that the unique index over them holds; a new one follows those
that are there, and `rotate_door` changes them together. Both hold the property.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import literal, select, union_all
from sqlalchemy.orm import Session

from app.domain.codes import DIGITS, can_type, choose_digits
from app.models import AccessCode, CodeState, Door, Property, Stranger
from app.seals import Seals, mark_of


class KeyMissingError(Exception):
    """A door's codes are hashed with a key that this process does not have.

    Nothing can be said then of which digits are free. CODES_KEY must name that key, too.
    """


@dataclass(frozen=True)
class Taken:
    """What stands against digits on some doors.

    That is the hashes of our live codes' digits, and of those of strangers' codes; and which digits
    are on the keys of those doors that lack some.
    """

    ours: Mapping[int, set[str]]
    strangers: Mapping[int, set[str]]
    keypads: Mapping[int, str]

    def allows(self, seals: Seals, door_id: int, digits: str) -> bool:
        """Tell whether a new code on the door may have the digits. Raises KeyMissingError."""
        return self.can_type(door_id, digits) and not self.holds(seals, door_id, digits)

    def can_type(self, door_id: int, digits: str) -> bool:
        """Tell whether the door has a key for each of the digits."""
        return can_type(digits, self.keypads.get(door_id))

    def holds(self, seals: Seals, door_id: int, digits: str) -> bool:
        """Tell whether the digits are taken on the door. Raises KeyMissingError."""
        ours = self.ours.get(door_id, set())
        _marks(seals, ours, door_id)
        here = ours | self.strangers.get(door_id, set())
        return not here.isdisjoint(seals.digits_hashes(digits))


def digits_hash(session: Session, seals: Seals, door_id: int, digits: str) -> str:
    """Return what to store of new digits on a door: hashed as those that are there already are."""
    if len(seals.marks) == 1:
        return seals.digits_hash(digits)
    taken = taken_on(session, [door_id])
    marks = _marks(seals, taken.ours.get(door_id, set()), door_id)
    return seals.digits_hash(digits, next(iter(marks), None))


def fresh_digits(
    house: Property, door_ids: Sequence[int], taken: Taken, seals: Seals, among: str = DIGITS
) -> str:
    """Draw digits that all of these doors allow. Raises NoDigitsLeft."""
    keys = [digit for digit in among if all(taken.can_type(one, digit) for one in door_ids)]
    return choose_digits(
        house.code_length,
        lambda digits: all(taken.allows(seals, door_id, digits) for door_id in door_ids),
        "".join(keys),
    )


def taken_on(session: Session, door_ids: Sequence[int]) -> Taken:
    """Return what is taken on these doors; with the property held, until the transaction ends."""
    lacking = select(Door.id, Door.keypad).where(Door.id.in_(door_ids), Door.keypad.is_not(None))
    keypads = {door_id: keypad for door_id, keypad in session.execute(lacking) if keypad}
    live = AccessCode.door_id.in_(door_ids) & (AccessCode.state != CodeState.GONE)
    rows = session.execute(
        union_all(
            select(literal(True), AccessCode.door_id, AccessCode.digits_hash).where(live),
            select(literal(False), Stranger.door_id, Stranger.digits_hash).where(
                Stranger.door_id.in_(door_ids)
            ),
        )
    )
    ours: dict[int, set[str]] = {}
    strangers: dict[int, set[str]] = {}
    for is_ours, door_id, stored in rows:
        (ours if is_ours else strangers).setdefault(door_id, set()).add(stored)
    return Taken(ours, strangers, keypads)


def _marks(seals: Seals, stored: set[str], door_id: int) -> set[str]:
    """Return which keys made these hashes of a door's codes. Raises KeyMissingError."""
    marks = {mark for one in stored if (mark := mark_of(one)) is not None}
    if not marks <= set(seals.marks):
        raise KeyMissingError(f"CODES_KEY lacks a key that codes of door {door_id} need")
    return marks
