"""README.md and docs/ say what is so."""

from __future__ import annotations

import re
from pathlib import Path

import click
import pytest

from bot.cli import main
from bot.routes import ROUTES
from store import load
from store.layouts import registered
from tests.readme import README, between, hold_conversation, settings_table, typed_lines

ROOT = README.parent


@pytest.fixture(scope="module")
def readme() -> str:
    return README.read_text(encoding="utf-8")


def test_the_conversation_is_what_the_bot_says(readme: str, tmp_path: Path) -> None:
    shown = between(readme, "conversation")
    load(ROOT / "seeds", tmp_path)
    assert shown == hold_conversation(typed_lines(shown), tmp_path), "run `python -m tests.readme` to write it anew"


def test_the_settings_table_is_made_from_the_settings(readme: str) -> None:
    assert between(readme, "settings") == settings_table(), "run `python -m tests.readme` to write it anew"


def test_every_command_of_the_bot_is_told(readme: str) -> None:
    told = set(re.findall(r"`/([a-z]+)", readme))
    assert {route.command for route in ROUTES} - {"start", "help"} <= told


def test_every_command_of_the_command_line_is_told(readme: str) -> None:
    assert isinstance(main, click.Group)
    assert set(main.commands) == set(re.findall(r"^\| `digestbot ([a-z]+)", readme, re.MULTILINE))


def test_every_layout_is_told() -> None:
    told = re.findall(r"^\| `([a-z-]+)` \|", (ROOT / "docs/digests.md").read_text(encoding="utf-8"), re.MULTILINE)
    assert sorted(told) == sorted(layout.name for layout in registered())


@pytest.mark.parametrize("page", ["README.md", *(f"docs/{path.name}" for path in (ROOT / "docs").glob("*.md"))])
def test_links_between_pages_lead_somewhere(page: str) -> None:
    text = (ROOT / page).read_text(encoding="utf-8")
    # Code spans show how a digest writes its links; those lead nowhere.
    prose = re.sub(r"`[^`\n]*`", "", text)
    targets = [link for link in re.findall(r"\]\(([^)#]+)\)", prose) if "://" not in link]
    assert [target for target in targets if not ((ROOT / page).parent / target).exists()] == []


def test_files_named_in_the_documents_exist() -> None:
    for page in (ROOT / "docs").glob("*.md"):
        named = re.findall(r"`((?:bot|store|tests)/[a-z_/]+\.(?:py|toml))`", page.read_text(encoding="utf-8"))
        assert [name for name in named if not (ROOT / name).exists()] == [], page.name
