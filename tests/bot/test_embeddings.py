"""DIGESTBOT_EMBEDDINGS: every command that ranks heeds it, and what stands in its way is said in one sentence."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from bot.cli import main
from bot.embeddings import make_embedder
from bot.settings import SettingsError, read_settings
from store import Archive
from tests import flock
from tests.conftest import RunningBot, write_digests
from tests.digests import weekly_digest, weekly_entry
from tests.embeddings import WordEmbedder, save_model
from tests.telegram import StandIn
from tests.test_terminal_conversation import converse

pytestmark = pytest.mark.usefixtures("logging_as_it_was")

WOOLLY = "2505-00001"
# The flock's papers all speak of sheep, one of shearing them.
MEANINGS = ("tonsorial 剪 shear", "trifolium 三叶草")
RANKING = ["search sheep", "ask sheep", "paper Woolly", "load", "run", "chat"]


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The working folder, with digests in seeds/."""
    monkeypatch.chdir(tmp_path)
    write_digests(tmp_path / "seeds", flock.files())
    return tmp_path


@pytest.fixture
def model(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A model, and the setting that names it."""
    monkeypatch.setenv("DIGESTBOT_EMBEDDINGS", "model")
    return save_model(folder / "model", *MEANINGS)


def digestbot(*arguments: str) -> Result:
    return CliRunner().invoke(main, arguments, input="", catch_exceptions=False)


def first(command: str) -> str | None:
    """The first paper of the one object that a command writes."""
    papers = json.loads(digestbot(command, "--json", "tonsorial").stdout)["papers"]
    return papers[0]["key"] if papers else None


def test_off_by_default() -> None:
    assert make_embedder(read_settings()) is None


@pytest.mark.usefixtures("model")
def test_a_loaded_archive_is_searched_and_asked_by_meaning(monkeypatch: pytest.MonkeyPatch) -> None:
    assert digestbot("load").exit_code == 0
    assert (first("search"), first("ask")) == (WOOLLY, WOOLLY)
    monkeypatch.delenv("DIGESTBOT_EMBEDDINGS")
    assert (first("search"), first("ask")) == (None, None)


def test_the_terminal_loads_and_answers_by_meaning(folder: Path, model: Path) -> None:
    ended = converse(folder, "/search tonsorial", DIGESTBOT_EMBEDDINGS=str(model))
    assert ended.stdout.startswith("Search tonsorial: 1 paper\n\n1. Woolly: Shearing Sheep with Language Models\n")


def test_the_bot_on_telegram_loads_and_answers_by_meaning(stand_in: StandIn, folder: Path, model: Path) -> None:
    bob = stand_in.person(id=8, first_name="Bob", language_code="en")
    environment = {"DIGESTBOT_SEEDS": str(folder / "seeds"), "DIGESTBOT_EMBEDDINGS": str(model)}
    with stand_in.serve() as server, stand_in.live_bot(server, folder, environment=environment) as bot:
        [found] = bot.say(bob, "/search tonsorial")
        assert found.text.startswith("Search tonsorial: 1 paper")
        assert bot.stop() == 0


async def test_reload_embeds_with_the_model_of_the_archive(own_bot: RunningBot) -> None:
    with Archive.open(own_bot.services.settings.data, WordEmbedder(*MEANINGS)) as archive:
        own_bot.services.archive_ = archive
        clover = weekly_digest(weekly_entry("Clover", "三叶草", "2506.00001", "绵羊爱吃三叶草。"))
        await own_bot.reload({**flock.files(), "2025-06-weekly.md": clover})
        [found] = await own_bot.bob.say("/search trifolium")
    assert found.text.startswith("Search trifolium: 1 paper")


@pytest.mark.parametrize("command", RANKING)
class TestUnusable:
    def test_a_missing_folder(self, command: str, monkeypatch: pytest.MonkeyPatch) -> None:
        pytest.importorskip("model2vec", reason="the extra digestbot[semantic] is not installed")
        monkeypatch.setenv("DIGESTBOT_EMBEDDINGS", "no/such/folder")
        result = digestbot(*command.split())
        assert (result.exit_code, result.stdout) == (2, "")
        assert result.stderr == "Error: DIGESTBOT_EMBEDDINGS cannot be used: there is no folder no/such/folder.\n"

    def test_a_missing_extra(self, command: str, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("DIGESTBOT_EMBEDDINGS", "seeds")
        monkeypatch.setitem(sys.modules, "model2vec", None)
        result = digestbot(*command.split())
        assert (result.exit_code, result.stdout) == (2, "")
        assert result.stderr == (
            "Error: DIGESTBOT_EMBEDDINGS needs the Python package model2vec: "
            "install digestbot[semantic], or unset it.\n"
        )


def test_a_folder_without_a_model(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("model2vec", reason="the extra digestbot[semantic] is not installed")
    monkeypatch.setenv("DIGESTBOT_EMBEDDINGS", "seeds")
    with pytest.raises(SettingsError, match=r"^DIGESTBOT_EMBEDDINGS cannot be used: seeds holds no static "):
        make_embedder(read_settings())


def test_commands_that_rank_nothing_do_not_ask_for_the_model(monkeypatch: pytest.MonkeyPatch) -> None:
    assert digestbot("load").exit_code == 0
    monkeypatch.setenv("DIGESTBOT_EMBEDDINGS", "no/such/folder")
    for command in ("papers", "topics", "digest"):
        assert digestbot(command).exit_code == 0
