"""make run: start the demo world, say where to look, stop it all on Ctrl-C."""

import os
import shutil
import signal
import socket
import sys
import tempfile
import urllib.error
import urllib.request
from pathlib import Path
from types import FrameType

from launcher.banner import closing_screen
from launcher.environment import demo_environment, with_exported
from launcher.processes import ChildEnded, Children
from launcher.redis_server import NoRedis, find_redis, redis_command
from launcher.simulated import simulator_command

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent
HOST = "127.0.0.1"
PORTS = {"WEB_PORT": 8000, "SIMULATOR_PORT": 8100, "SMTP_PORT": 8125}


class CannotStart(Exception):
    """Something stands in the way; the message says what to do."""


def main() -> int:
    """Run until Ctrl-C, or until a child ends by itself."""
    signal.signal(signal.SIGTERM, _interrupt)
    children = Children(ROOT / "var" / "log")
    sockets = Path(tempfile.mkdtemp(prefix="latchkey-"))
    try:
        ports = {name: _port(name) for name in PORTS}
        _start_all(children, ports, sockets)
        children.watch()
    except KeyboardInterrupt:
        _say("\nStopping.")
        return 0
    except (ChildEnded, CannotStart, NoRedis) as fault:
        _say(f"\n{fault}")
        return 1
    finally:
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        children.stop()
        shutil.rmtree(sockets, ignore_errors=True)
    return 0


def _start_all(children: Children, ports: dict[str, int], sockets: Path) -> None:
    web = f"http://{HOST}:{ports['WEB_PORT']}"
    simulator = f"http://{HOST}:{ports['SIMULATOR_PORT']}"
    env = dict(os.environ)
    redis_url = env.get("REDIS_URL") or _start_redis(children, sockets)
    settings = demo_environment(ROOT, web, simulator, f"{HOST}:{ports['SMTP_PORT']}", redis_url)
    env = with_exported(settings)
    _say("Starting the simulated world …")
    token = env["TTLOCK_CALLBACK_TOKEN"]
    children.start("simulator", simulator_command(ROOT, ports, env["PUBLIC_URL"], token), env)
    children.wait_until(lambda: _answers(simulator), "The simulator")
    _say("Preparing the database …")
    _flask(children, "db upgrade", env)
    _flask(children, f"setup {_demo_property(simulator)}", env)
    _say("Starting Latchkey …")
    bind = f"{HOST}:{ports['WEB_PORT']}"
    children.start("web", [str(BIN / "gunicorn"), "--bind", bind, "wsgi:app"], env)
    children.start("worker", [str(BIN / "flask"), "worker"], env)
    children.start("scheduler", [str(BIN / "flask"), "scheduler"], env)
    children.wait_until(lambda: _answers(f"{web}/readyz"), "Latchkey")
    _say(closing_screen(web, simulator, ROOT / "demo" / "canal-house.toml"))


def _start_redis(children: Children, sockets: Path) -> str:
    # The path of a socket may have about a hundred characters, so it is not under this folder.
    path, folder = sockets / "redis.sock", ROOT / "var" / "redis"
    folder.mkdir(parents=True, exist_ok=True)
    children.start("redis", redis_command(find_redis(), folder, path), os.environ)
    children.wait_until(path.exists, "Redis")
    return f"unix://{path}?db=0"


def _demo_property(simulator: str) -> Path:
    text = (ROOT / "demo" / "canal-house.toml").read_text(encoding="utf-8")
    path = ROOT / "var" / "run" / "canal-house.toml"
    path.write_text(text.replace("${SIMULATOR_URL}", simulator), encoding="utf-8")
    return path


def _flask(children: Children, command: str, env: dict[str, str]) -> None:
    name = command.split()[0]
    child = children.start(f"flask-{name}", [str(BIN / "flask"), *command.split()], env)
    if child.process.wait() != 0:
        raise CannotStart(f"flask {command} did not work:\n{child.last_lines()}")
    children.forget(child)


def _port(name: str) -> int:
    """Return the port of a server, once it is sure that nothing else has it. Raises CannotStart."""
    text = os.environ.get(name) or str(PORTS[name])
    if not text.isdecimal() or not 0 < int(text) < 65536:
        raise CannotStart(f"{name} is {text!r}; give it a number such as {PORTS[name]}.")
    port = int(text)
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            raise CannotStart(
                f"Port {port} is in use; perhaps this already runs in another window. "
                f"Choose another port: make run {name}={port + 1}"
            ) from None
    return port


def _answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=2):  # noqa: S310
            return True
    except (urllib.error.URLError, OSError):
        return False


def _interrupt(_number: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def _say(text: str) -> None:
    print(text, flush=True)  # noqa: T201


if __name__ == "__main__":
    sys.exit(main())
