"""Another key for CODES_KEY: sealing and hashing anew what earlier keys did.

Each function does a bounded part in the caller's transaction, changes nothing that is right
already, and may run while workers put codes on locks: what one of them has changed meanwhile is
left as it is, and found by the next pass.
"""

from dataclasses import dataclass

from cryptography.fernet import InvalidToken
from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from app.models import AccessCode, CodeState, Door, ProviderToken, Stranger
from app.seals import MARK_END, Seals
from app.services.lanes import hold_property

AT_ONCE = 200


@dataclass
class Rotated:
    """How much was done anew, and what no key at hand opens."""

    codes: int = 0
    tokens: int = 0
    unopened: int = 0

    @property
    def changed(self) -> int:
        return self.codes + self.tokens

    def add(self, more: "Rotated") -> None:
        self.codes += more.codes
        self.tokens += more.tokens
        self.unopened += more.unopened


def door_ids(session: Session) -> list[int]:
    return list(session.scalars(select(Door.id).order_by(Door.id)))


def rotate_door(session: Session, door_id: int, seals: Seals) -> Rotated:
    """Do the live codes of one door anew, all of them at once.

    Never some of them: the unique index only tells equal digits under equal keys. Nobody chooses
    digits for the door meanwhile, as that takes the property, too.
    """
    door = session.get_one(Door, door_id)
    hold_property(session, door.property_id)
    live = select(AccessCode).where(
        AccessCode.door_id == door_id, AccessCode.state != CodeState.GONE
    )
    codes = session.scalars(live.execution_options(populate_existing=True)).all()
    done = Rotated()
    for code in codes:
        _rotate(code, seals, done)
    # Digits of strangers are not kept, so their hashes cannot be made anew. The next look at the
    # lock brings them back.
    session.execute(
        delete(Stranger).where(
            Stranger.door_id == door_id,
            Stranger.digits_hash.not_like(f"{seals.marks[0]}{MARK_END}%"),
        )
    )
    session.flush()
    return done


def rotate_gone(session: Session, after_id: int, seals: Seals) -> tuple[int | None, Rotated]:
    """Do some gone codes anew; return the last one's id, None when there are no more."""
    gone = (AccessCode.state == CodeState.GONE) & AccessCode.sealed_digits.is_not(None)
    codes = session.scalars(
        select(AccessCode)
        .where(gone, AccessCode.id > after_id)
        .order_by(AccessCode.id)
        .limit(AT_ONCE)
        .with_for_update()
    ).all()
    done = Rotated()
    for code in codes:
        _rotate(code, seals, done)
    session.flush()
    return (codes[-1].id if codes else None), done


def rotate_tokens(session: Session, seals: Seals) -> Rotated:
    """Do the lock providers' access tokens anew; one renewed meanwhile is the first key's anyway.

    One that no key opens is left: whoever needs it signs in anew.
    """
    done = Rotated()
    rows = session.execute(select(ProviderToken.provider, ProviderToken.sealed)).all()
    for provider, sealed in rows:
        if sealed is None or seals.is_by_first_key(sealed):
            continue
        try:
            anew = seals.seal(seals.unseal(sealed))
        except InvalidToken:
            continue
        unchanged = (ProviderToken.provider == provider) & (ProviderToken.sealed == sealed)
        session.execute(update(ProviderToken).where(unchanged).values(sealed=anew))
        done.tokens += 1
    return done


def _rotate(code: AccessCode, seals: Seals, done: Rotated) -> None:
    if code.sealed_digits is None:
        return
    try:
        digits = seals.unseal(code.sealed_digits)
    except InvalidToken:
        done.unopened += 1
        return
    # A hash that is none of these digits stands for none: their code is on its lock against our
    # wish, and they may be another's by now.
    is_of_digits = code.digits_hash in seals.digits_hashes(digits)
    wanted = seals.digits_hash(digits) if is_of_digits else code.digits_hash
    if code.digits_hash == wanted and seals.is_by_first_key(code.sealed_digits):
        return
    code.sealed_digits, code.digits_hash = seals.seal(digits), wanted
    done.codes += 1
