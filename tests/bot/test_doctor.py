"""`digestbot doctor`: each thing that can be wrong, told with what to do about it; and nothing is changed."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

import httpx
import pytest
from click.testing import CliRunner, Result

from bot.chats import CHATS_FILE, Chats
from bot.cli import main
from bot.doctor import Case, Finding, registered
from bot.doctor.asking import Web
from bot.doctor.commands import findings
from bot.lock import lock
from bot.settings import Listen, Settings
from store import Archive, Shelf, load
from tests import flock
from tests.conftest import ROOT, write_digests
from tests.telegram import Server, StandIn

NOW = datetime(2025, 6, 2, 12, 0, tzinfo=UTC)
TOKEN = "123456:AAsecretsecretsecretsecretsecretsec"
Answer = Callable[[httpx.Request], httpx.Response]


class Canned(httpx.BaseTransport):
    """The network as a test wants it: what each path answers, by its end; all else refuses the connection."""

    def __init__(self, answers: dict[str, object] | None = None, *, date: datetime = NOW, status: int = 200) -> None:
        self.answers = answers or {}
        self.date = date
        self.status = status

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        for end, answer in self.answers.items():
            if request.url.path.endswith(end):
                if isinstance(answer, httpx.Response):
                    return answer
                return httpx.Response(self.status, json=answer, headers={"Date": format_datetime(self.date, True)})
        raise httpx.ConnectError("refused", request=request)


def result(value: object) -> dict[str, object]:
    return {"ok": True, "result": value}


ME = result({"id": 1, "is_bot": True, "first_name": "Bot", "username": "sheep_bot"})


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the bot's owner stands: seeds and data, loaded, nobody else may look."""
    monkeypatch.chdir(tmp_path)
    write_digests(tmp_path / "seeds", flock.files())
    load(Path("seeds"), Path("data"))
    Chats.open(Path("data")).close()
    Path("data").chmod(0o700)
    return tmp_path


def make_settings(**values: object) -> Settings:
    return Settings(_env_file=None).model_copy(update=values)


def look(name: str, *, web: Canned | None = None, now: datetime = NOW, **values: object) -> list[Finding]:
    """What the checks of a name find."""
    case = Case(make_settings(**values), Web(web or Canned()), lambda: now)
    return [finding for check, finding in findings(case) if check == name]


def with_token(**values: object) -> dict[str, object]:
    return {"token": Settings(_env_file=None, TELEGRAM_BOT_TOKEN=TOKEN).token, **values}


def levels(found: list[Finding]) -> list[str]:
    return [finding.level for finding in found]


def digestbot(*arguments: object) -> Result:
    result = CliRunner().invoke(main, ["doctor", *map(str, arguments)])
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result


def told(*arguments: object) -> list[dict[str, object]]:
    return [json.loads(line) for line in digestbot("--json", *arguments).stdout.splitlines()]


# As a whole


@pytest.fixture
def server(stand_in: StandIn) -> Iterator[Server]:
    with stand_in.serve() as server:
        yield server


@pytest.fixture
def healthy(stand_in: StandIn, server: Server, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A bot of which nothing is wrong."""
    root = stand_in.person(id=99, first_name="Root", language_code="en")
    stand_in.api.queue(stand_in.updates.message(root, "/start"))
    monkeypatch.setenv("TELEGRAM_BOT_TOKEN", stand_in.token)
    monkeypatch.setenv("DIGESTBOT_API_URL", server.url)
    monkeypatch.setenv("DIGESTBOT_ADMINS", "99")
    yield


@pytest.mark.usefixtures("healthy")
def test_all_is_well(stand_in: StandIn) -> None:
    done = digestbot()
    assert (done.exit_code, done.stderr) == (0, "")
    lines = done.stdout.splitlines()
    assert lines[-1] == "All is well."
    assert {line.split()[0] for line in lines[:-1]} == {"ok"}
    assert f"ok       token           Telegram knows the bot as @{stand_in.api.user['username']}" in lines
    assert "ok       admins          99 can be reached" in lines
    assert stand_in.token.partition(":")[2] not in done.output


@pytest.mark.usefixtures("healthy")
def test_as_json() -> None:
    objects = told()
    assert {tuple(each) for each in objects} == {("check", "level", "what", "advice")}
    assert {each["level"] for each in objects} == {"ok"}
    assert {each["check"] for each in objects} >= {
        "version", "settings", "token", "clock", "webhook", "admins", "digests", "uploads", "archive", "chats",
        "running", "folder", "disk", "time zones",
    }  # fmt: skip


def test_a_fault_is_status_1_and_a_warning_is_not() -> None:
    assert digestbot("--offline").exit_code == 0  # nobody is an admin
    assert "1 warning." in digestbot("--offline").stdout
    shutil.rmtree("seeds")
    done = digestbot("--offline")
    assert done.exit_code == 1
    assert done.stdout.splitlines()[-1] == "1 fault, 1 warning."


def test_offline_asks_nobody_else() -> None:
    case = Case(make_settings(**with_token(api_url="http://192.0.2.1")), Web(Canned()), lambda: NOW)
    assert {name for name, _ in findings(case, offline=True)}.isdisjoint({"token", "clock", "webhook"})


def test_a_wrong_setting_is_told_and_ends_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TELEGRAM_BOT_TOKEN", "hunter2")
    done = digestbot()
    assert done.exit_code == 1
    assert done.stdout.startswith("fault    settings        TELEGRAM_BOT_TOKEN is no bot token;")
    assert "hunter2" not in done.output


def test_nothing_is_changed(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def snapshot() -> dict[str, tuple[bytes, int]]:
        files = (path for path in folder.rglob("*") if path.is_file())
        return {str(path): (path.read_bytes(), path.stat().st_mtime_ns) for path in files}

    before = snapshot()
    told("--offline")
    assert snapshot() == before
    shutil.rmtree("data")
    told("--offline")
    assert not Path("data").exists()


def test_every_fault_says_what_to_do() -> None:
    """With everything gone at once."""
    shutil.rmtree("data")
    shutil.rmtree("seeds")
    case = Case(make_settings(**with_token(admins=frozenset({1}), embeddings=Path("none"))), Web(Canned()), lambda: NOW)
    found = [finding for _, finding in findings(case)]
    assert len([finding for finding in found if finding.level == "fault"]) >= 4
    for finding in found:
        assert (finding.advice is None) == (finding.level == "ok")
        assert TOKEN.partition(":")[2] not in str(finding)
        if finding.advice:
            assert finding.advice.endswith(".")


def test_every_check_is_told_of_in_the_documents() -> None:
    told_of = (ROOT / "docs" / "operating.md").read_text(encoding="utf-8")
    assert [check.name for check in registered() if f"| {check.name} |" not in told_of] == []


# Settings


def mistyped(name: str, meant: str) -> Finding:
    return Finding("warning", f"{name} is no setting", f"Perhaps {meant} is meant; README.md has all of them.")


def test_a_mistyped_setting(monkeypatch: pytest.MonkeyPatch) -> None:
    Path(".env").write_text("DIGESTBOT_TIMEZON=Europe/Berlin\ndigestbot_seeds=seeds\nPATH=/bin\n")
    Path(".env").chmod(0o600)
    monkeypatch.setenv("DIGESTBOT_ADMIN", "1")
    assert look("settings") == [
        mistyped("DIGESTBOT_ADMIN", "DIGESTBOT_ADMINS"),
        mistyped("DIGESTBOT_TIMEZON", "DIGESTBOT_TIMEZONE"),
        Finding("ok", "read from the environment and .env"),
    ]
    assert look("secrets") == []


def test_a_line_that_is_no_setting() -> None:
    Path(".env").write_text("# mine\nDIGESTBOT_ADMINS=7\nwhat is this\n", encoding="utf-8")
    assert look("settings")[0] == Finding(
        "warning", "line 3 of .env is no setting", "Write it as NAME=value, or begin it with # as a comment."
    )


def test_a_token_that_others_may_read() -> None:
    Path(".env").write_text("")
    Path(".env").chmod(0o640)
    assert look("secrets") == []
    Path(".env").chmod(0o644)
    assert look("secrets") == [
        Finding("warning", "others on this machine may read .env, which holds the token", "Run `chmod o= .env`.")
    ]


# Telegram


def test_no_token() -> None:
    assert levels(look("token")) == ["warning"]
    assert look("webhook") == []


def test_a_token_telegram_does_not_know() -> None:
    refusal = {"ok": False, "error_code": 401, "description": "Unauthorized"}
    [finding] = look("token", web=Canned({"/getMe": refusal}, status=401), **with_token())
    assert finding == Finding(
        "fault", "Telegram does not know it", "Copy it again from @BotFather, and check DIGESTBOT_API_URL."
    )


@pytest.mark.parametrize(
    ("answers", "said"),
    [
        ({}, "does not answer (ConnectError)"),
        (
            {"/getMe": httpx.Response(502, text="<html>")},
            "answers with something else than the Bot API (HTTP status 502)",
        ),
        ({"/getMe": result("nonsense")}, "answers with something else than the Bot API"),
    ],
)
def test_telegram_cannot_be_asked(answers: dict[str, object], said: str) -> None:
    [finding] = look("token", web=Canned(answers), **with_token())
    assert (finding.level, finding.what) == ("fault", f"api.telegram.org {said}")


@pytest.mark.parametrize(("seconds", "level"), [(0, "ok"), (29, "ok"), (-29, "ok"), (31, "fault"), (-31, "fault")])
def test_the_clock(seconds: int, level: str) -> None:
    [finding] = look("clock", web=Canned({"": {}}), now=NOW + timedelta(seconds=seconds))
    assert finding.level == level
    if level == "fault":
        assert f"31 s {'ahead of' if seconds > 0 else 'behind'} Telegram's" in finding.what


def test_a_clock_with_nothing_to_compare() -> None:
    assert levels(look("clock")) == ["warning"]
    assert levels(look("clock", web=Canned({"": httpx.Response(200)}))) == ["warning"]


@pytest.mark.parametrize(
    ("wanted", "known", "level", "said"),
    [
        (None, "", "ok", "none; messages are fetched"),
        (None, "https://old.example/secret", "warning", "Telegram brings messages to old.example"),
        ("https://new.example/a", "https://new.example/a", "ok", "Telegram brings messages to new.example"),
        ("https://new.example/a", "https://old.example/a", "fault", "Telegram brings messages to old.example, not to"),
        ("https://new.example/a", "", "warning", "Telegram knows of no webhook"),
    ],
)
def test_the_webhook(wanted: str | None, known: str, level: str, said: str) -> None:
    [finding] = look(
        "webhook", web=Canned({"/getWebhookInfo": result({"url": known})}), **with_token(webhook_url=wanted)
    )
    assert finding.level == level
    assert said in finding.what
    assert "secret" not in finding.what


def test_a_webhook_in_trouble() -> None:
    url = "https://bot.example/telegram"
    info = {
        "url": url,
        "pending_update_count": 101,
        "last_error_date": int(NOW.timestamp()) - 60,
        "last_error_message": "Connection\nrefused",
    }
    found = look("webhook", web=Canned({"/getWebhookInfo": result(info)}), **with_token(webhook_url=url))
    assert levels(found) == ["ok", "warning", "warning"]
    assert found[1].what == "at 11:59 UTC Telegram failed to bring a message: Connection refused"
    info["last_error_date"] = int(NOW.timestamp()) - 3601
    info["pending_update_count"] = 100
    found = look("webhook", web=Canned({"/getWebhookInfo": result(info)}), **with_token(webhook_url=url))
    assert levels(found) == ["ok"]


def test_an_admin_who_never_wrote() -> None:
    refusal = {"ok": False, "error_code": 400, "description": "Bad Request: chat not found"}
    found = look("admins", web=Canned({"/getChat": refusal}, status=400), **with_token(admins=frozenset({99})))
    assert [(finding.level, finding.what) for finding in found] == [
        ("ok", "1 set"),
        ("warning", "99 cannot be reached"),
    ]


# Digests and archive


def test_a_digest_that_cannot_be_used() -> None:
    Path("seeds/notes.txt").write_text("no digest\n")
    fault, fine = look("digests")
    assert (fault.level, fault.what) == ("fault", "notes.txt is not used")
    assert fault.advice is not None
    assert fault.advice.startswith("The file is in no layout that is known")
    assert fine.what == "files: 2, entries: 8, in seeds and uploaded"


def test_a_digest_with_a_line_to_look_at() -> None:
    text = flock.files()[flock.MAY] + "\n## \n\n[](https://arxiv.org/abs/2505.00099)\n\n一篇没有名字的论文。\n"
    Path("seeds/other.md").write_text(text, encoding="utf-8")
    found = [finding for finding in look("digests") if finding.level == "warning"]
    assert [finding.what for finding in found] == ["other.md has a line to look at"]
    assert found[0].advice is not None
    assert found[0].advice.startswith("The first is line ")


def test_an_archive_that_is_behind_its_files() -> None:
    assert levels(look("archive")) == ["ok"]
    Path("seeds", flock.FRIDAY).unlink()
    Path("seeds", flock.MAY).write_text(flock.files()[flock.MAY] + "\n", encoding="utf-8")
    Shelf(Path("data")).put({"new.md": flock.files()[flock.MAY].encode()})
    assert [finding.what for finding in look("archive")[1:]] == [
        "1 digest file not in it yet",
        "1 digest file changed since",
        "1 digest file gone since",
    ]
    assert levels(look("uploads")) == ["ok"]


def test_an_archive_without_its_index() -> None:
    for path in Path("data").glob("ranking-*"):
        path.unlink()
    [finding] = look("archive")
    assert finding.level == "fault"
    assert "run `digestbot load`" in str(finding.advice)


def test_an_archive_that_is_not_there_or_damaged() -> None:
    Path("data/archive.db").write_bytes(b"not a database" * 100)
    [finding] = look("archive")
    assert (finding.level, finding.what) == ("fault", "archive.db in data cannot be read (file is not a database)")
    for path in Path("data").glob("archive.db*"):
        path.unlink()
    assert levels(look("archive")) == ["fault"]
    assert not Path("data/archive.db").exists()


def test_an_archive_that_cannot_be_opened_is_not_to_be_deleted(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(archive: Archive) -> int:
        raise sqlite3.OperationalError("unable to open database file")

    monkeypatch.setattr(Archive, "count", refuse)
    [finding] = look("archive")
    assert (finding.level, finding.advice) == ("fault", "Check the rights of the file and of its folder.")


# chats.db and the bot


def test_a_chats_db_that_was_deleted_under_a_running_bot() -> None:
    Path("data", CHATS_FILE).unlink()
    with lock(Path("data")):
        [finding] = look("chats")
    assert (finding.level, finding.what) == ("warning", "there is no chats.db in data, though a bot runs there")


def test_a_chats_db_that_is_not_there_yet() -> None:
    Path("data", CHATS_FILE).unlink()
    assert levels(look("chats")) == ["ok"]
    assert not Path("data", CHATS_FILE).exists()


def test_a_damaged_chats_db() -> None:
    Path("data", CHATS_FILE).write_bytes(b"not a database" * 100)
    [finding] = look("chats")
    assert finding.level == "fault"
    assert finding.what.startswith("data/chats.db is damaged")
    assert "digestbot restore" in str(finding.advice)


def test_a_chats_db_of_an_earlier_and_of_a_newer_version() -> None:
    Path("data", CHATS_FILE).unlink()
    with closing(sqlite3.connect(Path("data", CHATS_FILE))) as connection:
        connection.executescript((ROOT / "tests" / "chats_versions" / "2.sql").read_text(encoding="utf-8"))
        [finding] = look("chats")
        assert finding == Finding(
            "ok", "whole; chats: 4, subscribed: 1; of an earlier version, which the next start brings up to date"
        )
        connection.execute("INSERT INTO _sqlite_migrations (migration_set, name) VALUES ('chats', 'm999_later')")
        connection.commit()
    assert levels(look("chats")) == ["fault"]


def test_a_running_bot_is_asked_how_it_is() -> None:
    monitor = Listen("0.0.0.0", 9464)
    assert levels(look("running")) == ["ok"]
    with lock(Path("data")):
        assert levels(look("running", monitor=None)) == ["ok"]
        well = Canned({"/healthz": {"status": "ok", "checks": {"telegram": "ok", "archive": "ok"}}})
        assert [finding.what for finding in look("running", web=well, monitor=monitor)] == [
            f"the bot runs (process {os.getpid()})",
            "it says that all is well",
        ]
        ill = Canned({"/healthz": {"status": "failing", "checks": {"telegram": "gone", "archive": "ok"}}}, status=503)
        found = look("running", web=ill, monitor=monitor)
        assert (levels(found), found[1].what) == (["ok", "fault"], "telegram is not well: gone")
        found = look("running", monitor=monitor)
        assert (levels(found), found[1].what) == (
            ["ok", "warning"],
            "it does not answer at http://127.0.0.1:9464/healthz",
        )


# The machine


def test_a_data_folder_that_is_not_there() -> None:
    [finding] = look("folder", data=Path("none"))
    assert (finding.level, finding.what) == ("fault", "none does not exist yet")
    [finding] = look("folder", data=Path("seeds", flock.MAY))
    assert finding.what.endswith("is no folder")


def test_what_others_may_read() -> None:
    Path("data", CHATS_FILE).chmod(0o644)
    assert levels(look("folder")) == ["ok"]
    Path("data").chmod(0o755)
    found = look("folder")
    assert (levels(found), found[-1].advice) == (["ok", "warning"], "Run `chmod 700 data`.")


@pytest.mark.skipif(os.geteuid() != 0, reason="only root may give files away")
def test_files_of_another_user() -> None:
    os.chown("data/chats.db", 12345, -1)
    found = look("folder")
    assert (levels(found), found[-1].advice) == (["ok", "warning"], "Run `chown 0 data/chats.db`.")


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everything")
def test_a_folder_that_cannot_be_written() -> None:
    Path("data").chmod(0o500)
    found = look("folder")
    Path("data").chmod(0o700)
    assert levels(found) == ["fault"]


@pytest.mark.parametrize(
    ("free", "level"), [(99, "fault"), (100, "warning"), (499, "warning"), (500, "ok"), (50_000, "ok")]
)
def test_room_on_the_disk(monkeypatch: pytest.MonkeyPatch, free: int, level: str) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda path: shutil._ntuple_diskusage(0, 0, free * 1_000_000))
    assert levels(look("disk")) == [level]
    assert levels(look("disk", data=Path("not/there/yet"))) == [level]


def test_room_for_files(monkeypatch: pytest.MonkeyPatch) -> None:
    real = os.statvfs(".")
    for total, free, level in ((1000, 999, "fault"), (5000, 1000, None), (0, 0, None)):
        fields = list(real)
        fields[5], fields[7] = total, free
        monkeypatch.setattr(os, "statvfs", lambda path, fields=tuple(fields): os.statvfs_result(fields))
        assert levels(look("disk"))[1:] == ([level] if level else [])


def test_time_zones(monkeypatch: pytest.MonkeyPatch) -> None:
    [finding] = look("time zones")
    assert finding == Finding("ok", "known; readers who chose none have Asia/Shanghai")
    monkeypatch.setattr("bot.doctor.machine.zone_of", lambda name: None)
    [finding] = look("time zones")
    assert (finding.level, finding.advice) == ("fault", "Install the Python package tzdata.")


# Optional parts


def test_a_language_model() -> None:
    set_up = {"llm_url": "http://localhost:1/v1", "llm_model": "small"}
    assert look("language model") == []
    assert levels(look("language model", llm_url="http://localhost:1/v1")) == ["warning"]
    listed = Canned({"/v1/models": {"data": [{"id": "small:latest"}, {"id": "large"}]}})
    assert levels(look("language model", web=listed, **set_up)) == ["ok"]
    [finding] = look("language model", web=listed, llm_url="http://localhost:1/v1", llm_model="other")
    assert (finding.level, finding.what) == ("warning", "its endpoint has no other")
    unlisted = Canned({"/v1/models": httpx.Response(404, text="")})
    assert levels(look("language model", web=unlisted, **set_up)) == ["ok"]
    refusing = Canned({"/v1/models": httpx.Response(401)})
    [finding] = look("language model", web=refusing, **set_up)
    assert "DIGESTBOT_LLM_KEY" in str(finding.advice)
    [finding] = look("language model", **set_up)
    assert finding.what == "DIGESTBOT_LLM_URL does not answer (ConnectError)"


def test_embeddings_that_cannot_be_used() -> None:
    assert look("embeddings") == []
    [finding] = look("embeddings", embeddings=Path("none"))
    assert finding.level == "fault"
    assert "DIGESTBOT_EMBEDDINGS" in str(finding.advice)
