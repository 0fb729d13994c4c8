"""The bot as a process: on Telegram, or in the terminal."""

from __future__ import annotations

import logging
import os

import click
from telegram.error import InvalidToken, TelegramError

from bot import phrases
from bot.app import ALLOWED_UPDATES, build_application
from bot.chats import Chats
from bot.logs import redact
from bot.routes import ROUTES
from bot.settings import Settings
from bot.terminal import (
    TERMINAL_TOKEN,
    TERMINAL_USER_ID,
    Screen,
    TerminalRequest,
    locale_language,
    run,
)
from store import Archive

log = logging.getLogger(__name__)

EXIT_SETTINGS = 2  # a setting is wrong: starting again will not help
EXIT_TELEGRAM = 3  # Telegram could not be reached or refused


def run_on_telegram(settings: Settings) -> int:
    """Run until SIGINT or SIGTERM; gives the exit status."""
    assert settings.token is not None
    archive, chats = Archive.open(settings.data), Chats.open(settings.data)
    application = build_application(settings, archive, chats, token=settings.token.get_secret_value())
    try:
        # Telegram out of reach at start is waited for, as it is later.
        application.run_polling(allowed_updates=ALLOWED_UPDATES, bootstrap_retries=-1)
    except InvalidToken:
        click.echo("Telegram does not know this TELEGRAM_BOT_TOKEN: copy it again from @BotFather.", err=True)
        return EXIT_SETTINGS
    except TelegramError as error:
        click.echo(f"Telegram refused: {redact(str(error), settings.secrets)}", err=True)
        return EXIT_TELEGRAM
    finally:
        chats.close()
        archive.close()
    return 0


def run_in_terminal(settings: Settings) -> int:
    """Hold a conversation on standard input and output; gives the exit status."""
    language = locale_language(os.environ)
    click.echo(phrases.get(language).plain("terminal.how_to_telegram"), err=True)
    # Whoever sits at the terminal owns the process: the one admin who can be reached from here.
    owner = settings.model_copy(update={"admins": frozenset({TERMINAL_USER_ID})})
    archive, chats = Archive.open(settings.data), Chats.open(settings.data)
    request = TerminalRequest(Screen())
    application = build_application(
        owner, archive, chats, token=TERMINAL_TOKEN, request=request, get_updates_request=TerminalRequest(Screen())
    )
    commands = {route.command: route.help.description[language] for route in ROUTES}
    try:
        return run(
            application,
            request,
            language=language,
            history=settings.data / "terminal_history",
            commands=commands,
        )
    finally:
        chats.close()
        archive.close()
