"""The demo world: Latchkey and the simulated house are told of the same mailbox and phones."""

import tomllib
from pathlib import Path
from typing import Any

from launcher.banner import closing_screen
from launcher.environment import demo_environment
from launcher.simulated import simulator_command
from tests.support.processes import ROOT

PORTS = {"SIMULATOR_PORT": 8100, "SMTP_PORT": 8125}


def read(name: str) -> Any:
    return tomllib.loads((ROOT / "demo" / name).read_text())


def option(command: list[str], name: str) -> str:
    return command[command.index(name) + 1]


def test_channels_write_to_the_mailbox_that_latchkey_reads(tmp_path: Path) -> None:
    settings = demo_environment(tmp_path, "http://w", "http://s", "h:1", "unix://r")
    command = simulator_command(tmp_path, PORTS, "http://w")

    assert settings["MAILBOX_URL"] == f"maildir://{option(command, '--maildir')}"
    assert settings["MAILBOX_URL"] == f"maildir://{tmp_path}/var/maildir"


def test_texts_are_posted_to_the_public_address() -> None:
    command = simulator_command(ROOT, PORTS, "https://stay.example.com/")

    assert option(command, "--sms-webhook") == "https://stay.example.com/sms/inbound"


def test_what_happens_at_locks_is_posted_where_latchkey_believes_it(tmp_path: Path) -> None:
    settings = demo_environment(tmp_path, "http://w", "http://s", "h:1", "unix://r")
    token = settings["TTLOCK_CALLBACK_TOKEN"]
    command = simulator_command(tmp_path, PORTS, "http://w", token)

    assert option(command, "--lock-callback") == f"http://w/hooks/ttlock/{token}"
    assert len(token) >= 22
    again = demo_environment(tmp_path, "http://w", "http://s", "h:1", "unix://r")
    assert again["TTLOCK_CALLBACK_TOKEN"] == token


def test_accounts_of_the_house_are_those_latchkey_signs_in_with(tmp_path: Path) -> None:
    settings = demo_environment(tmp_path, "http://w", "http://s", "h:1", "unix://r")
    house = read("house.toml")

    twilio = {name: settings[f"TWILIO_{name.upper()}"] for name in ("account_sid", "auth_token")}
    assert house["twilio"] == {**twilio, "from": settings["TWILIO_FROM"]}
    assert house["account"] == {
        name: settings[f"TTLOCK_{name.upper()}"]
        for name in ("client_id", "client_secret", "username", "password")
    }


def test_hosts_and_their_phones_are_the_same_in_both_files() -> None:
    hosts = [
        {"number": one["phone"], "name": one["name"]} for one in read("canal-house.toml")["hosts"]
    ]

    assert read("house.toml")["phones"] == hosts


def test_closing_screen_tells_the_walk_with_the_hosts_name() -> None:
    screen = closing_screen("http://w", "http://s", ROOT / "demo" / "canal-house.toml")

    assert ".venv/bin/flask sync" in screen
    assert "answer OK on Sam's phone" in screen
    assert max(map(len, screen.splitlines())) <= 100
