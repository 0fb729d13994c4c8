"""The container image and the compose files, read: who runs, what it may write, and that what they name is there."""

from __future__ import annotations

import fnmatch
import json
import os
import re
import shlex
import shutil
import subprocess
import sys
import threading
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import yaml

from bot.settings import Settings
from bot.stopping import LAST_MOMENT
from tests import flock
from tests.conftest import ROOT, write_digests

DEPLOY = ROOT / "deploy"
SETTINGS = {str(field.validation_alias) for field in Settings.model_fields.values()}


class Step(NamedTuple):
    """An instruction of a Dockerfile."""

    name: str
    rest: str

    @property
    def listed(self) -> list[str]:
        """What stands in the exec form, which no shell reads."""
        found = json.loads(self.rest)
        assert isinstance(found, list)
        return found


def stages() -> list[list[Step]]:
    """The image's instructions by stage; what comes before the first FROM is left out."""
    text = (DEPLOY / "Dockerfile").read_text(encoding="utf-8")
    lines = [line for line in text.splitlines() if line and not line.startswith("#")]
    found: list[list[Step]] = []
    for instruction in re.split(r"(?<!\\)\n", "\n".join(lines)):
        name, rest = instruction.replace("\\\n", " ").split(maxsplit=1)
        if name == "FROM":
            found.append([])
        if found:
            found[-1].append(Step(name, rest.strip()))
    return found


BUILD, FINAL = stages()


def step(name: str, stage: list[Step] = FINAL) -> Step:
    """The one instruction of a name."""
    [found] = [each for each in stage if each.name == name]
    return found


def environment(stage: list[Step]) -> dict[str, str]:
    pairs = [pair for each in stage if each.name == "ENV" for pair in shlex.split(each.rest)]
    return dict(pair.split("=", 1) for pair in pairs)


def ignored(path: Path) -> bool:
    """Whether .dockerignore keeps a file out: the last pattern that fits decides."""
    patterns = [line for line in (ROOT / ".dockerignore").read_text().splitlines() if line and line[0] != "#"]
    name, kept_out = str(path.relative_to(ROOT)), False
    for pattern in patterns:
        bare = pattern.removeprefix("!").removeprefix("**/")
        ends = [name, *(str(parent) for parent in path.relative_to(ROOT).parents)]
        if pattern.startswith("**/"):
            ends = list(path.relative_to(ROOT).parts)
        if any(fnmatch.fnmatch(end, bare) for end in ends):
            kept_out = not pattern.startswith("!")
    return kept_out


class TestImage:
    def test_it_runs_as_a_user_without_rights(self) -> None:
        assert step("USER").rest == "10001:10001"
        assert "chown 10001:10001 /data" in step("RUN").rest

    def test_signals_reach_the_bot(self) -> None:
        assert (step("ENTRYPOINT").listed, step("CMD").listed) == (["digestbot"], ["run"])
        assert step("STOPSIGNAL").rest == "SIGTERM"

    def test_nothing_is_built_or_installed_in_what_runs(self) -> None:
        assert [each.rest for each in FINAL if each.name == "RUN"] == [
            "mkdir /data && chown 10001:10001 /data && chmod 700 /data"
        ]
        assert step("FROM", BUILD).rest.removesuffix(" AS build") == step("FROM").rest

    def test_all_packages_have_the_versions_that_are_tested(self) -> None:
        commands = step("RUN", BUILD).rest.split("&&")
        from_network = [command for command in commands if "pip" in command and "--no-index" not in command]
        assert from_network
        assert [command for command in from_network if "--constraint constraints.txt" not in command] == [
            command for command in commands if "--without-pip" in command
        ]

    def test_what_is_copied_is_there_and_not_ignored(self) -> None:
        copies = [shlex.split(each.rest)[:-1] for stage in (BUILD, FINAL) for each in stage if each.name == "COPY"]
        sources = [ROOT / source for copy in copies if not copy[0].startswith("--from=") for source in copy]
        assert len(sources) >= 6
        for source in sources:
            assert source.exists(), source
            assert not ignored(source), source

    def test_secrets_and_data_stay_out(self) -> None:
        kept_out = [
            ".env",
            "deploy/.env",
            "data/chats.db",
            "bot/__pycache__/cli.pyc",
            ".git/config",
            "tests/factories.py",
        ]
        assert [name for name in kept_out if not ignored(ROOT / name)] == []
        needed = ["bot/cli.py", "store/text/tokens.py", "seeds/2025-10-weekly.md", "bot/phrases/zh.toml"]
        assert [name for name in needed if ignored(ROOT / name)] == []

    def test_its_settings_are_settings(self) -> None:
        own = {name: value for name, value in environment(FINAL).items() if name.startswith("DIGESTBOT_")}
        assert set(own) <= SETTINGS
        assert own["DIGESTBOT_DATA"] == step("VOLUME").rest == "/data"
        copied = [shlex.split(each.rest)[-1] for each in FINAL if each.name == "COPY"]
        assert own["DIGESTBOT_SEEDS"] in copied
        assert "/opt/digestbot/bin" in environment(FINAL)["PATH"]

    def test_its_python_is_one_the_package_takes(self) -> None:
        text = (DEPLOY / "Dockerfile").read_text(encoding="utf-8")
        python = re.search(r"^ARG PYTHON=3\.(\d+)$", text, re.MULTILINE)
        assert python is not None
        assert int(python[1]) >= 11

    @pytest.mark.parametrize(("status", "ends"), [(200, 0), (503, 1), (404, 1), (None, 1)])
    def test_the_health_check(self, status: int | None, ends: int) -> None:
        options, _, command = step("HEALTHCHECK").rest.partition("CMD")
        program = Step("CMD", command).listed
        assert program[0] == "python"
        assert ":9464" in environment(FINAL)["DIGESTBOT_MONITOR"]
        assert "--start-period=" in options
        with answering(status) as port:
            code = program[-1].replace("9464", str(port))
            # A proxy is for the world outside.
            done = subprocess.run(
                [sys.executable, *program[1:-1], code],
                env={"http_proxy": "http://192.0.2.1:1", "PATH": os.environ["PATH"]},
                capture_output=True,
                timeout=30,
                check=False,
            )
        assert done.returncode == ends


@contextmanager
def answering(status: int | None) -> Iterator[int]:
    """The port of a server that answers everything with this status; None: of nobody."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(status if self.path == "/healthz" and status else 400)
            self.end_headers()

        def log_message(self, format: str, *arguments: object) -> None:
            """Nothing: only the status counts."""

    server = HTTPServer(("127.0.0.1", 0), Handler)
    port = server.server_address[1]
    if status is None:
        server.server_close()
        yield port
        return
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    yield port
    server.shutdown()
    server.server_close()
    thread.join()


def compose(name: str) -> dict[str, Any]:
    found = yaml.safe_load((DEPLOY / name).read_text(encoding="utf-8"))
    assert isinstance(found, dict)
    return found


BASE, WEBHOOK = compose("compose.yaml"), compose("compose.webhook.yaml")
BOT, WEBHOOK_BOT, CADDY = BASE["services"]["bot"], WEBHOOK["services"]["bot"], WEBHOOK["services"]["caddy"]


class TestCompose:
    @pytest.mark.parametrize("service", [BOT, CADDY], ids=["bot", "caddy"])
    def test_it_is_shut_in(self, service: dict[str, Any]) -> None:
        assert service["read_only"] is True
        assert service["cap_drop"] == ["ALL"]
        assert service["security_opt"] == ["no-new-privileges:true"]
        assert [each.partition(":")[0] for each in service["tmpfs"]] == ["/tmp"]
        assert service["restart"] == "unless-stopped"
        assert set(service["logging"]["options"]) == {"max-size", "max-file"}
        assert service["mem_limit"]
        assert "user" not in service or service["user"] != "root"

    def test_the_bot_has_no_port_and_time_to_end(self) -> None:
        assert "ports" not in BOT | WEBHOOK_BOT
        assert "cap_add" not in BOT | WEBHOOK_BOT
        assert float(BOT["stop_grace_period"].removesuffix("s")) > LAST_MOMENT
        assert BOT["volumes"] == ["data:/data"]

    def test_its_settings_are_settings_and_secrets_stay_in_env(self) -> None:
        given = BOT["environment"] | WEBHOOK_BOT["environment"]
        assert set(given) <= SETTINGS
        assert not {"TELEGRAM_BOT_TOKEN", "DIGESTBOT_LLM_KEY"} & set(given)
        assert BOT["env_file"] == ".env"
        image = environment(FINAL)
        for name in ("DIGESTBOT_DATA", "DIGESTBOT_SEEDS", "DIGESTBOT_MONITOR"):
            assert BOT["environment"][name] == image[name]

    def test_it_is_built_from_what_is_there(self) -> None:
        context = (DEPLOY / BOT["build"]["context"]).resolve()
        assert context == ROOT
        assert (context / BOT["build"]["dockerfile"]).is_file()
        for volume in CADDY["volumes"]:
            source = volume.partition(":")[0]
            assert (DEPLOY / source).is_file() if source.startswith(".") else source in WEBHOOK["volumes"]

    def test_one_path_and_one_port_lead_from_telegram_to_the_bot(self) -> None:
        assert WEBHOOK_BOT["command"] == ["run", "--webhook"]
        path = re.fullmatch(
            r"https://\$\{WEBHOOK_HOST:\?[^}]*\}(/\w+)", WEBHOOK_BOT["environment"]["DIGESTBOT_WEBHOOK_URL"]
        )
        assert path is not None
        caddyfile = (DEPLOY / "Caddyfile").read_text(encoding="utf-8")
        assert re.findall(r"^\s*path (\S+)$", caddyfile, re.MULTILINE) == [path[1]]
        assert f"location = {path[1]} {{" in (DEPLOY / "nginx.conf").read_text(encoding="utf-8")
        port = WEBHOOK_BOT["environment"]["DIGESTBOT_WEBHOOK_LISTEN"].rpartition(":")[2]
        assert CADDY["environment"]["WEBHOOK_UPSTREAM"] == f"bot:{port}"
        used = set(re.findall(r"\{\$(\w+)", caddyfile))
        assert used == set(CADDY["environment"])

    @pytest.mark.skipif(shutil.which("caddy") is None, reason="caddy is not installed")
    def test_caddy_takes_its_file(self, tmp_path: Path) -> None:
        done = subprocess.run(
            ["caddy", "adapt", "--config", str(DEPLOY / "Caddyfile"), "--adapter", "caddyfile"],
            env={"PATH": os.environ["PATH"], "HOME": str(tmp_path), "WEBHOOK_HOST": "bot.example.org"},
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        assert done.returncode == 0, done.stderr


def test_the_bot_writes_nowhere_but_into_its_data(tmp_path: Path) -> None:
    """The rest of the container cannot be written, and /tmp is small."""
    write_digests(tmp_path / "seeds", flock.files())
    for name in ("data", "home", "tmp", "here"):
        (tmp_path / name).mkdir()
    given = {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": str(ROOT),
        "PYTHONDONTWRITEBYTECODE": "1",
        "HOME": str(tmp_path / "home"),
        "TMPDIR": str(tmp_path / "tmp"),
        "DIGESTBOT_DATA": str(tmp_path / "data"),
        "DIGESTBOT_SEEDS": str(tmp_path / "seeds"),
    }
    done = subprocess.run(
        [sys.executable, "-m", "bot.cli", "chat"],
        input="强化学习\n",
        env=given,
        cwd=tmp_path / "here",
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "data" / "archive.db").is_file()
    assert [path for name in ("home", "tmp", "here") for path in (tmp_path / name).iterdir()] == []


def test_every_file_the_program_reads_is_in_the_package() -> None:
    """Installed from the checkout nothing is missed; in the image, what is not declared is not there."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    declared = project["tool"]["setuptools"]["package-data"]
    for half in (ROOT / "bot", ROOT / "store"):
        for path in half.rglob("*"):
            if path.is_dir() and any(path.glob("*.py")):
                assert (path / "__init__.py").is_file(), path
            if path.suffix in (".py", ".pyc", "") or "__pycache__" in path.parts:
                continue
            package = ".".join(path.parent.relative_to(ROOT).parts)
            assert any(fnmatch.fnmatch(path.name, pattern) for pattern in declared.get(package, [])), path
