"""From settings to the outside world: one client per port, None where it is switched off."""

from collections.abc import Mapping
from dataclasses import dataclass

from flask import Flask

from app.clock import now
from app.ports.calendars import CalendarPort
from app.ports.calendars.http import HttpCalendars
from app.ports.locks import LockPort
from app.ports.locks.seam import SeamLocks
from app.ports.locks.ttlock import TtlockLocks
from app.ports.locks.ttlock_errors import BEIJING
from app.ports.mail import MailPort
from app.ports.mail.inbox import InboxPort
from app.ports.mail.inboxes import inbox_for
from app.ports.mail.smtp import SmtpMail
from app.ports.sms import SmsPort
from app.ports.sms.twilio import TwilioSms
from app.services.call_budget import CallBudget
from app.services.provider_tokens import StoredTokens
from config import Settings

CLOUD_SECONDS = 15.0
"""How long a lock provider's cloud may take for what needs no lock."""

USER_AGENT = "Latchkey/0.1 (calendar reader for self check-in)"


@dataclass(frozen=True)
class Ports:
    """What jobs may call. `locks` maps a provider's name to its client."""

    locks: Mapping[str, LockPort]
    sms: SmsPort | None
    mail: MailPort | None
    inbox: InboxPort | None
    calendars: CalendarPort


def build_ports(settings: Settings, app: Flask) -> Ports:
    """Make the clients; none of them connects before its first call."""
    locks: dict[str, LockPort] = {}
    if (ttlock := settings.ttlock) is not None:
        locks["ttlock"] = TtlockLocks(
            ttlock.api_url,
            ttlock.client_id,
            ttlock.client_secret,
            ttlock.username,
            ttlock.password,
            tokens=StoredTokens(app, "ttlock"),
            clock=now,
            device_timeout=ttlock.timeout_seconds,
            cloud_timeout=min(ttlock.timeout_seconds, CLOUD_SECONDS),
            meter=CallBudget(app, "ttlock", ttlock.monthly_calls, BEIJING, now),
        )
    if (seam := settings.seam) is not None:
        locks["seam"] = SeamLocks(seam.api_key, seam.api_url, clock=now)
    sms = mail = inbox = None
    if (twilio := settings.twilio) is not None:
        sms = TwilioSms(
            twilio.account_sid,
            twilio.auth_token,
            twilio.sender,
            twilio.api_url,
            segments_per_second=twilio.segments_per_second,
        )
    if (smtp := settings.smtp) is not None:
        mail = SmtpMail(smtp.url, smtp.sender)
    if settings.mailbox_url is not None:
        inbox = inbox_for(settings.mailbox_url)
    calendars = HttpCalendars(settings.feed_allowed_hosts, USER_AGENT)
    return Ports(locks, sms, mail, inbox, calendars)
