"""First words, help, language, and the sentences for what cannot be used."""

from __future__ import annotations

from typing import get_args

import pytest

from bot import phrases
from bot.views import help, problems, start
from bot.views.base import Voice
from bot.views.help import NeedsText
from store import Language
from tests.bot.delivered import deliver

ZH = Voice("zh", "both")
EN = Voice("en", "both")


def test_the_welcome_counts_the_papers_and_gives_examples() -> None:
    view = deliver(start.welcome(144, ZH))
    assert "论文库里现有 144 篇机器学习论文" in view.text
    assert len(view.marked("code")) == 3


def test_one_paper_is_not_papers() -> None:
    assert "There is 1 machine-learning paper in" in deliver(start.welcome(1, EN)).text


def test_an_empty_archive_says_how_it_is_filled() -> None:
    text = deliver(start.welcome(0, EN)).text
    assert text.startswith("Hello! ")
    assert "Once an admin has added digest files" in text
    assert "Which papers" not in text


def test_the_current_language_is_marked() -> None:
    assert deliver(start.language_choice("en", EN)).buttons == [
        [("中文", "l:zh"), ("✓ English", "l:en"), ("Both", "l:both")]
    ]
    assert deliver(start.language_choice(None, ZH)).buttons == [
        [("中文", "l:zh"), ("English", "l:en"), ("中英文", "l:both")]
    ]


def test_a_choice_is_confirmed_and_can_be_changed() -> None:
    view = deliver(start.language_set("zh", Voice("zh", "zh")))
    assert view.text == "好的，以后用中文。"
    assert view.buttons[0][0] == ("✓ 中文", "l:zh")
    assert deliver(start.language_set("en", Voice("en", "en"))).text == "All right, English from now on."
    assert deliver(start.language_set("both", EN)).text.startswith("All right, papers are shown in both")


def test_help_is_made_from_the_rows_it_is_given() -> None:
    rows = [help.help_row("search"), help.help_row("help")]
    assert deliver(help.help_page(rows, EN)).text == (
        "What I can do\n"
        "\n"
        "/search WORDS: find papers by words\n"
        "/help: list all commands\n"
        "\n"
        "Any other text is a question. How to search: /help search"
    )
    assert "/search 关键词：按关键词找论文" in deliver(help.help_page(rows, ZH)).text


def test_a_row_of_an_unknown_command_is_an_error() -> None:
    with pytest.raises(KeyError):
        help.help_row("nonsense")


def test_help_on_searching_has_examples() -> None:
    examples = deliver(help.help_search(EN)).marked("code")
    assert examples == [
        '"self-play"',
        "-survey",
        "topic:agents",
        "from:2025-05 to:2025-06",
        "source:weekly",
        "author:Kong",
        "has:code",
        "id:2505",
        "/search reinforcement learning mathematics -survey from:2025-05",
    ]


@pytest.mark.parametrize("command", get_args(NeedsText))
@pytest.mark.parametrize("voice", [ZH, EN], ids=["zh", "en"])
def test_every_command_with_arguments_shows_an_example(command: NeedsText, voice: Voice) -> None:
    examples = deliver(help.usage(command, voice)).marked("code")
    assert examples
    assert all(example.startswith(f"/{command} ") for example in examples)


def test_an_unknown_command_offers_the_nearest() -> None:
    assert deliver(problems.unknown_command("serch", ["search", "start"], EN)).text == (
        "There is no command /serch.\nDid you mean /search, /start?"
    )
    assert deliver(problems.unknown_command("/xyzzy", [], ZH)).text == ("没有 /xyzzy 这个命令。\n全部命令见 /help。")


def test_what_cannot_be_used_gets_a_clear_sentence() -> None:
    assert deliver(problems.only_punctuation(EN)).text.startswith("There is no word in that")
    assert deliver(problems.no_such_date("2025-02-30", ZH)).text == (
        "“2025-02-30”不是有效的日期。日期写成 2025-05-30，月份写成 2025-05。"
    )
    assert deliver(problems.text_only(EN)).text == "I can only read text. Write your question down, please."


@pytest.mark.parametrize("voice", [ZH, EN], ids=["zh", "en"])
def test_notes_on_buttons_fit_into_the_200_characters_of_a_note(voice: Voice) -> None:
    for note in (problems.unknown_button(voice), problems.outdated_button(voice)):
        assert 0 < len(note) <= 200


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_bots_description_fits_telegrams_512_characters(language: Language) -> None:
    assert len(phrases.get(language).plain("about.description")) <= 512
