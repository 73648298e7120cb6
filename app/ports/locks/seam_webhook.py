"""What Seam posts to us: that something happened at one of its devices.

The contents are not believed beyond that. They may come late, twice and in any order; whoever gets
the hint asks Seam how things are now.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from app.ports.locks.seam_rows import instant, text

OF_CODES = frozenset(
    f"access_code.{what}"
    for what in (
        *("scheduled_on_device", "set_on_device", "failed_to_set_on_device"),
        *("removed_from_device", "failed_to_remove_from_device", "deleted"),
        *("code_changed", "time_frame_changed"),
        *("modified_external_to_seam", "deleted_external_to_seam"),
    )
)
"""Events of a code that is not on its lock as it was, or not as it was to be."""

OF_RETURN = frozenset(
    {
        *("device.connected", "device.added", "device.error.subscription_required.resolved"),
        *("connected_account.connected", "connected_account.successful_login"),
        "connected_account.completed_first_sync_after_reconnection",
    }
)
"""Events after which may work what a person had to mend first."""


class ForgedHint(Exception):
    """It is not signed with our secret, or not within these minutes: to be refused."""


class UnreadableHint(Exception):
    """It is Seam's, but no event that could be read, now or later: to be noted, and accepted."""


@dataclass(frozen=True)
class SeamHint:
    """Look at this device: its codes, its records, how it is."""

    device_id: str | None
    """None where the event is of no device, or of all of an account's."""
    event_type: str
    occurred_at: datetime


def read_hint(body: bytes, headers: Mapping[str, str], secret: str) -> SeamHint:
    """Verify and read one post: its raw body, its headers, the webhook's secret ("whsec_…").

    Raises ForgedHint or UnreadableHint. The signature bears a time, by this computer's clock.
    """
    # Here, as it takes some 30 MB that only those need who get such posts.
    from seam.exceptions import SeamInvalidWebhookPayloadError
    from seam.seam_webhook import SeamWebhook
    from svix.webhooks import WebhookVerificationError

    try:
        event = SeamWebhook(secret).verify(body.decode(), dict(headers))
    except SeamInvalidWebhookPayloadError:
        raise UnreadableHint from None
    except (WebhookVerificationError, ValueError):  # the latter for headers of another form
        raise ForgedHint from None
    except (AttributeError, KeyError, TypeError):  # signed, and of a shape the SDK does not expect
        raise UnreadableHint from None
    occurred_at = instant(getattr(event, "occurred_at", None))
    if occurred_at is None:
        raise UnreadableHint
    device_id = text(getattr(event, "device_id", None))
    return SeamHint(device_id or None, text(getattr(event, "event_type", None)), occurred_at)
