"""The flask commands: parse arguments, call a service or a job, print what it did."""

import sys
from pathlib import Path
from typing import NoReturn

import click
from flask import Flask, current_app
from flask.cli import with_appcontext
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError, OperationalError, ProgrammingError
from sqlalchemy.orm import joinedload

from app.db import reading, transaction
from app.domain.errors import DomainError
from app.domain.house_file import read_house_file
from app.jobs.codes_key import rotate_all
from app.jobs.enrichment import tend_all
from app.jobs.feeds import due_feeds, fetch_feed
from app.jobs.mail import read_mailbox
from app.jobs.runtime import now, side_by_side, the_app
from app.jobs.schedule import run_schedule
from app.jobs.worker import run_workers
from app.models import Feed, Host, Property, Role
from app.services.hosts import new_welcome
from app.services.setup import set_up
from config import Settings


def register_commands(app: Flask) -> None:
    """Add the commands of design section 5 to the flask command."""
    for command in (setup, sync, worker, scheduler, create_host, rotate_codes_key):
        app.cli.add_command(command)


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@with_appcontext
def setup(file: Path) -> None:
    """Make or update a property from FILE.toml; the same file twice changes nothing."""
    try:
        house = read_house_file(file.read_text(encoding="utf-8"))
        with transaction() as session:
            changes = set_up(session, house, seals=current_app.extensions["seals"], now=now())
            lines = changes.lines or ["nothing to change"]
            links = [(host.email, _welcome_url(token)) for host, token in changes.welcomes]
    except OSError as fault:
        _stop(f"{file} cannot be read: {fault.strerror}.")
    except UnicodeDecodeError:
        _stop(f"{file} is not UTF-8 text.")
    except DomainError as fault:
        _stop("\n".join(f"{file}: {line}" for line in fault.message.splitlines()))
    except (OperationalError, ProgrammingError):
        _stop("The database cannot be used. Check DATABASE_URL, and run: flask db upgrade")
    except IntegrityError as fault:
        _stop(f"{file}: it contradicts what is stored: {fault.orig}")
    for line in lines:
        click.echo(line)
    for email, url in links:
        click.echo(f"{email} sets a password here, within 7 days: {url}")


@click.command()
@with_appcontext
def sync() -> None:
    """Read mailbox and feeds now, and say, a line each, what changed."""
    with reading() as session:
        feeds = session.scalars(
            select(Feed)
            .where(Feed.retired_at.is_(None))
            .options(joinedload(Feed.room))
            .order_by(Feed.room_id, Feed.id)
        ).all()
        titles = [f"Room {feed.room.number}, {feed.channel}" for feed in feeds]
        ids = [feed.id for feed in feeds]
    settings: Settings = current_app.extensions["settings"]
    if settings.mailbox_url is not None:
        click.echo(f"Mailbox: {read_mailbox()}")
    if not ids:
        click.echo("No feeds are set up. Add them to the setup file and run: flask setup FILE.toml")
        return
    outcomes = side_by_side(the_app(), fetch_feed, ids)
    for title, outcome in zip(titles, outcomes, strict=True):
        click.echo(f"{title}: {outcome}")
    tend_all()
    # What appeared in one calendar is certain only once the others were read after it.
    if again := due_feeds():
        side_by_side(the_app(), fetch_feed, again)
        tend_all()


@click.command()
@with_appcontext
def worker() -> None:
    """Work through what is to be done: codes, unlocks, messages, feeds."""
    run_workers(the_app())


@click.command()
@with_appcontext
def scheduler() -> None:
    """Ring for what is due; run one of these."""
    run_schedule()


@click.command("create-host")
@click.option("--name", required=True)
@click.option("--email", required=True)
@click.option("--role", type=click.Choice([role.value for role in Role]), default="owner")
@click.option("--property", "property_name", help="Needed when there are several.")
@with_appcontext
def create_host(name: str, email: str, role: str, property_name: str | None) -> None:
    """Make a host and print the one-time link where they set their password."""
    with transaction() as session:
        wanted = select(Property)
        if property_name is not None:
            wanted = wanted.where(Property.name == property_name)
        houses = session.scalars(wanted).all()
        if len(houses) != 1:
            known = ", ".join(session.scalars(select(Property.name))) or "none; run flask setup"
            _stop(f"Which property? Say --property NAME. There is: {known}.")
        email = email.strip().lower()
        host = session.scalar(select(Host).filter_by(email=email))
        if host is None:
            host = Host(
                property_id=houses[0].id, name=name, email=email, role=Role(role), session_epoch=0
            )
            session.add(host)
        url = _welcome_url(new_welcome(host, now()))
    click.echo(f"{email} sets a password here, within 7 days: {url}")


@click.command("rotate-codes-key")
@with_appcontext
def rotate_codes_key() -> None:
    """Seal and hash everything with the first key of CODES_KEY, so that later ones can go.

    It may run while all else runs, be stopped, and run again.
    """
    done = rotate_all()
    click.echo(f"{done.codes} codes and {done.tokens} tokens sealed with the first key.")
    if done.unopened:
        _stop(f"{done.unopened} codes are sealed with a key that CODES_KEY does not name.")
    click.echo("Nothing needs the other keys any more; take them out of CODES_KEY and restart.")


def _welcome_url(token: str) -> str:
    settings: Settings = current_app.extensions["settings"]
    return f"{settings.public_url}/admin/welcome/{token}"


def _stop(message: str) -> NoReturn:
    click.echo(message, err=True)
    sys.exit(1)
