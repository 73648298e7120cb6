"""The month's calls are counted, and the last ones kept for unlocking and for ending codes."""

from datetime import UTC, datetime

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from app.models import CallCount
from app.ports.errors import PortError
from app.ports.locks.ttlock_errors import BEIJING
from app.ports.metering import CallKind
from app.services.call_budget import CallBudget, calls_spent

LATE_IN_NOVEMBER = datetime(2026, 11, 30, 15, 59, tzinfo=UTC)
DECEMBER_IN_BEIJING = datetime(2026, 11, 30, 16, 0, tzinfo=UTC)


def allowed(budget: CallBudget) -> set[CallKind]:
    """Try each kind once, dearest last, without minding the one call each costs."""
    found = set()
    for kind in CallKind:
        try:
            budget(kind)
        except PortError:
            continue
        found.add(kind)
    return found


@pytest.mark.parametrize(
    ("spent", "left"),
    [
        (0, set(CallKind)),
        (9_100, {CallKind.PUT, CallKind.REVOKE, CallKind.UNLOCK, CallKind.TOKEN}),
        (9_600, {CallKind.REVOKE, CallKind.UNLOCK, CallKind.TOKEN}),
        (9_850, {CallKind.UNLOCK, CallKind.TOKEN}),
        (10_000, set()),
    ],
)
def test_last_calls_are_for_what_matters_most(
    app: Flask, session: Session, spent: int, left: set[CallKind]
) -> None:
    session.add(CallCount(provider="ttlock", month="2026-11", calls=spent))
    session.commit()
    budget = CallBudget(app, "ttlock", 10_000, BEIJING, lambda: LATE_IN_NOVEMBER)

    assert allowed(budget) == left


def test_every_call_counts_and_a_new_month_begins_in_beijing(app: Flask, session: Session) -> None:
    at = [LATE_IN_NOVEMBER]
    budget = CallBudget(app, "ttlock", 10, BEIJING, lambda: at[0])
    for _ in range(9):
        budget(CallKind.UNLOCK)
    with pytest.raises(PortError):
        budget(CallKind.READ)

    at[0] = DECEMBER_IN_BEIJING
    budget(CallKind.READ)

    assert calls_spent(session, "ttlock", "2026-11") == 9
    assert calls_spent(session, "ttlock", "2026-12") == 1
