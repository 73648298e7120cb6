"""Hosts: making them, their one-time link, signing in and out."""

import secrets
from datetime import datetime, timedelta
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError
from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from app.domain.errors import DomainError
from app.models import Host
from app.seals import link_hash

WELCOME_LASTS = timedelta(days=7)
SHORTEST, LONGEST = 12, 200
COMMON = frozenset(
    {
        *("password1234", "123456789012", "qwertyuiop12", "passwordpassword", "111111111111"),
        *("letmeinletmein", "iloveyou1234", "administrator", "latchkey1234", "welcome12345"),
    }
)


class BadPassword(DomainError):
    """The password cannot be taken; the message says why."""

    code = "bad-password"


class NotSignedIn(DomainError):
    """Address and password do not fit together, or the link has been used."""

    code = "not-signed-in"


@cache
def _hasher() -> PasswordHasher:
    return PasswordHasher()


@cache
def _nobodys_hash() -> str:
    """Return a hash to compare with where there is no host: both answers take as long."""
    return _hasher().hash(secrets.token_hex())


def check_password(host: Host, password: str) -> None:
    """Refuse what is guessed first. Raises BadPassword."""
    if not SHORTEST <= len(password) <= LONGEST:
        raise BadPassword(f"Use {SHORTEST} characters or more; a few words do well.")
    if password.casefold() in COMMON or password.casefold() == host.email:
        raise BadPassword("This password is among the first that are tried. Choose another.")


def set_password(host: Host, password: str) -> None:
    """Store the hash and end every session the host has."""
    host.password_hash = _hasher().hash(password)
    host.welcome_hash = host.welcome_until = None
    host.session_epoch += 1


def has_password(host: Host, password: str) -> bool:
    """Tell whether the host's stored password is this one."""
    return host.password_hash is not None and _fits(host.password_hash, password)


def new_welcome(host: Host, now: datetime) -> str:
    """Make the one-time link's token with which the host sets a password."""
    token = secrets.token_urlsafe(32)
    host.welcome_hash, host.welcome_until = link_hash(token), now + WELCOME_LASTS
    return token


def host_by_welcome(session: Session, token: str, now: datetime) -> Host:
    """Return whom a one-time link is for. Raises NotSignedIn when it was used or is too old."""
    host = session.scalar(
        select(Host).where(Host.welcome_hash == link_hash(token), Host.welcome_until > now)
    )
    if host is None:
        raise NotSignedIn("This link has been used or is too old. Ask the owner for a new one.")
    return host


def sign_in(session: Session, email: str, password: str) -> Host:
    """Return the host. Raises NotSignedIn, after the same time whoever it is."""
    host = session.scalar(select(Host).where(Host.email == email.strip().lower()))
    stored = host.password_hash if host is not None else None
    fits = _fits(stored or _nobodys_hash(), password[:LONGEST])
    if host is None or stored is None or not fits:
        raise NotSignedIn("This address and password do not fit together.")
    if _hasher().check_needs_rehash(stored):
        host.password_hash = _hasher().hash(password)
    return host


def sign_out_everywhere(host: Host) -> None:
    host.session_epoch += 1


def host_of_session(session: Session, host_id: int, epoch: int) -> Host | None:
    """Return who is signed in; None once they have signed out or changed their password."""
    return session.scalar(
        select(Host)
        .where(Host.id == host_id, Host.session_epoch == epoch)
        .options(joinedload(Host.house))
    )


def _fits(stored: str, password: str) -> bool:
    try:
        return _hasher().verify(stored, password)
    except (VerifyMismatchError, InvalidHashError):
        return False
