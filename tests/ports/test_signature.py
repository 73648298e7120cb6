"""Twilio's signature on webhooks."""

import pytest
from twilio.request_validator import RequestValidator
from werkzeug.datastructures import MultiDict

from app.ports.sms.signature import is_signed_by_twilio

# The vector of Twilio's own documentation ("Security", validating signatures).
URL = "https://mycompany.com/myapp.php?foo=1&bar=2"
TOKEN = "12345"
SIGNATURE = "RSOYDt4T1cUTdK1PDd93/VVr8B8="
SHA256_SIGNATURE = "033hgUJA9M/hXIZsYjwkerEP/DBm35nEri5FhCYjA5s="
FORM = MultiDict(
    {
        "CallSid": "CA1234567890ABCDE",
        "Digits": "1234",
        "From": "+14158675309",
        "To": "+18005551212",
        "Caller": "+14158675309",
    }
)


def signed(form: MultiDict[str, str], url: str = URL, token: str = TOKEN) -> str:
    signature = RequestValidator(token).compute_signature(url, form)
    assert isinstance(signature, str)
    return signature


def test_documented_request_is_twilios() -> None:
    assert is_signed_by_twilio(URL, FORM, SIGNATURE, [TOKEN])


@pytest.mark.parametrize("signature", [None, "", "x", "RSOYDt4T1cUTdK1PDd93/VVr8B9=", "é" * 28])
def test_absent_or_wrong_signature_is_not_twilios(signature: str | None) -> None:
    assert not is_signed_by_twilio(URL, FORM, signature, [TOKEN])


@pytest.mark.parametrize(
    "url",
    [
        "http://mycompany.com/myapp.php?foo=1&bar=2",
        "https://mycompany.com/myapp.php",
        "https://mycompany.com/myapp.php?bar=2&foo=1",
        "https://mycompany.com/myapp.php/?foo=1&bar=2",
        "https://other.example/myapp.php?foo=1&bar=2",
    ],
)
def test_signature_holds_for_its_address_only(url: str) -> None:
    assert not is_signed_by_twilio(url, FORM, SIGNATURE, [TOKEN])


@pytest.mark.parametrize("name", list(FORM))
def test_changed_field_breaks_the_signature(name: str) -> None:
    form = FORM.copy()
    form[name] = form[name] + "0"

    assert not is_signed_by_twilio(URL, form, SIGNATURE, [TOKEN])


def test_field_added_by_somebody_breaks_the_signature() -> None:
    form = FORM.copy()
    form["Body"] = "unlock front"

    assert not is_signed_by_twilio(URL, form, SIGNATURE, [TOKEN])


def test_field_that_twilio_may_add_one_day_is_accepted() -> None:
    form = FORM.copy()
    form["FutureField"] = "1"

    assert is_signed_by_twilio(URL, form, signed(form), [TOKEN])


def test_repeated_field_is_accepted() -> None:
    form = MultiDict([("Body", "OK"), ("MediaUrl", "b"), ("MediaUrl", "a")])

    assert is_signed_by_twilio(URL, form, signed(form), [TOKEN])


def test_request_without_a_form_is_accepted_when_signed() -> None:
    form: MultiDict[str, str] = MultiDict()

    assert is_signed_by_twilio(URL, form, signed(form), [TOKEN])


def test_either_token_is_good_while_they_are_exchanged() -> None:
    assert is_signed_by_twilio(URL, FORM, SIGNATURE, ["67890", TOKEN])
    assert is_signed_by_twilio(URL, FORM, signed(FORM, token="67890"), ["67890", TOKEN])


@pytest.mark.parametrize("tokens", [[], ["67890"], [""]])
def test_other_tokens_are_no_good(tokens: list[str]) -> None:
    assert not is_signed_by_twilio(URL, FORM, SIGNATURE, tokens)


def test_another_algorithm_is_no_good_with_our_token() -> None:
    assert not is_signed_by_twilio(URL, FORM, SHA256_SIGNATURE, [TOKEN])
