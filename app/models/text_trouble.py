"""What stands in the way of all texts."""

from enum import StrEnum

from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base, Instant, words


class TextStep(StrEnum):
    SENDING = "sending"
    """Handing texts over."""
    DELIVERY = "delivery"
    """Their way from there to the phones."""


class TextTrouble(Base):
    """What keeps all texts from going out, for a person to mend; gone once they go again."""

    __tablename__ = "text_trouble"

    step: Mapped[TextStep] = mapped_column(words(TextStep), primary_key=True)
    since: Mapped[Instant]
    fault: Mapped[str]
    """What is wrong and what to do, as a sentence for the host."""
