"""The database: one engine for PostgreSQL and SQLite, and the two ways to use a session."""

from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from flask import Flask, current_app
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import Connection, Engine, event, func, inspect, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import flag_modified, set_committed_value

from app.models import Match, Notice, Reservation, Sighting
from app.models.base import Base

db = SQLAlchemy(metadata=Base.metadata)

CHANGED_WHILE_HELD = (Reservation, Sighting, Notice, Match)

_SQLITE_PRAGMAS = (
    "journal_mode=WAL",
    "synchronous=NORMAL",
    "busy_timeout=30000",
    "foreign_keys=ON",
)


def init_db(app: Flask, url: str) -> None:
    """Bind the database to the app and give SQLite the manners it lacks by default."""
    # Statements that fail are logged: without their values, which are people and sealed codes.
    # The worker's threads each have a connection for the moments that they read or write.
    options: dict[str, Any] = {"hide_parameters": True, "pool_size": 10, "max_overflow": 40}
    if url.startswith("sqlite"):
        options["connect_args"] = {"timeout": 30}
    else:
        options["pool_pre_ping"] = True
    app.config.update(SQLALCHEMY_DATABASE_URI=url, SQLALCHEMY_ENGINE_OPTIONS=options)
    db.init_app(app)
    if url.startswith("sqlite"):
        with app.app_context():
            _serialise_writers(db.engine)


def _serialise_writers(engine: Engine) -> None:
    """Begin every SQLite transaction IMMEDIATE, so that none reads what it then overwrites.

    The driver's own mode begins no transaction for SELECT and loses updates silently; a deferred
    BEGIN fails at once when it must upgrade its lock.
    """

    @event.listens_for(engine, "connect")
    def prepare(connection: Any, _record: Any) -> None:
        connection.isolation_level = None
        for pragma in _SQLITE_PRAGMAS:
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        mode = connection.get_execution_options().get("sqlite_begin", "BEGIN IMMEDIATE")
        connection.exec_driver_sql(mode)


@event.listens_for(db.session, "before_flush")
def _number_new_rows(session: Session, _context: object, _instances: object) -> None:
    """Give new rows their ids before they are stored, so that many go in one statement.

    Only on SQLite, which cannot return the ids of many rows in their order, so that each would be a
    statement of its own. Nobody else takes the next ids meanwhile: one transaction writes at once.
    """
    if session.get_bind().dialect.name != "sqlite":
        return
    by_model: dict[type[Base], list[Any]] = defaultdict(list)
    for row in session.new:
        if "id" in type(row).__table__.primary_key and row.id is None:
            by_model[type(row)].append(row)
    with session.no_autoflush:
        for model, rows in by_model.items():
            start = session.scalar(select(func.max(model.__table__.c.id))) or 0
            for number, row in enumerate(rows, start + 1):
                row.id = number


@event.listens_for(db.session, "before_flush")
def _store_changed_rows_alike(session: Session, _context: object, _instances: object) -> None:
    """Store changed rows of a table with the same columns, so that many go in one statement.

    Left alone, each set of changed columns is a statement of its own, and so is each run of rows
    that have it. Only tables whose rows change while their property is held: nobody else writes a
    value that this would write back.
    """
    by_model: dict[type[Base], list[Any]] = defaultdict(list)
    for row in session.dirty:
        if isinstance(row, CHANGED_WHILE_HELD):
            by_model[type(row)].append(row)
    for model, rows in by_model.items():
        changed = [_changed_columns(model, row) for row in rows]
        together = set().union(*changed)
        for row, own in zip(rows, changed, strict=True):
            if not own:
                continue
            for name in together - own - inspect(row).unloaded:
                set_committed_value(row, name, getattr(row, name))
                flag_modified(row, name)


def _changed_columns(model: type[Base], row: Base) -> set[str]:
    """Return the columns, by their attributes, that storing the row will write."""
    mapper, state = inspect(model), inspect(row)
    names = {name for name in state.committed_state if state.attrs[name].history.has_changes()}
    for name in names.intersection(mapper.relationships.keys()):
        names.remove(name)
        local = mapper.relationships[name].local_columns
        names |= {mapper.get_property_by_column(column).key for column in local}
    return names


@contextmanager
def transaction() -> Iterator[Session]:
    """Commit what the block did, or nothing of it; then ring for the work it asked for.

    Whatever the session has read before is let go first, so that the block sees the present.
    """
    session = db.session()
    session.rollback()
    try:
        yield session
        session.flush()
        rings = [(entry.id, entry.kind) for entry in session.info.pop(RINGS, ())]
        session.commit()
    except BaseException:
        session.rollback()
        session.info.pop(RINGS, None)
        raise
    if rings:
        current_app.extensions["doorbell"].ring(rings)


@contextmanager
def reading() -> Iterator[Session]:
    """Read without taking SQLite's write lock; whatever the block changed is dropped."""
    session = db.session()
    session.rollback()
    session.connection(execution_options={"sqlite_begin": "BEGIN"})
    try:
        yield session
    finally:
        session.rollback()


def insert_into(session: Session, model: type[Base]) -> Any:
    """Begin an INSERT that may say what to do on a conflict, in the database's own dialect."""
    dialect = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    return dialect.insert(model)


RINGS = "rings"
"""Where a session collects the outbox entries to ring for once they are committed."""
