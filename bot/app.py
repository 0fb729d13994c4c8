"""Wiring: one python-telegram-bot application from settings, archive and chats."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from datetime import datetime

from telegram import BotCommand, BotCommandScopeChat, LinkPreviewOptions
from telegram.constants import ParseMode
from telegram.error import TelegramError
from telegram.ext import (
    AIORateLimiter,
    ApplicationBuilder,
    CallbackQueryHandler,
    ContextTypes,
    Defaults,
    MessageHandler,
    filters,
)
from telegram.request import BaseRequest

from bot import phrases
from bot.chats import Chats
from bot.context import BotApplication, BotData, Context
from bot.dispatch import on_callback, on_message, on_migration
from bot.errors import on_error
from bot.ordering import InOrderPerChat
from bot.routes import ROUTES
from bot.services import Services, utc_now
from bot.settings import Settings
from store import Archive, Language

log = logging.getLogger(__name__)

# Updates answered at the same time; more wait in the queue.
_CONCURRENT_UPDATES = 256
_LANGUAGES: tuple[Language, ...] = ("en", "zh")


def build_application(
    settings: Settings,
    archive: Archive,
    chats: Chats,
    *,
    token: str,
    request: BaseRequest | None = None,
    get_updates_request: BaseRequest | None = None,
    now: Callable[[], datetime] = utc_now,
) -> BotApplication:
    """The bot, ready to run. Without requests of one's own it talks to ``settings.api_url`` over HTTP.

    It has no updater: updates come from :func:`bot.polling.fetch`, the terminal, or a test. ``now`` gives the time
    in UTC.
    """
    builder = (
        ApplicationBuilder()
        .token(token)
        .base_url(f"{settings.api_url}/bot")
        .base_file_url(f"{settings.api_url}/file/bot")
        .defaults(
            Defaults(
                parse_mode=ParseMode.HTML,
                link_preview_options=LinkPreviewOptions(is_disabled=True),
                tzinfo=settings.timezone,
            )
        )
        .rate_limiter(AIORateLimiter(max_retries=3))
        .concurrent_updates(InOrderPerChat(_CONCURRENT_UPDATES))
        .context_types(ContextTypes(context=Context, bot_data=BotData))
        .post_init(_post_init)
    )
    if request is not None:
        builder = builder.request(request)
    if get_updates_request is not None:
        builder = builder.get_updates_request(get_updates_request)
    application = builder.updater(None).build()
    application.bot_data.services = Services(settings, archive, chats, now)
    application.add_handler(MessageHandler(filters.UpdateType.MESSAGE & ~filters.StatusUpdate.ALL, on_message))
    application.add_handler(MessageHandler(filters.StatusUpdate.MIGRATE, on_migration))
    application.add_handler(CallbackQueryHandler(on_callback))
    application.add_error_handler(on_error)
    return application


async def _post_init(application: BotApplication) -> None:
    # jieba's dictionary takes a second: it is read while the menu is set, not when the first reader asks.
    await asyncio.gather(
        application.bot_data.services.archive(Archive.warm_up),
        set_commands(application),
    )


async def set_commands(application: BotApplication) -> None:
    """Set the command menu in both languages; admins' own chats get the admin commands as well."""
    bot, admins = application.bot, application.bot_data.services.settings.admins
    for language in _LANGUAGES:
        code = None if language == "en" else language  # English is what everyone else sees
        description = phrases.get(language).plain("about.description")
        await _try("Everyone's menu", bot.set_my_commands(menu(language, admin=False), language_code=code))
        await _try("The bot's description", bot.set_my_description(description, language_code=code))
        for admin in sorted(admins):
            scope = BotCommandScopeChat(admin)
            commands = menu(language, admin=True)
            await _try(f"Admin {admin}'s menu", bot.set_my_commands(commands, scope=scope, language_code=code))


def menu(language: Language, *, admin: bool) -> list[BotCommand]:
    """The command menu in a language, with or without the admins' commands."""
    return [
        BotCommand(route.command, route.help.description[language])
        for route in ROUTES
        if admin or route.access == "everyone"
    ]


async def _try(what: str, setting: Awaitable[bool]) -> None:
    """The menu is a convenience: where Telegram refuses it (an admin who never wrote to the bot), the bot runs on."""
    try:
        await setting
    except TelegramError as error:
        log.info("%s was not set: %s", what, error)
