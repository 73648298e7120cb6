"""People who run the place."""

from enum import StrEnum

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.models.base import Base, Instant, pk, words
from app.models.property import Property


class Role(StrEnum):
    """From most to least: each may do what those after it may. A cleaner sees no names."""

    OWNER = "owner"
    STAFF = "staff"
    VIEWER = "viewer"
    CLEANER = "cleaner"


class Host(Base):
    """A person who signs in; may have a phone that is allowed to command by text."""

    __tablename__ = "host"

    id: Mapped[pk]
    property_id: Mapped[int] = mapped_column(ForeignKey("property.id"))
    name: Mapped[str]
    email: Mapped[str] = mapped_column(unique=True)
    """Lower case."""
    phone: Mapped[str | None] = mapped_column(unique=True)
    """E.164."""
    role: Mapped[Role] = mapped_column(words(Role))
    password_hash: Mapped[str | None]
    """argon2id; None until the one-time link was used."""
    welcome_hash: Mapped[str | None] = mapped_column(unique=True)
    """SHA-256 of the one-time link's token."""
    welcome_until: Mapped[Instant | None]
    texts_stopped_at: Mapped[Instant | None]
    """When this phone opted out of our texts (STOP); START takes it back."""
    session_epoch: Mapped[int] = mapped_column(default=0)
    """Counts up at sign-out and at a new password; sessions of an earlier epoch are over."""

    house: Mapped[Property] = relationship(lazy="raise")
