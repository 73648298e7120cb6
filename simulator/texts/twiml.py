"""TwiML: the texts that the app's answer to a webhook asks for."""

import xml.etree.ElementTree as ET

MOST_MESSAGES, LONGEST = 10, 1600
MEDIA_TYPES = ("text/xml", "application/xml")


class NotTwiml(Exception):
    """The answer cannot be read."""


def replies(media_type: str, body: str) -> list[str]:
    """Return the texts of an answer's `<Message>`s, those Twilio would send. Raises NotTwiml."""
    if not body.strip():
        return []
    if media_type not in MEDIA_TYPES:
        raise NotTwiml
    try:
        root = ET.fromstring(body)  # noqa: S314 - expat refuses entity bombs
    except ET.ParseError:
        raise NotTwiml from None
    if root.tag != "Response":
        raise NotTwiml
    texts = ["".join(message.itertext()).strip() for message in root.iter("Message")]
    return [text for text in texts[:MOST_MESSAGES] if text and len(text) <= LONGEST]
