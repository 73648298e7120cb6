"""The settings page tells how much of the lock service's month is used."""

from datetime import UTC, datetime

from sqlalchemy.orm import Session

from app.models import CallCount
from app.ports.locks.ttlock_errors import BEIJING
from tests.conftest import BASE
from tests.factories import make_host, make_house
from tests.support.apps import MakeApp
from tests.web.visitor import Visitor


def test_settings_page_tells_how_many_calls_are_used(
    make_app: MakeApp, database_url: str, redis_url: str, session: Session
) -> None:
    ttlock = {f"TTLOCK_{name}": "x" for name in ("CLIENT_ID", "CLIENT_SECRET", "USERNAME")}
    env = {**BASE, **ttlock, "TTLOCK_PASSWORD": "x", "TTLOCK_MONTHLY_CALLS": "5000"}
    app = make_app({**env, "DATABASE_URL": database_url, "REDIS_URL": redis_url})
    owner = make_host(session, make_house(session))
    month = f"{datetime.now(UTC).astimezone(BEIJING):%Y-%m}"
    session.add(CallCount(provider="ttlock", month=month, calls=1234))
    session.commit()
    visitor = Visitor(app)
    visitor.sign_in(owner)

    page = visitor.get("/admin/settings").text

    assert "1234 of this month’s 5000 calls are used." in page
