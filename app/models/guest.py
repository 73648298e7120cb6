"""The party staying under one booking reference."""

from datetime import time

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.models.base import Base, Instant, pk
from app.models.property import Property


class Guest(Base):
    """One guest has many reservations; one guest per property and reference."""

    __tablename__ = "guest"
    __table_args__ = (
        UniqueConstraint("property_id", "reference"),
        CheckConstraint("party_size > 0", name="party_size"),
        CheckConstraint("reference <> ''", name="reference"),
    )

    id: Mapped[pk]
    property_id: Mapped[int] = mapped_column(ForeignKey("property.id"))
    reference: Mapped[str]
    full_name: Mapped[str | None]
    email: Mapped[str | None]
    phone: Mapped[str | None]
    """E.164."""
    party_size: Mapped[int | None]
    expected_arrival: Mapped[time | None]
    car_registration: Mapped[str | None]
    language: Mapped[str] = mapped_column(default="en")
    agreed_to_rules_at: Mapped[Instant | None]
    checked_in_at: Mapped[Instant | None]
    """When the guest, or a host for them, checked in."""
    vouched_at: Mapped[Instant | None]
    """When a host said which rooms are theirs: the codes may be put on the locks before they come.
    They are shown to the guest only once they have checked in."""
    page_seen_at: Mapped[Instant | None]
    """When the stay page was first open in their browser."""
    erased_at: Mapped[Instant | None]
    """When their personal data was erased, the retention time after they left."""
    link_seed: Mapped[bytes]
    """Random; with the app's key it makes the stay link, so that a stolen dump opens nothing."""
    link_hash: Mapped[str] = mapped_column(unique=True)
    created_at: Mapped[Instant]

    house: Mapped[Property] = relationship(lazy="raise")

    @property
    def is_admitted(self) -> bool:
        """Codes may exist: they have checked in, or a host has vouched for them."""
        return self.checked_in_at is not None or self.vouched_at is not None

    def __repr__(self) -> str:
        return f"<Guest {self.id}>"
