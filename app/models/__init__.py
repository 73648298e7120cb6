"""The tables, one file per aggregate. Imported here so that the metadata knows them all."""

from app.domain.standing import Status
from app.models.access_code import AccessCode, CodeState, Purpose
from app.models.arrival_warning import ArrivalWarning
from app.models.base import Base
from app.models.change_set import ChangeSet
from app.models.door import Door, UnlockRequest, UnlockState
from app.models.early_report import EarlyReport
from app.models.export_file import ExportFile, ExportState
from app.models.feed import Feed, FeedSnapshot
from app.models.guest import Guest
from app.models.held_code import Stranger
from app.models.history import HistoryEntry
from app.models.host import Host, Role
from app.models.lock_event import DoorHelp, LockEvent
from app.models.mail import Mailbox, MailOutcome, SeenMail
from app.models.match import Match, MatchState, Question
from app.models.message import Medium, Message, MessageState
from app.models.notice import Notice
from app.models.operation import Beat, CallCount, LaneRest, ProviderToken, Throttle
from app.models.outbox import Effect, OutboxEntry
from app.models.property import Property, Room, UnitType
from app.models.reservation import Reservation
from app.models.sighting import Origin, Sighting
from app.models.staff_code import StaffCode, StaffCodeDoor
from app.models.text_trouble import TextStep, TextTrouble

__all__ = [
    "AccessCode",
    "ArrivalWarning",
    "Base",
    "Beat",
    "CallCount",
    "ChangeSet",
    "CodeState",
    "Door",
    "DoorHelp",
    "EarlyReport",
    "Effect",
    "ExportFile",
    "ExportState",
    "Feed",
    "FeedSnapshot",
    "Guest",
    "HistoryEntry",
    "Host",
    "LaneRest",
    "LockEvent",
    "MailOutcome",
    "Mailbox",
    "Match",
    "MatchState",
    "Medium",
    "Message",
    "MessageState",
    "Notice",
    "Origin",
    "OutboxEntry",
    "Property",
    "ProviderToken",
    "Purpose",
    "Question",
    "Reservation",
    "Role",
    "Room",
    "SeenMail",
    "Sighting",
    "StaffCode",
    "StaffCodeDoor",
    "Status",
    "Stranger",
    "TextStep",
    "TextTrouble",
    "Throttle",
    "UnitType",
    "UnlockRequest",
    "UnlockState",
]
