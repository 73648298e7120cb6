"""python -m simulator: start the world and say where it is."""

import argparse
import logging
import signal
import socket
import sys
import threading
from pathlib import Path

from flask import Flask, Response, send_file
from werkzeug.serving import WSGIRequestHandler, make_server

from simulator import ttlock_notices
from simulator.control.asking import refuse_with_the_reason
from simulator.control.bookings import bookings
from simulator.control.house import house
from simulator.control.mails import mails
from simulator.control.phones import phones
from simulator.control.seam import seam_control
from simulator.control.whole import whole
from simulator.feeds import feeds
from simulator.house import read_house
from simulator.mailbox import start_mailbox
from simulator.page.channel import bookings as channel_page
from simulator.page.clock import clock as clock_page
from simulator.page.doors import doors as doors_page
from simulator.page.phones import phones as phones_page
from simulator.page.whole import page
from simulator.post import delivery
from simulator.post.maildir import Maildir
from simulator.seam import radio as seam_radio
from simulator.seam import webhooks as seam_webhooks
from simulator.seam.api import seam
from simulator.texts.api import twilio
from simulator.texts.travel import set_out_again
from simulator.ttlock import ttlock
from simulator.world import World

HTMX = Path(__file__).parent / "cdn" / "htmx.org@2.0.11.min.js"
SERVICES = (ttlock, feeds, twilio, seam)
CONTROL = (whole, house, bookings, mails, phones, seam_control)
PAGE = (page, clock_page, channel_page, doors_page, phones_page)


def create_world_app(world: World) -> Flask:
    """Join the parts of the world into one web application."""
    app = Flask("simulator")
    app.extensions["world"] = world
    refuse_with_the_reason(app)
    for part in (*SERVICES, *CONTROL, *PAGE):
        app.register_blueprint(part)

    @app.get("/cdn/htmx.org@2.0.11/dist/htmx.min.js")
    def htmx() -> Response:
        answer = send_file(HTMX, mimetype="application/javascript", max_age=31_536_000)
        answer.headers["Access-Control-Allow-Origin"] = "*"
        return answer

    return app


def main() -> int:
    """Run until told to stop."""
    options = _options()
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    logging.getLogger("mail.log").setLevel(logging.ERROR)
    maildir = Maildir(options.maildir.absolute()) if options.maildir else None
    world = World(
        read_house(options.house),
        options.state,
        maildir,
        options.sms_webhook,
        options.lock_callback,
    )
    app = create_world_app(world)
    WSGIRequestHandler.protocol_version = "HTTP/1.0"
    server = make_server(options.host, options.port, app, threaded=True)
    mailbox = start_mailbox(world, options.host, options.smtp_port or _free_port(options.host))
    world.base_url = f"http://{options.host}:{server.server_port}"
    delivery.start(world)
    ttlock_notices.start(world)
    if world.house.seam:
        seam_radio.start(world)
        seam_webhooks.start(world)
    set_out_again(world)
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda *_: threading.Thread(target=server.shutdown).start())
    smtp = f"{options.host}:{mailbox.port}"
    print(f"simulator ready http={world.base_url} smtp={smtp}", flush=True)  # noqa: T201
    server.serve_forever()
    mailbox.stop()
    world.save()
    return 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="simulator", description=__doc__)
    parser.add_argument("--house", type=Path, required=True)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8100)
    parser.add_argument("--smtp-port", type=int, default=8125)
    parser.add_argument("--state", type=Path)
    parser.add_argument("--maildir", type=Path, help="the host's mailbox, that channels write to")
    parser.add_argument("--sms-webhook", default="", help="where Twilio posts texts to our number")
    parser.add_argument("--lock-callback", default="", help="where TTLock posts what locks do")
    return parser.parse_args()


def _free_port(host: str) -> int:
    with socket.socket() as probe:
        probe.bind((host, 0))
        return int(probe.getsockname()[1])


if __name__ == "__main__":
    sys.exit(main())
