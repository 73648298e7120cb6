"""Times and messages as people read them."""

from datetime import datetime

from markupsafe import Markup, escape

from simulator.world import World


def clock_time(world: World, timestamp: float) -> str:
    """Write `14:03`, or `Thu 26 Nov 14:03` when that is not today in the house."""
    moment = datetime.fromtimestamp(timestamp, world.zone)
    return f"{moment:%H:%M}" if moment.date() == world.today() else f"{moment:%a %d %b %H:%M}"


def linked(text: str) -> Markup:
    """Make web addresses in a message clickable."""
    lines = []
    for line in text.splitlines():
        words = [
            Markup('<a href="{0}" target="_blank" rel="noopener">{0}</a>').format(word)
            if word.startswith(("http://", "https://"))
            else escape(word)
            for word in line.split(" ")
        ]
        lines.append(Markup(" ").join(words))
    return Markup("<br>").join(lines)
