"""The mailbox: everything sent to the SMTP port is kept and shown."""

from email import message_from_bytes, policy
from typing import Any

from aiosmtpd.controller import Controller

from simulator.world import World


class Keeper:
    """Takes any mail for anybody."""

    def __init__(self, world: World) -> None:
        self._world = world

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        mail = message_from_bytes(envelope.content, policy=policy.default)
        body = mail.get_body(("plain", "html"))
        with self._world.guard:
            self._world.data["mails"].append(
                {
                    "to": ", ".join(envelope.rcpt_tos),
                    "from": envelope.mail_from,
                    "subject": str(mail["Subject"]),
                    "message_id": str(mail["Message-ID"]),
                    "body": body.get_content() if body is not None else "",
                    "at": self._world.now().timestamp(),
                }
            )
            self._world.changed()
        return "250 kept"


def start_mailbox(world: World, host: str, port: int) -> Controller:
    """Listen on a port (free one for 0) in a thread of its own."""
    controller = Controller(Keeper(world), hostname=host, port=port, ready_timeout=5)
    controller.start()
    return controller
