"""Houses lived in, read back from a file: making one takes longer than most tests of a page."""

import time
from collections.abc import Mapping
from dataclasses import fields
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.models import Base, Property
from app.seals import Seals
from tests.support.databases import SqliteDatabase
from tests.web.houses import Lived, make_lived

KEPT_SECONDS = 10.0
"""Pages look at the real clock: no test's house may be much older than its test."""


class LivedHouses:
    """Makes a house every few seconds, and gives every test the rows that it was made of."""

    def __init__(self, database: SqliteDatabase, folder: Path) -> None:
        self._database, self._file = database, folder / "lived.db"
        self._made_at = -KEPT_SECONDS
        self._parts: Mapping[str, object] = {}

    def lived(self, session: Session, seals: Seals) -> Lived:
        """Return the house, in a database in which nothing else is."""
        if time.monotonic() - self._made_at > KEPT_SECONDS:
            lived = make_lived(session, seals)
            self._database.keep(self._file)
            self._made_at = time.monotonic()
            self._parts = {field.name: _kept(getattr(lived, field.name)) for field in fields(Lived)}
            return lived
        session.rollback()
        self._database.restore(self._file)
        return Lived(**{name: _found(session, part) for name, part in self._parts.items()})  # type: ignore[arg-type]


def has_none(session: Session) -> bool:
    """Tell whether the database is as it was made."""
    return session.scalar(select(Property.id).limit(1)) is None


def _kept(part: object) -> object:
    return (type(part), part.id) if isinstance(part, Base) else part  # type: ignore[attr-defined]


def _found(session: Session, part: object) -> object:
    return session.get_one(*part) if isinstance(part, tuple) else part
