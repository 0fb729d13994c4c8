"""Every setting of the bot, read from the environment and from ``.env``."""

from __future__ import annotations

import re
from datetime import time
from pathlib import Path
from typing import Annotated, Literal, NamedTuple
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from pydantic import Field, SecretStr, ValidationError, ValidationInfo, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

TELEGRAM_API = "https://api.telegram.org"


class SettingsError(Exception):
    """A setting is wrong; the message names it and says what would work."""


class Listen(NamedTuple):
    """Where a server of ours listens: an address of this machine and a port (0 for any free one)."""

    host: str
    port: int

    def __str__(self) -> str:
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"


class Settings(BaseSettings):
    """One field a setting; its environment variable is named in the field's description.

    An unset or empty variable means the default.
    """

    model_config = SettingsConfigDict(
        env_file=".env", env_file_encoding="utf-8-sig", env_ignore_empty=True, extra="ignore", frozen=True
    )

    token: SecretStr | None = Field(
        default=None,
        validation_alias="TELEGRAM_BOT_TOKEN",
        description="The bot's token from @BotFather. Without it the bot runs in the terminal.",
    )
    admins: Annotated[frozenset[int], NoDecode] = Field(
        default=frozenset(),
        validation_alias="DIGESTBOT_ADMINS",
        description="Telegram user ids of the admins, separated by commas. They may load, upload and remove "
        "digests and see /status, and are told of errors.",
    )
    data: Path = Field(
        default=Path("data"),
        validation_alias="DIGESTBOT_DATA",
        description="The folder of the two databases, archive.db and chats.db, and of uploaded digests.",
    )
    seeds: Path = Field(
        default=Path("seeds"),
        validation_alias="DIGESTBOT_SEEDS",
        description="The folder of digest files.",
    )
    api_url: str = Field(
        default=TELEGRAM_API,
        validation_alias="DIGESTBOT_API_URL",
        description="The address of a self-hosted Bot API server; Telegram's own by default.",
    )
    timezone: ZoneInfo = Field(
        default=ZoneInfo("Asia/Shanghai"),
        validation_alias="DIGESTBOT_TIMEZONE",
        description="The time zone of readers who chose none: an IANA name.",
    )
    digest_time: time = Field(
        default=time(8, 30),
        validation_alias="DIGESTBOT_DIGEST_TIME",
        description="When the daily digest comes to readers who chose no time: HH:MM.",
    )
    webhook_url: str | None = Field(
        default=None,
        validation_alias="DIGESTBOT_WEBHOOK_URL",
        description="Where Telegram reaches the bot under `digestbot run --webhook`: an address such as "
        "`https://bot.example.org/telegram`, which a reverse proxy passes on to `DIGESTBOT_WEBHOOK_LISTEN`.",
    )
    webhook_listen: Annotated[Listen, NoDecode] = Field(
        default=Listen("127.0.0.1", 8080),
        validation_alias="DIGESTBOT_WEBHOOK_LISTEN",
        description="Where the bot listens for what the reverse proxy passes on.",
    )
    monitor: Annotated[Listen | None, NoDecode] = Field(
        default=Listen("127.0.0.1", 9464),
        validation_alias="DIGESTBOT_MONITOR",
        description="Where `digestbot run` on Telegram answers `/healthz` and `/metrics`; `off` for nowhere.",
    )
    log_format: Literal["text", "json"] = Field(
        default="text",
        validation_alias="DIGESTBOT_LOG_FORMAT",
        description="How the log is written: `text`, or `json`, one object a line.",
    )
    keep_unanswered: bool = Field(
        default=True,
        validation_alias="DIGESTBOT_KEEP_UNANSWERED",
        description="Whether questions that had no answer are kept for 30 days, without who asked them, for admins to "
        "see in /status: `yes` or `no`.",
    )
    embeddings: Path | None = Field(
        default=None,
        validation_alias="DIGESTBOT_EMBEDDINGS",
        description="The folder of a static embedding model, by which papers are found that say it in other words. "
        "Without it, words alone rank.",
    )
    llm_url: str | None = Field(
        default=None,
        validation_alias="DIGESTBOT_LLM_URL",
        description="An OpenAI-compatible endpoint, such as `http://localhost:11434/v1`, whose language model puts "
        "answers into words. Without it and `DIGESTBOT_LLM_MODEL`, answers are quotations alone.",
    )
    llm_model: str | None = Field(
        default=None,
        validation_alias="DIGESTBOT_LLM_MODEL",
        description="The language model's name at that endpoint.",
    )
    llm_key: SecretStr | None = Field(
        default=None,
        validation_alias="DIGESTBOT_LLM_KEY",
        description="The key for that endpoint, if it wants one.",
    )

    @field_validator("token", mode="before")
    @classmethod
    def _token_looks_like_one(cls, value: object) -> object:
        if not isinstance(value, str):
            return value
        token = value.strip()
        if not re.fullmatch(r"[0-9]+:[A-Za-z0-9_-]+", token):
            raise ValueError("is no bot token; @BotFather gives one like 123456:ABC-DEF")
        return token

    @field_validator("admins", mode="before")
    @classmethod
    def _admins_are_numbers(cls, value: object) -> object:
        if not isinstance(value, str):
            return value
        parts = [part.strip() for part in value.split(",") if part.strip()]
        if not all(part.isdecimal() for part in parts):
            raise ValueError("takes Telegram user ids separated by commas, such as 12345,67890")
        return frozenset(map(int, parts))

    @field_validator("api_url")
    @classmethod
    def _api_url_is_an_address(cls, value: str) -> str:
        if not re.fullmatch(r"https?://[^/\s@?#]+(/[^\s@?#]*)?", value) or not _has_sound_host(value):
            raise ValueError("takes an address such as http://localhost:8081")
        return value.rstrip("/")

    @field_validator("timezone", mode="before")
    @classmethod
    def _timezone_exists(cls, value: object) -> object:
        if not isinstance(value, str):
            return value
        try:
            return ZoneInfo(value)
        except (KeyError, ValueError, OSError) as error:
            raise ValueError("takes an IANA time zone such as Asia/Shanghai or Europe/Berlin") from error

    @field_validator("digest_time", mode="before")
    @classmethod
    def _digest_time_is_a_time(cls, value: object) -> object:
        if not isinstance(value, str):
            return value
        if not re.fullmatch(r"([01]?\d|2[0-3]):[0-5]\d", value):
            raise ValueError("takes a time of day such as 08:30")
        hour, minute = map(int, value.split(":"))
        return time(hour, minute)

    @field_validator("webhook_url")
    @classmethod
    def _webhook_url_is_https(cls, value: str | None) -> str | None:
        if value is None:
            return None
        sound = re.fullmatch(r"https://[^/\s@?#]+/[A-Za-z0-9._~/-]*", value) and _has_sound_host(value)
        if not sound or urlsplit(value).path == "/":
            raise ValueError("takes an https address with a path, such as https://bot.example.org/telegram")
        return value

    @field_validator("webhook_listen", "monitor", mode="before")
    @classmethod
    def _listens_somewhere(cls, value: object, info: ValidationInfo) -> object:
        if not isinstance(value, str):
            return value
        if info.field_name == "monitor" and value.strip().casefold() == "off":
            return None
        parts = re.fullmatch(r"\s*(?:\[([0-9A-Fa-f:]+)\]|([A-Za-z0-9.-]+)):(\d{1,5})\s*", value)
        if parts is None or int(parts[3]) > 65535:
            raise ValueError("takes an address and a port, such as 127.0.0.1:8080")
        return Listen(parts[1] or parts[2], int(parts[3]))

    @field_validator("log_format", mode="before")
    @classmethod
    def _log_format_is_known(cls, value: object) -> object:
        if value not in ("text", "json"):
            raise ValueError("takes text or json")
        return value

    @field_validator("keep_unanswered", mode="before")
    @classmethod
    def _keep_unanswered_is_a_switch(cls, value: object) -> object:
        if not isinstance(value, str):
            return value
        switch = {"yes": True, "no": False, "true": True, "false": False, "1": True, "0": False}
        if (kept := switch.get(value.strip().casefold())) is None:
            raise ValueError("takes yes or no")
        return kept

    @field_validator("llm_url")
    @classmethod
    def _llm_url_is_an_address(cls, value: str | None) -> str | None:
        if value is None:
            return None
        # A name and password or a key in the address would be shown wherever the address is.
        if not re.fullmatch(r"https?://[^/\s@?#]+(/[^\s@?#]*)?", value) or not _has_sound_host(value):
            raise ValueError("takes an address such as http://localhost:11434/v1, without a key in it")
        return value.rstrip("/")

    @field_validator("llm_key", mode="before")
    @classmethod
    def _llm_key_can_be_sent(cls, value: object) -> object:
        if not isinstance(value, str):
            return value
        key = value.strip()
        if not re.fullmatch(r"[!-~]+", key):
            raise ValueError("takes the key alone: ASCII characters without spaces")
        return key

    @property
    def secrets(self) -> tuple[str, ...]:
        """What no log line and no error text may show."""
        return tuple(secret.get_secret_value() for secret in (self.token, self.llm_key) if secret)


def _has_sound_host(address: str) -> bool:
    try:
        parts = urlsplit(address)
        return parts.hostname is not None and parts.port != 0
    except ValueError:  # a bracket left open, a port beyond 65535
        return False


def read_settings() -> Settings:
    """The settings of this process.

    Raises:
        SettingsError: a variable has a value that cannot be used, which is not repeated, or .env cannot be read.
    """
    try:
        return Settings()
    except (OSError, UnicodeDecodeError):
        raise SettingsError("The file .env cannot be read: check its rights, and that it is text in UTF-8.") from None
    except ValidationError as error:
        # Pydantic's own text would show the value, which may be the token.
        faults = [f"{fault['loc'][0]} {fault['msg'].removeprefix('Value error, ')}" for fault in error.errors()]
        raise SettingsError(". ".join(faults) + ".") from None
