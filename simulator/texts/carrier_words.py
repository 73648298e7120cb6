"""Words that Twilio answers itself, before we hear of them: STOP, START, HELP and their like.

Only a whole message counts, in any case. It is passed on to the webhook all the same.
"""

from collections.abc import Mapping

from simulator.texts.phones import is_opted_out, tell
from simulator.texts.rows import keep_outbound
from simulator.world import World

STOP = frozenset({"STOP", "STOPALL", "UNSUBSCRIBE", "CANCEL", "END", "QUIT", "REVOKE", "OPTOUT"})
START = frozenset({"START", "YES", "UNSTOP"})
HELP = frozenset({"HELP", "INFO"})
REPLIES: Mapping[str, str] = {
    "STOP": "You have successfully been unsubscribed. You will not receive any more messages from "
    "this number. Reply START to resubscribe.",
    "START": "You have successfully been re-subscribed to messages from this number. Reply HELP "
    "for help. Reply STOP to unsubscribe. Msg&Data Rates May Apply.",
    "HELP": "Reply STOP to unsubscribe. Msg&Data Rates May Apply.",
}


def answer_carrier_word(world: World, number: str, body: str) -> str | None:
    """Do what a carrier word says; return what it was (`OptOutType`). `guard` is held.

    START, YES and UNSTOP mean something only on a phone that opted out, HELP and INFO only on one
    that did not.
    """
    kind = _kind(body, opted_out=is_opted_out(world, number))
    if kind is None:
        return None
    if kind != "HELP":
        tell(world, number, {"opted_out": kind == "STOP"})
    now = world.now().timestamp()
    keep_outbound(
        world,
        number,
        REPLIES[kind],
        direction="outbound-reply",
        status="delivered",
        sent=now,
        by="twilio",
    )
    return kind


def _kind(body: str, *, opted_out: bool) -> str | None:
    word = body.strip().upper()
    if word in STOP:
        return "STOP"
    if word in START and opted_out:
        return "START"
    if word in HELP and not opted_out:
        return "HELP"
    return None
