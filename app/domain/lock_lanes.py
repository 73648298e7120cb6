"""Which commands to locks must not run at once."""

IN_ITS_OWN_ORDER = frozenset({"seam"})
"""Providers that line up commands at gateways themselves: only one lock's must not overlap."""


def lane_of(provider: str, lock_id: str, gateway_id: str | None) -> str:
    """Return the lane of a lock. Locks without a known gateway share one.

    A gateway of TTLock's takes one command at a time and refuses others as busy.
    """
    if provider in IN_ITS_OWN_ORDER:
        return f"{provider}:{lock_id}"
    return f"{provider}:{gateway_id or 'unknown'}"
