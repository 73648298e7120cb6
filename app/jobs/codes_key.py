"""Doing everything anew that an earlier key of CODES_KEY sealed or hashed."""

from app.db import reading, transaction
from app.jobs.runtime import the_seals
from app.services.codes_key import Rotated, door_ids, rotate_door, rotate_gone, rotate_tokens

MOST_PASSES = 10
"""A pass finds what processes with the keys in another order have made during the one before."""


def rotate_all() -> Rotated:
    """Go through all of it, in short transactions, until a pass finds nothing left to do.

    It may be stopped anywhere and run again.
    """
    total = Rotated()
    for _ in range(MOST_PASSES):
        done = _pass()
        total.codes += done.codes
        total.tokens += done.tokens
        total.unopened = done.unopened
        if not done.changed:
            break
    return total


def _pass() -> Rotated:
    seals = the_seals()
    done = Rotated()
    with reading() as session:
        doors = door_ids(session)
    for door_id in doors:
        with transaction() as session:
            done.add(rotate_door(session, door_id, seals))
    last: int | None = 0
    while last is not None:
        with transaction() as session:
            last, some = rotate_gone(session, last, seals)
            done.add(some)
    with transaction() as session:
        done.add(rotate_tokens(session, seals))
    return done
