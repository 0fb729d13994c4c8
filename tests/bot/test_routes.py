"""One table makes the handlers, the command menu and /help."""

from __future__ import annotations

import pytest

from bot import phrases
from bot.app import menu
from bot.routes import ROUTES, route_of
from store import Language
from tests.conftest import ADMIN, RunningBot
from tests.telegram import StandIn


def test_the_commands() -> None:
    assert [route.command for route in ROUTES] == [
        "start",
        "help",
        "ask",
        "search",
        "topic",
        "paper",
        "digest",
        "subscribe",
        "unsubscribe",
        "settings",
        "watch",
        "watches",
        "saved",
        "language",
        "privacy",
        "forget",
        "status",
        "files",
        "remove",
        "reload",
    ]
    assert [route.command for route in ROUTES if route.access == "admins"] == ["status", "files", "remove", "reload"]
    assert [route.command for route in ROUTES if route.access == "chat admins"] == [
        "subscribe",
        "unsubscribe",
        "settings",
        "watch",
        "watches",
        "language",
        "forget",
    ]


def test_a_command_is_found_in_any_case() -> None:
    found = route_of("SEARCH")
    assert found is not None
    assert found.command == "search"
    assert route_of("nonsense") is None


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_menu_describes_each_command_within_telegrams_limits(language: Language) -> None:
    described = {entry.command: entry.description for entry in menu(language, admin=True)}
    assert list(described) == [route.command for route in ROUTES]
    for command, description in described.items():
        assert description == phrases.get(language).plain(f"commands.{command}.description")
        assert 1 <= len(description) <= 256


def test_everyones_menu_lacks_what_is_for_admins() -> None:
    assert "reload" not in [entry.command for entry in menu("en", admin=False)]


async def test_the_menu_is_set_in_both_languages_at_start(sheep_bot: RunningBot) -> None:
    menus = sheep_bot.driver.api.menus
    by_language = {language: entries for (_, language), entries in menus.commands.items()}
    assert set(by_language) == {"", "zh"}
    texts = [text for (kind, language), text in menus.texts.items() if language == "zh"]
    assert texts == [phrases.get("zh").plain("about.description")]
    assert [call.parameters.get("language_code", "") for call in sheep_bot.driver.api.calls_of("setMyDescription")] == [
        "",
        "zh",
    ]


async def test_admins_see_their_commands_in_the_menu_of_their_own_chat(sheep_bot: RunningBot) -> None:
    scoped = [call for call in sheep_bot.driver.api.calls_of("setMyCommands") if "scope" in call.parameters]
    assert [call.parameters["scope"] for call in scoped] == [{"type": "chat", "chat_id": ADMIN}] * 2
    assert all(call.parameters["commands"][-1]["command"] == "reload" for call in scoped)


def test_the_stand_in_and_the_menu_agree_on_what_a_command_is(stand_in: StandIn) -> None:
    for route in ROUTES:
        assert route.command == route.command.lower()
        assert len(route.command) <= 32
