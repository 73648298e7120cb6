"""The one family of errors that decisions and services raise for people to read."""


class DomainError(Exception):
    """Something a person can put right. `code` is for programs, `message` for people."""

    code = "refused"

    def __init__(self, message: str, *, code: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        if code is not None:
            self.code = code
