"""The flask commands, as an operator types them."""

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import Result
from cryptography.fernet import Fernet
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.models import (
    AccessCode,
    Door,
    Feed,
    HistoryEntry,
    Host,
    Property,
    ProviderToken,
    Role,
    Room,
    UnitType,
)
from app.seals import Seals
from app.services.hosts import host_by_welcome
from app.services.staff_codes import create
from app.services.staff_wishes import StaffWish
from config import BadSetting, Settings
from tests.conftest import BASE

HOUSE = """
[property]
name = "Canal House"
timezone = "Europe/London"
check_in = "15:00"
check_out = "11:00"
phone = "+441612345678"
[[rooms]]
number = 1
name = "Heron"
unit_types = ["Double Room"]
feeds = [{ channel = "airbnb", url = "http://127.0.0.1:1/1.ics" }]
doors = [{ name = "Room 1", provider = "ttlock", lock_id = "1002" }]
[[shared_doors]]
name = "Front door"
provider = "ttlock"
lock_id = "1001"
[[hosts]]
name = "Sam"
email = "sam@example.com"
role = "owner"
password = "correct horse battery"
[[hosts]]
name = "Kim"
email = "kim@example.com"
role = "staff"
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "house.toml"
    path.write_text(HOUSE)
    return path


def run(app: Flask, *arguments: str) -> Result:
    return app.test_cli_runner().invoke(args=list(arguments))


def counts(session: Session) -> list[int]:
    session.rollback()
    tables = (Property, Room, UnitType, Door, Feed, Host)
    return [session.scalar(select(func.count()).select_from(table)) or 0 for table in tables]


def test_setup_makes_everything_the_file_names(app: Flask, session: Session, file: Path) -> None:
    done = run(app, "setup", str(file))

    assert done.exit_code == 0, done.output
    assert counts(session) == [1, 1, 1, 2, 1, 2]
    assert "door Front door: made" in done.output


def test_setup_again_changes_nothing_and_says_so(app: Flask, session: Session, file: Path) -> None:
    run(app, "setup", str(file))

    again = run(app, "setup", str(file))

    assert again.output.strip() == "nothing to change"
    assert counts(session) == [1, 1, 1, 2, 1, 2]


def test_setup_says_what_it_changed(app: Flask, session: Session, file: Path) -> None:
    run(app, "setup", str(file))
    file.write_text(HOUSE.replace('"15:00"', '"14:00"').replace("Heron", "Grey heron"))

    done = run(app, "setup", str(file))

    assert done.output.splitlines() == [
        "property Canal House: check_in changed",
        "room 1: name changed",
    ]


def test_bad_file_is_refused_with_line_and_reason_and_changes_nothing(
    app: Flask, session: Session, file: Path
) -> None:
    file.write_text(HOUSE.replace('"airbnb"', '"airbmb"'))

    done = run(app, "setup", str(file))

    assert done.exit_code == 1
    assert "line 12: feeds 1: channel must be one of" in done.output
    assert counts(session) == [0, 0, 0, 0, 0, 0]


def test_file_that_is_not_there_is_said(app: Flask) -> None:
    done = run(app, "setup", "/nowhere/house.toml")

    assert done.exit_code == 1
    assert "cannot be read" in done.output


def test_host_without_a_password_gets_a_link_that_works(
    app: Flask, session: Session, file: Path
) -> None:
    done = run(app, "setup", str(file))

    found = re.search(
        r"kim@example\.com sets a password here.*?/admin/welcome/([\w-]+)", done.output
    )
    assert found is not None
    session.rollback()
    assert host_by_welcome(session, found[1], datetime.now(UTC)).email == "kim@example.com"


def test_feed_that_the_file_no_longer_names_is_no_longer_read(
    app: Flask, session: Session, file: Path
) -> None:
    run(app, "setup", str(file))
    file.write_text(re.sub(r"feeds = .*\n", "", HOUSE))

    run(app, "setup", str(file))

    session.rollback()
    assert session.scalars(select(Feed)).one().retired_at is not None
    assert run(app, "sync").output.startswith("No feeds are set up.")


def test_sync_says_a_line_for_each_feed_and_survives_what_does_not_answer(
    app: Flask, session: Session, file: Path
) -> None:
    run(app, "setup", str(file))

    done = run(app, "sync")

    assert done.exit_code == 0, done.output
    assert done.output.startswith("Room 1, airbnb: ")
    assert "Nothing was changed." in done.output
    session.rollback()
    assert session.scalars(select(HistoryEntry)).all() == []


def test_create_host_prints_a_one_time_link(app: Flask, session: Session, file: Path) -> None:
    run(app, "setup", str(file))

    done = run(app, "create-host", "--name", "Ada", "--email", "Ada@Example.com")

    assert "/admin/welcome/" in done.output
    session.rollback()
    assert session.scalars(select(Host).filter_by(email="ada@example.com")).one().name == "Ada"


def test_new_door_gets_the_staff_codes_that_are_for_every_door(
    app: Flask, session: Session, file: Path
) -> None:
    run(app, "setup", str(file))
    owner = session.scalars(select(Host).filter_by(role=Role.OWNER)).one()
    at = datetime.now(UTC)
    wish = StaffWish("Mo, cleaner", None, at.date(), None, 127)
    create(session, owner, wish, seals=app.extensions["seals"], now=at)
    session.commit()
    side = 'name = "Side door"\nprovider = "ttlock"\nlock_id = "1009"\n'
    file.write_text(HOUSE.replace("[[shared_doors]]", f"[[shared_doors]]\n{side}[[shared_doors]]"))

    run(app, "setup", str(file))

    session.rollback()
    doors = session.scalars(select(Door.name).join(AccessCode, AccessCode.door_id == Door.id))
    assert sorted(doors) == ["Front door", "Room 1", "Side door"]


def test_codes_key_is_followed_by_another(
    app: Flask, session: Session, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run(app, "setup", str(file))
    old, new = BASE["CODES_KEY"].encode(), Fernet.generate_key()
    sealed = Seals((old,), BASE["SECRET_KEY"]).seal("a token")
    session.add(ProviderToken(provider="ttlock", sealed=sealed))
    session.commit()
    env = {**BASE, "CODES_KEY": f"{new.decode()}, {old.decode()}"}
    both = Settings.from_environment(
        {**env, "DATABASE_URL": "sqlite:////x.db", "REDIS_URL": "redis://x"}
    )
    monkeypatch.setitem(app.extensions, "seals", Seals(both.codes_keys, both.secret_key))

    done = run(app, "rotate-codes-key")

    assert done.exit_code == 0
    assert done.output.startswith("0 codes and 1 tokens sealed with the first key.")
    stored = session.scalars(select(ProviderToken.sealed)).one()
    assert Seals((new,), BASE["SECRET_KEY"]).unseal(stored) == "a token"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DATABASE_URL", "mysql://x"),
        ("REDIS_URL", "localhost"),
        ("PUBLIC_URL", "example"),
        ("CODES_KEY", "short"),
        ("CODES_KEY", f"{BASE['CODES_KEY']},short"),
        ("CODES_KEY", f"{BASE['CODES_KEY']},"),
        ("CODES_KEY", f"{BASE['CODES_KEY']}, {BASE['CODES_KEY']}"),
        ("TTLOCK_API_URL", "euapi.ttlock.com"),
        ("TTLOCK_TIMEOUT_SECONDS", "0"),
        ("TTLOCK_TIMEOUT_SECONDS", "61"),
        ("SEAM_API_URL", "connect.getseam.com"),
        ("SEAM_API_KEY", "a-key"),
        ("SEAM_API_KEY", "seam_at1_of_a_person"),
        ("SEAM_API_KEY", "seam_pk1_of_a_browser"),
        ("SEAM_API_KEY", "seam_cst1_of_a_session"),
        ("SEAM_WEBHOOK_SECRET", "c2VjcmV0"),
        ("SEAM_WEBHOOK_SECRET", "whsec_"),
        ("TWILIO_FROM", "call me"),
        ("SMTP_URL", "mail.example"),
        ("MAILBOX_URL", "mail.example"),
        ("MAILBOX_URL", "pop3://user:secret@mail.example"),
        ("MAILBOX_URL", "imaps://mail.example/INBOX"),
        ("MAILBOX_URL", "imaps://user:secret@"),
        ("MAILBOX_URL", "imaps://user:secret@mail.example:port/INBOX"),
        ("MAILBOX_URL", "imaps://user:secret/secret@mail.example/INBOX"),
        ("MAILBOX_URL", "imaps://user:secret%0D%0A@mail.example/INBOX"),
        ("MAILBOX_URL", "imaps://user:secret@[mail.example/INBOX"),
        ("MAILBOX_URL", "maildir://var/mail"),
        ("MAILBOX_URL", "maildir:var/mail"),
        ("MAILBOX_URL", "maildir:///var/mail?new"),
        ("FEED_ALLOWED_HOSTS", "http://lan"),
        ("TRUSTED_PROXIES", "one"),
    ],
)
def test_malformed_setting_stops_the_start_with_its_name(name: str, value: str) -> None:
    good = {**BASE, "DATABASE_URL": "sqlite:////tmp/x.db", "REDIS_URL": "redis://localhost"}

    with pytest.raises(BadSetting, match=f"^{name}") as caught:
        Settings.from_environment({**good, name: value})

    assert "secret" not in str(caught.value)


@pytest.mark.parametrize(
    "url",
    [
        "imaps://bookings%40example.com:p%2Fw%40@mail.example/INBOX",
        "imaps://user:password@mail.example",
        "imap+starttls://user:password@mail.example:1143/Bookings",
        "imap://user:password@127.0.0.1:10143",
        "maildir:///var/mail/bookings",
    ],
)
def test_mailbox_is_kept_as_it_was_given_and_not_shown(url: str) -> None:
    good = {**BASE, "DATABASE_URL": "sqlite:////tmp/x.db", "REDIS_URL": "redis://localhost"}

    settings = Settings.from_environment({**good, "MAILBOX_URL": url})

    assert settings.mailbox_url == url
    assert url not in repr(settings)


def test_mailbox_is_off_without_its_setting() -> None:
    good = {**BASE, "DATABASE_URL": "sqlite:////tmp/x.db", "REDIS_URL": "redis://localhost"}

    assert Settings.from_environment({**good, "MAILBOX_URL": " "}).mailbox_url is None


def test_missing_setting_is_named_with_what_it_means() -> None:
    with pytest.raises(BadSetting, match=r"^SECRET_KEY is not set\."):
        Settings.from_environment({})


def test_half_a_group_is_refused_and_an_empty_one_is_off() -> None:
    good = {**BASE, "DATABASE_URL": "sqlite:////tmp/x.db", "REDIS_URL": "redis://localhost"}

    assert Settings.from_environment({**good, "TTLOCK_CLIENT_ID": ""}).ttlock is None
    with pytest.raises(BadSetting, match="TTLOCK_CLIENT_SECRET"):
        Settings.from_environment({**good, "TTLOCK_CLIENT_ID": "c"})
