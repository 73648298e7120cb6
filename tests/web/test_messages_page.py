"""The messages page."""

from collections.abc import Callable

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.models import Host, Medium, Message, MessageState, Role
from tests.web.houses import Lived, now
from tests.web.visitor import Visitor


@pytest.mark.parametrize("htmx", [False, True])
def test_messages_are_listed_with_what_became_of_them(
    lived: Lived, session: Session, sign_in: Callable[[Role], Visitor], htmx: bool
) -> None:
    viewer = sign_in(Role.VIEWER)
    sent = session.scalars(select(Message)).one()
    sent.state, sent.fault = MessageState.FAILED, "The phone could not be reached."
    host = session.scalars(select(Host)).first()
    assert host is not None
    session.add(
        Message(
            property_id=lived.house.id,
            host_id=host.id,
            medium=Medium.SMS,
            address="+447700900123",
            body="OK <b>A</b>",
            state=MessageState.RECEIVED,
            facts={},
            created_at=now(),
        )
    )
    page = viewer.get("/admin/messages", htmx=htmx).text

    assert "Alice Moore" in page
    assert "The phone could not be reached." in page
    assert "OK &lt;b&gt;A&lt;/b&gt;" in page
    assert "+447700900123" not in page


def test_house_without_messages_says_so(
    lived: Lived, session: Session, sign_in: Callable[[Role], Visitor]
) -> None:
    viewer = sign_in(Role.VIEWER)
    for message in session.scalars(select(Message)):
        session.delete(message)

    assert "Nothing was said yet" in viewer.get("/admin/messages").text
