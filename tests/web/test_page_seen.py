"""The stay page tells that it was open; looking at its link from outside does not."""

import pytest
from sqlalchemy.orm import Session

from tests.web.houses import Lived
from tests.web.test_dashboard import BOTH_WAYS
from tests.web.visitor import Visitor


def test_a_preview_of_the_link_is_nobody_who_has_seen_it(
    session: Session, lived: Lived, visitor: Visitor
) -> None:
    page = visitor.get(f"/stay/{lived.token}").text
    visitor.get(f"/stay/{lived.token}", htmx=True)

    assert f'hx-post="/stay/{lived.token}/seen" hx-trigger="load"' in page
    session.refresh(lived.guest)
    assert lived.guest.page_seen_at is None


@BOTH_WAYS
def test_the_open_page_says_so_once(
    session: Session, lived: Lived, visitor: Visitor, htmx: bool
) -> None:
    path = f"/stay/{lived.token}"
    visitor.get(path)
    answer = visitor.post(f"{path}/seen", htmx=htmx)

    assert answer.status_code == (204 if htmx else 303)
    session.refresh(lived.guest)
    first = lived.guest.page_seen_at
    assert first is not None
    visitor.post(f"{path}/seen", htmx=htmx)
    session.refresh(lived.guest)
    assert lived.guest.page_seen_at == first
    assert "/seen" not in visitor.get(path).text


@pytest.mark.parametrize("token", ["nobody", "x" * 43])
def test_a_link_that_is_none_has_no_page(lived: Lived, visitor: Visitor, token: str) -> None:
    assert visitor.post(f"/stay/{token}/seen").status_code == 404
