"""From an update to its answer: which handler, and how its view gets back to the reader."""

from __future__ import annotations

import logging
import re

from telegram import Bot, CallbackQuery, Message, MessageEntity, Update
from telegram.error import BadRequest
from bot.context import Context

from bot import callbacks
from bot.calls import Call, make_call
from bot.handlers import digests, help, language, papers, questions, topics
from bot.routes import ROUTES, Route, route_of
from bot.services import Services
from bot.views import problems, reports
from bot.views.base import View
from bot.views.lists import read_query

log = logging.getLogger(__name__)

_COMMAND = re.compile(r"[/／](?P<command>[A-Za-z0-9_]{1,64})(?:@(?P<bot>\w+))?(?:\s+(?P<text>.*))?", re.DOTALL)


async def on_message(update: Update, context: Context) -> None:
    """A new message: a command, a question, or in a group perhaps nothing to do with the bot."""
    message = update.effective_message
    if message is None:
        return
    text = message.text or ""
    command = _COMMAND.fullmatch(text.strip())
    if command and (command["bot"] is None or _same_name(command["bot"], context.bot)):
        await _on_command(update, context, command)
        return
    if command:
        return  # a command to another bot
    question = _question_to_us(message, context.bot)
    if question is None:
        return
    call = await make_call(context.bot, context.bot_data, update, question)
    if call is None:
        return
    if not text:
        await call.send(problems.text_only(call.voice))
        return
    await _answer(call, await questions.ask(call))


async def _on_command(update: Update, context: Context, command: re.Match[str]) -> None:
    call = await make_call(context.bot, context.bot_data, update, (command["text"] or "").strip())
    if call is None:
        return
    route = route_of(command["command"])
    if route is not None:
        await _answer(call, await _run(route, call))
    elif call.is_private or command["bot"]:
        # In a group an unknown command without a name is most likely another bot's.
        await _answer(call, help.unknown_command(call, command["command"], ROUTES))


async def _run(route: Route, call: Call) -> View | None:
    if route.open_to(call):
        return await route.handler(call)
    log.warning("User %s tried /%s, which is for admins", call.user.id if call.user else None, route.command)
    return reports.admins_only(call.voice)


async def _answer(call: Call, view: View | None) -> None:
    if view is not None:
        await call.send(view)


def _question_to_us(message: Message, bot: Bot) -> str | None:
    """What a message asks of us: its text without our name; None in a group where it does not speak to us."""
    text = message.text or ""
    if message.chat.type == message.chat.PRIVATE:
        return text.strip()
    mentions = {
        mention
        for entity, mention in message.parse_entities([MessageEntity.MENTION]).items()
        if _same_name(mention.removeprefix("@"), bot)
    }
    replied = message.reply_to_message
    is_reply_to_us = bool(replied and replied.from_user and replied.from_user.id == bot.id)
    if not text or not (mentions or is_reply_to_us):
        return None
    for mention in mentions:
        text = text.replace(mention, " ")
    return text.strip()


def _same_name(name: str, bot: Bot) -> bool:
    return name.casefold() == bot.username.casefold()


async def on_callback(update: Update, context: Context) -> None:
    """A tap on a button. It is always answered, or the reader's button would go on waiting."""
    query = update.callback_query
    if query is None:
        return
    note: str | None = None
    try:
        call = await make_call(context.bot, context.bot_data, update)
        if call is None:
            return
        note = await _press(call, query)
    finally:
        try:
            await query.answer(note)
        except BadRequest as error:
            # The bot was away for longer than Telegram keeps a tap.
            log.info("A tap could not be answered: %s", error)


async def _press(call: Call, query: CallbackQuery) -> str | None:
    """Do what the button says; a note for the reader where that is not possible."""
    callback = callbacks.parse(query.data)
    if callback is None:
        return problems.unknown_button(call.voice)
    message = query.message if isinstance(query.message, Message) else None
    in_place = True
    match callback:
        case callbacks.OpenPaper(key):
            view, in_place = await papers.open_paper(call, key), False
        case callbacks.Bibtex(key):
            view, in_place = await papers.bibtex(call, key), False
        case callbacks.RelatedPage(key, page):
            view = await papers.related_page(call, key, page)
            # A card stays where it is; the list of related papers turns its own pages.
            in_place = not _is_card(message)
        case callbacks.SearchPage(page):
            searched = read_query(message)
            view = await papers.search_page(call, searched, page) if searched else None
        case callbacks.TopicList():
            view = await topics.topic_list(call)
        case callbacks.TopicPage(slug, page):
            view = await topics.topic_page(call, slug, page)
        case callbacks.DigestPage(when, page):
            view = await digests.digest_page(call, when, page)
        case callbacks.SetLanguage(choice):
            view = await language.choose(call, choice)
    if view is None:
        return problems.outdated_button(call.voice)
    if in_place and message is not None:
        await call.edit(message, view)
    else:
        await call.send(view)
    return None


def _is_card(message: Message | None) -> bool:
    """Whether a message is a paper's card: only a card offers BibTeX."""
    if message is None or message.reply_markup is None:
        return False
    data = [callbacks.parse(button.callback_data) for row in message.reply_markup.inline_keyboard for button in row]
    return any(isinstance(each, callbacks.Bibtex) for each in data)
