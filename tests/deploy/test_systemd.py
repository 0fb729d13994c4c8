"""The systemd units: systemd takes them, they are shut in, and what they name is so; and the script that backs up."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections import defaultdict
from pathlib import Path

import pytest

from bot.chats import Chats
from bot.exits import Exit
from bot.settings import Settings
from bot.stopping import LAST_MOMENT
from tests.conftest import ROOT

DEPLOY = ROOT / "deploy"
UNITS = sorted([*DEPLOY.glob("*.service"), *DEPLOY.glob("*.timer")])
SERVICES = sorted(DEPLOY.glob("*.service"))
# Where the units have what is elsewhere here.
INSTALLED = "/opt/digestbot"
ANALYZE = shutil.which("systemd-analyze")
# How exposed a service may be in systemd's eyes, of 10; most come to 9 and more.
EXPOSED = 2.0

needs_systemd = pytest.mark.skipif(ANALYZE is None, reason="systemd-analyze is not installed")


def analyze(*arguments: object) -> subprocess.CompletedProcess[str]:
    command = [str(ANALYZE), *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)


def values(unit: Path) -> dict[str, list[str]]:
    """What a unit sets, each key as often as it stands there."""
    found = defaultdict(list)
    for line in unit.read_text(encoding="utf-8").splitlines():
        if match := re.fullmatch(r"(\w+)=(.*)", line):
            found[match[1]].append(match[2])
    return found


def named(path: Path) -> str:
    return path.name


@pytest.fixture
def installed(tmp_path: Path) -> Path:
    """The units beside each other, with the paths of this machine."""
    for name, target in ((".venv/bin/digestbot", Path(sys.executable)), ("deploy/backup.sh", DEPLOY / "backup.sh")):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).symlink_to(target)
    for unit in UNITS:
        text = unit.read_text(encoding="utf-8").replace(INSTALLED, str(tmp_path))
        (tmp_path / unit.name).write_text(text, encoding="utf-8")
    return tmp_path


@needs_systemd
def test_systemd_takes_them(installed: Path) -> None:
    # A lone timer would be verified with a service of its name from nowhere.
    done = analyze("verify", "--man=no", *(installed / unit.name for unit in UNITS))
    assert (done.returncode, done.stderr) == (0, "")


@needs_systemd
@pytest.mark.parametrize("service", SERVICES, ids=named)
def test_they_are_shut_in(service: Path) -> None:
    done = analyze("security", "--offline=true", "--no-pager", service)
    if "unrecognized option" in done.stderr:
        pytest.skip("this systemd-analyze looks only at services that are installed")
    exposed = re.search(r"exposure level for \S+: (\d+\.\d)", done.stdout)
    assert exposed is not None, done.stderr
    assert float(exposed[1]) < EXPOSED


@pytest.mark.parametrize("service", SERVICES, ids=named)
def test_they_are_somebody_without_rights_and_keep_to_their_folders(service: Path) -> None:
    unit = values(service)
    assert unit["User"] == ["digestbot"]
    assert (unit["ProtectSystem"], unit["NoNewPrivileges"]) == (["strict"], ["yes"])
    assert unit["StateDirectory"][0].split()[0] == "digestbot"
    assert unit["UMask"] == ["0077"]
    assert unit["EnvironmentFile"] == [f"{unit['WorkingDirectory'][0]}/.env"]


def test_the_bot_ends_in_time_and_is_not_started_in_vain() -> None:
    unit = values(DEPLOY / "digestbot.service")
    assert float(unit["TimeoutStopSec"][0]) > LAST_MOMENT
    assert unit["ExecReload"] == ["/bin/kill -HUP $MAINPID"]
    assert unit["RestartPreventExitStatus"] == [f"{Exit.SETTINGS:d} {Exit.ARCHIVE:d} {Exit.CHATS:d} {Exit.LOCKED:d}"]


def test_the_metrics_of_the_process_can_be_read() -> None:
    # prometheus-client tells none of them where it may not read /proc/stat.
    assert "ProcSubset" not in values(DEPLOY / "digestbot.service")


def test_the_settings_file_is_one() -> None:
    path = DEPLOY / "digestbot.env"
    text = path.read_text(encoding="utf-8")
    known = {str(field.validation_alias) for field in Settings.model_fields.values()}
    assert set(re.findall(r"^#?([A-Z_]+)=", text, re.MULTILINE)) <= known
    settings = Settings(_env_file=path)
    assert (settings.token, settings.data) == (None, Path("/var/lib/digestbot"))
    assert settings.seeds == Path(INSTALLED, "seeds")
    # systemd reads the same file, and knows nothing of quotes within a line or of `export`.
    for line in text.splitlines():
        assert re.fullmatch(r"#.*|[A-Z_]+=[^\s'\"$\\]*|", line), line


# The script


def backup(folder: Path, *arguments: str, digestbot: str = "true") -> subprocess.CompletedProcess[str]:
    """Runs backup.sh with a stand-in for digestbot that writes its last argument's file, and then does as told."""
    program = folder / "digestbot-stand-in"
    program.write_text(f'#!/bin/sh\nfor file; do :; done\n: > "$file"\n{digestbot}\n')
    program.chmod(0o755)
    return subprocess.run(
        [str(DEPLOY / "backup.sh"), *arguments],
        env={"PATH": os.environ["PATH"], "DIGESTBOT": str(program)},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def make_backups(folder: Path, days: int) -> list[str]:
    folder.mkdir()
    names = [f"digestbot-2024-01-{day:02}-033000.tar.gz" for day in range(1, days + 1)]
    for name in names:
        (folder / name).touch()
    return names


def test_it_keeps_the_newest(tmp_path: Path) -> None:
    folder = tmp_path / "a folder"
    old = make_backups(folder, 20)
    for other in ("notes.txt", "digestbot-before-update.tar.gz"):
        (folder / other).touch()
    done = backup(tmp_path, str(folder), "14")
    assert (done.returncode, done.stderr) == (0, "")
    left = sorted(path.name for path in folder.glob("digestbot-2*"))
    assert left[:-1] == old[-13:]
    assert re.fullmatch(r"digestbot-\d{4}-\d\d-\d\d-\d{6}\.tar\.gz", left[-1])
    assert (folder / "notes.txt").exists()
    assert (folder / "digestbot-before-update.tar.gz").exists()


def test_it_clears_away_what_was_left_half_done(tmp_path: Path) -> None:
    make_backups(tmp_path / "folder", 1)
    old, new = (tmp_path / "folder" / f".digestbot-2024-01-{day}.tar.gz.x.tmp" for day in ("01", "02"))
    old.touch()
    new.touch()
    os.utime(old, (0, 0))
    assert backup(tmp_path, str(tmp_path / "folder")).returncode == 0
    assert (old.exists(), new.exists()) == (False, True)


def test_nothing_is_deleted_where_none_was_made(tmp_path: Path) -> None:
    old = make_backups(tmp_path / "folder", 20)
    assert backup(tmp_path, str(tmp_path / "folder"), digestbot="exit 1").returncode == 1
    assert set(old) <= {path.name for path in (tmp_path / "folder").iterdir()}


def test_it_says_what_it_wants(tmp_path: Path) -> None:
    assert backup(tmp_path).returncode != 0


def test_with_digestbot_itself(tmp_path: Path) -> None:
    Chats.open(tmp_path / "data").close()
    (tmp_path / "backups").mkdir()
    program = tmp_path / "digestbot"
    program.write_text(f'#!/bin/sh\nexec {sys.executable} -m bot.cli "$@"\n')
    program.chmod(0o755)
    path = f"{tmp_path}:{os.environ['PATH']}"
    done = subprocess.run(
        ["sh", str(DEPLOY / "backup.sh"), str(tmp_path / "backups")],
        env={"PATH": path, "PYTHONPATH": str(ROOT), "DIGESTBOT_DATA": str(tmp_path / "data")},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    [made] = (tmp_path / "backups").iterdir()
    assert f"Saved to {made}" in done.stderr
