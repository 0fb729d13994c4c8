"""The phrase files: both languages say the same things, and the code says only what is there."""

from __future__ import annotations

import ast
import re
import string
from collections.abc import Iterator
from pathlib import Path

import pytest

import bot
from bot import phrases
from bot.phrases import PLURAL_FORMS, Phrases
from bot.routes import ROUTES
from bot.views.html import bold
from store import Language
from store.layouts import registered
from store.problems import SENTENCES
from tests.telegram.markup import parse_html

LANGUAGES: tuple[Language, ...] = ("zh", "en")
HAN = re.compile("[\u4e00-\u9fff]")
# Names and notations that are the same in Chinese.
SAME_IN_CHINESE = {
    "answer.source",
    "card.arxiv",
    "card.arxiv_button",
    "card.bibtex",
    "card.pdf",
    "card.source",
    "commands.forget.arguments",
    "commands.files.arguments",
    "commands.help.arguments",
    "commands.language.arguments",
    "commands.privacy.arguments",
    "commands.reload.arguments",
    "commands.saved.arguments",
    "commands.start.arguments",
    "commands.status.arguments",
    "commands.unsubscribe.arguments",
    "commands.watches.arguments",
    "daily.save_button",
    "file_problem.layout",
    "files.remove_button",
    "remove.this_button",
    "files.row",
    "help.command",
    "language.current",
    "language.en",
    "list.separator",
    "moment.at",
    "moment.day",
    "report.paper_added",
    "report.paper_changed",
    "report.paper_removed",
    "report.separator",
    "saved.drop_button",
    "settings.chosen",
    "status.question",
    "status.reason",
    "topic.button",
    "watch.drop_button",
    "watch.row",
}
# Families of phrases that the code names by what it says of: a command, a kind of problem, a layout.
FAMILIES = ("commands.", "file_problem.", "layout_needs.")


def placeholders(template: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(template) if name is not None}


def said(templates: dict[str, str]) -> dict[str, set[str]]:
    """Phrase names without plural forms, each with its placeholders."""
    found: dict[str, set[str]] = {}
    for name, template in templates.items():
        stem, _, form = name.rpartition(".")
        found.setdefault(stem if form in PLURAL_FORMS else name, set()).update(placeholders(template))
    return found


def calls() -> Iterator[tuple[str, str, ast.expr, set[str | None]]]:
    """Every ``say`` and ``plain`` in the bot: where, which of the two, the name said, the names of values."""
    root = Path(bot.__file__).parent
    for path in sorted(root.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.args):
                continue
            if node.func.attr in ("say", "plain"):
                where = f"{path.relative_to(root)}:{node.lineno}"
                yield where, node.func.attr, node.args[0], {keyword.arg for keyword in node.keywords}


def names_in(node: ast.expr) -> list[str] | None:
    """The phrase names an expression can stand for; None where it is no literal."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return [node.value]
    if isinstance(node, ast.IfExp):
        names = [names_in(node.body), names_in(node.orelse)]
        return None if None in names else [name for each in names for name in each or ()]
    return None


@pytest.fixture(scope="module")
def chinese() -> dict[str, str]:
    return dict(phrases.get("zh").templates)


@pytest.fixture(scope="module")
def english() -> dict[str, str]:
    return dict(phrases.get("en").templates)


def test_both_languages_have_the_same_phrases_with_the_same_placeholders(
    chinese: dict[str, str], english: dict[str, str]
) -> None:
    assert said(chinese) == said(english)


def test_plural_forms_come_in_pairs(chinese: dict[str, str], english: dict[str, str]) -> None:
    for templates in (chinese, english):
        forms = {name for name in templates if name.rpartition(".")[2] in PLURAL_FORMS}
        stems = {name.rpartition(".")[0] for name in forms}
        assert forms == {f"{stem}.{form}" for stem in stems for form in PLURAL_FORMS}
        assert all("count" in placeholders(templates[name]) for name in forms)


def test_chinese_phrases_are_chinese_and_english_ones_are_not(chinese: dict[str, str], english: dict[str, str]) -> None:
    assert {name for name, template in chinese.items() if not HAN.search(template)} <= SAME_IN_CHINESE
    with_han = {name for name, template in english.items() if HAN.search(template)}
    # Chinese as an example or a name
    assert with_han == {
        "language.zh",
        "start.examples",
        "layout_needs.numbered",
        "layout_needs.weekly",
    }


def test_chinese_uses_full_width_punctuation_and_a_space_beside_latin_words(chinese: dict[str, str]) -> None:
    for name, template in chinese.items():
        text = re.sub(r"<[^>]*>", "", template)
        assert not re.search("[\u4e00-\u9fff][,;:?!()]", text), name
        assert not re.search("[\u4e00-\u9fff][A-Za-z0-9]|[A-Za-z0-9][\u4e00-\u9fff]", text), name
        assert "您" not in text, name


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_phrase_is_sound_html(language: Language) -> None:
    for template in phrases.get(language).templates.values():
        parse_html(template.format_map(dict.fromkeys(placeholders(template), "x")))


def test_the_bot_says_exactly_the_phrases_there_are(chinese: dict[str, str]) -> None:
    used = {name for _, _, node, _ in calls() for name in names_in(node) or ()}
    assert used == {name for name in said(chinese) if not name.startswith(FAMILIES)}


def test_phrases_are_named_by_literals_so_that_unused_ones_show() -> None:
    unnamed = {where.partition(":")[0] for where, _, node, _ in calls() if names_in(node) is None}
    assert unnamed == {"views/base.py", "views/file_problems.py", "views/help.py"}


def test_every_phrase_gets_the_values_it_names(english: dict[str, str]) -> None:
    wanted = said(english)
    for where, _, node, values in calls():
        for name in names_in(node) or ():
            assert wanted[name] | {"count"} >= values >= wanted[name], where


def test_plain_phrases_hold_no_html() -> None:
    used = {name for _, kind, node, _ in calls() if kind == "plain" for name in names_in(node) or ()}
    for language in LANGUAGES:
        for name, template in phrases.get(language).templates.items():
            if name in used or name.startswith(FAMILIES):
                assert not re.search("[<>&]", template), name


def test_exactly_the_commands_of_the_route_table_have_arguments_and_a_description(
    chinese: dict[str, str],
) -> None:
    names = {name for name in chinese if name.startswith("commands.")}
    parts = ("arguments", "description")
    assert names == {f"commands.{route.command}.{part}" for route in ROUTES for part in parts}


def family(templates: dict[str, str], prefix: str) -> dict[str, str]:
    return {name.removeprefix(prefix): template for name, template in templates.items() if name.startswith(prefix)}


def test_exactly_the_problems_of_the_stores_table_have_a_phrase(
    chinese: dict[str, str], english: dict[str, str]
) -> None:
    assert family(english, "file_problem.") == dict(SENTENCES)  # what the command line says, word for word
    told = family(chinese, "file_problem.")
    assert {kind: placeholders(template) for kind, template in told.items()} == {
        kind: placeholders(sentence) for kind, sentence in SENTENCES.items()
    }


def test_exactly_the_layouts_there_are_have_a_phrase_for_what_they_need(
    chinese: dict[str, str], english: dict[str, str]
) -> None:
    needs = {layout.name: layout.needs for layout in registered()}
    assert family(english, "layout_needs.") == needs
    assert set(family(chinese, "layout_needs.")) == set(needs)
    assert not any(map(placeholders, family(chinese, "layout_needs.").values()))


def make_phrases(**templates: str) -> Phrases:
    return Phrases("en", {name.replace("__", "."): template for name, template in templates.items()})


def test_values_are_escaped_unless_they_are_markup() -> None:
    spoken = make_phrases(hello="Hello {name}")
    assert spoken.say("hello", name="<b>") == "Hello &lt;b&gt;"
    assert spoken.say("hello", name=bold("Ada")) == "Hello <b>Ada</b>"
    assert spoken.say("hello", name=3) == "Hello 3"


def test_a_value_with_braces_is_shown_as_it_stands() -> None:
    assert make_phrases(hello="Hello {name}").say("hello", name="{name}") == "Hello {name}"


def test_plain_phrases_do_not_escape() -> None:
    assert make_phrases(hello="Hello {name}").plain("hello", name="R&D") == "Hello R&D"


def test_the_count_chooses_between_one_and_other() -> None:
    spoken = make_phrases(papers__one="{count} paper", papers__other="{count} papers")
    assert [spoken.say("papers", count=count) for count in (0, 1, 2)] == ["0 papers", "1 paper", "2 papers"]


def test_a_missing_phrase_or_value_is_an_error() -> None:
    with pytest.raises(KeyError):
        make_phrases().say("hello")
    with pytest.raises(KeyError):
        make_phrases(hello="Hello {name}").say("hello")
