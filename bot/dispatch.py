"""From an update to its answer: which handler, and how its view gets back to the reader."""

from __future__ import annotations

import asyncio
import logging
import re
from dataclasses import dataclass

from telegram import Bot, CallbackQuery, Message, MessageEntity, Update
from telegram.error import TelegramError
from telegram.ext import ApplicationHandlerStop

from bot import callbacks
from bot.calls import Call, make_call
from bot.chats import Chats
from bot.context import Context
from bot.fair_use import Verdict
from bot.handlers import help, questions, subscribing, uploads
from bot.ordering import waited
from bot.presses import Outcome, press
from bot.rights import may_change
from bot.routes import ROUTES, Route, route_of
from bot.turns import note_asked_lately
from bot.views import problems, reports
from bot.views import settings as settings_views
from bot.views.base import View
from bot.views.text import fold

log = logging.getLogger(__name__)

_COMMAND = re.compile(r"[/／](?P<name>[A-Za-z0-9_]{1,64})(?:@(?P<bot>\w+))?(?:\s+(?P<text>.*))?", re.DOTALL)


@dataclass(frozen=True)
class _Request:
    """What a message asks of us: ``text`` without our name and the command; ``command`` is None for a question.

    ``to_us`` tells whether it speaks to us beyond doubt: in private, or by our name.
    """

    text: str
    command: str | None = None
    to_us: bool = True

    @property
    def route(self) -> Route | None:
        """What the command leads to; None for a question, and for a command that there is not."""
        return route_of(self.command) if self.command else None


async def admit(update: Update, context: Context) -> None:
    """Before any other handler: what a flooding chat sends goes no further, but for one notice."""
    services, chat = context.services, update.effective_chat
    if chat is None or not _speaks_to_us(update, context.bot):
        return
    context.arrived = arrived = asyncio.get_running_loop().time() - waited()
    verdict: Verdict = "answer"
    # Admins send many files at once, and answer for what they do.
    if services.fair_use is not None and chat.id not in services.settings.admins:
        verdict = services.fair_use.judge(chat.id, arrived)
        note_asked_lately(services.fair_use.asked_lately(chat.id, arrived))
    if verdict == "answer":
        services.stats.took("tap" if update.callback_query else "message")
        return
    services.stats.silenced()
    if verdict == "notice":
        log.info("A chat sends too much and is left unanswered for a while")
        await _ask_to_wait(update, context)
    raise ApplicationHandlerStop


def _speaks_to_us(update: Update, bot: Bot) -> bool:
    message = update.effective_message
    if update.callback_query or not isinstance(message, Message):
        return update.callback_query is not None
    return _read(message, bot) is not None


async def _ask_to_wait(update: Update, context: Context) -> None:
    call = await make_call(context.bot, context.services, update)
    if call is None:
        return
    if update.callback_query:
        await _answer_tap(update.callback_query, problems.too_much_note(call.voice))
    else:
        await call.send(problems.too_much(call.voice))


async def on_message(update: Update, context: Context) -> None:
    """A new message: a command, a question, or in a group perhaps nothing to do with the bot."""
    message = update.effective_message
    request = _read(message, context.bot) if message else None
    if message is None or request is None:
        return
    route = request.route
    call = await make_call(context.bot, context.services, update, request.text)
    if call is None:
        return
    if route is not None:
        view = await _run(route, call, message)
    elif request.command:
        view = help.unknown_command(call, request.command, ROUTES)
    elif message.text:
        view = await questions.ask(call)
    elif message.document and not message.animation and call.is_private:
        if call.is_admin:
            await uploads.receive(call, message.document)
            return
        log.warning("User %s sent a file, which is for admins", call.user.id if call.user else None)
        view = uploads.for_admins(call)
    elif message.location and await may_change(call, message):
        view = await subscribing.locate(call, message.location)
    else:
        view = problems.text_only(call.voice)
    if view is not None:
        await call.send(view)
    if route is None or route.access != "admins":
        _note_answered(context)


def _note_answered(context: Context) -> None:
    if context.arrived is not None:
        context.services.stats.answered(asyncio.get_running_loop().time() - context.arrived)


async def on_migration(update: Update, context: Context) -> None:
    """A group became a supergroup and has another id now: what it told the bot goes with it."""
    message = update.effective_message
    if message and message.migrate_to_chat_id:
        await context.services.chats(Chats.move, message.chat.id, message.migrate_to_chat_id)


async def _run(route: Route, call: Call, message: Message) -> View | None:
    if route.access == "chat admins" and not await may_change(call, message):
        return settings_views.chat_admins_only(call.voice)
    if route.open_to(call):
        return await route.handler(call)
    if call.is_admin:
        # What it answers with is nothing for the rest of a group.
        log.info("Admin %s tried /%s outside the private chat", call.user.id if call.user else None, route.command)
        return reports.admins_in_private(call.voice)
    log.warning("User %s tried /%s, which is for admins", call.user.id if call.user else None, route.command)
    return reports.admins_only(call.voice)


def _read(message: Message, bot: Bot) -> _Request | None:
    """What a message asks of us; None in a group or channel where that is nothing."""
    request = _addressed(message, bot)
    if request is None:
        return None
    route = request.route
    if request.command and route is None and not request.to_us:
        return None  # in a group, most likely another bot's command
    if message.chat.type == message.chat.CHANNEL and (route is None or route.access != "chat admins"):
        return None  # a channel is for its readers: there the bot only takes what concerns its digest
    return request


def _addressed(message: Message, bot: Bot) -> _Request | None:
    """What a message says to a bot, which may be another one; None where it speaks to none."""
    private = message.chat.type == message.chat.PRIVATE
    text = _without_our_name(message, bot)
    to_us = private or text != (message.text or "") or _replies_to(message, bot)
    command = _COMMAND.fullmatch(text.strip())
    if command is None:
        # In a group, a picture in reply to us says nothing that could be answered.
        return _Request(_visible(text)) if private or (to_us and (message.text or message.location)) else None
    named = command["bot"]
    if named and not _is_ours(named, bot) and not private:
        return None
    return _Request(_visible(command["text"]), command["name"], to_us or bool(named))


def _replies_to(message: Message, bot: Bot) -> bool:
    replied = message.reply_to_message
    return bool(replied and replied.from_user and replied.from_user.id == bot.id)


def _without_our_name(message: Message, bot: Bot) -> str:
    """The text without mentions of us; unchanged where there are none."""
    text = message.text or ""
    units = text.encode("utf-16-le", "surrogatepass")
    for entity in sorted(message.entities, key=lambda entity: -entity.offset):
        if entity.type == MessageEntity.MENTION and _is_ours(message.parse_entity(entity)[1:], bot):
            start, end = 2 * entity.offset, 2 * (entity.offset + entity.length)
            units = units[:start] + " ".encode("utf-16-le") + units[end:]
    return units.decode("utf-16-le", "surrogatepass")


def _is_ours(name: str, bot: Bot) -> bool:
    return name.casefold() == bot.username.casefold()


def _visible(text: str | None) -> str:
    """``text`` trimmed; empty where nothing in it can be seen."""
    return text.strip() if text and fold(text) else ""


async def on_callback(update: Update, context: Context) -> None:
    """A tap on a button. It is always answered, once, or the reader's button would go on waiting."""
    query = update.callback_query
    if query is None:
        return
    call, outcome = None, Outcome()
    try:
        # Who has just had all forgotten must not be remembered by the tap that did it.
        notes_day = not isinstance(callbacks.parse(query.data), callbacks.ForgetChat)
        call = await make_call(context.bot, context.services, update, notes_day=notes_day)
        if call is not None:
            outcome = await press(call, query.data)
    finally:
        await _answer_tap(query, outcome.note)
    if call is not None and outcome.view is not None:
        if outcome.in_place and call.message is not None:
            await call.edit(call.message, outcome.view)
        else:
            await call.send(outcome.view)
    _note_answered(context)
    if outcome.work is not None:
        await outcome.work()


async def _answer_tap(query: CallbackQuery, note: str | None) -> None:
    try:
        await query.answer(note)
    except TelegramError as error:
        # The bot was away for longer than Telegram keeps a tap. What the tap asked for is shown all the same.
        log.info("A tap could not be answered: %s", error)
