"""Keys at work: sealing what must be read again, hashing what must only be compared."""

import base64
import hashlib
import hmac
import secrets

from cryptography.fernet import Fernet


class Seals:
    """Everything made from CODES_KEY and SECRET_KEY.

    `codes_key` is urlsafe base64 of 32 bytes. Hashes are keyed, so that a stolen database neither
    gives the digits away nor can be tried against all million of them.
    """

    def __init__(self, codes_key: bytes, secret_key: str) -> None:
        self._fernet = Fernet(codes_key)
        self._hash_key = hashlib.sha256(b"latchkey hashes" + codes_key).digest()
        self._link_key = hashlib.sha256(b"latchkey links" + secret_key.encode()).digest()

    def seal(self, text: str) -> bytes:
        return self._fernet.encrypt(text.encode())

    def unseal(self, sealed: bytes) -> str:
        """Return the text. Raises cryptography's InvalidToken when sealed under another key."""
        return self._fernet.decrypt(sealed).decode()

    def hash(self, purpose: str, text: str) -> str:
        """Return a keyed hash, in hex, that is only good for one purpose."""
        return hmac.digest(self._hash_key, f"{purpose}\0{text}".encode(), "sha256").hex()

    def new_link_seed(self) -> bytes:
        return secrets.token_bytes(16)

    def link_token(self, seed: bytes) -> str:
        """Return the stay link's token: 43 characters, 256 bits, made anew from the stored seed."""
        digest = hmac.digest(self._link_key, seed, "sha256")
        return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


def link_hash(token: str) -> str:
    """Return what is stored of a token: enough to look it up, useless to whoever steals it."""
    return hashlib.sha256(token.encode()).hexdigest()
