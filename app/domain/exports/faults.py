"""What is wrong with an uploaded file as a whole."""

from app.domain.errors import DomainError


class UnreadableExport(DomainError):
    """Nothing can be taken from the file. The message says what it is and what to do."""

    code = "unreadable-export"
