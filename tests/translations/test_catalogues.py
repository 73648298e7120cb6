"""The catalogues of translations against what guests are told in English."""

import re
from collections.abc import Mapping
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.frontend import CommandLineInterface
from babel.messages.pofile import read_po

ROOT = Path(__file__).parent.parent.parent
FILES = sorted((ROOT / "app" / "translations").glob("*/LC_MESSAGES/messages.po"))
LANGUAGES = [path.parent.parent.name for path in FILES]
BLANK = re.compile(r"%\((\w+)\)[sd]|%%")
TAG = re.compile(r"</?\w+[^>]*>")

every_language = pytest.mark.parametrize("language", LANGUAGES)


@pytest.fixture(scope="module")
def said(tmp_path_factory: pytest.TempPathFactory) -> Catalog:
    """What guests are told, as it stands in code and templates."""
    template = tmp_path_factory.mktemp("said") / "messages.pot"
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(ROOT)
        CommandLineInterface().run(  # type: ignore[no-untyped-call]
            [
                "pybabel",
                "-q",
                "extract",
                "-F",
                "pyproject.toml",
                "-k",
                "_l",
                "-o",
                str(template),
                ".",
            ]
        )
    with template.open("rb") as file:
        return read_po(file)


@pytest.fixture(scope="module")
def catalogues() -> Mapping[str, Catalog]:
    found = {}
    for language, path in zip(LANGUAGES, FILES, strict=True):
        with path.open("rb") as file:
            found[language] = read_po(file, locale=language)
    return found


def messages(catalogue: Catalog) -> dict[object, Message]:
    return {message.id: message for message in catalogue if message.id}


def texts(of: object) -> tuple[str, ...]:
    return (of,) if isinstance(of, str) else tuple(of)  # type: ignore[arg-type]


def test_there_are_languages() -> None:
    assert LANGUAGES == ["de", "es", "fr", "it", "nl"]


@every_language
def test_all_that_guests_are_told_is_translated_and_nothing_else(
    language: str, said: Catalog, catalogues: Mapping[str, Catalog]
) -> None:
    translated = messages(catalogues[language])

    assert translated.keys() == messages(said).keys()
    lacking = [
        message.id
        for message in translated.values()
        if message.fuzzy
        or not all(texts(message.string))
        or list(message.check(catalogues[language]))
    ]
    assert lacking == []


@every_language
def test_blanks_and_tags_are_those_of_the_english(
    language: str, catalogues: Mapping[str, Catalog]
) -> None:
    for message in messages(catalogues[language]).values():
        singular, *plural = texts(message.id)
        for number, text in enumerate(texts(message.string)):
            english = plural[0] if number and plural else singular
            assert sorted(BLANK.findall(text)) == sorted(BLANK.findall(english)), text
            assert sorted(TAG.findall(text)) == sorted(TAG.findall(english)), text
            for strip in (str.lstrip, str.rstrip):
                assert len(text) - len(strip(text)) == len(english) - len(strip(english)), text
