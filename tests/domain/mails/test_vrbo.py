"""Vrbo's mails."""

import pytest

from app.domain.notices import NoticeKind
from tests.domain.mails.letters import VRBO, doubt, ignored, letter, notice


@pytest.mark.parametrize(
    "subject",
    [
        "Your reservation HA-T3ST01 was canceled at Property 12345678",
        "Your reservation HA-T3ST01 was cancelled at Property 12345678",
    ],
)
def test_cancellation_tells_its_number(subject: str) -> None:
    found = notice(letter(subject, sender=VRBO))

    assert (found.channel, found.kind) == ("vrbo", NoticeKind.CANCELLED)
    assert (found.reference, found.arrival) == ("HA-T3ST01", None)


def test_unknown_words_with_a_number_are_shown_to_the_host() -> None:
    assert doubt(letter("Good news about HA-T3ST01", sender=VRBO)).number == "HA-T3ST01"


def test_mail_without_a_number_is_left_alone() -> None:
    ignored(letter("Ten tips for hosts", sender=VRBO))


@pytest.mark.parametrize("address", ["vrbo@expediagroup.com", "vrbo@evil.example"])
def test_other_address_cannot_cancel(address: str) -> None:
    subject = "Your reservation HA-T3ST01 was canceled at Property 12345678"

    assert doubt(letter(subject, sender=f"Vrbo <{address}>")).number == "HA-T3ST01"
