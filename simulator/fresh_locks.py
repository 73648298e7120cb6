"""Locks, their gateways and their cloud as they are at first."""

from collections.abc import Mapping
from typing import Any


def fresh_lock(one: Mapping[str, Any]) -> dict[str, Any]:
    """Make a lock of its lines in the house file."""
    return {
        "name": one["name"],
        "room": one.get("room"),
        "gateway": str(one["gateway"]) if "gateway" in one else None,
        "battery": one.get("battery", 90),
        "feature_value": one.get("feature_value", "3F0421C4F5F3"),
        "capacity": 250,
        "clock_offset_seconds": 0.0,
        "hours_off": 0.0,  # how far its time zone is from the house's
        "remote_unlock": True,
        "has_code_data": True,
        "double_locked": False,
        "cancels_unused": True,  # whether it can be told by radio to refuse an unused offline code
        "memory": {},
        "unused_codes": {},  # offline codes that it would take, and has not seen yet
        "withdrawn": [],
        "spent_windows": [],
        "open_until": 0.0,
        "wrong_at": [],
        "rests_until": 0.0,
        "unsent": [],
    }


def fresh_gateway(one: Mapping[str, Any]) -> dict[str, Any]:
    """Make a gateway of its lines in the house file."""
    return {"name": one["name"], "online": True, "told_online": True, "delay_seconds": 0.3}


def fresh_cloud(callback_url: str) -> dict[str, Any]:
    """Make the settings of TTLock's cloud; times are in the world's seconds."""
    return {
        "callback_url": callback_url,
        "record_notice_seconds": 0,
        "gateway_notice_seconds": 1800,
        "retry_seconds": 5,
        "monthly_quota": None,
        "strict_date": False,
        "requests": {},
    }
