"""Databases with all tables in them, emptied between tests: one of each kind for all of them."""

import fcntl
import os
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Mapping
from contextlib import closing
from pathlib import Path
from typing import Protocol

import psycopg
from psycopg import sql

from app.models import Base
from tests.support.processes import ROOT
from tests.support.system import find_pg_bin


def migrate(url: str, env: Mapping[str, str]) -> None:
    """Make all tables, as an operator would."""
    flask = str(Path(sys.executable).parent / "flask")
    done = subprocess.run(
        [flask, "db", "upgrade"], cwd=ROOT,
        env={**env, "DATABASE_URL": url, "PATH": os.environ["PATH"]},
        capture_output=True, text=True,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr


def made_once(path: Path, make: Callable[[Path], None]) -> Path:
    """Return a file that the first of all processes makes, and the others wait for."""
    with path.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not path.exists():
            draft = path.with_suffix(".draft")
            make(draft)
            draft.rename(path)
    return path


def into_one_file(path: Path) -> None:
    """Move into a SQLite database what it keeps in files beside it."""
    with closing(sqlite3.connect(path)) as own:
        own.execute("PRAGMA journal_mode=DELETE")


def dump(url: str, path: Path) -> None:
    """Write all that is in a PostgreSQL database to a file of SQL."""
    _run("pg_dump", "--no-owner", "--file", str(path), "--dbname", _plain(url))


def load(url: str, path: Path) -> None:
    """Make what another database had in it."""
    options = ("--quiet", "--no-psqlrc", "--output", os.devnull, "--set", "ON_ERROR_STOP=1")
    _run("psql", *options, "--file", str(path), "--dbname", _plain(url))


def _run(program: str, *arguments: str) -> None:
    programs = find_pg_bin()
    assert programs is not None
    done = subprocess.run([str(programs / program), *arguments], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def make_on_server(server_url: str, name: str, template: str = "template1") -> str:
    """Make a database beside another one; return its URL."""
    with psycopg.connect(_plain(server_url), autocommit=True) as connection:
        connection.execute(
            sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(
                sql.Identifier(name), sql.Identifier(template)
            )
        )
    return f"{server_url.rpartition('/')[0]}/{name}"


class Database(Protocol):
    """All tables, which can be emptied while others use them."""

    url: str

    def empty(self) -> None:
        """Leave it as it was made."""

    def close(self) -> None:
        """Let go of it."""


class SqliteDatabase:
    """One file, returned to what its template is."""

    def __init__(self, template: Path, path: Path) -> None:
        self._template, self._path = template, path
        self.url = f"sqlite:///{path}"

    def empty(self) -> None:
        """Leave it as it was made."""
        self.restore(self._template)

    def restore(self, kept: Path) -> None:
        """Write another file over it, in a transaction that its other users see as any other."""
        with closing(sqlite3.connect(kept)) as source, closing(sqlite3.connect(self._path)) as own:
            own.execute("PRAGMA journal_mode=WAL")
            own.execute("PRAGMA synchronous=OFF")
            source.backup(own)

    def keep(self, path: Path) -> None:
        """Write what is in it now to another file."""
        with closing(sqlite3.connect(self._path)) as own, closing(sqlite3.connect(path)) as kept:
            own.backup(kept)

    def close(self) -> None:
        """Nothing is kept open."""


class PostgresDatabase:
    """One database, emptied by deleting: TRUNCATE takes fifty times as long on small tables."""

    def __init__(self, url: str) -> None:
        self.url = url
        self._connection = psycopg.connect(_plain(url), autocommit=True)
        self._empty = self._statements()

    def empty(self) -> None:
        """Delete every row, and number from one again, whatever still holds on to any."""
        self._connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid() AND state <> 'idle'"
        )
        self._connection.execute(self._empty)

    def close(self) -> None:
        self._connection.close()

    def _statements(self) -> sql.Composed:
        """Return what empties it: as a replica does, which no trigger of history refuses."""
        rows = self._connection.execute(
            "SELECT schemaname, sequencename FROM pg_sequences WHERE schemaname = 'public'"
        )
        numbers = [
            sql.SQL("setval({}, 1, false)").format(
                sql.Literal(sql.Identifier(*row).as_string(self._connection))
            )
            for row in rows
        ]
        deletes = [
            sql.SQL("DELETE FROM {}").format(sql.Identifier(table.name))
            for table in Base.metadata.sorted_tables
        ]
        return sql.SQL("; ").join(
            [
                sql.SQL("BEGIN; SET LOCAL session_replication_role = replica"),
                *deletes,
                sql.SQL("SELECT ") + sql.SQL(", ").join(numbers),
                sql.SQL("COMMIT"),
            ]
        )


def _plain(url: str) -> str:
    return url.replace("+psycopg", "")
