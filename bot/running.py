"""The bot as a process: on Telegram, or in the terminal."""

from __future__ import annotations

import asyncio
import logging
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click
from telegram import Bot
from telegram.error import InvalidToken

from bot import phrases
from bot.app import build_application
from bot.chats import Chats, ChatsUnusable
from bot.contact import Contact
from bot.context import BotApplication
from bot.exits import NoChats, WrongSetting, archive_failures
from bot.fair_use import FairUse
from bot.lifecycle import Updates, serve
from bot.llm import Writer, make_writer
from bot.pace import AtOnce
from bot.polling import Polling
from bot.routes import ROUTES
from bot.settings import TELEGRAM_API, Settings, SettingsError
from bot.stopping import Stop
from bot.terminal import (
    TERMINAL_TOKEN,
    TERMINAL_USER_ID,
    Screen,
    TerminalRequest,
    locale_language,
    run,
)
from bot.web.monitor import monitored
from bot.web.server import bound
from bot.web.webhook import Webhook
from store import Archive, Embedder

log = logging.getLogger(__name__)

# Seconds that a thread which computes holds Python before another one may go on. A message passes from thread to
# thread several times until it is answered; with the usual five milliseconds, each of them adds to its wait.
_SWITCH_INTERVAL = 0.001


def run_on_telegram(settings: Settings, token: str, embedder: Embedder | None = None, *, webhook: bool = False) -> None:
    """Run until SIGINT or SIGTERM; ``embedder`` is what the archive was loaded with.

    With ``webhook``, Telegram brings updates to the address of the settings; else they are fetched.

    Raises:
        NoAddress: there is no listening at an address of the settings.
        NoArchive, NoChats: a database cannot be used.
        WrongSetting: Telegram does not know the token, or a setting wants what is not installed.
    """
    writer = _writer(settings, streams=True)
    with _databases(settings.data, embedder) as (archive, chats):
        try:
            application = build_application(settings, archive, chats, token=token, writer=writer, fair_use=FairUse())
        except (ValueError, OSError, ImportError):  # as httpx tells of what it finds in the environment
            raise WrongSetting(
                "Telegram cannot be asked: HTTPS_PROXY, HTTP_PROXY, ALL_PROXY, SSL_CERT_FILE or SSL_CERT_DIR is wrong."
            ) from None
        sys.setswitchinterval(_SWITCH_INTERVAL)
        try:
            asyncio.run(_answer(application, webhook=webhook))
        except InvalidToken:
            raise WrongSetting(_unknown_token(settings)) from None


async def _answer(application: BotApplication, *, webhook: bool) -> None:
    services = application.bot_data.services
    stop = Stop(services.stopping.set)
    stop.await_signals()
    try:
        with _updates(application.bot, services.settings, webhook=webhook) as updates:
            # Before Telegram is reached and until the end, so that monitoring can tell why nobody is answered.
            async with monitored(services.settings.monitor, services, updates):
                await serve(application, updates, lambda: stop.seconds_left)
    except asyncio.CancelledError:
        log.info("Stopped")


@contextmanager
def _updates(bot: Bot, settings: Settings, *, webhook: bool) -> Iterator[Updates]:
    """Where the bot's updates come from. Raises NoAddress."""
    if not webhook or settings.webhook_url is None:
        yield Polling(bot, Contact())
        return
    with bound(settings.webhook_listen, "DIGESTBOT_WEBHOOK_LISTEN") as listening:
        yield Webhook(bot, settings.webhook_url, listening, Contact())


def run_in_terminal(settings: Settings, embedder: Embedder | None = None) -> int:
    """Hold a conversation on standard input and output; gives the exit status. ``embedder`` is what the archive was
    loaded with.

    Raises:
        NoArchive, NoChats: a database cannot be used.
        WrongSetting: a setting wants what is not installed.
    """
    # An edit draws the message anew, so that only the complete answer is worth one.
    writer = _writer(settings, streams=False)
    language = locale_language(os.environ)
    click.echo(phrases.get(language).plain("terminal.how_to_telegram"), err=True)
    # Whoever sits at the terminal owns the process: the one admin who can be reached from here.
    owner = settings.model_copy(update={"admins": frozenset({TERMINAL_USER_ID})})
    commands = {route.command: route.help.description[language] for route in ROUTES}
    with _databases(settings.data, embedder) as (archive, chats):
        request = TerminalRequest(Screen())
        application = build_application(
            owner,
            archive,
            chats,
            token=TERMINAL_TOKEN,
            request=request,
            get_updates_request=request,
            writer=writer,
            pace=AtOnce(),
            delivers=False,
        )
        history = settings.data / "terminal_history"
        return run(application, request, language=language, history=history, commands=commands)


def _writer(settings: Settings, *, streams: bool) -> Writer | None:
    try:
        return make_writer(settings, streams=streams)
    except SettingsError as error:
        raise WrongSetting(str(error)) from None


@contextmanager
def _databases(data: Path, embedder: Embedder | None) -> Iterator[tuple[Archive, Chats]]:
    """The two databases of the folder ``data``, closed at the end."""
    with archive_failures(data):
        archive = Archive.open(data, embedder)
        archive.count()  # an archive that cannot be asked shows now, and not with the first question
    with archive:
        try:
            chats = Chats.open(data)
        except ChatsUnusable as error:
            raise NoChats(str(error)) from None
        try:
            yield archive, chats
        finally:
            chats.close()


def _unknown_token(settings: Settings) -> str:
    if settings.api_url == TELEGRAM_API:
        return "Telegram does not know this TELEGRAM_BOT_TOKEN: copy it again from @BotFather."
    return (
        f"The Bot API server at {settings.api_url} does not know this TELEGRAM_BOT_TOKEN: copy it again from "
        "@BotFather, and check DIGESTBOT_API_URL."
    )
