"""The tables, one file per aggregate. Imported here so that the metadata knows them all."""

from app.domain.standing import Status
from app.models.access_code import AccessCode, CodeState
from app.models.base import Base
from app.models.door import Door, UnlockRequest, UnlockState
from app.models.feed import Feed, FeedSnapshot
from app.models.guest import Guest
from app.models.history import HistoryEntry
from app.models.host import Host, Role
from app.models.match import Match, MatchState
from app.models.message import Medium, Message, MessageState
from app.models.operation import Beat, ProviderToken, Throttle
from app.models.outbox import Effect, OutboxEntry
from app.models.property import Property, Room, UnitType
from app.models.reservation import Reservation
from app.models.sighting import Origin, Sighting

__all__ = [
    "AccessCode",
    "Base",
    "Beat",
    "CodeState",
    "Door",
    "Effect",
    "Feed",
    "FeedSnapshot",
    "Guest",
    "HistoryEntry",
    "Host",
    "Match",
    "MatchState",
    "Medium",
    "Message",
    "MessageState",
    "Origin",
    "OutboxEntry",
    "Property",
    "ProviderToken",
    "Reservation",
    "Role",
    "Room",
    "Sighting",
    "Status",
    "Throttle",
    "UnitType",
    "UnlockRequest",
    "UnlockState",
]
