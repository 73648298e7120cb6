"""The reader's language: the guest's own where we know it, else what the browser asks for."""

from pathlib import Path

from flask import Flask, g, request
from flask_babel import Babel, get_locale

FOLDER = Path(__file__).parent.parent / "translations"
SOURCE = "en"


def register_language(app: Flask) -> None:
    """Install translations; languages are the folders that hold them."""
    app.config.update(BABEL_TRANSLATION_DIRECTORIES=str(FOLDER), BABEL_DEFAULT_TIMEZONE="UTC")
    Babel(app, locale_selector=chosen_language)

    @app.context_processor
    def language() -> dict[str, str]:
        locale = get_locale()
        return {"locale": str(locale).replace("_", "-"), "text_direction": locale.text_direction}


def languages() -> list[str]:
    """Return every language the pages exist in, English first."""
    found = sorted(path.parent.parent.name for path in FOLDER.glob("*/LC_MESSAGES/messages.mo"))
    return [SOURCE, *found]


def chosen_language() -> str:
    """Return the language for this request."""
    known = languages()
    if (own := g.get("language")) in known:
        return str(own)
    return request.accept_languages.best_match(known) or SOURCE
