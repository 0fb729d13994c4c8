"""python-telegram-bot's callback context as this bot has it: it leads to our services."""

from __future__ import annotations

from typing import Any

from telegram.ext import Application, CallbackContext, ExtBot

from bot.services import Services


class BotData:
    """What python-telegram-bot calls ``bot_data``. It makes one empty; :func:`bot.app.build_application` fills it."""

    services: Services


class Context(CallbackContext[ExtBot[Any], dict[Any, Any], dict[Any, Any], BotData]):
    """What python-telegram-bot hands to the handlers of one update beside it.

    ``arrived`` is when an update came that is to be answered, in seconds of the event loop's clock.
    """

    arrived: float | None = None

    @property
    def services(self) -> Services:
        return self.bot_data.services


BotApplication = Application[ExtBot[Any], Context, dict[Any, Any], dict[Any, Any], BotData, Any]
