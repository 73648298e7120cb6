"""A private IMAP server on loopback: Dovecot, with an empty mailbox for whoever logs in."""

import grp
import os
import pwd
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from tests.support.certificates import write_certificate
from tests.support.processes import Process
from tests.support.servers import free_port
from tests.support.system import find_dovecot
from tests.support.waiting import eventually

PASSWORD = "pa/ss@w:rd"
"""Everybody's; in a URL it must be percent-encoded."""


@dataclass(frozen=True)
class MailServer:
    """A running server; `tls_port` speaks TLS at once, `port` when it is asked to.

    `certificate` is for `localhost`, and nobody but itself signed it.
    """

    port: int
    tls_port: int
    certificate: Path

    def url(
        self, user: str, folder: str = "INBOX", scheme: str = "imap", password: str = PASSWORD
    ) -> str:
        port = self.tls_port if scheme == "imaps" else self.port
        login = f"{quote(user, safe='')}:{quote(password, safe='')}"
        return f"{scheme}://{login}@localhost:{port}/{quote(folder, safe='')}"


@contextmanager
def dovecot() -> Iterator[MailServer]:
    """Run a Dovecot; as root its mails belong to nobody, as it keeps none of root's."""
    program = find_dovecot()
    if program is None:
        raise RuntimeError("Dovecot is not installed; run `make test`, which sees to that.")
    # Not in pytest's folders, which nobody may not enter and where sockets' names get too long.
    folder = Path(tempfile.mkdtemp(prefix="latchkey-mail-"))
    folder.chmod(0o755)
    (folder / "mail").mkdir()
    if os.geteuid() == 0:
        shutil.chown(folder / "mail", *_owner())
    certificate, key = write_certificate(folder, "localhost")
    server = MailServer(free_port(), free_port(), certificate)
    config = folder / "dovecot.conf"
    write = _config_24 if _version(program) >= (2, 4) else _config_23
    config.write_text(write(folder, server, key))
    process = Process([program, "-F", "-c", str(config)], os.environ, folder / "out")
    try:
        eventually(lambda: _listens(server.port) and _listens(server.tls_port))
        yield server
    finally:
        process.stop()
        shutil.rmtree(folder, ignore_errors=True)


def _owner() -> tuple[str, str]:
    """Return the user and the group that mails belong to."""
    if os.geteuid() != 0:
        return pwd.getpwuid(os.geteuid()).pw_name, grp.getgrgid(os.getegid()).gr_name
    nobody = pwd.getpwnam("nobody")
    return nobody.pw_name, grp.getgrgid(nobody.pw_gid).gr_name


def _version(program: str) -> tuple[int, ...]:
    said = subprocess.run([program, "--version"], check=True, capture_output=True, text=True)
    return tuple(int(part) for part in said.stdout.split(" ")[0].split(".")[:2])


def _common(folder: Path, server: MailServer) -> str:
    users = "" if os.geteuid() == 0 else "default_internal_user = {0}\ndefault_login_user = {0}\n"
    users += "" if os.geteuid() == 0 else "default_internal_group = {1}\n"
    return (
        users.format(*_owner())
        + f"""\
base_dir = {folder}/run
state_dir = {folder}/run
log_path = {folder}/log
listen = 127.0.0.1
auth_mechanisms = plain login
auth_username_chars =
auth_failure_delay = 0
first_valid_uid = 1
ssl = yes
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {server.port}
  }}
  inet_listener imaps {{
    port = {server.tls_port}
    ssl = yes
  }}
}}
service anvil {{
  chroot =
}}
namespace inbox {{
  inbox = yes
  separator = /
}}
"""
    )


def _config_23(folder: Path, server: MailServer, key: Path) -> str:
    user, group = _owner()
    return (
        _common(folder, server)
        + f"""\
protocols = imap
disable_plaintext_auth = no
service anvil {{
  unix_listener anvil-auth-penalty {{
    mode = 0
  }}
}}
ssl_cert = <{server.certificate}
ssl_key = <{key}
mail_location = maildir:{folder}/mail/%u
passdb {{
  driver = static
  args = password={PASSWORD}
}}
userdb {{
  driver = static
  args = uid={user} gid={group} home={folder}/mail/%u
}}
"""
    )


def _config_24(folder: Path, server: MailServer, key: Path) -> str:
    """Write the other language that Dovecot has spoken since 2.4."""
    user, group = _owner()
    first = "dovecot_config_version = 2.4.0\ndovecot_storage_version = 2.4.0\n"
    return (
        first
        + _common(folder, server)
        + f"""\
protocols {{
  imap = yes
}}
auth_allow_cleartext = yes
ssl_server_cert_file = {server.certificate}
ssl_server_key_file = {key}
mail_driver = maildir
mail_path = {folder}/mail/%{{user}}
passdb static {{
  password = {PASSWORD}
}}
userdb static {{
  fields {{
    uid = {user}
    gid = {group}
    home = {folder}/mail/%{{user}}
  }}
}}
"""
    )


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0
