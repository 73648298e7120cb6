"""The calls of a month, which TTLock counts and sells."""

from zoneinfo import ZoneInfo

from simulator.ttlock_radio import Refusal
from simulator.world import World

BEIJING = ZoneInfo("Asia/Shanghai")
"""A month begins there."""


def count_request(world: World) -> None:
    """Count one request. Raises Refusal when the month's are used up."""
    with world.guard:
        told, month = world.data["ttlock"], _month(world)
        count = told["requests"].get(month, 0) + 1
        told["requests"] = {month: count}
        quota = told["monthly_quota"]
    if quota is not None and count > quota:
        raise Refusal(30007, "the requests of this month are used up")


def requests_this_month(world: World) -> int:
    return int(world.data["ttlock"]["requests"].get(_month(world), 0))


def _month(world: World) -> str:
    return f"{world.now().astimezone(BEIJING):%Y-%m}"
