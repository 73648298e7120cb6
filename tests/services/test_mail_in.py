"""From a maildir to notices and matches: each mail once, whatever the mailbox does."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.db import db
from app.factory import create_app
from app.jobs.mail import read_mailbox
from app.models import Mailbox, MailOutcome, Notice, SeenMail
from config import Settings
from tests.conftest import BASE
from tests.factories import make_host, make_house

SAMPLES = Path(__file__).parent.parent / "samples" / "email"


@pytest.fixture
def maildir(tmp_path: Path) -> Path:
    for part in ("new", "cur", "tmp"):
        (tmp_path / "mail" / part).mkdir(parents=True)
    return tmp_path / "mail"


@pytest.fixture
def reader(database_url: str, redis_url: str, maildir: Path) -> Iterator[Flask]:
    env = {
        **BASE,
        "DATABASE_URL": database_url,
        "REDIS_URL": redis_url,
        "MAILBOX_URL": f"maildir://{maildir}",
    }
    app = create_app(Settings.from_environment(env))
    with app.app_context():
        session = db.session()
        make_host(session, make_house(session)).email = "owner@example.com"
        session.commit()
        yield app
        db.session.remove()
        db.engine.dispose()


def drop(maildir: Path, *names: str, as_name: str = "") -> None:
    for name in names:
        [sample] = SAMPLES.glob(f"{name}*.eml")
        (maildir / "new" / (as_name or sample.stem)).write_bytes(sample.read_bytes())


def seen() -> dict[str, int]:
    session: Session = db.session()
    session.rollback()
    counts: dict[str, int] = {}
    for outcome in session.scalars(select(SeenMail.outcome)):
        counts[outcome] = counts.get(outcome, 0) + 1
    session.rollback()
    return counts


def notices() -> set[str]:
    session: Session = db.session()
    session.rollback()
    found = set(session.scalars(select(Notice.reference)))
    session.rollback()
    return found


def test_all_samples_are_read_as_what_they_are(reader: Flask, maildir: Path) -> None:
    drop(maildir, *(f"{number:02}" for number in range(1, 13)))
    said = read_mailbox()

    assert "new bookings" in said
    assert notices() >= {"5100200301", "5100200302", "5100200304", "5100200305", "HMTESTQ2CC"}
    assert "1500000001" not in notices()
    assert seen()[MailOutcome.NOT_A_BOOKING] == 2


def test_mailbox_read_twice_changes_nothing_the_second_time(reader: Flask, maildir: Path) -> None:
    drop(maildir, "01", "05")
    read_mailbox()
    before = seen()

    assert read_mailbox() == "Nothing new."
    assert seen() == before


def test_same_mail_delivered_again_is_known(reader: Flask, maildir: Path) -> None:
    drop(maildir, "01")
    read_mailbox()
    drop(maildir, "01", as_name="again")
    read_mailbox()

    assert seen() == {MailOutcome.NOTICE: 1}


def test_mailbox_made_anew_is_read_again_without_effect(reader: Flask, maildir: Path) -> None:
    drop(maildir, "01", "05")
    read_mailbox()
    session: Session = db.session()
    session.scalars(select(Mailbox)).one().place = None
    session.commit()

    assert read_mailbox() == "Nothing new."
    assert len(notices()) == 2


def test_mails_are_left_as_they_lay(reader: Flask, maildir: Path) -> None:
    drop(maildir, "01", "11")
    before = sorted(path.relative_to(maildir) for path in maildir.rglob("*"))
    read_mailbox()

    assert sorted(path.relative_to(maildir) for path in maildir.rglob("*")) == before


def test_mailbox_that_is_gone_is_a_fault_and_comes_back(reader: Flask, maildir: Path) -> None:
    drop(maildir, "01")
    maildir.rename(maildir.with_name("away"))
    said = read_mailbox()
    session: Session = db.session()
    session.rollback()
    box = session.scalars(select(Mailbox)).one()
    assert "Nothing was changed" in said
    assert box.failing_since is not None
    session.rollback()

    maildir.with_name("away").rename(maildir)
    read_mailbox()
    session.rollback()
    assert session.scalars(select(Mailbox)).one().failing_since is None
    assert notices() == {"5100200301"}


def test_only_one_process_reads_at_a_time(reader: Flask, maildir: Path) -> None:
    read_mailbox()
    session: Session = db.session()
    box = session.scalars(select(Mailbox)).one()
    box.leased_until = datetime.now(UTC) + timedelta(minutes=1)
    session.commit()
    drop(maildir, "01")

    assert "Another process" in read_mailbox()
    assert notices() == set()
