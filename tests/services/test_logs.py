"""What reaches a log line, and what does not."""

import logging

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.logs import LineFormatter
from app.models import AccessCode, Guest
from app.seals import Seals
from app.services.check_in import Details, check_in
from tests.factories import ALICE, NOW, make_house, make_reservation

CODE, TOKEN = "739105", "Zk3v-9Qm_1LxT0aPwR5eYc7uHnBdGfJsK2iOo4VtXqM"


def line(message: str, *args: object, **extra: object) -> str:
    record = logging.LogRecord("app", logging.INFO, "x.py", 1, message, args, None)
    record.__dict__.update(extra)
    return LineFormatter("%(levelname)s %(message)s").format(record)


def failed(fault: Exception) -> str:
    try:
        raise fault
    except Exception as caught:  # noqa: BLE001
        told = (type(caught), caught, caught.__traceback__)
        record = logging.LogRecord("app", logging.ERROR, "x.py", 1, "job failed", (), told)
        return LineFormatter("%(message)s").format(record)


@pytest.mark.parametrize(
    "text",
    [
        f"POST /v3/keyboardPwd/add keyboardPwd={CODE}&keyboardPwdType=3",
        f'{{"keyboardPwd": "{CODE}", "lockId": 1002}}',
        f"{{'digits': '{CODE}'}}",
        f"HeldCode(digits='{CODE}', name='Latchkey')",
        f"form proof={CODE}&csrf_token=abc",
        f"sealed_digits=b'gAAAA{CODE}'",
        f"GET /stay/{TOKEN}",
        f"404 http://127.0.0.1:5000/stay/{TOKEN}/doors/3/unlock",
        f"POST /hooks/ttlock/{TOKEN}",
        f"/admin/welcome/{TOKEN}",
        f"Authorization: Bearer {TOKEN}",
        f"access_token={TOKEN}&expires_in=7776000",
        f'"accessToken":"{TOKEN}"',
        f"postgresql+psycopg://latchkey:{TOKEN}@db/latchkey",
        f"DETAIL:  Failing row contains (3, 1, null, Latchkey HM1 ab12, {CODE}, {TOKEN}).",
        f"DETAIL:  Key (door_id, digits_hash)=(3, {CODE}) already exists.",
        f"550 <{CODE}@example.com> is unknown",
        f"+4479{CODE}417 is unreachable",
    ],
)
def test_secrets_are_masked_in_text_and_in_tracebacks(text: str) -> None:
    for written in (line(text), line("%s", text), line("sent", call=text), failed(KeyError(text))):
        assert CODE not in written
        assert TOKEN not in written


@pytest.mark.parametrize(
    "name", ["digits", "token", "password", "keyboardPwd", "Authorization", "phone", "full_name"]
)
@pytest.mark.parametrize("value", [CODE, int(CODE), [CODE], {"one": CODE}, CODE.encode()])
def test_fields_of_such_names_are_masked_whatever_they_hold(name: str, value: object) -> None:
    assert CODE not in line("code set", **{name: value})


@pytest.mark.parametrize(
    "text",
    [
        f"lock service answered call=/v3/lock/list errcode=0 seconds=0.{CODE}",
        f"effect not done entry=put-code:{CODE}:v3 fault=The gateway is offline.",
        f"page failed error_id={CODE}ab endpoint=guest.stay",
        "codes=12 guests=3",
        "12:34:56,739 INFO app.jobs.codes windows ended",
    ],
)
def test_numbers_that_are_none_stay(text: str) -> None:
    assert line(text) == f"INFO {text}"


def test_statement_that_fails_is_logged_without_its_values(
    app: Flask, session: Session, seals: Seals
) -> None:
    house = make_house(session)
    make_reservation(session, house, 1, seals=seals)
    who = Details("Zephyrine", "zeph@example.com", "+447700900417", 1, None, None, "en")
    check_in(session, house.id, ALICE, who, seals=seals, now=NOW)
    code = session.scalars(select(AccessCode).limit(1)).one()
    secrets = ("Zephyrine", str(code.sealed_digits), code.digits_hash)
    code.name = "Zephyrine’s"
    code.valid_until = code.valid_from
    with pytest.raises(IntegrityError) as caught:
        session.flush()
    session.rollback()

    written = failed(caught.value)

    assert "valid_until" in written
    for secret in secrets:
        assert secret not in written


def test_what_is_written_of_rows_shows_none_of_their_secrets(seals: Seals) -> None:
    code = AccessCode(id=3, sealed_digits=seals.seal(CODE), digits_hash=seals.digits_hash(CODE))
    guest = Guest(id=4, full_name="Zephyrine", phone="+447700900417")

    written = repr([code, guest, seals, vars(seals).keys()])

    assert "Zephyrine" not in written
    assert "417" not in written
    assert seals.digits_hash(CODE) not in written
