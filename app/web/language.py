"""The reader's language: what they chose, else the guest's own, else what the browser asks for."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from babel import Locale
from flask import Flask, current_app, g, redirect, request, session, url_for
from flask_babel import Babel, get_locale
from werkzeug.wrappers import Response

from app.wording import SOURCE

FOLDER = Path(__file__).parent.parent / "translations"
CHOICE = "lang"
"""The parameter that chooses a language, on any page of a guest; the session remembers it."""


@dataclass(frozen=True)
class Language:
    """A language to choose: `code` as browsers call it, `name` as its speakers do."""

    code: str
    name: str
    url: str
    is_chosen: bool


def register_language(app: Flask) -> None:
    """Install translations; languages are the folders that hold them."""
    app.config.update(BABEL_TRANSLATION_DIRECTORIES=str(FOLDER), BABEL_DEFAULT_TIMEZONE="UTC")
    found = sorted(path.parent.parent.name for path in FOLDER.glob("*/LC_MESSAGES/messages.mo"))
    app.extensions["languages"] = (SOURCE, *found)
    Babel(app, locale_selector=chosen_language)

    @app.context_processor
    def language() -> dict[str, object]:
        locale = get_locale()
        return {
            "locale": str(locale).replace("_", "-"),
            "text_direction": locale.text_direction,
            "languages": _to_choose,
        }


def languages() -> tuple[str, ...]:
    """Return every language the guests' pages exist in, English first."""
    known: tuple[str, ...] = current_app.extensions["languages"]
    return known


def chosen_language() -> str:
    """Return the language for this request. Hosts' pages exist in English only."""
    if request.blueprint == "admin":
        return SOURCE
    known = languages()
    for wish in (session.get("language"), g.get("language")):
        if wish in known:
            return str(wish)
    return request.accept_languages.best_match(known) or SOURCE


def take_choice() -> Response | None:
    """Remember a language that was chosen, and go on to the page it was chosen on."""
    wish = request.args.get(CHOICE)
    if wish not in languages() or request.method != "GET" or request.endpoint is None:
        return None
    session["language"] = wish
    others = {name: value for name, value in request.args.items() if name != CHOICE}
    return redirect(url_for(request.endpoint, **{**(request.view_args or {}), **others}), 303)


def _to_choose() -> list[Language]:
    """Return the languages to offer on this page, none where there is but one."""
    if len(languages()) == 1:
        return []
    page = request.path if request.method == "GET" else url_for("guest.check_in")
    chosen = get_locale().language
    return [
        Language(code, _name(code), f"{page}?{CHOICE}={code}", code == chosen)
        for code in languages()
    ]


@cache
def _name(code: str) -> str:
    name = Locale.parse(code).get_display_name(code) or code
    return name[:1].upper() + name[1:]
