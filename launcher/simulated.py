"""The simulated world beside Latchkey: how it is started, and where it keeps what was done."""

import sys
from collections.abc import Mapping
from pathlib import Path


def maildir(root: Path) -> Path:
    """Return the host's mailbox: channels write to it, Latchkey reads it."""
    return root / "var" / "maildir"


def simulator_command(
    root: Path, ports: Mapping[str, int], public_url: str, callback_token: str = ""
) -> list[str]:
    """Return the command; texts typed on its phones are posted to Latchkey's public address.

    So are notices of what happens at its locks, where there is a token to post them with.
    """
    address = public_url.rstrip("/")
    callback = f"{address}/hooks/ttlock/{callback_token}" if callback_token else ""
    return [
        sys.executable, "-m", "simulator", "--house", str(root / "demo" / "house.toml"),
        "--port", str(ports["SIMULATOR_PORT"]), "--smtp-port", str(ports["SMTP_PORT"]),
        "--state", str(root / "var" / "simulator.json"), "--maildir", str(maildir(root)),
        "--sms-webhook", f"{address}/sms/inbound", "--lock-callback", callback,
    ]  # fmt: skip
