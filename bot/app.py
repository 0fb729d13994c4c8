"""Wiring: one python-telegram-bot application from settings, archive and chats."""

from __future__ import annotations

import asyncio
import logging
import os
from collections.abc import Awaitable, Callable, Coroutine
from datetime import datetime
from typing import Any

from telegram import BotCommand, BotCommandScopeChat, LinkPreviewOptions
from telegram.constants import ParseMode
from telegram.error import TelegramError
from telegram.ext import (
    ApplicationBuilder,
    BaseRateLimiter,
    CallbackQueryHandler,
    ContextTypes,
    Defaults,
    MessageHandler,
    filters,
)
from telegram.request import BaseRequest, HTTPXRequest

from bot import phrases
from bot.chats import Chats
from bot.context import BotApplication, BotData, Context
from bot.delivery import TICK, Deliveries
from bot.dispatch import admit, on_callback, on_message, on_migration
from bot.errors import on_error
from bot.fair_use import FairUse
from bot.housekeeping import FIRST, INTERVAL, keep_house
from bot.incoming import UpdatesTransport
from bot.llm import Writer
from bot.noticing import LOOK, Noticing
from bot.ordering import InOrderPerChat
from bot.pace import Delivery, Pace
from bot.routes import ROUTES
from bot.services import Services, utc_now
from bot.settings import Settings
from bot.transport import Transport
from store import Archive, Language

log = logging.getLogger(__name__)

# Updates answered at the same time; more wait for a place.
_CONCURRENT_UPDATES = 256
_CONNECTIONS = 256
_LANGUAGES: tuple[Language, ...] = ("en", "zh")
_AT_ONCE = {"misfire_grace_time": None}  # a job that is to run now is wanted however late it comes


def build_application(
    settings: Settings,
    archive: Archive,
    chats: Chats,
    *,
    token: str,
    request: BaseRequest | None = None,
    get_updates_request: BaseRequest | None = None,
    now: Callable[[], datetime] = utc_now,
    writer: Writer | None = None,
    pace: BaseRateLimiter[Delivery] | None = None,
    delivers: bool = True,
    fair_use: FairUse | None = None,
) -> BotApplication:
    """The bot, ready to run. Without requests of one's own it talks to ``settings.api_url`` over HTTP.

    It has no updater: updates come from :func:`bot.polling.fetch`, the terminal, or a test. ``now`` gives the time
    in UTC. ``pace`` limits how fast it sends, to Telegram's limits by default. ``delivers`` says whether it sends
    digests by itself; of all processes with one chats.db only one may. ``fair_use`` limits what a chat may send.
    """
    # How the library gives times to wait; it warns of the older way with each one.
    os.environ.setdefault("PTB_TIMEDELTA", "true")
    application = (
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
        .rate_limiter(pace or Pace())
        .concurrent_updates(InOrderPerChat(_CONCURRENT_UPDATES))
        .context_types(ContextTypes(context=Context, bot_data=BotData))
        .post_init(_post_init)
        .post_shutdown(_post_shutdown)
        .request(Transport(request or HTTPXRequest(_CONNECTIONS)))
        .get_updates_request(UpdatesTransport(get_updates_request or HTTPXRequest(1)))
        .updater(None)
        .build()
    )
    services = Services(settings, archive, chats, now, writer, delivers, fair_use)
    application.bot_data.services = services
    written = filters.UpdateType.MESSAGE | filters.UpdateType.CHANNEL_POST
    asked = written & ~filters.StatusUpdate.ALL
    application.add_handler(MessageHandler(asked, admit), group=-1)
    application.add_handler(CallbackQueryHandler(admit), group=-1)
    application.add_handler(MessageHandler(asked, on_message))
    application.add_handler(MessageHandler(filters.StatusUpdate.MIGRATE, on_migration))
    application.add_handler(CallbackQueryHandler(on_callback))
    application.add_error_handler(on_error)
    if delivers:
        _deliver(application, services)
        _keep_house(application, services)
    return application


def _deliver(application: BotApplication, services: Services) -> None:
    """Look at start and every 20 seconds for what is due."""
    if application.job_queue is None:
        raise RuntimeError("python-telegram-bot is installed without its job queue")
    deliveries = Deliveries(application.bot, services, lambda: application.running)

    async def tick(context: Context) -> None:
        await deliveries.tick()

    # One tick may send for minutes; those that come meanwhile end at once. However late one comes, it is wanted.
    options = {"max_instances": 2, "coalesce": True, "misfire_grace_time": None}
    # A repeated job whose first time is past when the queue starts would wait for its second.
    application.job_queue.run_once(tick, 0, name="deliveries at start", job_kwargs=_AT_ONCE)
    application.job_queue.run_repeating(tick, interval=TICK, name="deliveries", job_kwargs=options)
    _notice(application, services, tick)


def _notice(
    application: BotApplication, services: Services, tick: Callable[[Context], Coroutine[Any, Any, None]]
) -> None:
    """Look at start and every 3 seconds for a new archive; where there is one, at once for what is due by it."""
    jobs = application.job_queue
    if jobs is None:
        raise RuntimeError("python-telegram-bot is installed without its job queue")
    noticing = Noticing(services, lambda: jobs.run_once(tick, 0, name="deliveries after a load", job_kwargs=_AT_ONCE))

    async def look(context: Context) -> None:
        await noticing.look()

    options = {"max_instances": 2, "coalesce": True, "misfire_grace_time": None}
    jobs.run_once(look, 0, name="archive at start", job_kwargs=_AT_ONCE)
    jobs.run_repeating(look, interval=LOOK, name="archive", job_kwargs=options)


def _keep_house(application: BotApplication, services: Services) -> None:
    """Delete a minute after start and every hour what has been kept for long enough."""
    if application.job_queue is None:
        raise RuntimeError("python-telegram-bot is installed without its job queue")

    async def keep(context: Context) -> None:
        await keep_house(services)

    options = {"coalesce": True, "misfire_grace_time": None}
    application.job_queue.run_repeating(keep, interval=INTERVAL, first=FIRST, name="housekeeping", job_kwargs=options)


async def _post_init(application: BotApplication) -> None:
    # jieba's dictionary takes a second: it is read while the menu is set, not when the first reader asks.
    await asyncio.gather(
        application.bot_data.services.archive(Archive.warm_up),
        set_commands(application),
    )


async def _post_shutdown(application: BotApplication) -> None:
    if writer := application.bot_data.services.writer:
        await writer.aclose()


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
        if admin or route.access != "admins"
    ]


async def _try(what: str, setting: Awaitable[bool]) -> None:
    """The menu is a convenience: where Telegram refuses it (an admin who never wrote to the bot), the bot runs on."""
    try:
        await setting
    except TelegramError as error:
        log.info("%s was not set: %s", what, error)
