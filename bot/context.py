"""python-telegram-bot's callback context as this bot has it: its ``bot_data`` is our services."""

from __future__ import annotations

from typing import Any

from telegram.ext import CallbackContext, ExtBot

from bot.services import Services


class Context(CallbackContext[ExtBot[Any], dict[Any, Any], dict[Any, Any], Services]):
    """What python-telegram-bot hands to a handler beside the update."""
