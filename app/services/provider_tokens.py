"""A lock provider's access token: one row, sealed, one process renewing it at a time."""

from flask import Flask


class StoredTokens:
    """The token store of the lock port, on the database (see `TokenStore` for the contract)."""

    def __init__(self, app: Flask, provider: str) -> None:
        self._app = app
        self._provider = provider
