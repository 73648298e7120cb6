"""Keys at work: sealing what must be read again, hashing what must only be compared."""

import base64
import hashlib
import hmac
import secrets
from collections.abc import Sequence

from cryptography.fernet import Fernet, InvalidToken, MultiFernet

MARK_END = ":"
"""Ends the mark before a hash of digits, which says which key made it."""


class Seals:
    """Everything made from CODES_KEY and SECRET_KEY.

    `codes_keys` are each urlsafe base64 of 32 bytes: the first seals, all of them unseal, so that
    one can follow another (docs/production.md). Hashes are keyed, so that a stolen database neither
    gives the digits away nor can be tried against all million of them.
    """

    def __init__(self, codes_keys: Sequence[bytes], secret_key: str) -> None:
        self._first = Fernet(codes_keys[0])
        self._fernet = MultiFernet([Fernet(key) for key in codes_keys])
        self._digits_keys = {_mark(key): _hash_key(key) for key in codes_keys}
        self._hash_key = hashlib.sha256(b"latchkey counters" + secret_key.encode()).digest()
        self._link_key = hashlib.sha256(b"latchkey links" + secret_key.encode()).digest()

    def __repr__(self) -> str:
        return "<Seals>"

    def seal(self, text: str) -> bytes:
        return self._first.encrypt(text.encode())

    def unseal(self, sealed: bytes | None) -> str:
        """Return the text. Raises cryptography's InvalidToken when sealed under another key.

        So does what was erased: there is nothing left that any key could open.
        """
        if sealed is None:
            raise InvalidToken
        return self._fernet.decrypt(sealed).decode()

    def is_by_first_key(self, sealed: bytes) -> bool:
        """Tell whether the first key of CODES_KEY sealed it."""
        try:
            self._first.decrypt(sealed)
        except InvalidToken:
            return False
        return True

    @property
    def marks(self) -> tuple[str, ...]:
        """The marks of the keys at hand; the first key's is first."""
        return tuple(self._digits_keys)

    def digits_hash(self, digits: str, mark: str | None = None) -> str:
        """Return a keyed hash of digits, after the mark of the key that made it: the first's."""
        mark = self.marks[0] if mark is None else mark
        return mark + MARK_END + _digest(self._digits_keys[mark], f"digits\0{digits}")

    def digits_hashes(self, digits: str) -> set[str]:
        """Return every hash that these digits may be stored under.

        Among them those without a mark, of databases older than marks.
        """
        bare = {_digest(key, f"digits\0{digits}") for key in self._digits_keys.values()}
        return bare | {self.digits_hash(digits, mark) for mark in self._digits_keys}

    def hash(self, purpose: str, text: str) -> str:
        """Return a hash keyed with SECRET_KEY, in hex, that is only good for one purpose."""
        return _digest(self._hash_key, f"{purpose}\0{text}")

    def new_link_seed(self) -> bytes:
        return secrets.token_bytes(16)

    def link_token(self, seed: bytes) -> str:
        """Return the stay link's token: 43 characters, 256 bits, made anew from the stored seed."""
        digest = hmac.digest(self._link_key, seed, "sha256")
        return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


def link_hash(token: str) -> str:
    """Return what is stored of a token: enough to look it up, useless to whoever steals it."""
    return hashlib.sha256(token.encode()).hexdigest()


def mark_of(digits_hash: str) -> str | None:
    """Return which key made a stored hash of digits; None for one older than marks."""
    mark, end, _ = digits_hash.partition(MARK_END)
    return mark if end else None


def _mark(codes_key: bytes) -> str:
    return hashlib.sha256(b"latchkey mark" + codes_key).hexdigest()[:8]


def _hash_key(codes_key: bytes) -> bytes:
    return hashlib.sha256(b"latchkey hashes" + codes_key).digest()


def _digest(key: bytes, text: str) -> str:
    return hmac.digest(key, text.encode(), "sha256").hex()
