"""Settings from the environment and .env; what is wrong is named, and its value never repeated."""

from __future__ import annotations

from datetime import time
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bot.settings import Settings, SettingsError, read_settings

TOKEN = "1234567:AAbbCCddEEffGGhhIIjjKKllMMnnOOppQQr"

KEY = "sk-hunter2"


@pytest.fixture(autouse=True)
def empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_the_defaults() -> None:
    settings = read_settings()
    assert settings == Settings(_env_file=None)
    assert settings.model_dump() == {
        "token": None,
        "admins": frozenset(),
        "data": Path("data"),
        "seeds": Path("seeds"),
        "api_url": "https://api.telegram.org",
        "timezone": ZoneInfo("Asia/Shanghai"),
        "digest_time": time(8, 30),
        "webhook_url": None,
        "webhook_listen": ("127.0.0.1", 8080),
        "monitor": ("127.0.0.1", 9464),
        "log_format": "text",
        "keep_unanswered": True,
        "embeddings": None,
        "llm_url": None,
        "llm_model": None,
        "llm_key": None,
    }
    assert settings.secrets == ()


def test_every_setting_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {
        "TELEGRAM_BOT_TOKEN": f" {TOKEN}\n",
        "DIGESTBOT_ADMINS": "12, 34,",
        "DIGESTBOT_DATA": "/var/lib/digestbot",
        "DIGESTBOT_SEEDS": "digests",
        "DIGESTBOT_API_URL": "http://localhost:8081/",
        "DIGESTBOT_TIMEZONE": "Europe/Berlin",
        "DIGESTBOT_DIGEST_TIME": "7:05",
        "DIGESTBOT_WEBHOOK_URL": "https://bot.example.org/telegram",
        "DIGESTBOT_WEBHOOK_LISTEN": "[::1]:8443",
        "DIGESTBOT_MONITOR": "off",
        "DIGESTBOT_LOG_FORMAT": "json",
        "DIGESTBOT_KEEP_UNANSWERED": "No",
        "DIGESTBOT_EMBEDDINGS": "models/potion",
        "DIGESTBOT_LLM_URL": "http://localhost:11434/v1/",
        "DIGESTBOT_LLM_MODEL": "qwen3:8b",
        "DIGESTBOT_LLM_KEY": f" {KEY}\n",
    }.items():
        monkeypatch.setenv(name, value)
    settings = read_settings()
    assert settings.secrets == (TOKEN, KEY)
    assert settings.admins == {12, 34}
    assert settings.data == Path("/var/lib/digestbot")
    assert settings.seeds == Path("digests")
    assert settings.api_url == "http://localhost:8081"
    assert settings.timezone == ZoneInfo("Europe/Berlin")
    assert settings.digest_time == time(7, 5)
    assert settings.webhook_url == "https://bot.example.org/telegram"
    assert settings.webhook_listen == ("::1", 8443)
    assert str(settings.webhook_listen) == "[::1]:8443"
    assert settings.monitor is None
    assert settings.log_format == "json"
    assert not settings.keep_unanswered
    assert settings.embeddings == Path("models/potion")
    assert settings.llm_url == "http://localhost:11434/v1"
    assert settings.llm_model == "qwen3:8b"


def test_env_file_is_read_and_the_environment_wins(empty_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    text = "\ufeff# mine\nDIGESTBOT_DATA=from-file\nDIGESTBOT_SEEDS='种子'\nOTHER=1\n"
    (empty_folder / ".env").write_text(text, encoding="utf-8")
    monkeypatch.setenv("DIGESTBOT_DATA", "from-environment")
    settings = read_settings()
    assert (settings.data, settings.seeds) == (Path("from-environment"), Path("种子"))


def test_an_empty_variable_is_an_unset_one(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("TELEGRAM_BOT_TOKEN", "DIGESTBOT_ADMINS", "DIGESTBOT_API_URL"):
        monkeypatch.setenv(name, "")
    assert read_settings() == Settings(_env_file=None)


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("TELEGRAM_BOT_TOKEN", "hunter2", "is no bot token; @BotFather gives one like 123456:ABC-DEF"),
        ("TELEGRAM_BOT_TOKEN", "１２３:hunter2", "is no bot token; @BotFather gives one like 123456:ABC-DEF"),
        ("DIGESTBOT_ADMINS", "12,hunter2", "takes Telegram user ids separated by commas, such as 12345,67890"),
        ("DIGESTBOT_API_URL", "hunter2", "takes an address such as http://localhost:8081"),
        *(
            ("DIGESTBOT_API_URL", value, "takes an address such as http://localhost:8081")
            for value in (
                "http://",
                "http://[::1",
                "http://localhost:99999",
                "http://me:hunter2@localhost",
                "http://a?b",
            )
        ),
        ("DIGESTBOT_TIMEZONE", "hunter2", "takes an IANA time zone such as Asia/Shanghai or Europe/Berlin"),
        ("DIGESTBOT_TIMEZONE", "../../etc", "takes an IANA time zone such as Asia/Shanghai or Europe/Berlin"),
        ("DIGESTBOT_DIGEST_TIME", "24:00", "takes a time of day such as 08:30"),
        *(
            (
                "DIGESTBOT_WEBHOOK_URL",
                value,
                "takes an https address with a path, such as https://bot.example.org/telegram",
            )
            for value in (
                "http://bot.example.org/telegram",
                "https://bot.example.org",
                "https://bot.example.org/",
                "https://bot.example.org/telegram?secret=hunter2",
                "https://me:hunter2@bot.example.org/telegram",
            )
        ),
        ("DIGESTBOT_WEBHOOK_LISTEN", "off", "takes an address and a port, such as 127.0.0.1:8080"),
        ("DIGESTBOT_MONITOR", "127.0.0.1:65536", "takes an address and a port, such as 127.0.0.1:8080"),
        ("DIGESTBOT_MONITOR", "9464", "takes an address and a port, such as 127.0.0.1:8080"),
        ("DIGESTBOT_LOG_FORMAT", "yaml", "takes text or json"),
        ("DIGESTBOT_KEEP_UNANSWERED", "perhaps", "takes yes or no"),
        *(
            ("DIGESTBOT_LLM_URL", value, "takes an address such as http://localhost:11434/v1, without a key in it")
            for value in (
                "localhost:11434",
                "https://me:secret@llm.example/v1",
                "https://llm.example/v1?key=secret",
                "http://[::1/v1",
            )
        ),
        ("DIGESTBOT_LLM_KEY", "two words", "takes the key alone: ASCII characters without spaces"),
        ("DIGESTBOT_LLM_KEY", "钥匙", "takes the key alone: ASCII characters without spaces"),
    ],
)
def test_a_wrong_value_is_named_and_not_repeated(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, said: str
) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(SettingsError) as raised:
        read_settings()
    assert str(raised.value) == f"{name} {said}."


def test_all_that_is_wrong_is_said_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DIGESTBOT_ADMINS", "x")
    monkeypatch.setenv("DIGESTBOT_DIGEST_TIME", "x")
    with pytest.raises(SettingsError, match=r"^DIGESTBOT_ADMINS takes .*\. DIGESTBOT_DIGEST_TIME takes "):
        read_settings()


def test_an_env_file_that_is_no_text(empty_folder: Path) -> None:
    (empty_folder / ".env").write_bytes(b"TELEGRAM_BOT_TOKEN=\xff\xfe")
    with pytest.raises(SettingsError, match=r"^The file \.env cannot be read"):
        read_settings()


@pytest.mark.parametrize(("name", "secret"), [("TELEGRAM_BOT_TOKEN", TOKEN), ("DIGESTBOT_LLM_KEY", KEY)])
def test_a_secret_is_shown_nowhere(monkeypatch: pytest.MonkeyPatch, name: str, secret: str) -> None:
    monkeypatch.setenv(name, secret)
    assert read_settings().secrets == (secret,)
    assert secret not in f"{read_settings()!r} {read_settings()}"


def test_every_setting_says_what_it_is_for() -> None:
    for field in Settings.model_fields.values():
        assert field.description
        assert field.description.endswith(".")
