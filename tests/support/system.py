"""What the tests need from the system: PostgreSQL, Redis, Dovecot, Chromium; by apt as root."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from launcher.redis_server import NoRedis, find_redis

CHROMIUM = (
    "chromium",
    "chromium-browser",
    "google-chrome",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
)
DOVECOT = ("dovecot", "/usr/sbin/dovecot", "/usr/local/sbin/dovecot", "/opt/homebrew/sbin/dovecot")
MEANT = {
    "postgresql": "PostgreSQL's pg_ctl",
    "chromium": "Chromium or Chrome",
    "dovecot-imapd": "Dovecot",
}


def find_pg_bin() -> Path | None:
    """Return the folder of pg_ctl and initdb: on the path, or where Debian and Homebrew put it."""
    if found := shutil.which("pg_ctl"):
        return Path(found).resolve().parent
    for pattern in ("usr/lib/postgresql/*/bin", "opt/homebrew/opt/postgresql@*/bin"):
        if found_here := sorted(Path("/").glob(f"{pattern}/pg_ctl")):
            return found_here[-1].parent
    return None


def find_chromium() -> str | None:
    for name in CHROMIUM:
        if found := shutil.which(name):
            return found
    return None


def find_dovecot() -> str | None:
    """Return Dovecot: on the path, or where Debian and Homebrew put it, off most paths."""
    return next((found for name in DOVECOT if (found := shutil.which(name))), None)


def main() -> int:
    """Install what is missing where that is possible; else name it in one line."""
    missing = _missing()
    if missing and os.geteuid() == 0 and shutil.which("apt-get"):
        env = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        subprocess.run(["apt-get", "update", "-qq"], check=False, env=env)
        install = ["apt-get", "install", "-y", "-qq", "--no-install-recommends", *missing]
        subprocess.run(install, check=False, env=env, stdout=subprocess.DEVNULL)
        missing = _missing()
    try:
        find_redis()
    except NoRedis as fault:
        sys.stderr.write(f"{fault}\n")
        return 1
    if missing:
        names = " and ".join(MEANT[package] for package in missing)
        sys.stderr.write(f"The tests need {names}. Install it and run this again.\n")
        return 1
    return 0


def _missing() -> list[str]:
    """Return the packages, by their names in Debian, whose programs are not found."""
    found = {
        "postgresql": os.environ.get("TEST_DATABASE_URL") or find_pg_bin(),
        "chromium": find_chromium(),
        "dovecot-imapd": find_dovecot(),
    }
    return [package for package, where in found.items() if not where]


if __name__ == "__main__":
    sys.exit(main())
