"""A lock provider's access token: one row, sealed, one process renewing it at a time."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from flask import Flask
from sqlalchemy.orm import Session

from app.db import db
from app.models import ProviderToken
from app.ports.locks.ttlock_tokens import Token
from app.seals import Seals


class StoredTokens:
    """The token store of the lock port, on the database (see `TokenStore` for the contract)."""

    def __init__(self, app: Flask, provider: str) -> None:
        self._app = app
        self._provider = provider
