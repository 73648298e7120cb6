"""The files under templates: names that agree, and nothing that a policy would refuse."""

import re
from pathlib import Path

import pytest

from tests.support.processes import ROOT
from tests.web.visitor import Elements

TEMPLATES = Path(ROOT) / "templates"
ALL = sorted(TEMPLATES.rglob("*.html"))
PARTIALS = [path for path in ALL if path.name.startswith("_")]

_LOGIC = re.compile(r"\{%.*?%\}|\{#.*?#\}", re.DOTALL)
_SHOWN = re.compile(r"\{\{.*?\}\}", re.DOTALL)


def named(paths: list[Path]) -> pytest.MarkDecorator:
    names = [str(path.relative_to(TEMPLATES)) for path in paths]
    return pytest.mark.parametrize("path", paths, ids=names)


def elements(path: Path) -> Elements:
    """Read a template's markup; of each choice, all branches are kept."""
    text = _LOGIC.sub(" ", path.read_text())
    return Elements(_SHOWN.sub("X", text))


def tags(path: Path) -> list[str]:
    """Return each opening tag as it is written, choices within it and all."""
    text = re.sub(r"\{#.*?#\}", "", path.read_text(), flags=re.DOTALL)
    hidden = re.sub(
        r"\{%.*?%\}|\{\{.*?\}\}", lambda found: found[0].replace(">", " "), text, flags=re.DOTALL
    )
    return re.findall(r"<[a-z][^>]*>", hidden)


def test_there_are_templates_to_look_at() -> None:
    assert len(PARTIALS) >= 8
    assert len(ALL) > len(PARTIALS)


@named(PARTIALS)
def test_a_partial_is_one_element_named_after_its_file(path: Path) -> None:
    roots = elements(path).roots

    assert len(roots) == 1
    name = path.stem.removeprefix("_").replace("_", "-")
    assert (roots[0][1].get("id") or "").startswith(name)


@named(ALL)
def test_what_asks_says_where_the_answer_goes_and_how(path: Path) -> None:
    for tag in tags(path):
        asks = len(re.findall(r"\bhx-(?:get|post)=", tag))
        targets = tag.count("hx-target="), tag.count("hx-swap=")
        assert targets == (asks, asks), tag


@named(ALL)
def test_an_answer_replaces_the_whole_element_it_is_named_after(path: Path) -> None:
    text = path.read_text()
    partials = {one.stem.removeprefix("_").replace("_", "-") for one in PARTIALS}

    assert set(re.findall(r'hx-swap="([^"]+)"', text)) <= {"outerHTML"}
    for target in re.findall(r'hx-target="#([a-z-]+?)-?(?:\{\{[^"]*)?"', text):
        assert target in partials


@named(ALL)
def test_what_htmx_sends_works_without_it(path: Path) -> None:
    for tag in tags(path):
        if "hx-post=" in tag:
            assert tag.startswith("<form ")
            action, post = re.findall(r'(?:\saction|hx-post)="([^"]*)"', tag)
            assert action == post
            assert 'method="post"' in tag


@named(ALL)
def test_no_template_trusts_text_or_carries_code_or_style(path: Path) -> None:
    text = path.read_text()

    assert not re.search(r"\|\s*safe\b", text)
    assert not re.search(r"\bautoescape\s+false\b", text)
    for tag in tags(path):
        assert not re.search(r"\sstyle=", tag), tag
        assert not re.search(r"\s(?:on[a-z]+|hx-on[:-][^=]*)=", tag), tag
        assert not tag.startswith("<style"), tag
        assert not tag.startswith("<script") or "src=" in tag, tag


@named(ALL)
def test_every_attribute_that_shows_something_is_quoted(path: Path) -> None:
    for tag in tags(path):
        assert not re.search(r"[a-z-]=\{\{", tag), tag


@named(ALL)
def test_every_form_that_posts_carries_a_token(path: Path) -> None:
    forms = re.findall(r"<form\b.*?</form>", path.read_text(), re.DOTALL)

    for form in forms:
        if 'method="post"' in form:
            assert re.search(r"\{\{ (?:csrf\(\)|hidden_fields\()", form), form


@named(ALL)
def test_no_address_is_written_by_hand(path: Path) -> None:
    for tag in tags(path):
        for address in re.findall(r'\b(?:action|hx-get|hx-post|href|src)="([^"]*)"', tag):
            assert not address.startswith("/"), tag
