"""What Seam knows when the world begins: nothing."""

from typing import Any

PAGE = 500


def fresh_seam() -> dict[str, Any]:
    return {
        "codes": {},
        "attempts": {},
        "events": [],
        "webhook_url": "",
        "told": [],
        "page_size": PAGE,
    }
