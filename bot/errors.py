"""What happens when answering fails: one friendly line, one log entry, and word to the admins."""

from __future__ import annotations

import logging
import secrets
import sqlite3
import traceback
from datetime import timedelta

from telegram import Message, Update
from telegram.error import BadRequest, ChatMigrated, Forbidden, NetworkError, RetryAfter, TelegramError

from bot.calls import Call, make_call, telegram_language
from bot.chats import Chats
from bot.context import Context
from bot.logs import redact
from bot.services import Services
from bot.tracebacks import describe
from bot.views import reports
from bot.views.base import Voice
from bot.views.text import fold, shorten

log = logging.getLogger(__name__)

ADMIN_PAUSE = timedelta(hours=1)
# What Telegram says, in lower case, where a group does not let the bot write.
_MAY_NOT_WRITE = (
    "not enough rights",
    "have no rights",
    "chat_write_forbidden",
    "topic_closed",
    "message thread not found",
    "chat not found",
)


async def on_error(update: object, context: Context) -> None:
    """Answer for an exception that no handler caught; also called for those of jobs, without an update."""
    error = context.error
    if error is None:
        return
    kind = update_kind(update)
    said = _said(error, context)
    match error:
        case Forbidden():
            log.info("A %s was not answered: the reader has blocked the bot or left", kind)
        case ChatMigrated(new_chat_id=new_id) if isinstance(update, Update) and update.effective_chat:
            await context.services.chats(Chats.move, update.effective_chat.id, new_id)
            log.info("A group became a supergroup; what it told the bot moved with it")
        case BadRequest() if any(reason in str(error).casefold() for reason in _MAY_NOT_WRITE):
            log.info("A %s was not answered, since the bot may not write there: %s", kind, said)
        case RetryAfter():
            log.warning("A %s was not answered: %s", kind, said)
        case NetworkError() if not isinstance(error, BadRequest):
            # Telegram out of reach is no fault of ours, and nothing could be said to the reader.
            log.warning("A %s was not answered, since Telegram could not be reached: %s", kind, said)
        case _:
            await _report(update, kind, error, context)


def update_kind(update: object) -> str:
    """What an update is (``message``, ``callback_query``), for the log."""
    if not isinstance(update, Update):
        return "job"
    return next((name for name in ("message", "callback_query") if getattr(update, name)), "update")


async def _report(update: object, kind: str, error: Exception, context: Context) -> None:
    reference = secrets.token_hex(4)
    written, length = _written(update)
    log.error(
        "Error %s: update %s, a %s of %d characters\n%s",
        reference,
        update.update_id if isinstance(update, Update) else "none",
        kind,
        length,
        describe(error, written),
    )
    if isinstance(update, Update):
        await _tell_reader(update, reference, context)
    await _tell_admins(error, reference, context)


def _written(update: object) -> tuple[str, int]:
    """What must stay out of the log, and how long the message or the button's data is.

    What stands above a tapped button is kept out too: it may repeat what was searched for.
    """
    if not isinstance(update, Update):
        return "", 0
    message = update.effective_message
    text = (message.text or message.caption or "") if isinstance(message, Message) else ""
    return text, len(update.callback_query.data or "" if update.callback_query else text)


async def _tell_reader(update: Update, reference: str, context: Context) -> None:
    call = await _call(update, context)
    if call is None:
        return
    try:
        await call.send(reports.error(reference, call.voice))
    except TelegramError as error:
        _not_told("The reader", error, context)


async def _call(update: Update, context: Context) -> Call | None:
    """The update's call, also where it is chats.db that fails."""
    try:
        return await make_call(context.bot, context.services, update, notes_day=False)
    except sqlite3.Error:
        if update.effective_chat is None:
            return None
        voice = Voice(telegram_language(update.effective_user), "both")
        return Call(context.bot, context.services, update.effective_chat, update.effective_user, None, voice)


async def _tell_admins(error: Exception, reference: str, context: Context) -> None:
    """Count an error and tell every admin of its kind, unless they were told of that kind within the hour."""
    services = context.services
    place = traceback.extract_tb(error.__traceback__)
    kind = f"{type(error).__name__} in {place[-1].name}" if place else type(error).__name__
    services.stats.failed(type(error).__name__)
    try:
        await services.chats(Chats.note_failure, kind, reference, services.today())
        if not await services.chats(Chats.may_notify, kind, services.now(), ADMIN_PAUSE):
            return
        voices = {admin: await admin_voice(admin, services) for admin in sorted(services.settings.admins)}
    except sqlite3.Error as failure:
        log.error("Admins were not told of error %s, since chats.db cannot be used: %s", reference, failure)
        return
    for admin, voice in voices.items():
        try:
            await context.bot.send_message(admin, reports.admin_alert(reference, kind, voice).html)
        except TelegramError as failure:
            _not_told("An admin", failure, context)


async def admin_voice(admin: int, services: Services) -> Voice:
    """How to speak to an admin who did not just speak to us."""
    choice = await services.chats(Chats.language, admin)
    return Voice(ui="en" if choice == "en" else "zh", cards="both")


def _said(error: BaseException, context: Context) -> str:
    """What a failure of Telegram's says, on one line of bearable length; a gateway answers with whole pages."""
    return shorten(fold(redact(str(error), context.services.settings.secrets)), 200)


def _not_told(who: str, error: TelegramError, context: Context) -> None:
    # Telling of a failure failed as well, most likely for the same reason; the log has the first one.
    log.warning("%s was not told of an error: %s", who, _said(error, context))
