"""`printf … | digestbot chat`: the bot in the terminal as a script meets it, a message a line."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from tests import flock
from tests.conftest import ROOT, write_digests

HINT = "This is the bot in your terminal. To put it on Telegram, get a token from @BotFather"


def converse(folder: Path, *lines: str, command: str = "chat", **environment: str) -> subprocess.CompletedProcess[str]:
    """The bot's process, given these lines on standard input."""
    own = {name: value for name, value in os.environ.items() if not name.startswith(("TELEGRAM_", "DIGESTBOT_", "LC_"))}
    return subprocess.run(
        [sys.executable, "-m", "bot.cli", command],
        input="".join(f"{line}\n" for line in lines),
        cwd=folder,
        env={**own, "PYTHONPATH": str(ROOT), "LANG": "en_US.UTF-8", "PYTHONUTF8": "1", **environment},
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=60,
        check=False,
    )


def test_a_conversation_in_a_script(tmp_path: Path) -> None:
    write_digests(tmp_path / "seeds", flock.files())
    ended = converse(tmp_path, "/search lantern", "", "#1", "#9", command="run")
    assert ended.returncode == 0
    assert ended.stderr.splitlines()[:2] == [
        "2025-05-30-daily.txt: daily, 1 entry, added",
        "2025-05-weekly.md: weekly, 7 entries, added",
    ]
    assert ended.stderr.splitlines()[-1].startswith(HINT)
    search = "https://arxiv.org/search/?query=Nightwatch%3A+Sheep+in+the+Dark&searchtype=title"
    assert ended.stdout == (
        "Search lantern: 1 paper\n"
        "\n"
        "1. Nightwatch: Sheep in the Dark\n"
        "no arXiv id in the digests\n"
        "A lantern watches sheep at night.\n"
        "#1 [1]\n"
        "\n"
        "Nightwatch: Sheep in the Dark\n"
        "\n"
        "Authors: Ada Wong, Bo Li\n"
        "Date: 2025-05-30\n"
        f"no arXiv id in the digests · Search arXiv by title ({search})\n"
        "\n"
        "Summary\n"
        "A lantern watches sheep at night.\n"
        "\n"
        "Summary in Chinese\n"
        "一盏灯笼在夜里看守绵羊。\n"
        "\n"
        "Key points\n"
        "• 灯笼整夜亮着\n"
        "• 没有丢一只绵羊\n"
        "\n"
        "From: 2025-05-30-daily.txt\n"
        "#1 [Related papers]  #2 [BibTeX]\n"
        f"#3 [Search arXiv by title] {search}\n"
        "\n"
        "There is no button #9. Buttons to press now: #1–#3.\n"
        "\n"
    )


def test_whoever_sits_at_the_terminal_is_the_admin(tmp_path: Path) -> None:
    write_digests(tmp_path / "seeds", flock.files())
    ended = converse(tmp_path, "/reload", "/search lantern")
    assert "there are now 8 papers in the archive." in ended.stdout
    assert ended.stdout.index("Loaded in ") < ended.stdout.index("Search lantern")


def test_it_speaks_the_languages_of_the_locale(tmp_path: Path) -> None:
    write_digests(tmp_path / "seeds", flock.files())
    ended = converse(tmp_path, "/start", "/quit", "/help", LANG="zh_CN.UTF-8")
    assert (ended.returncode, ended.stdout.splitlines()[0]) == (0, "你好！我会读论文速递，并根据其中的内容回答问题。")
    assert "我会这些" not in ended.stdout
    assert "这里是终端版" in ended.stderr
