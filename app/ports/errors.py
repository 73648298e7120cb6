"""The one error that every port raises."""

from datetime import timedelta


class PortError(Exception):
    """A call to an outside system did not do what was asked.

    `permanent`: repeating it cannot help; a person must act. `unclear`: it may have taken effect,
    so look before repeating. `retry_after`: the earliest sensible next try, where it is known.
    `reason` is a sentence for the host and never carries digits, tokens or whole phone numbers.
    """

    def __init__(
        self,
        reason: str,
        *,
        permanent: bool = False,
        unclear: bool = False,
        retry_after: timedelta | None = None,
    ) -> None:
        super().__init__(reason)
        self.reason = reason
        self.permanent = permanent
        self.unclear = unclear
        self.retry_after = retry_after
