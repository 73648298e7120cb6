"""How many segments a text is sent in: GSM's seven-bit alphabet, or else UCS-2."""

ALPHABET = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡"
    "ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
COUNTED_TWICE = frozenset("^{}\\[~]|€\f")


def segments(body: str) -> int:
    """Count them: 160 letters in one and 153 in each of several; 70 and 67 in UCS-2."""
    if all(letter in ALPHABET or letter in COUNTED_TWICE for letter in body):
        length = len(body) + sum(letter in COUNTED_TWICE for letter in body)
        alone, each = 160, 153
    else:
        length = len(body.encode("utf-16-be")) // 2
        alone, each = 70, 67
    return 1 if length <= alone else -(-length // each)
