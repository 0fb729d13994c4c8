"""What happens when answering fails: one friendly line, one log entry, and word to the admins."""

from __future__ import annotations

import logging
import secrets
import traceback
from datetime import UTC, datetime, timedelta

from telegram import Update
from telegram.error import BadRequest, ChatMigrated, Forbidden, NetworkError, TelegramError, TimedOut

from bot.calls import make_call
from bot.chats import Chats
from bot.context import Context
from bot.logs import redact
from bot.views import reports
from bot.views.base import Voice

log = logging.getLogger(__name__)

ADMIN_PAUSE = timedelta(hours=1)


async def on_error(update: object, context: Context) -> None:
    """Answer for an exception that no handler caught; also called for failures of polling (without an update)."""
    error = context.error
    if error is None:
        return
    kind = update_kind(update)
    match error:
        case Forbidden():
            log.info("A %s could not be answered: the reader has blocked the bot or left.", kind)
        case ChatMigrated(new_chat_id=new_id) if isinstance(update, Update) and update.effective_chat:
            await context.bot_data.chats(Chats.move, update.effective_chat.id, new_id)
            log.info("A group became a supergroup; its settings moved with it.")
        case NetworkError() if not isinstance(error, BadRequest):
            # Telegram out of reach is no fault of ours, and polling goes on by itself.
            log.warning("Telegram cannot be reached for a %s: %s", kind, redact(str(error), context.bot_data.settings.secrets))
        case _:
            await _report(update, kind, error, context)


async def _report(update: object, kind: str, error: BaseException, context: Context) -> None:
    reference = secrets.token_hex(4)
    text = _text_of(update)
    log.error(
        "Error %s: update %s, a %s of %d characters\n%s",
        reference,
        update.update_id if isinstance(update, Update) else "none",
        kind,
        len(text),
        _traceback(error, text),
    )
    if isinstance(update, Update):
        call = await make_call(context.bot, context.bot_data, update)
        if call is not None:
            await _try_to_tell(call.chat.id, reports.error(reference, call.voice).html, context)
    place = traceback.extract_tb(error.__traceback__)
    name = f"{type(error).__name__} in {place[-1].name}" if place else type(error).__name__
    services = context.bot_data
    if await services.chats(Chats.may_notify, name, datetime.now(UTC), ADMIN_PAUSE):
        for admin in sorted(services.settings.admins):
            choice = await services.chats(Chats.language, admin)
            voice = Voice(ui="en" if choice == "en" else "zh", cards="both")
            await _try_to_tell(admin, reports.admin_alert(reference, name, voice).html, context)


async def _try_to_tell(chat_id: int, html: str, context: Context) -> None:
    try:
        await context.bot.send_message(chat_id, html)
    except TelegramError as error:
        # Telling of a failure failed as well, most likely for the same reason; the log has the first one.
        log.warning("Chat was not told of an error: %s", redact(str(error), context.bot_data.settings.secrets))


def update_kind(update: object) -> str:
    """What an update is (``message``, ``callback_query``), for the log."""
    if not isinstance(update, Update):
        return "job or poll"
    return next((name for name in ("message", "callback_query", "edited_message") if getattr(update, name)), "update")


def _text_of(update: object) -> str:
    message = update.message if isinstance(update, Update) else None
    return (message.text or message.caption or "") if message else ""


def _traceback(error: BaseException, written: str) -> str:
    """The traceback without what people wrote, which an exception's text may repeat."""
    text = "".join(traceback.format_exception(error))
    parts = {written, *written.split(maxsplit=1)[1:]}
    for part in sorted((part for part in parts if len(part) > 3), key=len, reverse=True):
        for form in (part, repr(part)[1:-1]):
            text = text.replace(form, "[what the reader wrote]")
    return text
